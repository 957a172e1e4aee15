import type { ProblemCount } from "../names.ts";
import { passAtK } from "../passAtK.ts";
import { type BetaFit, countCells, fitBetaBinomial, modelPassAtK } from "./betaBinomial.ts";
import { envelope, type EnvelopePoint } from "./envelope.ts";
import { goodnessOfFit } from "./goodnessOfFit.ts";
import { type ModelRate, posteriorGrid, posteriorPassAtK } from "./posteriorGrid.ts";

/** Why no model line may be shown: for the whole forecast, or (the last two) at one k. */
export type ForecastRefusal =
  | "fewProblems"
  | "fewSamples"
  | "allSolved"
  | "noneSolved"
  | "fewSolvedOnce"
  | "poorFit"
  | "tooFar"
  | "modelsDisagree";

/** In the words of the interface. */
export const refusalText: Readonly<Record<ForecastRefusal, string>> = {
  fewProblems: "fewer than 30 problems",
  fewSamples: "fewer than 8 samples per problem",
  allSolved: "every problem is solved",
  noneSolved: "no problem is solved",
  fewSolvedOnce: "fewer than 5 problems were solved exactly once or twice, and those carry the forecast",
  poorFit: "the beta-binomial does not fit (p < 0.05)",
  tooFar: "more than 4 times as many samples as there are",
  modelsDisagree: "the two models differ by more than 5 points",
};

export interface ForecastPoint {
  readonly k: number;
  /** Holds whatever the law of the solve rates: show it as the band. */
  readonly envelope: EnvelopePoint;
  /** Posterior median and 95 % ends under the model; `null` where refused. */
  readonly betaBinomial: ModelRate | null;
  readonly zeroInflated: ModelRate | null;
  /** pass@k of the maximum likelihood fit; `null` where refused. */
  readonly mle: number | null;
  /** Those of this k and those of the whole forecast. */
  readonly refusals: readonly ForecastRefusal[];
}

export interface Forecast {
  /** Samples per problem that the forecast starts from: what at least nine tenths of the problems have. */
  readonly n: number;
  readonly problems: number;
  readonly passAtN: number;
  readonly fit: BetaFit;
  /** See goodnessOfFit: a high p does not license the forecast. `null` where it is refused for other reasons already. */
  readonly fitP: number | null;
  readonly refusals: readonly ForecastRefusal[];
  readonly points: readonly ForecastPoint[];
}

export interface ForecastOptions {
  /** Default 1000 and 1. */
  readonly draws?: number;
  readonly seed?: number;
  /** Give the models' values also where they are refused (the reasons stay). Default false. */
  readonly evenIfRefused?: boolean;
}

const shareWithN = 0.9;
const [leastProblems, leastSamples, leastOnceOrTwice, furthest, widestDisagreement] = [30, 8, 5, 4, 0.05];

/**
 * pass@k beyond n, labelled a forecast: a distribution-free envelope, and inside it a beta-binomial model (arXiv
 * 2510.05197) and one with a share of unsolvable problems. The models are refused where simulation says that they mislead;
 * also where they are not they can be 10 points wrong. `null` without samples.
 */
export function forecast(
  counts: readonly ProblemCount[],
  ks: readonly number[] | null = null,
  options: ForecastOptions = {},
): Forecast | null {
  const ns = counts
    .map((count) => count.n)
    .filter((n) => n > 0)
    .sort((a, b) => b - a);
  const n = ns[Math.ceil(shareWithN * ns.length) - 1];
  if (n === undefined) return null;
  const used = counts.filter((count) => count.n >= n);
  const wanted = (ks ?? forecastGrid(n)).filter((k) => k > n);
  const [plain, inflated] = [posteriorGrid(used, false), posteriorGrid(used, true)];
  const fit = fitBetaBinomial(countCells(used), plain.best);
  const early = refusalsOf(used, n);
  const fitP = early.length > 0 ? null : goodnessOfFit(used, fit, options.seed);
  const refusals: readonly ForecastRefusal[] = fitP !== null && fitP < 0.05 ? [...early, "poorFit"] : early;
  const points = envelope(used, { n, ks: wanted }, options).map((band): ForecastPoint => {
    const { k } = band;
    const [betaBinomial, zeroInflated] = [posteriorPassAtK(plain, k), posteriorPassAtK(inflated, k)];
    const here: ForecastRefusal[] = [...refusals];
    if (k > furthest * n) here.push("tooFar");
    if (Math.abs(betaBinomial.value - zeroInflated.value) > widestDisagreement) here.push("modelsDisagree");
    const shown = here.length === 0 || options.evenIfRefused === true;
    return {
      k,
      envelope: band,
      betaBinomial: shown ? betaBinomial : null,
      zeroInflated: shown ? zeroInflated : null,
      mle: shown ? modelPassAtK(fit, k) : null,
      refusals: here,
    };
  });
  const passAtN =
    used.reduce((sum, count) => sum + (passAtK(count.n, count.c, n) ?? Number.NaN), 0) / used.length;
  return { n, problems: used.length, passAtN, fit, fitP, refusals, points };
}

/** From n to 4 n, eight to an octave. */
export function forecastGrid(n: number): number[] {
  return [...new Set(Array.from({ length: 16 }, (_, i) => Math.round(n * 2 ** ((i + 1) / 8))))].filter(
    (k) => k > n,
  );
}

function refusalsOf(counts: readonly ProblemCount[], n: number): ForecastRefusal[] {
  const solved = (times: number) => counts.filter(({ c }) => c === times).length;
  const f0 = solved(0);
  const refusals: ForecastRefusal[] = [];
  if (counts.length < leastProblems) refusals.push("fewProblems");
  if (n < leastSamples) refusals.push("fewSamples");
  if (f0 === 0) refusals.push("allSolved");
  if (f0 === counts.length) refusals.push("noneSolved");
  if (solved(1) + solved(2) < leastOnceOrTwice) refusals.push("fewSolvedOnce");
  return refusals;
}
