// What stopping early saves, and that nothing is lost by it: on the Game of 24, on simulated models, and on run folders
// named after a second `--` (base first): npm run simulate -- adaptive -- BASE RL [savings]: the savings only, without the coverage
import { join } from "node:path";
import type { Measurement } from "../bench/measurement.ts";
import { mean, plainRandom } from "../core/estimate/brute.ts";
import { readRollouts } from "../../src/core/dataset/readRollouts.ts";
import {
  adaptiveCurve,
  adaptiveGap,
  type StoppedRun,
} from "../../src/core/estimate/adaptive/adaptiveCurve.ts";
import { atLook, signLooks } from "../../src/core/estimate/adaptive/signTest.ts";
import { solvedAfter } from "../../src/core/estimate/adaptive/solvedAfter.ts";
import { type EndPoint, endPoint, type StopPlan } from "../../src/core/estimate/adaptive/stopPlan.ts";
import type { CurvePoint } from "../../src/core/estimate/report.ts";
import { samplesFileName } from "../../src/core/run/files.ts";
import { readRun } from "../../src/core/run/store.ts";
import { fileSource } from "../../src/node/fileSource.ts";
import { nodeFileStore } from "../../src/node/fileStore.ts";
import { readCounts } from "../core/estimate/game24.ts";
import { sharedData } from "../paths.ts";
import { coverageOf, coverageRow } from "./coverage.ts";
import { type Pairing, pairings, trueGap } from "./pairings.ts";
import { type Random, shapes } from "./shapes.ts";

/** Verdicts of one run, problem by problem, in order of the draws. */
type Draws = readonly (readonly boolean[])[];

export async function* simulate(args: readonly string[]): AsyncGenerator<Measurement> {
  const [io, cot] = ["io", "cot"].map((name) => sharedData(`rollouts/game24_${name}_100x100.json`));
  if (io && cot) yield* savings("game24", [drawsOf(io), drawsOf(cot)], { most: 0.81, mostGap: 0.46 });
  const [base, other] = args;
  if (base && other) {
    const pair = await Promise.all([runDraws(base), runDraws(other)]);
    yield* savings("runs", commonOf(pair), { most: 0.81, mostGap: 0.46 });
  }
  if (!args.includes("savings")) {
    yield* coverage();
    yield* signErrors();
  }
}

interface Aims {
  readonly most: number;
  readonly mostGap: number;
}

const shuffles = 300;

/** Average shares over random orders of the real draws; the 2x2 and the gap in the order that was recorded. */
function* savings(name: string, [a, b]: readonly [Draws, Draws], aims: Aims): Generator<Measurement> {
  const nMax = Math.min(...[...a, ...b].map((draws) => draws.length));
  const random = plainRandom(1);
  for (const r of [1, 2, 4]) {
    const share = shareSpent([a, b], { r, nMax }, random);
    yield {
      name: `${name}: 2x2 by stopping at success ${r}, share of uniform samples`,
      value: share,
      aim: r === 2 ? `<= ${aims.most}` : "",
      ok: r === 2 ? share <= aims.most : null,
    };
  }
  const plan = { r: 2, nMax };
  const differing = a.filter((draws, i) => cell(plan, draws, b[i]) !== plainCell(nMax, draws, b[i])).length;
  yield {
    name: `${name}: problems whose 2x2 cell differs from uniform`,
    value: differing,
    aim: "0",
    ok: differing === 0,
  };
  for (const [r, part, probability] of [
    [1, 4, 0.5],
    [2, 4, 0.5],
    [2, 5, 0.4],
  ] as const) {
    const plan = { r, nMax, tail: { n0: Math.floor(nMax / part), probability } };
    const rolled = shareSpent([a, b], plan, random);
    const wider = mean([a, b].map((draws) => widening(draws, plan, random)));
    const isAimed = r === 1 || part === 5;
    yield {
      name: `${name}: success ${r}, after n/${part} failures on with ${probability}; pass@n's interval x ${wider.toFixed(2)}`,
      value: rolled,
      aim: isAimed ? "<= 0.5" : "",
      ok: isAimed ? rolled <= 0.5 : null,
    };
  }
  yield* gapSavings(name, [a, b], aims);
  yield* signSavings(name, [a, b], random);
}

