import type { ScoredTrace, UnitColumns } from "./scoredTrace.ts";

/** The unit that holds a UTF-16 offset, -1 beyond the text: what a hover asks for. Binary search, 17 steps for 131,072. */
export function unitAt(units: UnitColumns, offset: number): number {
  let [low, high] = [0, units.ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((units.ends[middle] as number) <= offset) low = middle + 1;
    else high = middle;
  }
  return low < units.ends.length && offset >= 0 ? low : -1;
}

/** The unit of each token. */
export function unitOfTokens(units: UnitColumns): Uint32Array {
  const unitOf = new Uint32Array(units.firstTokens.at(-1) ?? 0);
  for (let unit = 0; unit < units.starts.length; unit += 1) {
    unitOf.fill(unit, units.firstTokens[unit], units.firstTokens[unit + 1]);
  }
  return unitOf;
}

/** Log-prob of each unit in nats: the sum of its tokens'; NaN where none of them has one. -Infinity stays. */
export function unitLogProbs({ tokens, units }: ScoredTrace): Float64Array {
  return Float64Array.from(units.starts, (_, unit) => {
    let sum = Number.NaN;
    for (let i = units.firstTokens[unit] as number; i < (units.firstTokens[unit + 1] as number); i += 1) {
      const logProb = tokens.logProbs[i] as number;
      if (!Number.isNaN(logProb)) sum = Number.isNaN(sum) ? logProb : sum + logProb;
    }
    return sum;
  });
}
