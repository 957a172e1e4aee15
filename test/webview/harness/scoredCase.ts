// Runs along training with scores under the base: made from a seed, and, for looking, read from run folders.
import { readRollouts, type RolloutRun, type SampleRef } from "../../../src/core/dataset/readRollouts.ts";
import type { RunTally } from "../../../src/core/model.ts";
import { readRun } from "../../../src/core/run/store.ts";
import type { ScoreSetHead } from "../../../src/core/trace/scoreSet.ts";
import { readScoreSet, ScoreSet } from "../../../src/core/trace/scoreSetFile.ts";
import { checkpointFacts } from "../../../src/host/scores/checkpointFacts.ts";
import {
  perplexitySet,
  ProblemNumbers,
  type RunWithScores,
  scorerView,
} from "../../../src/host/scores/perplexityView.ts";
import { fileSource } from "../../../src/node/fileSource.ts";
import { nodeFileStore } from "../../../src/node/fileStore.ts";
import type { CheckpointsView, PerplexityView } from "../../../src/protocol/perplexity.ts";
import type { HostCase } from "./fakeHost.ts";
import { seeded, syntheticRuns } from "./syntheticRuns.ts";

interface Scored {
  readonly run: RunWithScores;
  readonly sets: readonly ScoreSet[];
}

/** A base and three checkpoints of 30 problems and 12 samples each; the last checkpoint has no entropy. */
export function scoredCase(): HostCase {
  const [base, rl] = syntheticRuns({ runs: 2, problems: 30, n: 64, sameSettings: true });
  if (!base || !rl) throw new Error("no runs");
  const at = (step: number, keep: number): RunTally => ({
    ...rl,
    id: `rl-${step}`,
    name: `RL-${step}`,
    metadata: { step },
    problems: rl.problems.map((tally) => ({ ...tally, c: Math.floor(tally.c * keep) })),
  });
  const runs = [base, at(270, 1), at(90, 0.2), at(180, 0.6)];
  return hostCase(
    "countdown",
    runs.map((tally, i) => synthetic(tally, i)),
  );
}

/** The same runs before anything was scored. */
export function unscoredCase(): HostCase {
  const scored = scoredCase();
  return { title: scored.title, runs: scored.runs, score: () => scored.scores!() };
}

const samplesOf = 12;

/** Every run is scored under the base, each problem's wrong answers worse than its right ones. */
function synthetic(tally: RunTally, place: number): Scored {
  const random = seeded(place + 7);
  const refs = new Map(
    tally.problems.map(({ problem, c, n }) => [problem.key, refsOf(problem.key, { c, n })]),
  );
  const under = (model: string, entropies: boolean): ScoreSet => {
    const set = new ScoreSet(headOf(model));
    for (const [problemKey, own] of refs)
      for (const { index, fingerprint: print, verdict } of own) {
        if (place === 1 && problemKey === "key-3" && index === 0) {
          set.add({ kind: "refused", problemKey, index, print, reason: "The trace does not fit" });
          continue;
        }
        const tokens = 24 + Math.floor(8 * random());
        const mean = (verdict?.kind === "correct" ? 0.12 : 0.22) - 0.01 * place + 0.1 * random() ** 2;
        const counts = { nullCount: 0, floorCount: problemKey === "key-5" ? 1 : 0, endCount: 0, lowCount: 0 };
        const entropy = entropies ? { low: mean * 0.9, high: mean * 1.1 } : null;
        const numbers = { ...counts, tokens, sum: -mean * tokens, least: -2, entropy };
        set.add({ kind: "scored", problemKey, index, print, numbers, byIds: place > 0 });
      }
    return set;
  };
  const model = place === 0 ? "base" : tally.id;
  const sets = [under("base", place === 0), ...(place === 2 || place === 3 ? [under(model, true)] : [])];
  return { run: { tally, model, locate: (key) => refs.get(key) ?? [] }, sets };
}

const headOf = (model: string): ScoreSetHead => ({
  scorer: {
    name: model === "base" ? "base-7k" : model,
    source: "http://127.0.0.1:8000",
    model,
    method: "vllmPromptLogProbs",
  },
  prompt: "verbatim",
  texts: "samples",
});

function refsOf(problemKey: string, { c, n }: { readonly c: number; readonly n: number }): SampleRef[] {
  const right = Math.round((samplesOf * c) / Math.max(1, n));
  return Array.from({ length: samplesOf }, (_, index) => ({
    runId: "",
    format: "",
    problemKey,
    index,
    verdict:
      index < right
        ? { kind: "correct", how: "exact", extracted: null }
        : { kind: "incorrect", how: "exact", extracted: null },
    extracted: null,
    outcome: { kind: "ok" },
    finishReason: "stop",
    tokens: 26 + (index % 5),
    fingerprint: index + 1,
    line: index + 1,
    start: 0,
    end: 0,
    ordinal: 0,
  }));
}

function hostCase(title: string, scored: readonly Scored[]): HostCase {
  const scores = (): PerplexityView => {
    const numbers = new ProblemNumbers();
    const all = scored.flatMap(({ run, sets }) => sets.map((set) => ({ run, set })));
    const scorers = new Map(all.map(({ set }) => [scorerView(set).id, scorerView(set)]));
    const sets = all.map(({ run, set }) => perplexitySet(run, set, numbers));
    return {
      version: 1,
      scorers: [...scorers.values()],
      problems: numbers.refs,
      sets,
      refusal: null,
      scoring: null,
    };
  };
  const checkpoints = (): CheckpointsView => ({
    version: 1,
    runs: scored.map(({ run, sets }) => checkpointFacts(run, sets)),
  });
  return { title, runs: scored.map(({ run }) => run.tally), scores, checkpoints };
}

/** Run folders with the sets beside them, for looking at real ones: `SCORED_RUNS=/path/one:/path/two`. */
export async function folderCase(folders: readonly string[]): Promise<HostCase> {
  const scored: Scored[] = [];
  for (const folder of folders) {
    const { header, problems } = await readRun(folder, nodeFileStore);
    const source = await fileSource(`${folder}/samples.jsonl`);
    const [run] = (await readRollouts(source, { problems, grader: header.plan.protocol.verifier })).runs;
    await source.close();
    if (run !== undefined) scored.push(await scoredFolder(folder, header.plan, run));
  }
  return hostCase("countdown", scored);
}

async function scoredFolder(
  folder: string,
  plan: Awaited<ReturnType<typeof readRun>>["header"]["plan"],
  run: RolloutRun,
): Promise<Scored> {
  const names = await nodeFileStore.list(`${folder}/scores`);
  const sets = await Promise.all(
    names
      .filter((name) => name.endsWith(".jsonl"))
      .map((name) => readScoreSet(`${folder}/scores/${name}`, nodeFileStore)),
  );
  const { id, name, role, metadata, protocol } = plan;
  const tally = { ...run.tally, id, name, role, metadata, protocol };
  return {
    run: { tally, model: plan.model, locate: (key) => run.locate(key) },
    sets: sets.filter((set) => set !== null),
  };
}