/** The base stopped at its second success, eight samples of the other; widths averaged over random orders. */
function* gapSavings(name: string, [a, b]: readonly [Draws, Draws], aims: Aims): Generator<Measurement> {
  const nMax = Math.min(...[...a, ...b].map((draws) => draws.length));
  const plan = { r: 2, nMax };
  const random = plainRandom(2);
  const widthOf = (runs: readonly [StoppedRun, StoppedRun]) => {
    const found = adaptiveGap(runs, nMax, { draws: 4000 });
    return found ? found.high - found.low : Number.NaN;
  };
  const uniform = widthOf([plainRun(a, nMax), plainRun(b, nMax)]);
  const [shares, ratios] = [[] as number[], [] as number[]];
  for (let i = 0; i < 20; i++) {
    const base = { plan, ends: a.map((draws) => ended(plan, shuffled(draws, random))) };
    const other = plainRun(
      b.map((draws) => shuffled(draws, random)),
      8,
    );
    shares.push((sum(base.ends.map(({ draws }) => draws)) + 8 * b.length) / (2 * nMax * a.length));
    ratios.push(widthOf([base, other]) / uniform);
  }
  const share = mean(shares);
  yield {
    name: `${name}: gap dSE, share of uniform samples; interval x ${mean(ratios).toFixed(2)}`,
    value: share,
    aim: `<= ${aims.mostGap}`,
    ok: share <= aims.mostGap,
  };
}

/** Eight samples of each problem in random order, five looks. */
function* signSavings(name: string, [a, b]: readonly [Draws, Draws], random: Random): Generator<Measurement> {
  const nMax = Math.min(...[...a, ...b].map((draws) => draws.length));
  const spent: number[] = [];
  const signs = { right: 0, wrong: 0, none: 0 };
  const truth = Math.sign(sum(a.map((draws, i) => rateOf(draws) - rateOf(b[i] ?? []))));
  for (let i = 0; i < shuffles; i++) {
    const order = shuffled(
      a.map((_, at) => at),
      random,
    );
    const [x, y] = [a, b].map((run) => run.map((draws) => rateOf(shuffled(draws, random).slice(0, 8))));
    const differences = order.map((at) => (x?.[at] ?? 0) - (y?.[at] ?? 0));
    const { problems, sign } = looked(differences);
    spent.push((16 * problems) / (2 * nMax * a.length));
    signs[sign === null ? "none" : sign === truth ? "right" : "wrong"]++;
  }
  yield {
    name: `${name}: sign at k = 1, share of uniform samples`,
    value: mean(spent),
    aim: "<= 0.1",
    ok: mean(spent) <= 0.1,
  };
  const { right, wrong, none } = signs;
  yield {
    name: `${name}: sign right / wrong / open in ${shuffles}`,
    value: `${right} / ${wrong} / ${none}`,
    aim: "no wrong",
    ok: wrong === 0,
  };
}

function looked(differences: readonly number[]): { readonly problems: number; readonly sign: 1 | -1 | null } {
  for (const look of signLooks(differences.length)) {
    const { sign } = atLook(differences.slice(0, look.problems), look);
    if (sign !== null) return { problems: look.problems, sign };
  }
  return { problems: differences.length, sign: null };
}

/** Under stop plans: population curve (r = 2 and 4, and with a tail) and gap, on every shape and pairing. */
function* coverage(): Generator<Measurement> {
  const effort = { least: 500, most: 2000 };
  const nMax = 256;
  const tail = { n0: 64, probability: 0.5 };
  const ks = [1, 64, 256];
  const plans: readonly StopPlan[] = [
    { r: 2, nMax },
    { r: 4, nMax },
    { r: 2, nMax, tail },
  ];
  for (const plan of plans) {
    const held = shapes.flatMap((shape) =>
      coverageOf(
        ks.map((k) => `${shape.name} k=${k}`),
        (repetition) => {
          const random = plainRandom(7 * repetition + plan.r);
          const ends = Array.from({ length: 100 }, () => stoppedDraw(random, plan, shape.draw(random)));
          return adaptiveCurve({ plan, ends }, ks, { seed: repetition }).map(({ low, high }, i) => {
            const truth = 1 - shape.missed(ks[i] ?? 1);
            return low <= truth + 1e-9 && truth <= high + 1e-9;
          });
        },
        effort,
      ),
    );
    yield coverageRow(`population, P = 100, r = ${plan.r}${plan.tail ? ", random continuation" : ""}`, held);
  }
  const held = pairings.flatMap((pairing) => gapHeld(pairing, { r: 2, nMax }, effort));
  yield coverageRow("gap dSE, P = 100, base r = 2, other 8 samples", held);
}

