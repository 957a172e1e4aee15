import type { SampleRef } from "../../core/dataset/readRollouts.ts";
import { LensError } from "../../core/errors.ts";
import type { ScoredTrace } from "../../core/trace/scoredTrace.ts";
import type { TraceRow } from "../../protocol/inspector.ts";
import { baseName, withSource } from "../files.ts";
import type { PanelRuns, SampleAddress } from "../panels/panelRuns.ts";
import type { LoadedRun, RunData } from "../runData.ts";
import type { RunEntry } from "../runEntry.ts";
import type { PromptFacts } from "./tracePrompt.ts";
import type { OpenTrace, OpenTraces } from "./traceSource.ts";

/** The samples of one problem of a run, as traces. */
export class InspectedRuns {
  private readonly ports: { readonly panelRuns: PanelRuns; readonly data: RunData };

  constructor(ports: { readonly panelRuns: PanelRuns; readonly data: RunData }) {
    this.ports = ports;
  }

  /** Rejects with `noRun`, `noSample`. */
  async open({ runId, problemKey, index }: SampleAddress): Promise<OpenTraces> {
    const entry = await this.ports.panelRuns.entry(runId);
    const run = await this.ports.data.load(entry);
    const refs = run.locate(problemKey);
    const tally = run.tally.problems.find(({ problem }) => problem.key === problemKey);
    const problemId = tally?.problem.id ?? problemKey;
    const first = refs.findIndex((ref) => ref.index === index);
    if (first === -1) throw new LensError("noSample", "This sample is not in the file any more.");
    const facts = entry.source.kind === "sampled" ? await this.factsOf(entry.source.folder) : null;
    return {
      title: `${problemId} · ${entry.name}`,
      first,
      rows: refs.map((ref) => rowOf(ref, problemId, entry)),
      read: (trace) => this.read(run, refs, { trace, facts }),
      place: (trace) => Promise.resolve({ file: run.file, line: refs[trace]?.line ?? null }),
    };
  }

  private async factsOf(folder: string): Promise<PromptFacts["run"] | null> {
    const { template, protocol } = await this.ports.data.planIn(folder);
    return { template, protocol };
  }

  private async read(
    run: LoadedRun,
    refs: readonly SampleRef[],
    { trace, facts }: { readonly trace: number; readonly facts: PromptFacts["run"] | null },
  ): Promise<OpenTrace> {
    const ref = refs[trace];
    if (ref === undefined) throw new LensError("noSample", "This sample is not in the file any more.");
    const { question, gold, text, reasoning } = await run.readText(ref);
    const [{ wholeText }, { promptOf }] = await Promise.all([
      import("../../core/trace/traceRecord.ts"),
      import("./tracePrompt.ts"),
    ]);
    const whole = wholeText(text, reasoning);
    const only = refs.filter(({ start }) => start === ref.start).length === 1;
    return {
      question,
      gold,
      text: whole,
      own: await ownScores(run, ref, { texts: [whole, text], only }),
      ...promptOf(facts === null ? { question } : { question, run: facts }),
    };
  }
}

const rowOf = (ref: SampleRef, problemId: string, entry: RunEntry): TraceRow => ({
  name: entry.name,
  problemId,
  index: ref.index,
  verdict: ref.verdict?.kind ?? "ungraded",
  extracted: ref.extracted,
  perplexity: null,
});

/** Log-probs in the sample's own record. */
async function ownScores(
  { file }: LoadedRun,
  { start, end }: SampleRef,
  wanted: { readonly texts: readonly string[]; readonly only: boolean },
): Promise<ScoredTrace | null> {
  const [{ isRefusal, openRecords }, { scoresOfTrace }] = await Promise.all([
    import("../../core/dataset/records/openRecords.ts"),
    import("../../core/trace/traceRecord.ts"),
  ]);
  return withSource(file, async (source) => {
    const opened = await openRecords(source);
    if (isRefusal(opened)) return null;
    return scoresOfTrace(await opened.read(start, end), { ...wanted, name: baseName(file) });
  });
}
