import type { AnswerGroup } from "../model.ts";
import { logFactorial } from "./logFactorial.ts";
import { SeededRandom } from "./seededRandom.ts";

/** Answers of one problem: `n` samples; those in no group gave no answer and do not vote. */
export interface AnswerCounts {
  readonly n: number;
  readonly groups: readonly AnswerGroup[];
}

export interface MajorityOptions {
  /** Seed of the Monte Carlo part; default 1. */
  readonly seed?: number;
  /** Cost (n k^2) above which a k is left to Monte Carlo; default 8000: every k is exact up to n = 20. */
  readonly exactCost?: number;
  /** Monte Carlo subsets per problem; default 1000. */
  readonly subsets?: number;
}

export interface Majority {
  readonly value: number;
  readonly exact: boolean;
}

/**
 * maj@k for each of `ks`, ascending (`null` where n < k): the chance that majority voting over k of the n samples, drawn without
 * replacement, gives a correct answer; a tie among r answers of which s are correct counts s/r, no vote at all 0
 * (self-consistency, Wang et al. 2022, arXiv 2203.11171, averaged over all subsets instead of one).
 * Exact by `exactMajority` while n k^2 <= exactCost, and at k = n; else from seeded random subsets
 * (standard error at most 0.5 / sqrt(subsets), 1.6 points for one problem).
 */
export function majAtK(
  counts: AnswerCounts,
  ks: readonly number[],
  options: MajorityOptions = {},
): (Majority | null)[] {
  const { exactCost = 8000, seed = 1, subsets = 1000 } = options;
  const isExact = (k: number) => k === counts.n || counts.n * k * k <= exactCost;
  const sampled = ks.filter((k) => k <= counts.n && !isExact(k));
  const values = new Map<number, number>();
  if (sampled.length > 0) {
    const drawn = sampledMajority(counts, sampled, { subsets, random: new SeededRandom(seed, 6) });
    sampled.forEach((k, i) => values.set(k, drawn[i] as number));
  }
  return ks.map((k) => {
    if (k > counts.n || k < 1) return null;
    const value = values.get(k);
    return value === undefined ? { value: exactMajority(counts, k), exact: true } : { value, exact: false };
  });
}

/**
 * Sum over the winning count t of the coefficient of x^k in the product over groups (size m) of
 * sum_{s<t} C(m,s) x^s + y C(m,t) x^t, where y^r marks r tied winners, divided by C(n,k); the share of correct ones
 * among the r is carried along. Groups smaller than t, and samples without an answer, form one factor (1+x)^M.
 * Binomials are taken as probabilities at p = k/n (the tilt cancels), so nothing over- or underflows.
 */
export function exactMajority({ n, groups }: AnswerCounts, k: number): number {
  const voting = groups.filter((group) => group.count > 0);
  if (k === n) return wholeMajority(voting);
  const p = k / n;
  const masses = rememberedMasses(k, p);
  let probability = 0;
  const most = voting.reduce((max, group) => Math.max(max, group.count), 0);
  for (let t = 1; t <= Math.min(k, most); t++) {
    const contenders = voting.filter((group) => group.count >= t);
    const rest = n - contenders.reduce((sum, group) => sum + group.count, 0);
    probability += winningAt(t, { contenders, rest, k, masses });
  }
  return Math.min(1, probability / binomialPmf(n, k, p));
}

/** One vote over all samples, groups in the order their answers were first seen: a tie goes to the first of them. */
export function firstMajorityIsCorrect(groups: readonly AnswerGroup[]): boolean {
  const most = groups.reduce((max, group) => Math.max(max, group.count), 0);
  return groups.find((group) => group.count === most && most > 0)?.correct ?? false;
}

function wholeMajority(groups: readonly AnswerGroup[]): number {
  const most = groups.reduce((max, group) => Math.max(max, group.count), 0);
  const winners = groups.filter((group) => group.count === most);
  return winners.length === 0 ? 0 : winners.filter((group) => group.correct).length / winners.length;
}

