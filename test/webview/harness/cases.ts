// What the harness can show: by name, for tests, screenshots and looking by hand.
import { endPoint, type StopPlan } from "../../../src/core/estimate/adaptive/stopPlan.ts";
import { readRollouts } from "../../../src/core/dataset/readRollouts.ts";
import type { RunTally } from "../../../src/core/model.ts";
import { fileSource } from "../../../src/node/fileSource.ts";
import { sharedData } from "../../paths.ts";
import type { HostCase } from "./fakeHost.ts";
import { judgedCase } from "./judgedCase.ts";
import { folderCase, scoredCase, unscoredCase } from "./scoredCase.ts";
import { seeded, syntheticRuns } from "./syntheticRuns.ts";

const countdown = "countdown4-heldout";

export const cases: Readonly<Record<string, () => Promise<HostCase>>> = {
  three: async () => ({ title: countdown, runs: syntheticRuns() }),
  pair: async () => ({ title: countdown, runs: syntheticRuns({ runs: 2 }) }),
  one: async () => ({ title: countdown, runs: syntheticRuns({ runs: 1 }) }),
  many: async () => ({
    title: "ten thousand problems",
    runs: syntheticRuns({ runs: 2, problems: 10_000, n: 16 }),
  }),
  live: async () => live(),
  starting: async () => ({
    title: countdown,
    runs: syntheticRuns({ runs: 2, n: 0 }),
    progress: () => ({ state: "running", finished: 0, total: 38_400 }),
  }),
  broken: async () => ({
    title: countdown,
    runs: syntheticRuns({ runs: 2 }),
    lines: { skipped: 3, total: 25_600 },
    issues: [418, 977, 1003].map((line) => ({
      file: "rollouts/base-7k.jsonl",
      line,
      field: "answer",
      message: "expected string, got number",
    })),
  }),
  aime: async () => aime(),
  unequal: async () => unequal(),
  judged: () => judgedCase(),
  empty: async () => ({ title: "Curves", runs: [] }),
  error: async () => ({
    title: "Curves",
    runs: [],
    error:
      "rollouts.jsonl has no line that reads as a rollout. Line 1: answer: expected string, got number. The file is unchanged; open it as a dataset, or map its columns.",
  }),
  checkpoints: async () => ({ title: countdown, runs: checkpoints() }),
  stopped: async () => stopped(),
  tokens: async () => ({ title: countdown, runs: syntheticRuns({ n: 32 }).map(withTokens) }),
  facets: async () => ({ title: countdown, runs: facetRuns() }),
  scored: async () => scoredCase(),
  unscored: async () => unscoredCase(),
  folders: () => folderCase((process.env["SCORED_RUNS"] ?? "").split(":").filter(Boolean)),
  game24: async () => ({
    title: "game24",
    runs: await rollouts("rollouts/game24_io_100x100.json", "rollouts/game24_cot_100x100.json"),
  }),
  gsm8k: async () => ({ title: "gsm8k", runs: await rollouts("rollouts/gsm8k_4models.jsonl") }),
  math: async () => ({ title: "math_cot", runs: await rollouts("rollouts/math_cot_100x8.jsonl") }),
};

/** Runs whose answers can vote, but for one; the answer space is known. */
export const aime = (): HostCase => ({
  title: "aime24",
  runs: syntheticRuns({ problems: 30, n: 64, aime: true }),
});

/** A twelfth of the problems has 16 samples, the others have 64. */
export const unequal = (): HostCase => ({
  title: countdown,
  runs: syntheticRuns({ problems: 60, n: 64, runs: 2, shortEvery: 12 }),
});

/** One run samples, one is paused, one stopped. */
export const live = (): HostCase => ({
  title: countdown,
  runs: syntheticRuns({ n: 32 }),
  progress: liveProgress,
});

