import { tokenEntropies } from "./entropy.ts";
import type { TraceReach } from "./reachability.ts";
import type { ScoredTrace } from "./scoredTrace.ts";
import { unitLogProbs } from "./units.ts";

// What a heat map shows of each display unit, one number a unit.

/** -log P of each unit in nats: the sum of its tokens'; NaN where not scored, Infinity at a floor. */
export const surprisalLayer = (trace: ScoredTrace): Float32Array =>
  Float32Array.from(unitLogProbs(trace), (logProb) => -logProb);

/** The worst rank among each unit's tokens; 0 unknown; -k: beyond the first k. */
export function rankLayer({ tokens, units }: ScoredTrace): Int32Array {
  return Int32Array.from(units.starts, (_, unit) => {
    let worst = 0;
    for (let i = units.firstTokens[unit] as number; i < (units.firstTokens[unit + 1] as number); i += 1) {
      const rank = tokens.ranks[i] as number;
      // Beyond k is worse than k.
      if (Math.abs(rank) > Math.abs(worst) || (rank < 0 && -rank >= worst)) worst = rank;
    }
    return worst;
  });
}

/** The largest entropy among each unit's tokens, at least (lower bounds), in nats; NaN where not known. */
export function entropyLayer(trace: ScoredTrace): Float32Array {
  return largest(trace, tokenEntropies(trace).low);
}

function largest({ units }: ScoredTrace, values: Float64Array): Float32Array {
  return Float32Array.from(units.starts, (_, unit) => {
    let most = Number.NaN;
    for (let i = units.firstTokens[unit] as number; i < (units.firstTokens[unit + 1] as number); i += 1) {
      const value = values[i] as number;
      if (!Number.isNaN(value) && !(value <= most)) most = value;
    }
    return most;
  });
}

/** 0 inside, 1 undecided, 2 outside: the worst among each unit's tokens. */
export function reachLayer({ units }: ScoredTrace, { reach }: TraceReach): Uint8Array {
  const codes = { inside: 0, undecided: 1, outside: 2 } as const;
  return Uint8Array.from(units.starts, (_, unit) => {
    const own = reach.slice(units.firstTokens[unit], units.firstTokens[unit + 1]);
    return own.reduce((worst, one) => Math.max(worst, codes[one]), 0);
  });
}

/**
 * Units whose entropy is among the highest `share` of all known ones: forks of the reasoning (arXiv 2506.01939 takes a
 * fifth). In order of the text; empty without alternatives.
 */
export function forkUnits(entropies: Float32Array, share = 0.2): readonly number[] {
  const known = Array.from(entropies.keys()).filter((unit) => !Number.isNaN(entropies[unit] as number));
  const sorted = known.toSorted((a, b) => (entropies[b] as number) - (entropies[a] as number));
  return sorted.slice(0, Math.floor(share * known.length)).sort((a, b) => a - b);
}
