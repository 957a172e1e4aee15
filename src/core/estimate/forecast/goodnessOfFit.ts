import type { ProblemCount } from "../names.ts";
import { SeededRandom } from "../seededRandom.ts";
import { type BetaFit, countCells, fitBetaBinomial, logMasses } from "./betaBinomial.ts";

/** Data sets drawn from the fitted model, each fitted anew. */
const repetitions = 199;

/**
 * p value of "these counts come from a beta-binomial", by parametric bootstrap: Pearson's chi square over bins of c that
 * double in width from both ends (0, 1, 2-3, 4-7 ...), compared with that of counts drawn from the fit and fitted again.
 * It finds wrong shapes rarely (6 to 40 % of the time with 100 problems): a high p does not license a forecast.
 */
export function goodnessOfFit(counts: readonly ProblemCount[], fit: BetaFit, seed = 1): number {
  const random = new SeededRandom(seed, 11);
  const ns = new Map<number, number>();
  for (const { n } of counts) ns.set(n, (ns.get(n) ?? 0) + 1);
  const observed = misfit(counts, ns, fit);
  const laws = new Map([...ns.keys()].map((n) => [n, cumulative(massesOf(n, fit))]));
  let larger = 1;
  for (let i = 0; i < repetitions; i++) {
    const drawn = counts.map(({ n }) => ({ n, c: drawFrom(laws.get(n) as Float64Array, random) }));
    if (misfit(drawn, ns, fitBetaBinomial(countCells(drawn), fit)) >= observed) larger++;
  }
  return larger / (repetitions + 1);
}

function misfit(counts: readonly ProblemCount[], ns: ReadonlyMap<number, number>, fit: BetaFit): number {
  const bins = new Map<number, { observed: number; expected: number }>();
  const bin = (n: number, c: number) => {
    const key = 2 * c <= n ? Math.ceil(Math.log2(c + 1)) : -1 - Math.ceil(Math.log2(n - c + 1));
    const found = bins.get(key) ?? { observed: 0, expected: 0 };
    bins.set(key, found);
    return found;
  };
  for (const { n, c } of counts) bin(n, c).observed++;
  for (const [n, problems] of ns)
    massesOf(n, fit).forEach((mass, c) => (bin(n, c).expected += problems * mass));
  let sum = 0;
  for (const { observed, expected } of bins.values())
    sum += (observed - expected) ** 2 / Math.max(expected, 0.1);
  return sum;
}

function massesOf(n: number, { a, b }: BetaFit): Float64Array {
  const cells = Array.from({ length: n + 1 }, (_, c) => ({ n, c, multiplicity: 1 }));
  return logMasses(cells, a, b).map((mass) => Math.exp(mass));
}

function cumulative(masses: Float64Array): Float64Array {
  let sum = 0;
  return masses.map((mass) => (sum += mass));
}

function drawFrom(law: Float64Array, random: SeededRandom): number {
  const u = random.uniform() * (law.at(-1) as number);
  let [low, high] = [0, law.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((law[middle] as number) < u) low = middle + 1;
    else high = middle;
  }
  return low;
}