function gapHeld(pairing: Pairing, plan: StopPlan, effort: { least: number; most: number }) {
  const truth = trueGap(pairing, plan.nMax);
  return coverageOf(
    [pairing.name],
    (repetition) => {
      const random = plainRandom(11 * repetition + 3);
      const rates = Array.from({ length: 100 }, () => pairing.draw(random));
      const base = { plan, ends: rates.map(([p]) => stoppedDraw(random, plan, p)) };
      const other = { plan: null, ends: rates.map(([, q]) => plainEnd(flips(random, 8, q))) };
      const found = adaptiveGap([base, other], plan.nMax, { seed: repetition });
      return [found !== null && found.low <= truth && truth <= found.high];
    },
    effort,
  );
}

/** Type I error where both models are equally good at k, and wrong signs where they are not. */
function* signErrors(): Generator<Measurement> {
  const repetitions = 1500;
  let [worst, where, wrong] = [0, "", 0];
  for (const problems of [30, 100, 300])
    for (const k of [1, 64])
      for (const shape of shapes) {
        const random = plainRandom(problems + k);
        let errors = 0;
        for (let i = 0; i < repetitions; i++) {
          const differences = Array.from({ length: problems }, () =>
            differenceAt(random, k, [shape.draw(random), shape.draw(random)]),
          );
          if (looked(differences).sign !== null) errors++;
        }
        if (errors / repetitions > worst) {
          worst = errors / repetitions;
          where = `${shape.name}, P = ${problems}, k = ${k}`;
        }
      }
  yield {
    name: `sign: type I error, worst of ${shapes.length * 6}: ${where}`,
    value: worst,
    aim: "<= 0.065",
    ok: worst <= 0.065,
  };
  let decided = 0;
  for (const pairing of pairings.filter((one) => one.name === "crossing" || one.name === "never"))
    for (const problems of [30, 100]) {
      const random = plainRandom(problems);
      for (let i = 0; i < repetitions; i++) {
        const differences = Array.from({ length: problems }, () =>
          differenceAt(random, 1, pairing.draw(random)),
        );
        // In both pairings the second model is better at k = 1.
        const { sign } = looked(differences);
        if (sign !== null) decided++;
        if (sign === 1) wrong++;
      }
    }
  yield { name: `sign: wrong ones among ${decided} decided`, value: wrong, aim: "0", ok: wrong === 0 };
}

/** k = 1: eight samples of each model; else both stopped at their second success, at most k draws. */
function differenceAt(random: Random, k: number, [p, q]: readonly [number, number]): number {
  if (k === 1) return rateOf(flips(random, 8, p)) - rateOf(flips(random, 8, q));
  const plan = { r: 2, nMax: k };
  const [x] = solvedAfter(plan, stoppedDraw(random, plan, p), [k]);
  const [y] = solvedAfter(plan, stoppedDraw(random, plan, q), [k]);
  return (x ?? 0) - (y ?? 0);
}

/** An end point by geometric gaps between successes. */
function stoppedDraw(random: Random, { r, nMax, tail }: StopPlan, p: number): EndPoint {
  const heads = !tail || random() < tail.probability;
  const scale = Math.log1p(-p);
  let [draws, correct] = [0, 0];
  while (correct < r) {
    const gap = p >= 1 ? 1 : p <= 0 ? Infinity : 1 + Math.floor(Math.log(1 - random()) / scale);
    if (tail && correct === 0 && draws + gap > tail.n0 && !heads)
      return { draws: tail.n0, correct: 0, cutOff: true };
    if (draws + gap > nMax) return { draws: nMax, correct, cutOff: false };
    draws += gap;
    correct++;
  }
  return { draws, correct, cutOff: false };
}

