// Which colour a unit gets (mock/tokens.md section 6): 0 none, 1 to 5 the heat, 6 undecided reach.
import type { ColourMode, ScoresView } from "../../src/protocol/inspector.ts";

export const bucketCount = 6;
/** Nats: p = 50, 20, 5, 1, 0.1 %. */
export const surprisalCuts: readonly number[] = [0.5, 0.2, 0.05, 0.01, 0.001].map((p) => -Math.log(p));
/** Nats: as many choices as 2, 4, 8, 16 equal ones. */
export const entropyCuts: readonly number[] = [2, 4, 8, 16].map((choices) => Math.log(choices));
const rankCuts: readonly number[] = [1, 10, 100, 1000];

const above = (value: number, cuts: readonly number[]): number => cuts.filter((cut) => value > cut).length;

/** 0 for what is not known. `thresholdNats`: what is less surprising gets no colour. */
export function bucketsOf(scores: ScoresView, mode: ColourMode, thresholdNats: number): Uint8Array {
  const { surprisal, ranks, entropy, reach } = scores;
  switch (mode) {
    case "surprisal":
      return Uint8Array.from(surprisal, (nats) => (nats >= thresholdNats ? above(nats, surprisalCuts) : 0));
    case "rank":
      // Beyond the first k: k + 1 at least.
      return Uint8Array.from(ranks, (rank) => raised(above(rank < 0 ? 1 - rank : rank, rankCuts)));
    case "entropy":
      return Uint8Array.from(entropy, (nats) => raised(above(nats, entropyCuts)));
    case "reach":
      return Uint8Array.from(reach, (code) => (code === 2 ? 5 : code === 1 ? 6 : 0));
    case "none":
    case "logRatio":
  }
  return new Uint8Array(surprisal.length);
}

/** Four steps use the upper four of five colours. */
const raised = (step: number): number => (step === 0 ? 0 : step + 1);

/** Units of at least the threshold in the order of the text. */
export const lowUnits = ({ surprisal }: ScoresView, thresholdNats: number): readonly number[] =>
  Array.from(surprisal.keys()).filter((unit) => (surprisal[unit] ?? 0) >= thresholdNats);
