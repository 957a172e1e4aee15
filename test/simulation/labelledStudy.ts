// A made-up study whose every label is known: how hard problems are, how often a right answer has a right chain.
import { betaDraw, binomialDraw } from "../../src/core/estimate/betaDraws.ts";
import type { SeededRandom } from "../../src/core/estimate/seededRandom.ts";
import { cotProblems } from "../../src/core/label/cotProblems.ts";
import type { LabelSet } from "../../src/core/label/labelSet.ts";
import { defaultQueueSpec, type ItemId, type QueueSpec, type RunItems } from "../../src/core/label/model.ts";
import { labelQueue } from "../../src/core/label/queue.ts";

/** How hard the problems are: draws the chance that a sample's answer is right. */
export type Difficulty = (random: SeededRandom) => number;
export const difficulties = {
  "beta(.2, 5)": (random) => betaDraw(random, 0.2, 5),
  "AIME-like, 40 % zeros": (random) => (random.uniform() < 0.4 ? 0 : betaDraw(random, 0.5, 1.5)),
} satisfies Record<string, Difficulty>;

/** Chance that a right answer's chain is right, given the answer's chance p. */
export type ChainLaw = (random: SeededRandom, p: number) => number;
export const chainLaws = {
  "q = .9": () => 0.9,
  "q beta(4, 1)": (random) => betaDraw(random, 4, 1),
  // 2 % of the samples hit the answer by luck: on hard problems that is most of the right ones.
  "lucky guesses": (_, p) => p / (p + 0.02),
  "q beta(.5, .5)": (random) => betaDraw(random, 0.5, 0.5),
} satisfies Record<string, ChainLaw>;

export interface TrueProblem {
  readonly p: number;
  readonly q: number;
}

export interface TrueRun {
  readonly items: RunItems;
  readonly truth: ReadonlySet<ItemId>;
  /** Samples that are right in answer and chain, by problem. */
  readonly right: readonly number[];
}

/** n samples of each problem, every right one with its own text and its true label. */
export function sampledRun(
  problems: readonly TrueProblem[],
  { name, n }: { readonly name: string; readonly n: number },
  random: SeededRandom,
): TrueRun {
  const truth = new Set<ItemId>();
  const right: number[] = [];
  const items = problems.map(({ p, q }, i) => {
    const c = binomialDraw(random, n, p);
    const texts = Array.from({ length: c }, (_, index) => ({
      id: `${name}/${i}/${index}`,
      index,
      count: 1,
      correct: 1,
    }));
    const rightOnes = texts.filter(() => random.uniform() < q);
    for (const { id } of rightOnes) truth.add(id);
    right.push(rightOnes.length);
    return { problemKey: `p${i}`, n, c, items: texts };
  });
  return { items: { runId: name, name, problems: items }, truth, right };
}

/** Labels the first so many of the queue as they truly are; in their order. */
export function labelled(
  runs: readonly TrueRun[],
  spec: Pick<QueueSpec, "size" | "seed"> & Partial<Pick<QueueSpec, "order">>,
): { readonly labels: LabelSet; readonly order: readonly ItemId[] } {
  const queue = labelQueue(
    runs.map(({ items }) => items),
    { ...defaultQueueSpec, below: null, ...spec },
  );
  const said = new Map<ItemId, { readonly isRight: boolean; readonly at: number }>();
  for (let item = queue.next(); item !== null; item = queue.next()) {
    const { id } = item;
    const isRight = runs.some(({ truth }) => truth.has(id));
    said.set(id, { isRight, at: said.size });
    queue.record(id, isRight ? "correct" : "wrong");
  }
  return { labels: labelSetOf(said), order: [...said.keys()] };
}

/** One rater's labels without the detour over lines. */
function labelSetOf(said: ReadonlyMap<ItemId, { readonly isRight: boolean; readonly at: number }>): LabelSet {
  return {
    raters: [{ name: "truth", kind: "human" }],
    of: () => [],
    adjudicationOf: () => null,
    items: () => [...said.keys()],
    agreed: (item) => {
      const label = said.get(item);
      if (label === undefined) return { kind: "none" };
      const verdict = label.isRight ? "correct" : "wrong";
      return { kind: "agreed", verdict, disputed: false, adjudicated: false, at: label.at };
    },
  };
}

export const problemsOf = (run: TrueRun, labels: LabelSet) => [...cotProblems(run.items, labels).values()];
