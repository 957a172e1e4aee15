import * as vscode from "vscode";
import type { PromptTemplate } from "../../core/run/templates.ts";
import type { TraceChoice } from "../../core/trace/pickTraces.ts";
import type { TraceTarget } from "../../core/trace/scoreTraces.ts";
import { withSource } from "../files.ts";
import type { SampledTokens } from "../inspector/sharedTokenizers.ts";
import { promptOf, type PromptFacts } from "../inspector/tracePrompt.ts";
import type { TraceScoring } from "../inspector/traceScoring.ts";
import type { LoadedRun, RunData } from "../runData.ts";
import type { RunEntry } from "../runEntry.ts";
import type { ScoredTexts } from "./askTraces.ts";

/** A run whose traces are to be scored. */
export interface ScoringJob {
  readonly entry: RunEntry;
  readonly run: LoadedRun;
  /** How it was sampled; `null` for imported rollouts. */
  readonly plan: (PromptFacts["run"] & { readonly model: string; readonly endpointName: string }) | null;
  /** Worked solutions of its dataset by problem key, where that lies where it was. */
  readonly solutions: ReadonlyMap<string, string>;
}

/** What of it, and under what: as the person chose. */
export interface WantedScores {
  readonly scorer: string;
  readonly texts: ScoredTexts;
  /** For imported rollouts. */
  readonly template: PromptTemplate | null;
  /** Only this problem's. */
  readonly problemKey?: string;
}

type Example = () => Promise<{
  readonly text: string;
  readonly context: OpenContext;
  readonly tokens: SampledTokens | null;
}>;
type OpenContext = ReturnType<typeof promptOf>["context"];
/** A text to be scored, to be read when its turn comes. */
export type OpenTarget = Omit<TraceTarget, "read"> & { readonly example: Example };

/** Reads the run, and sees to it that the server that sampled it is there. */
export async function scoringJob(
  entry: RunEntry,
  { data, scoring }: { readonly data: RunData; readonly scoring: TraceScoring },
): Promise<ScoringJob> {
  const run = await data.load(entry);
  if (entry.source.kind === "imported") return { entry, run, plan: null, solutions: new Map() };
  const { template, protocol, model, endpointName, dataset } = await data.planIn(entry.source.folder);
  await scoring.wake(endpointName);
  const solutions = await solutionsAt(dataset.path);
  return { entry, run, plan: { template, protocol, model, endpointName }, solutions };
}

/** A dataset that is not there any more, or cannot be read, has no solutions to score. */
async function solutionsAt(path: string | null): Promise<ReadonlyMap<string, string>> {
  if (path === null) return new Map();
  try {
    const { referenceSolutions } = await import("../../core/dataset/referenceSolutions.ts");
    return await withSource(vscode.Uri.file(path), (source) => referenceSolutions(source));
  } catch {
    return new Map();
  }
}

/** The chosen texts of the run, in the order of its problems. */
export const targetsOf = (job: ScoringJob, wanted: WantedScores): Promise<readonly OpenTarget[]> =>
  wanted.texts.kind === "gold" ? solutionTargets(job) : traceTargets(job, wanted, wanted.texts.choice);

async function solutionTargets({ run, plan, solutions }: ScoringJob): Promise<readonly OpenTarget[]> {
  const { fingerprint } = await import("../../core/dataset/hash.ts");
  return run.tally.problems.flatMap(({ problem: { key, question } }) => {
    const text = solutions.get(key);
    if (text === undefined) return [];
    const { context } = promptOf(plan === null ? { question } : { question, run: plan });
    const example = () => Promise.resolve({ text, context, tokens: null });
    return [{ problemKey: key, index: 0, print: fingerprint(text), example }];
  });
}

/** The chosen traces of a run, each to be read when its turn comes. */
async function traceTargets(
  { run, plan }: ScoringJob,
  { template, problemKey: only }: WantedScores,
  choice: TraceChoice,
): Promise<readonly OpenTarget[]> {
  const [{ pickTraces }, { wholeText }] = await Promise.all([
    import("../../core/trace/pickTraces.ts"),
    import("../../core/trace/traceRecord.ts"),
  ]);
  const imported =
    template === null ? null : { template, protocol: { api: "completions", system: null } as const };
  const facts = plan ?? imported;
  const problems = run.tally.problems.filter(({ problem }) => only === undefined || problem.key === only);
  const candidates = problems.flatMap(({ problem }) =>
    run.locate(problem.key).flatMap((ref) => {
      if (ref.outcome.kind !== "ok" && ref.outcome.kind !== "truncated") return [];
      return [{ problemKey: problem.key, index: ref.index, correct: ref.verdict?.kind === "correct", ref }];
    }),
  );
  return pickTraces(candidates, choice).map(({ problemKey, index, ref }) => ({
    problemKey,
    index,
    print: ref.fingerprint,
    example: async () => {
      const { question, text, reasoning, tokenIds: ids } = await run.readText(ref);
      const { context } = promptOf(facts === null ? { question } : { question, run: facts });
      const tokens = ids === undefined || plan === null ? null : { ids, ...plan };
      return { text: wholeText(text, reasoning), context, tokens };
    },
  }));
}
