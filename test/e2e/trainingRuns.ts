// A training run on disk as sampling would have left it: a base, checkpoints, one of them with another KL weight, and labels.
import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeSample } from "../../src/core/dataset/formats/runLog.ts";
import { itemId } from "../../src/core/label/itemId.ts";
import { encodeLine } from "../../src/core/label/labelLine.ts";
import { labelsFolder } from "../../src/core/label/labelPaths.ts";
import type { Problem, Role, Sample } from "../../src/core/model.ts";
import { samplesFileName } from "../../src/core/run/files.ts";
import { planRun, type RunPlan } from "../../src/core/run/plan.ts";
import { createRun } from "../../src/core/run/store.ts";
import { templateNamed } from "../../src/core/run/templates.ts";
import { nodeFileStore } from "../../src/node/fileStore.ts";

export const trainingName = "steps-24";
export const samplesPerProblem = 16;
const verifier = "math@1:standard";

interface Model {
  readonly name: string;
  readonly role: Role;
  readonly metadata: RunPlan["metadata"];
  /** Right samples of the problem. */
  readonly right: (problem: number) => number;
}

/** The base solves nearly all problems now and then; along training fewer are solved, and those oftener. */
export const trainingModels: readonly Model[] = [
  { name: "T-base", role: "base", metadata: {}, right: (p) => (p % 12 === 11 ? 0 : 1 + (p % 5)) },
  ...[90, 180, 270].map((step, at): Model => ({
    name: `T-${step}`,
    role: "rl",
    metadata: { step, kl: 0 },
    right: (p) => (p % (7 - at) === 0 ? 0 : 2 + 3 * at + (p % 4)),
  })),
  { name: "T-270-kl", role: "rl", metadata: { step: 270, kl: 0.001 }, right: (p) => (p % 6 === 0 ? 0 : 4) },
];

const problems: readonly Problem[] = Array.from({ length: 24 }, (_, index) => ({
  key: `sum-${index}`,
  id: String(index + 1),
  index,
  question: `How much is ${index} + 10?`,
  gold: String(10 + index),
  line: index + 1,
}));

/** Of every other right sample of the base humans found the chain of thought wrong; all of them were read. */
const isRightThought = (index: number): boolean => index % 2 === 0;

/** The base's problems with `c` as human readers count it. */
export const baseThoughts = problems.map(({ index }) => {
  const right = trainingModels[0]?.right(index) ?? 0;
  return {
    n: samplesPerProblem,
    c: Array.from({ length: right }, (_, i) => i).filter(isRightThought).length,
  };
});

/** Writes the run folders below the workspace and gives their paths, in the order of `trainingModels`. */
export async function writeTrainingRuns(workspace: string): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const model of trainingModels) {
    const folder = join(workspace, ".rollout-lens/runs", `training-${model.name}`);
    const clock = { now: () => 1_700_000_000_000 + folders.length, sleep: () => Promise.resolve() };
    const log = await createRun(folder, planOf(model), { files: nodeFileStore, clock, owner: "test" });
    await log.close();
    const samples = problems.flatMap((problem) => samplesOf(problem, model.right(problem.index)));
    appendFileSync(
      join(folder, samplesFileName),
      samples.map((sample) => `${encodeSample(sample)}\n`).join(""),
    );
    if (model.role === "base") writeLabels(folder, samples);
    folders.push(folder);
  }
  return folders;
}

const planOf = ({ name, role, metadata }: Model): RunPlan =>
  planRun(
    {
      id: `training-${name}`,
      name,
      role,
      metadata,
      problems,
      samplesPerProblem,
      verifier,
      dataset: { name: trainingName, path: null },
      endpointName: "trainer",
      origin: "http://127.0.0.1:9",
      model: name,
      api: "completions",
      template: templateNamed("qwen-boxed"),
    },
    (bytes) => createHash("sha256").update(bytes).digest("hex"),
  );

/** The right ones first; the wrong answers are of three kinds, so that there is something to vote on. */
function samplesOf({ key, index: problem, gold }: Problem, right: number): readonly Sample[] {
  return Array.from({ length: samplesPerProblem }, (_, index): Sample => {
    const isRight = index < right;
    const answer = isRight ? (gold ?? "") : String(100 + (index % 3));
    return {
      problemKey: key,
      index,
      seed: index,
      text: `Way ${index}: ${problem} and ten.\n\nSo it is \\boxed{${answer}}.`,
      reasoning: null,
      finishReason: "stop",
      outcome: { kind: "ok" },
      verdict: { kind: isRight ? "correct" : "incorrect", how: "exact", extracted: answer },
      verifier,
      usage: { promptTokens: 20, completionTokens: 12 + (index % 5) + right, reasoningTokens: null },
    };
  });
}

function writeLabels(folder: string, samples: readonly Sample[]): void {
  const right = samples.filter(({ verdict }) => verdict?.kind === "correct");
  const lines = right.map(({ problemKey, index, text }, at) =>
    encodeLine({
      id: `anna-${at}`,
      at: 1_700_000_000_000 + 1000 * at,
      rater: "anna",
      kind: "human",
      act: {
        type: "label",
        entry: {
          item: itemId(problemKey, text),
          verdict: isRightThought(index) ? "correct" : "wrong",
          firstWrongStep: null,
          note: "",
          seconds: 1,
        },
      },
    }),
  );
  const labels = labelsFolder(folder, "runFolder");
  mkdirSync(labels, { recursive: true });
  writeFileSync(join(labels, "anna.jsonl"), lines.join(""));
}
