// Laws of solve rates with known truths. Six stand in most tables of interval studies; the last two are ours.
import { betaVariate, plainNormal } from "../core/estimate/brute.ts";

export type Random = () => number;

export interface Shape {
  readonly name: string;
  draw(random: Random): number;
  /** E (1-p)^k. */
  missed(k: number): number;
}

/** prod_{i<k} (b+i)/(a+b+i). */
function betaMissed(a: number, b: number, k: number): number {
  let product = 1;
  for (let i = 0; i < k; i++) product *= (b + i) / (a + b + i);
  return product;
}

const beta = (a: number, b: number, name = `beta(${a}, ${b})`): Shape => ({
  name,
  draw: (random) => betaVariate(random, a, b),
  missed: (k) => betaMissed(a, b, k),
});

/** logit p ~ N(mean, sd): heavier towards 0 than any beta. */
function logitNormal(mean: number, sd: number): Shape {
  const rate = (z: number) => 1 / (1 + Math.exp(-(mean + sd * z)));
  return {
    name: `logit-normal(${mean}, ${sd})`,
    draw: (random) => rate(plainNormal(random)),
    missed: (k) => {
      let [sum, weight] = [0, 0];
      for (let z = -8; z <= 8; z += 0.005) {
        const density = Math.exp((-z * z) / 2);
        sum += density * (1 - rate(z)) ** k;
        weight += density;
      }
      return sum / weight;
    },
  };
}

export const shapes: readonly Shape[] = [
  beta(0.07, 0.87),
  beta(0.2, 5),
  {
    name: "40 % zeros + beta(.5, 1.5)",
    draw: (random) => (random() < 0.4 ? 0 : betaVariate(random, 0.5, 1.5)),
    missed: (k) => 0.4 + 0.6 * betaMissed(0.5, 1.5, k),
  },
  beta(0.15, 0.15, "bimodal beta(.15, .15)"),
  beta(1, 1, "uniform"),
  beta(6, 0.4, "near 1 beta(6, .4)"),
  logitNormal(-3, 2),
  {
    name: "two points .02 / .7",
    draw: (random) => (random() < 0.8 ? 0.02 : 0.7),
    missed: (k) => 0.8 * 0.98 ** k + 0.2 * 0.3 ** k,
  },
];

/** Binomial(n, p) by geometric gaps between the rarer outcomes: as many steps as there are of those. */
export function binomialDraw(random: Random, n: number, p: number): number {
  if (p > 0.5) return n - binomialDraw(random, n, 1 - p);
  if (p <= 0) return 0;
  const scale = Math.log1p(-p);
  let [count, at] = [0, 0];
  for (;;) {
    at += 1 + Math.floor(Math.log(1 - random()) / scale);
    if (at > n) return count;
    count++;
  }
}
