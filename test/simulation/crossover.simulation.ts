// Where one run overtakes the other: does the interval hold the true k, and how often is a crossing claimed that is none?
import type { Measurement } from "../bench/measurement.ts";
import { plainRandom } from "../core/estimate/brute.ts";
import { type Crossover, crossover } from "../../src/core/estimate/crossover.ts";
import { kGrid } from "../../src/core/estimate/kGrid.ts";
import { coverageRow, type Held } from "./coverage.ts";
import { type Pairing, pairings, trueDifference } from "./pairings.ts";
import { binomialDraw } from "./shapes.ts";

const n = 64;
const mostFalseClaims = 0.01;

/** `args`: data sets for each setting (default 600), and numbers of problems (default 30, 100 and 500). */
export function* simulate([repetitionText, ...sizes]: readonly string[]): Generator<Measurement> {
  const repetitions = Number(repetitionText ?? 600);
  for (const problems of sizes.length > 0 ? sizes.map(Number) : [30, 100, 500]) {
    const results = pairings.map((pairing) => crossings(pairing, problems, repetitions));
    const placed = results.flatMap(({ held }) => (held ? [held] : []));
    yield coverageRow(`crossover, P = ${problems}`, placed);
    const worst = results.reduce((most, one) => Math.max(most, one.falseClaims ?? 0), 0);
    yield {
      name: `crossing claimed where there is none, P = ${problems}: worst pairing`,
      value: worst,
      aim: `<= ${mostFalseClaims}`,
      ok: worst <= mostFalseClaims,
    };
    for (const { pairing, resolved, rightIfResolved } of results)
      yield {
        name: `  ${pairing.name}, P = ${problems}: resolved in (share right)`,
        value: `${resolved.toFixed(3)} (${rightIfResolved === null ? "-" : rightIfResolved.toFixed(3)})`,
        aim: "",
        ok: null,
      };
  }
}

interface Crossings {
  readonly pairing: Pairing;
  /** `null` where the curves are the same: there is no place. */
  readonly held: Held | null;
  readonly falseClaims: number | null;
  readonly resolved: number;
  readonly rightIfResolved: number | null;
}

export function crossings(pairing: Pairing, problems: number, repetitions: number): Crossings {
  const ks = trueGrid();
  const truth = trueDifference(pairing, ks);
  const isSame = pairing.noCrossing && pairing.name !== "never";
  let [inside, resolved, right] = [0, 0, 0];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const random = plainRandom(3_145_739 * repetition + problems);
    const pairs = Array.from({ length: problems }, () => {
      const [base, other] = pairing.draw(random);
      return [
        { n, c: binomialDraw(random, n, base) },
        { n, c: binomialDraw(random, n, other) },
      ] as const;
    });
    const found = crossover(pairs, { seed: repetition, draws: 500 });
    const isInside = found !== null && placeHolds(found, ks, truth);
    if (isInside) inside++;
    if (found?.verdict !== "resolved") continue;
    resolved++;
    if (isInside) right++;
  }
  const setting = `${pairing.name} n=${n}`;
  return {
    pairing,
    held: isSame ? null : { setting, share: inside / repetitions, repetitions },
    falseClaims: pairing.noCrossing ? resolved / repetitions : null,
    resolved: resolved / repetitions,
    rightIfResolved: resolved === 0 ? null : right / resolved,
  };
}

function trueGrid(): number[] {
  return [...new Set([...Array.from({ length: n }, (_, i) => i + 1), ...kGrid(n)])].sort((a, b) => a - b);
}

/** Is the true place, of the run that was found to overtake, within the interval? It may be "never" (null). */
function placeHolds(
  { overtaker, low, high }: Crossover,
  ks: readonly number[],
  truth: readonly number[],
): boolean {
  if (overtaker === null) return true;
  const behind = truth.findLastIndex((d) => (overtaker === 0 ? d : -d) <= 0);
  const place = ks[behind + 1] ?? null;
  if (place === null) return high === null;
  return low <= place && (high === null || place <= high);
}