interface Votes {
  readonly contenders: readonly AnswerGroup[];
  readonly rest: number;
  readonly k: number;
  readonly masses: (m: number) => Float64Array;
}

/** For a group of m: the binomial masses of s = 0..min(m, k) of its samples, computed once for each m. */
function rememberedMasses(k: number, p: number): (m: number) => Float64Array {
  const known = new Map<number, Float64Array>();
  return (m) => {
    let row = known.get(m);
    if (!row) {
      row = Float64Array.from({ length: Math.min(m, k) + 1 }, (_, s) => binomialPmf(m, s, p));
      known.set(m, row);
    }
    return row;
  };
}

/** Probability mass of: the winning count is t and a correct group wins (ties split), k samples drawn. */
function winningAt(t: number, { contenders, rest, k, masses }: Votes): number {
  const ties = Math.min(Math.floor(k / t), contenders.length);
  const width = k + 1;
  // ways[r * width + s]: mass with r groups at t and s samples used; right: the same times the correct ones among the r.
  let ways = new Float64Array((ties + 1) * width);
  let right = new Float64Array((ties + 1) * width);
  // One factor for all that cannot win at t: groups smaller than t, and samples without an answer.
  ways.set(masses(rest));
  for (const { count, correct } of contenders) {
    const nextWays = new Float64Array(ways.length);
    const nextRight = new Float64Array(ways.length);
    const row = masses(count);
    for (let s = 0; s <= t; s++) {
      const mass = row[s] as number;
      const up = s === t ? 1 : 0;
      for (let r = 0; r + up <= ties; r++) {
        for (let used = 0; used + s <= k; used++) {
          const from = r * width + used;
          const to = (r + up) * width + used + s;
          const w = ways[from] as number;
          if (w === 0) continue;
          nextWays[to] = (nextWays[to] as number) + mass * w;
          nextRight[to] =
            (nextRight[to] as number) + mass * ((right[from] as number) + (up === 1 && correct ? w : 0));
        }
      }
    }
    ways = nextWays;
    right = nextRight;
  }
  let probability = 0;
  for (let r = 1; r <= ties; r++) probability += (right[r * width + k] as number) / r;
  return probability;
}

/** C(m, s) p^s (1-p)^(m-s) for 0 < p < 1. */
function binomialPmf(m: number, s: number, p: number): number {
  const choose = logFactorial(m) - logFactorial(s) - logFactorial(m - s);
  return Math.exp(choose + s * Math.log(p) + (m - s) * Math.log1p(-p));
}

interface Sampling {
  readonly subsets: number;
  readonly random: SeededRandom;
}

/** One shuffle serves every k: the first k of it are a random k-subset. */
function sampledMajority(
  { n, groups }: AnswerCounts,
  ks: readonly number[],
  { subsets, random }: Sampling,
): number[] {
  const labels = new Int32Array(n).fill(-1);
  let filled = 0;
  groups.forEach((group, g) => {
    labels.fill(g, filled, filled + group.count);
    filled += group.count;
  });
  const sums = ks.map(() => 0);
  const votes = new Int32Array(groups.length);
  const correct = Int32Array.from(groups, (group) => (group.correct ? 1 : 0));
  const last = ks.at(-1) ?? 0;
  for (let subset = 0; subset < subsets; subset++) {
    votes.fill(0);
    let reached = 0;
    let most = 0;
    let tied = 0;
    let right = 0;
    for (let i = 0; i < last; i++) {
      const j = i + random.below(n - i);
      const label = labels[j] as number;
      labels[j] = labels[i] as number;
      labels[i] = label;
      if (label >= 0) {
        const count = (votes[label] as number) + 1;
        votes[label] = count;
        if (count > most) {
          most = count;
          tied = 0;
          right = 0;
        }
        if (count === most) {
          tied++;
          right += correct[label] as number;
        }
      }
      if (i + 1 !== ks[reached]) continue;
      sums[reached] = (sums[reached] as number) + (tied === 0 ? 0 : right / tied);
      reached++;
    }
  }
  return sums.map((sum) => sum / subsets);
}
