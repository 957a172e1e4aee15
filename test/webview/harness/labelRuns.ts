// Runs to label, of our own making: opened as `LabelledRuns.open` does, without files of rollouts.
import type { SampleDetail, SampleRef } from "../../../src/core/dataset/readRollouts.ts";
import { itemId } from "../../../src/core/label/itemId.ts";
import type { ProblemItems } from "../../../src/core/label/model.ts";
import { tallySamples } from "../../../src/core/dataset/tallySamples.ts";
import type { Verdict } from "../../../src/core/model.ts";
import type { LabelledRun } from "../../../src/host/label/labelledRuns.ts";
import type { LoadedRun } from "../../../src/host/runData.ts";
import type { RunEntry } from "../../../src/host/runEntry.ts";

export interface MadeText {
  readonly text: string;
  readonly correct: boolean;
}

export interface MadeProblem {
  readonly id: string;
  readonly question: string;
  readonly gold: string;
  /** Samples with a text; up to `n` the others are wrong and have none that is looked at. */
  readonly texts: readonly MadeText[];
}

export interface MadeRun {
  readonly id: string;
  readonly name: string;
  readonly dataset: string;
  readonly n: number;
  readonly problems: readonly MadeProblem[];
}

export function madeRun(made: MadeRun, folder: string): LabelledRun {
  const problems = new Map(made.problems.map((problem) => [keyOf(problem), problem]));
  const items = made.problems.map((problem): ProblemItems => {
    const problemKey = keyOf(problem);
    const c = problem.texts.filter(({ correct }) => correct).length;
    const texts = problem.texts.map(({ text, correct }, index) => ({
      id: itemId(problemKey, text),
      index,
      count: 1,
      correct: Number(correct),
    }));
    return { problemKey, n: made.n, c, items: texts };
  });
  const readText = (ref: SampleRef): Promise<SampleDetail> => {
    const problem = problems.get(ref.problemKey);
    const text = problem?.texts[ref.index]?.text;
    if (problem === undefined || text === undefined)
      return Promise.reject(Object.assign(new Error(`${made.name}: gone`), { code: "stale" }));
    const { question, gold } = problem;
    return Promise.resolve({
      ...ref,
      question,
      gold,
      text,
      reasoning: null,
      seed: null,
      usage: null,
      verifier: "v",
    });
  };
  const locate = (problemKey: string): readonly SampleRef[] =>
    problems.get(problemKey)?.texts.map((text, index) => refOf(made, { problemKey, index, text })) ?? [];
  const tally = {
    id: made.id,
    name: made.name,
    problems: made.problems.map((problem, index) =>
      tallySamples({ ...problem, key: keyOf(problem), index, line: null }, []),
    ),
  };
  const loaded = { tally, locate, readText } as unknown as LoadedRun;
  const entry = { id: made.id, name: made.name, dataset: made.dataset } as RunEntry;
  return { entry, loaded, folder, items: { runId: made.id, name: made.name, problems: items } };
}

const keyOf = ({ id }: MadeProblem): string => `key-${id}`;

function refOf(
  { id }: MadeRun,
  {
    problemKey,
    index,
    text,
  }: { readonly problemKey: string; readonly index: number; readonly text: MadeText },
): SampleRef {
  const verdict: Verdict = { kind: text.correct ? "correct" : "incorrect", how: "exact", extracted: null };
  return {
    runId: id,
    format: "made",
    problemKey,
    index,
    verdict,
    extracted: null,
    outcome: { kind: "ok" },
    finishReason: "stop",
    tokens: null,
    fingerprint: 1,
    line: 1,
    start: 0,
    end: 1,
    ordinal: index,
  };
}

/** Problems that are solved once or twice in 64, each right answer with three steps, one of which has a false sum. */
export function madeProblems(
  count: number,
  text: (problem: number, sample: number) => string = plainText,
): MadeProblem[] {
  return Array.from({ length: count }, (_, i) => ({
    id: String(i + 1),
    question: `What is ${i} + 1? It is problem ${i + 1}.`,
    gold: String(i + 1),
    texts: Array.from({ length: 1 + (i % 2) }, (__, j) => ({ text: text(i, j), correct: true })),
  }));
}

const plainText = (problem: number, sample: number): string =>
  `First, we look at ${problem} once more, the ${sample + 1}. time.\n\nThen 2 + 2 = 5 and ${problem} + 1 = ${problem + 1}.\n\nSo the answer is ${problem + 1}.`;
