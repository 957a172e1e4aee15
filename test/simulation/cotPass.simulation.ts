// CoT-Pass@k from labelled samples of a study whose truth is known (100 problems, 64 samples each): do the bands cover, and
// does the stop rule ever name the wrong run? `-- -- REPETITIONS [coverage|stop]` (default 400, both).
import { passAtK } from "../../src/core/estimate/passAtK.ts";
import { SeededRandom } from "../../src/core/estimate/seededRandom.ts";
import { cotPass } from "../../src/core/estimate/cot/cotPass.ts";
import { stopAdvice } from "../../src/core/label/stopAdvice.ts";
import type { Measurement } from "../bench/measurement.ts";
import {
  type ChainLaw,
  chainLaws,
  difficulties,
  type Difficulty,
  labelled,
  problemsOf,
  sampledRun,
  type TrueProblem,
} from "./labelledStudy.ts";

const problems = 100;
const n = 64;
const ks = [1, 16, 64];

export function* simulate(args: readonly string[]): Iterable<Measurement> {
  const repetitions = Number(args[0] ?? 400);
  const part = args[1] ?? "all";
  if (part !== "stop") for (const size of [200, 50, 500]) yield* coverage(size, repetitions);
  if (part !== "coverage") yield* stopping(repetitions);
}

interface Setting {
  readonly difficulty: Difficulty;
  readonly chain: ChainLaw;
}

function drawProblems({ difficulty, chain }: Setting, random: SeededRandom, count = problems): TrueProblem[] {
  return Array.from({ length: count }, () => {
    const p = difficulty(random);
    return { p, q: chain(random, p) };
  });
}

/** E[1 - (1 - p q)^k] over problems. */
function populationTruth(setting: Setting): number[] {
  const many = drawProblems(setting, new SeededRandom(77), 100_000);
  return ks.map((k) => many.reduce((sum, { p, q }) => sum + 1 - (1 - p * q) ** k, 0) / many.length);
}

function* coverage(size: number, repetitions: number): Iterable<Measurement> {
  const all: { full: number; population: number }[] = [];
  for (const [shape, difficulty] of Object.entries(difficulties)) {
    for (const [law, chain] of Object.entries(chainLaws)) {
      const result = coverageOf({ difficulty, chain }, size, repetitions);
      all.push(...result);
      const shares = result.map(({ full }) => full.toFixed(3)).join(" ");
      const others = result.map(({ population }) => population.toFixed(3)).join(" ");
      const facts = result.map(({ bias, width }) => `${(100 * bias).toFixed(1)}/${(100 * width).toFixed(1)}`);
      yield {
        name: `${size} labels, ${shape}, ${law}: A at k = 1 16 64 (B ${others}; bias/width ${facts.join(" ")})`,
        value: shares,
        aim: "",
        ok: null,
      };
    }
  }
  const least = (key: "full" | "population") => Math.min(...all.map((cell) => cell[key]));
  const aimed = size === 200;
  yield {
    name: `${size} labels: least coverage of the full-label curve (A)`,
    value: least("full"),
    aim: aimed ? ">= .92" : "",
    ok: aimed ? least("full") >= 0.92 : null,
  };
  yield {
    name: `${size} labels: least coverage for other problems (B)`,
    value: least("population"),
    aim: aimed ? ">= .92" : "",
    ok: aimed ? least("population") >= 0.92 : null,
  };
}

export function coverageOf(setting: Setting, size: number, repetitions: number) {
  const population = populationTruth(setting);
  const hits = ks.map(() => ({ full: 0, population: 0, bias: 0, width: 0 }));
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const random = new SeededRandom(1000 + repetition, size);
    const run = sampledRun(drawProblems(setting, random), { name: "run", n }, random);
    const { labels } = labelled([run], { size, seed: repetition });
    const { points } = cotPass(problemsOf(run, labels), ks, { draws: 400, seed: repetition });
    for (const [i, k] of ks.entries()) {
      const truth = run.right.reduce((sum, d) => sum + (passAtK(n, d, k) ?? 0), 0) / problems;
      const [point, hit, beyond] = [points[i], hits[i], population[i]];
      if (point === undefined || hit === undefined || beyond === undefined) continue;
      const { value, low, high } = point;
      hit.full += Number(low <= truth + 1e-12 && truth <= high + 1e-12) / repetitions;
      hit.population +=
        Number(point.population.low <= beyond && beyond <= point.population.high) / repetitions;
      hit.bias += (value - truth) / repetitions;
      hit.width += (high - low) / repetitions;
    }
  }
  return hits;
}

