// Which colour a range of text gets. 0: none.
import { surprisalStep } from "../../src/core/trace/surprisalSteps.ts";
import type { InspectorOptions } from "../../src/protocol/inspector.ts";
import type { ScoresView } from "../../src/protocol/traceView.ts";

/** In the order of the bucket numbers from 1: the heat, undecided reach, log-ratio down and up. */
export const layerNames = [
  ...[1, 2, 3, 4, 5].map((step) => `heat${step}`),
  "undecided",
  ...[1, 2, 3].map((step) => `down${step}`),
  ...[1, 2, 3].map((step) => `up${step}`),
] as const;

export const undecidedBucket = 6;
const ratioDown = 6;
const ratioUp = 9;

/** Nats: as many choices as 2, 4, 8, 16 equal ones. */
const entropyCuts: readonly number[] = [2, 4, 8, 16].map((choices) => Math.log(choices));
/** Nats, of the absolute value. */
const ratioCuts: readonly number[] = [0.5, 1.5, 3];
const rankCuts: readonly number[] = [1, 10, 100, 1000];

/** Ranges of the text in order, with a bucket each. */
export interface Painted {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly buckets: Uint8Array;
}

/** NaN is above nothing. */
function above(value: number, cuts: readonly number[]): number {
  let step = 0;
  while (step < cuts.length && value > (cuts[step] as number)) step++;
  return step;
}

export function paintedBy(scores: ScoresView, options: InspectorOptions): Painted {
  const { starts, ends, logRatio } = scores;
  if (options.colour !== "logRatio") return { starts, ends, buckets: unitBuckets(scores, options) };
  if (logRatio === null) return { starts, ends, buckets: new Uint8Array(starts.length) };
  const buckets = bucketsOf(logRatio.values, (nats) =>
    Math.abs(nats) >= options.thresholdRatioNats ? ratioBucket(nats) : 0,
  );
  return { starts: logRatio.starts, ends: logRatio.ends, buckets };
}

function unitBuckets(scores: ScoresView, { colour, thresholdNats }: InspectorOptions): Uint8Array {
  switch (colour) {
    case "surprisal":
      return bucketsOf(scores.surprisal, (nats) => (nats >= thresholdNats ? surprisalStep(nats) : 0));
    case "rank":
      // Beyond the first k: k + 1 at least.
      return bucketsOf(scores.ranks, (rank) => raised(above(rank < 0 ? 1 - rank : rank, rankCuts)));
    case "entropy":
      return bucketsOf(scores.entropy, (nats) => raised(above(nats, entropyCuts)));
    case "reach":
      return bucketsOf(scores.reach, (code) => (code === 2 ? 5 : code === 1 ? undecidedBucket : 0));
    case "none":
    case "logRatio":
  }
  return new Uint8Array(scores.starts.length);
}

function bucketsOf(values: ArrayLike<number>, bucket: (value: number) => number): Uint8Array {
  const buckets = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) buckets[i] = bucket(values[i] as number);
  return buckets;
}

/** Four steps use the upper four of five colours. */
const raised = (step: number): number => (step === 0 ? 0 : step + 1);

function ratioBucket(nats: number): number {
  const step = above(Math.abs(nats), ratioCuts);
  if (step === 0) return 0;
  return (nats < 0 ? ratioDown : ratioUp) + step;
}
