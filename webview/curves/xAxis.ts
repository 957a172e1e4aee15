// What lies along a curve's x axis: samples, the tokens they cost, or the rate of Cover@tau. Pure.

export const costs = ["samples", "tokens"] as const;
export type Cost = (typeof costs)[number];

export interface XAxis {
  readonly kind: Cost | "tau";
  readonly title: string;
  /** A value's place in units of the axis. */
  readonly place: (value: number) => number;
  /** In those units. */
  readonly ends: readonly [number, number];
  /** Values. */
  readonly ticks: readonly number[];
  readonly write: (value: number) => string;
}

export function powersOfTwo(max: number): number[] {
  const powers: number[] = [];
  for (let k = 1; k <= max; k *= 2) powers.push(k);
  return powers;
}

export function samplesAxis(kMax: number): XAxis {
  const end = Math.max(1, Math.log2(kMax));
  return {
    kind: "samples",
    title: "k samples (log scale)",
    place: Math.log2,
    ends: [-0.012 * end, end],
    ticks: powersOfTwo(kMax),
    write: count,
  };
}

/** From the cheapest sample to the dearest end of a line. */
export function tokensAxis(least: number, most: number): XAxis {
  const [low, high] = [Math.log2(least), Math.log2(Math.max(most, 2 * least))];
  const steps = Math.log10(most / least) < 2.5 ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(least)); power <= Math.log10(most); power++)
    for (const step of steps) ticks.push(step * 10 ** power);
  return {
    kind: "tokens",
    title: "tokens: k samples x mean tokens of a sample (log scale)",
    place: Math.log2,
    ends: [low - 0.012 * (high - low), high],
    ticks: ticks.filter((tick) => tick >= least && tick <= most),
    write: count,
  };
}

export const tauAxis: XAxis = {
  kind: "tau",
  title: "tau: solved in at least this share of the samples",
  place: (tau) => tau,
  ends: [-0.004, 1],
  ticks: Array.from({ length: 11 }, (_, i) => i / 10),
  write: (tau) => String(Number(tau.toFixed(3))),
};

/** Whether a marker stands here: at powers of 2, at tenths of tau. */
export function isMarked({ kind }: XAxis, value: number): boolean {
  if (kind === "tau") return Math.abs(10 * value - Math.round(10 * value)) < 1e-9;
  return Number.isInteger(Math.log2(value));
}
import { count } from "../../src/core/numberWords.ts";
