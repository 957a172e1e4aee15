import { percent } from "../numberWords.ts";
import type { Crossover } from "./crossover.ts";
import type { DifferencePoint } from "./report.ts";

/** Wider than this (high / low), the place of a crossing is called not resolved. */
const placeFactor = 4;

/** What a crossover says, in the interface's words. `names`: of the pair, in its order. */
export function crossoverSentence(found: Crossover, names: readonly [string, string]): string {
  const { overtaker, k, kEnd } = found;
  if (overtaker === null || k === null) {
    return `No crossover up to k = ${kEnd}. ${names[0]} and ${names[1]} are level there.`;
  }
  const [winner, other] = overtaker === 0 ? names : ([names[1], names[0]] as const);
  if (k === 1)
    return `No crossover: ${winner} leads at every k up to ${kEnd} (${words(found.last, names)} at k = ${kEnd}).`;
  const overtakes = `${winner} overtakes ${other} at k = ${k}`;
  if (found.verdict === "resolved" && isPlaced(found)) {
    return `${overtakes}, 95 % [${found.low}, ${found.high ?? `never up to ${kEnd}`}].`;
  }
  return `${leads[found.verdict]} ${endsSentence(found, names)} ${placeWords(found)}`;
}

/** The first sentence where there is no place to state: the ends tell the curves apart, hardly, or not. */
const leads: Readonly<Record<Crossover["verdict"], string>> = {
  resolved: "The curves cross; where is not resolved.",
  suggestive: "Crossover suggestive, not resolved.",
  notResolved: "Crossover not resolved.",
};

function isPlaced({ low, high }: Crossover): boolean {
  return high !== null && high <= placeFactor * low;
}

function endsSentence(found: Crossover, names: readonly [string, string]): string {
  const apart = [found.first, found.last].filter(differs);
  const at = (point: DifferencePoint) => `at k = ${point.k} (${words(point, names)})`;
  if (apart.length === 2) return `The curves differ ${at(found.first)} and ${at(found.last)}, but`;
  const level = [found.first, found.last].filter((point) => !differs(point));
  const suggestive =
    found.verdict === "suggestive" ? " by the safe interval (only the percentile one tells them apart)" : "";
  const unsure = `not resolved ${level.map(at).join(" and ")}${suggestive}`;
  return apart.length === 1
    ? `The curves differ ${at(apart[0] as DifferencePoint)} and are ${unsure};`
    : `The curves are ${unsure};`;
}

function placeWords({ low, high, kEnd, k }: Crossover): string {
  const seen = `from these samples it is at k = ${k}`;
  if (high === null)
    return `the crossing could lie anywhere from k = ${low}, or nowhere up to k = ${kEnd} (${seen}).`;
  return `the crossing could lie anywhere from k = ${low} to ${high} (${seen}).`;
}

function differs({ low, high }: DifferencePoint): boolean {
  return low > 0 || high < 0;
}

/** `NAME +3.3 points [-0.1, 7.3]`: the leader's lead with its interval. */
function words(point: DifferencePoint, names: readonly [string, string]): string {
  const { difference, low, high } = point.difference >= 0 ? point : negated(point);
  const name = point.difference >= 0 ? names[0] : names[1];
  return `${name} +${percent(difference)} points [${percent(low)}, ${percent(high)}]`;
}

function negated({ difference, low, high }: DifferencePoint) {
  return { difference: -difference, low: -high, high: -low };
}