function liveProgress({ id }: RunTally): object {
  const total = 38_400;
  if (id === "run-base") return { state: "running", finished: 8_192, total };
  if (id === "run-rl") return { state: "paused", finished: 20_480, total };
  const message = "The server refused the key (401). Everything finished is kept.";
  return { state: "failed", finished: 1_024, total, message, failureCode: "unauthorized" };
}

/** Checkpoints of the RL run, and a second base. */
function checkpoints(): RunTally[] {
  const [base, rl] = syntheticRuns({ runs: 2, sameSettings: true });
  if (!base || !rl) return [];
  const at = (step: number, keep: number): RunTally => ({
    ...rl,
    id: `${rl.id}-${step}`,
    name: `RL-${step}`,
    metadata: { step },
    problems: rl.problems.map((tally) => ({ ...tally, c: Math.floor(tally.c * keep) })),
  });
  const other = {
    ...base,
    id: "run-base-2",
    name: "base-13k",
    problems: base.problems.map((tally, i) => ({ ...tally, c: Math.min(tally.n, tally.c + (i % 9)) })),
  };
  return [base, other, at(90, 0.4), at(180, 0.7), rl];
}

/** Both ended problems at their second right answer; the base's that had none of the first 16 went on by a coin. */
export function stopped(): HostCase {
  const runs = syntheticRuns({ runs: 2, problems: 60, n: 64, sameSettings: true });
  const tail = { n0: 16, probability: 0.4 };
  const [base, rl] = runs.map((run, i) =>
    stoppedEarly(run, { r: 2, nMax: 64, ...(i === 0 ? { tail } : {}) }),
  );
  return { title: countdown, runs: base && rl ? [base, rl] : [] };
}

function stoppedEarly(run: RunTally, stopPlan: StopPlan): RunTally {
  const random = seeded(7);
  const problems = run.problems.map((tally) => {
    const { n, c } = tally;
    // Which of the n samples are right, drawn without replacement.
    const ordered = Array.from({ length: n }, () => false);
    for (let left = c; left > 0;) {
      const place = Math.floor(random() * n);
      if (!ordered[place]) left -= 1;
      ordered[place] = true;
    }
    const end = endPoint(stopPlan, ordered, random() < (stopPlan.tail?.probability ?? 1));
    if (end === null) throw new Error("a problem of fewer samples than its plan");
    const counts = { n: end.draws, c: end.correct, finishedN: end.draws, finishedC: end.correct };
    return { ...tally, ...counts, stopped: { plan: stopPlan, made: end.draws, over: true } };
  });
  return { ...run, stopPlan, problems };
}

/** Mean tokens of 40, 120 and 160 a sample. */
const withTokens = (run: RunTally, i: number): RunTally => ({
  ...run,
  problems: run.problems.map((tally) => ({ ...tally, tokens: tally.n * (40 + i * (100 - i * 20)) })),
});

/** A base without free metadata, and RL runs with two KL weights. */
export function facetRuns(): RunTally[] {
  const [base, rl] = syntheticRuns({ runs: 2, problems: 60, n: 64, sameSettings: true });
  if (!base || !rl) return [];
  const variant = (name: string, keep: number, metadata: RunTally["metadata"]): RunTally => ({
    ...rl,
    id: `run-${name}`,
    name,
    metadata,
    problems: rl.problems.map((tally) => ({ ...tally, c: Math.floor(tally.c * keep) })),
  });
  return [
    base,
    variant("GRPO", 1, { algorithm: "GRPO", kl: 0 }),
    variant("GRPO-kl", 0.8, { algorithm: "GRPO", kl: 0.001 }),
    variant("PPO", 0.6, { algorithm: "PPO", kl: 0 }),
  ];
}

async function rollouts(...names: readonly string[]): Promise<RunTally[]> {
  const runs: RunTally[] = [];
  for (const name of names) {
    const path = sharedData(name);
    if (path === null) continue;
    const source = await fileSource(path);
    runs.push(...(await readRollouts(source)).runs.map(({ tally }) => tally));
    await source.close?.();
  }
  return runs;
}