interface PairSetting {
  readonly name: string;
  readonly base: Setting;
  /** The other run's p and q from the base's. */
  readonly other: (problem: TrueProblem, random: SeededRandom) => TrueProblem;
}

/** The other run is sharper and narrower, the same, or better only in its answers. */
const pairs: readonly PairSetting[] = Object.entries(chainLaws).flatMap(([law, chain]) => {
  const base = { difficulty: difficulties["AIME-like, 40 % zeros"], chain };
  return [
    { name: `null, ${law}`, base, other: (problem) => problem },
    {
      name: `sharpened, ${law}`,
      base,
      other: ({ p, q }) => ({ p: p < 0.03 ? 0.3 * p : Math.min(1, 2 * p), q }),
    },
    { name: `luckier, ${law}`, base, other: ({ p, q }) => ({ p: Math.min(1, 1.3 * p), q: 0.75 * q }) },
  ];
});

function* stopping(repetitions: number): Iterable<Measurement> {
  const sums = ks.map((k) => ({ k, stops: 0, wrong: 0 }));
  for (const pair of pairs) {
    const result = stopsOf(pair, repetitions);
    for (const [i, sum] of sums.entries()) {
      sum.stops += result[i]?.stops ?? 0;
      sum.wrong += result[i]?.wrong ?? 0;
    }
    yield {
      name: `stop rule (ii), ${pair.name}: stops (wrong ones) at k = ${ks.join(" ")}`,
      value: result.map(({ stops, wrong }) => `${stops} (${wrong})`).join(" "),
      aim: "",
      ok: null,
    };
  }
  for (const { k, stops, wrong } of sums) {
    const share = wrong / Math.max(1, stops);
    const isOffered = k < n;
    yield {
      name: `stop rule (ii) at k = ${k}${isOffered ? "" : " (not offered)"}: wrong ones of ${stops} stops`,
      value: share,
      aim: isOffered ? "< .01" : "",
      ok: isOffered ? share < 0.01 : null,
    };
  }
}

/** At each of `ks`: how often the rule stops, and how often it then names a run that does not lead. */
function stopsOf(pair: PairSetting, repetitions: number) {
  const result = ks.map((k) => ({ k, stops: 0, wrong: 0 }));
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const random = new SeededRandom(5000 + repetition);
    const base = drawProblems(pair.base, random);
    const others = base.map((problem) => pair.other(problem, random));
    const runs = [
      sampledRun(base, { name: "base", n }, random),
      sampledRun(others, { name: "other", n }, random),
    ] as const;
    const { labels } = labelled(runs, { size: 1280, seed: repetition });
    const advices = stopAdvice([runs[0].items, runs[1].items], labels, { ks, seed: repetition });
    for (const [i, { k, looks }] of advices.entries()) {
      const [sign, hit] = [lastSign(looks), result[i]];
      if (sign === 0 || hit === undefined) continue;
      hit.stops++;
      const truth = trueDifference(runs[0].right, runs[1].right, k);
      if (sign * truth <= 1e-12) hit.wrong++;
    }
  }
  return result;
}

function trueDifference(a: readonly number[], b: readonly number[], k: number): number {
  return a.reduce((sum, d, i) => sum + (passAtK(n, d, k) ?? 0) - (passAtK(n, b[i] ?? 0, k) ?? 0), 0);
}

/** What `stopAdvice` says of the last two looks, also at k = n, where it does not offer it. */
function lastSign(looks: readonly { readonly leads: number; readonly trails: number }[]): -1 | 0 | 1 {
  const [before, last] = looks.slice(-2);
  if (before === undefined || last === undefined) return 0;
  if (Math.min(before.leads, last.leads) >= 0.99) return 1;
  return Math.min(before.trails, last.trails) >= 0.99 ? -1 : 0;
}
