// Two models on the same problems: laws of (p of the base, p of the other) with truths from one large sample.
import { betaVariate, plainRandom } from "../core/estimate/brute.ts";
import { readCounts } from "../core/estimate/game24.ts";
import { sharedData } from "../paths.ts";
import type { Random } from "./shapes.ts";

export interface Pairing {
  readonly name: string;
  /** The two curves never cross, or are the same: a crossing claimed is a false one. */
  readonly noCrossing: boolean;
  draw(random: Random): readonly [number, number];
}

const lostOr = (random: Random, share: number, p: number): number => (random() < share ? 0 : p);

const pairs: readonly Pairing[] = [
  {
    name: "crossing",
    noCrossing: false,
    draw: (random) => {
      const p = betaVariate(random, 0.5, 2);
      return [p, lostOr(random, 0.3, p ** 0.4)];
    },
  },
  {
    name: "late crossing",
    noCrossing: false,
    draw: (random) => {
      const p = betaVariate(random, 0.5, 3);
      return [p, lostOr(random, 0.2, p ** 0.6)];
    },
  },
  {
    name: "never",
    noCrossing: true,
    draw: (random) => {
      const p = betaVariate(random, 0.3, 2);
      return [p, p ** 0.6];
    },
  },
  {
    name: "same solve rates",
    noCrossing: true,
    draw: (random) => {
      const p = betaVariate(random, 0.4, 1.5);
      return [p, p];
    },
  },
  {
    name: "near 1, 2 % lost",
    noCrossing: false,
    draw: (random) => {
      const p = betaVariate(random, 6, 0.4);
      return [p, lostOr(random, 0.02, p)];
    },
  },
  {
    name: "exchangeable (ours)",
    noCrossing: true,
    draw: (random) => [betaVariate(random, 0.2, 1), betaVariate(random, 0.2, 1)],
  },
  {
    name: "specialists .02/.6 (ours)",
    noCrossing: false,
    draw: (random) => {
      const u = random();
      return u < 0.3 ? [0.02, 0.6] : u < 0.5 ? [0.6, 0] : [0.1, 0.1];
    },
  },
];

/** The recorded rates of both prompting methods, where the data is. */
function game24(): Pairing[] {
  const [io, cot] = ["io", "cot"].map((name) => sharedData(`rollouts/game24_${name}_100x100.json`));
  if (!io || !cot) return [];
  const [a, b] = [readCounts(io), readCounts(cot)];
  return [
    {
      name: "game24",
      noCrossing: false,
      draw: (random) => {
        const i = Math.floor(random() * a.length);
        return [(a[i]?.c ?? 0) / 100, (b[i]?.c ?? 0) / 100];
      },
    },
  ];
}

export const pairings: readonly Pairing[] = [...pairs, ...game24()];

/** Problems that a truth is the mean of: its standard error is below .0012. */
const truthProblems = 300_000;
const known = new Map<string, readonly number[]>();

/** True pass@k of base minus other at each of ascending ks. */
export function trueDifference(pairing: Pairing, ks: readonly number[]): readonly number[] {
  return trueScore(pairing, `difference ${ks.join()}`, (base, other, sums) => {
    let [missedBase, missedOther, at] = [1, 1, 0];
    ks.forEach((k, i) => {
      missedBase *= power(1 - base, k - at);
      missedOther *= power(1 - other, k - at);
      at = k;
      sums[i] = (sums[i] ?? 0) + missedOther - missedBase;
    });
  });
}

/** True pass@k of the base minus pass@1 of the other. */
export function trueGap(pairing: Pairing, k: number): number {
  const [truth] = trueScore(pairing, `gap ${k}`, (base, other, sums) => {
    sums[0] = (sums[0] ?? 0) + 1 - (1 - base) ** k - other;
  });
  return truth ?? Number.NaN;
}

/** Most steps of a grid are 1. */
const power = (x: number, by: number): number => (by === 1 ? x : x ** by);

function trueScore(
  pairing: Pairing,
  what: string,
  add: (base: number, other: number, sums: number[]) => void,
): readonly number[] {
  const key = `${pairing.name}: ${what}`;
  const remembered = known.get(key);
  if (remembered) return remembered;
  const random = plainRandom(99);
  const sums: number[] = [];
  for (let i = 0; i < truthProblems; i++) {
    const [base, other] = pairing.draw(random);
    add(base, other, sums);
  }
  const truth = sums.map((sum) => sum / truthProblems);
  known.set(key, truth);
  return truth;
}
