// How many samples stopping early takes of what uniform sampling takes, on recorded draws.
import type { Measurement } from "../bench/measurement.ts";
import { mean, plainRandom } from "../core/estimate/brute.ts";
import {
  adaptiveCurve,
  adaptiveGap,
  type StoppedRun,
} from "../../src/core/estimate/adaptive/adaptiveCurve.ts";
import { type EndPoint, endPoint, type StopPlan } from "../../src/core/estimate/adaptive/stopPlan.ts";
import type { CurvePoint } from "../../src/core/estimate/report.ts";
import { samplesForPassAt1, usualTail } from "../../src/core/run/plan.ts";
import { type Draws, looked, plainEnd, rateOf, shuffled, sum } from "./draws.ts";
import type { Random } from "./shapes.ts";

export interface Aims {
  readonly most: number;
  readonly mostGap: number;
}

const shuffles = 300;

/** Average shares over random orders of the real draws; the 2x2 and the gap in the order that was recorded. */
export function* savings(name: string, [a, b]: readonly [Draws, Draws], aims: Aims): Generator<Measurement> {
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
  const usual = usualTail(nMax);
  for (const { r, tail } of [
    { r: 2, tail: usual },
    { r: 1, tail: { n0: Math.floor(nMax / 4), probability: 0.5 } },
    { r: 2, tail: { n0: Math.floor(nMax / 4), probability: 0.5 } },
  ]) {
    const plan = { r, nMax, tail };
    const rolled = shareSpent([a, b], plan, random);
    const wider = mean([a, b].map((draws) => widening(draws, plan, random)));
    const words = tail === usual ? "the usual rule: " : "";
    yield {
      name: `${name}: ${words}success ${r}, after ${tail.n0} failures on with ${tail.probability}; pass@n's interval x ${wider.toFixed(2)}`,
      value: rolled,
      aim: tail === usual ? "<= 0.5" : "",
      ok: tail === usual ? rolled <= 0.5 : null,
    };
  }
  yield* gapSavings(name, [a, b], aims);
  yield* signSavings(name, [a, b], random);
}

/** The base stopped at its second success, few samples of the other; widths averaged over random orders. */
function* gapSavings(name: string, [a, b]: readonly [Draws, Draws], aims: Aims): Generator<Measurement> {
  const nMax = Math.min(...[...a, ...b].map((draws) => draws.length));
  const plan = { r: 2, nMax };
  const random = plainRandom(2);
  const widthOf = (runs: readonly [StoppedRun, StoppedRun]) => {
    const found = adaptiveGap(runs, nMax, { draws: 4000 });
    return found ? found.high - found.low : Number.NaN;
  };
  const uniform = widthOf([plainRun(a, nMax), plainRun(b, nMax)]);
  const few = samplesForPassAt1(nMax);
  const [shares, ratios] = [[] as number[], [] as number[]];
  for (let i = 0; i < 20; i++) {
    const base = { plan, ends: a.map((draws) => ended(plan, shuffled(draws, random))) };
    const other = plainRun(
      b.map((draws) => shuffled(draws, random)),
      few,
    );
    shares.push((sum(base.ends.map(({ draws }) => draws)) + few * b.length) / (2 * nMax * a.length));
    ratios.push(widthOf([base, other]) / uniform);
  }
  const share = mean(shares);
  yield {
    name: `${name}: gap dSE, base to its second success, ${few} of the other: share of uniform samples`,
    value: share,
    aim: `<= ${aims.mostGap}`,
    ok: share <= aims.mostGap,
  };
  yield {
    name: `${name}: gap dSE, width of the interval against uniform (widest of 20)`,
    value: `${mean(ratios).toFixed(3)} (${Math.max(...ratios).toFixed(3)})`,
    aim: "<= 1.05",
    ok: mean(ratios) <= 1.05,
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
