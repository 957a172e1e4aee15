import type { SeededRandom } from "../seededRandom.ts";

/** d right of m read texts of one problem. */
export interface ReadCount {
  readonly right: number;
  readonly wrong: number;
}

/** Posterior of a Beta(a, b) law on a grid. */
export interface BetaLaw {
  readonly a: Float64Array;
  readonly b: Float64Array;
  /** Cumulative weight, the last one 1. */
  readonly cumulative: Float64Array;
}

const linspace = (from: number, to: number, points: number): readonly number[] =>
  Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1));

const means = linspace(-4, 5, 28).map((logit) => 1 / (1 + Math.exp(-logit)));
const sizes = linspace(-1.5, 5, 20).map(Math.exp);

/**
 * Beta-binomial posterior of a = mu s, b = (1 - mu) s from the problems' counts: likelihood B(a + d, b + m - d) / B(a, b)
 * on a grid flat in logit mu (-4 to 5) and log s (-1.5 to 5), with prior weight mu (1 - mu), which is a uniform mu.
 * It stays right when a problem's labels stop at the first right one: that rule looks at nothing but its labels.
 */
export function betaLaw(counts: readonly ReadCount[]): BetaLaw {
  const most = (key: keyof ReadCount) => counts.reduce((max, count) => Math.max(max, count[key]), 0);
  const [mostRight, mostWrong] = [most("right"), most("wrong")];
  const logs: number[] = [];
  const [a, b]: [number[], number[]] = [[], []];
  for (const mean of means) {
    for (const size of sizes) {
      const [shapeA, shapeB] = [mean * size, (1 - mean) * size];
      const rightTo = risingLogs(shapeA, mostRight);
      const wrongTo = risingLogs(shapeB, mostWrong);
      const allTo = risingLogs(size, mostRight + mostWrong);
      let log = Math.log(mean * (1 - mean));
      for (const { right, wrong } of counts)
        log += (rightTo[right] ?? 0) + (wrongTo[wrong] ?? 0) - (allTo[right + wrong] ?? 0);
      logs.push(log);
      a.push(shapeA);
      b.push(shapeB);
    }
  }
  return { a: Float64Array.from(a), b: Float64Array.from(b), cumulative: cumulated(logs) };
}

/** ln of shape (shape + 1) ... (shape + j - 1) for j from 0. */
function risingLogs(shape: number, last: number): Float64Array {
  const logs = new Float64Array(last + 1);
  for (let j = 1; j <= last; j++) logs[j] = (logs[j - 1] as number) + Math.log(shape + j - 1);
  return logs;
}

function cumulated(logs: readonly number[]): Float64Array {
  const top = logs.reduce((max, log) => Math.max(max, log), -Infinity);
  const cumulative = new Float64Array(logs.length);
  let sum = 0;
  for (const [i, log] of logs.entries()) cumulative[i] = sum += Math.exp(log - top);
  return cumulative.map((value) => value / sum);
}

/** One (a, b) of the posterior, as the grid's index. */
export function lawDraw({ cumulative }: BetaLaw, random: SeededRandom): number {
  const u = random.uniform();
  let [low, high] = [0, cumulative.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle] as number) < u) low = middle + 1;
    else high = middle;
  }
  return low;
}
