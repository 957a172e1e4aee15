// Where one run overtakes the other: does the interval hold the true k, and how often is a crossing claimed that is none?
import type { Measurement } from "../bench/measurement.ts";
import { plainRandom } from "../core/estimate/brute.ts";
import { type Crossover, crossover } from "../../src/core/estimate/crossover.ts";
import { kGrid } from "../../src/core/estimate/kGrid.ts";
import { coverageRow, type Held } from "./coverage.ts";
import { type Pairing, pairings, trueDifference } from "./pairings.ts";
import { binomialDraw } from "./shapes.ts";

const mostFalseClaims = 0.01;
const everySetting = [30, 100, 500].flatMap((problems) => [64, 256].map((n) => ({ problems, n })));

function settingOf(text: string): Setting {
  const [problems, n] = text.split("/").map(Number);
  return { problems: problems ?? 30, n: n ?? 64 };
}

interface Setting {
  readonly problems: number;
  readonly n: number;
}

/** `args`: data sets for each setting (default 600), then settings as P/n (default 30, 100, 500 with 64 and 256). */
export function* simulate([repetitionText, ...texts]: readonly string[]): Generator<Measurement> {
  const repetitions = Number(repetitionText ?? 600);
  for (const setting of texts.length > 0 ? texts.map(settingOf) : everySetting) {
    const place = `P = ${setting.problems}, n = ${setting.n}`;
    const results = pairings.map((pairing) => crossings(pairing, setting, repetitions));
    const placed = results.flatMap(({ held }) => (held ? [held] : []));
    yield coverageRow(`crossover, ${place}`, placed);
    const worst = results.reduce((most, one) => Math.max(most, one.falseClaims ?? 0), 0);
    yield {
      name: `crossing claimed where there is none, ${place}: worst pairing`,
      value: worst,
      aim: `<= ${mostFalseClaims}`,
      ok: worst <= mostFalseClaims,
    };
    for (const { pairing, resolved, rightIfResolved } of results)
      yield {
        name: `  ${pairing.name}, ${place}: resolved in (share right)`,
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

export function crossings(pairing: Pairing, { problems, n }: Setting, repetitions: number): Crossings {
  const ks = trueGrid(n);
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

/** The k at which a crossing is looked for: every whole one up to 128, above it the grid's. */
function trueGrid(n: number): number[] {
  const whole = Array.from({ length: Math.min(n, 128) }, (_, i) => i + 1);
  return [...new Set([...whole, ...kGrid(n)])].sort((a, b) => a - b);
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