/** Mean width of the interval of pass@n under the plan, against that of all samples. */
function widening(run: Draws, plan: StopPlan, random: Random): number {
  const width = (points: readonly CurvePoint[]) => (points[0]?.high ?? 0) - (points[0]?.low ?? 0);
  const all = width(adaptiveCurve(plainRun(run, plan.nMax), [plan.nMax], { draws: 4000 }));
  const widths = Array.from({ length: 20 }, (_, seed) => {
    const ends = run.map((draws) =>
      ended(plan, shuffled(draws, random), random() < (plan.tail?.probability ?? 1)),
    );
    return width(adaptiveCurve({ plan, ends }, [plan.nMax], { draws: 2000, seed }));
  });
  return mean(widths) / all;
}

function plainRun(run: Draws, n: number): StoppedRun {
  return { plan: null, ends: run.map((draws) => plainEnd(draws.slice(0, n))) };
}

function shareSpent(runs: readonly Draws[], plan: StopPlan, random: Random): number {
  let [spent, uniform] = [0, 0];
  for (let i = 0; i < shuffles / 10; i++)
    for (const draws of runs.flat()) {
      const heads = !plan.tail || random() < plan.tail.probability;
      spent += (endPoint(plan, shuffled(draws, random), heads) ?? plainEnd(draws)).draws;
      uniform += plan.nMax;
    }
  return spent / uniform;
}

function cell(plan: StopPlan, a: readonly boolean[], b: readonly boolean[] = []): string {
  return `${ended(plan, a).correct > 0} ${ended(plan, b).correct > 0}`;
}

function plainCell(nMax: number, a: readonly boolean[], b: readonly boolean[] = []): string {
  return `${a.slice(0, nMax).includes(true)} ${b.slice(0, nMax).includes(true)}`;
}

function ended(plan: StopPlan, draws: readonly boolean[], heads = true): EndPoint {
  const end = endPoint(plan, draws, heads);
  if (end === null) throw new Error("fewer draws than the plan wants");
  return end;
}

function plainEnd(draws: readonly boolean[]): EndPoint {
  return { draws: draws.length, correct: draws.filter(Boolean).length, cutOff: false };
}

function flips(random: Random, n: number, p: number): boolean[] {
  return Array.from({ length: n }, () => random() < p);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const rateOf = (draws: readonly boolean[]): number => draws.filter(Boolean).length / draws.length;

function shuffled<T>(values: readonly T[], random: Random): T[] {
  const out = [...values];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j] as T, out[i] as T];
  }
  return out;
}

/** Only the counts are recorded in a form that both files share: the order is the shuffles'. */
function drawsOf(path: string): Draws {
  const random = plainRandom(77);
  return readCounts(path).map(({ n, c }) =>
    shuffled(
      Array.from({ length: n }, (_, i) => i < c),
      random,
    ),
  );
}

async function runDraws(folder: string): Promise<ReadonlyMap<string, readonly boolean[]>> {
  const { header, problems } = await readRun(folder, nodeFileStore);
  const source = await fileSource(join(folder, samplesFileName));
  try {
    const grader = header.plan.protocol.verifier;
    const { runs } = await readRollouts(source, { problems, grader });
    const [run] = runs;
    if (!run) throw new Error(`${folder} has no samples`);
    return new Map(
      problems.map(({ key }) => [key, run.locate(key).map(({ verdict }) => verdict?.kind === "correct")]),
    );
  } finally {
    await source.close();
  }
}

function commonOf([a, b]: readonly ReadonlyMap<string, readonly boolean[]>[]): readonly [Draws, Draws] {
  const keys = [...(a?.keys() ?? [])].filter((key) => b?.has(key));
  return [keys.map((key) => a?.get(key) ?? []), keys.map((key) => b?.get(key) ?? [])];
}
