import { entropyLine, type EntropyLine, middle } from "./entropyLine.ts";

/** What is asked for: a temperature at which a model's mean token entropy is the target's (analysis A10 of arXiv 2504.13837). */
export interface MatchPlan {
  /** Mean token entropy of the other model, nats. */
  readonly target: number;
  /** Standard error of the target, nats; 0 where it is known. */
  readonly targetError: number;
  /** Largest |H - target| / target; 0.02 is the usual one. */
  readonly tolerance: number;
  /** First temperature tried, and the range searched. */
  readonly start: number;
  readonly from: number;
  readonly to: number;
  /** Samples of one measurement, and of all together; stated before the first one. */
  readonly samplesEach: number;
  readonly budget: number;
}

/** Mean token entropy of `samples` texts at one temperature; low < high where only the top K log-probs were known. */
export interface EntropyAt {
  readonly temperature: number;
  readonly low: number;
  readonly high: number;
  /** Standard error of the mean over texts, nats. */
  readonly standardError: number;
  readonly samples: number;
}

export type MatchStep =
  | { readonly kind: "measure"; readonly temperature: number; readonly samples: number }
  /**
   * `at`: what all measurements near it say of this temperature, none of which need have been taken exactly there.
   * `within`: |H - target| / target is at most this, 99 % sure; not above the tolerance.
   */
  | { readonly kind: "matched"; readonly at: EntropyAt; readonly within: number }
  /** The top-K bounds are wider than the tolerance: a larger K is needed, more samples would not help. */
  | { readonly kind: "boundsTooWide"; readonly at: EntropyAt }
  /** The target is not reached within the range. */
  | { readonly kind: "outOfRange"; readonly at: EntropyAt; readonly side: "below" | "above" }
  /** The budget is spent; `best` is the nearest, `error`: (H - target) / target, `bracket` the temperatures on either side. */
  | {
      readonly kind: "budgetSpent";
      readonly best: EntropyAt;
      readonly error: number;
      readonly bracket: readonly [number | null, number | null];
    };

/** Of the temperature while there is no bracket. */
const growth = 1.5;
/** Standard errors, for 99 %. */
const certain = 2.576;
/** Share of the line's weight that is measured where it is used. */
const leastNear = 0.5;

/**
 * The next step of the search from what was measured so far, in order. Entropy grows with temperature: the target is
 * bracketed, then a line through the measurements near it (ln H in ln T) says where it is met. There it is measured, and
 * the line drawn anew, until what is left uncertain, the target's own error included, is within the tolerance or the
 * budget is spent. So no measurement is chosen for being near by chance, and none is lost.
 */
export function matchEntropy(plan: MatchPlan, inOrder: readonly EntropyAt[]): MatchStep {
  // Two of one temperature, on either side of the target, would be a bracket without an inside.
  const measured = pooledByTemperature(inOrder);
  const best = measured.reduce<EntropyAt | null>(
    (near, at) => (near === null || distance(plan, at) < distance(plan, near) ? at : near),
    null,
  );
  if (best === null) return { kind: "measure", temperature: plan.start, samples: plan.samplesEach };
  if (distance(plan, best) <= plan.tolerance * plan.target && width(best) > plan.tolerance * plan.target)
    return { kind: "boundsTooWide", at: best };
  const left = plan.budget - measured.reduce((sum, { samples }) => sum + samples, 0);
  const bracketing = bracketStep(plan, measured, best);
  const line = bracketing === null ? entropyLine(measured, plan) : null;
  const next = bracketing ?? lineStep(plan, line, { best, left });
  return next.kind === "measure" && next.samples > left ? spent(plan, measured, { best, line }) : next;
}

/** `null` once the target lies between two measurements, or at the end of the range. */
function bracketStep(plan: MatchPlan, measured: readonly EntropyAt[], best: EntropyAt): MatchStep | null {
  const [below, above] = bracketOf(plan, measured);
  if (below && above) return null;
  const [end, side] = below ? ([plan.to, "below"] as const) : ([plan.from, "above"] as const);
  const { temperature } = below ?? above ?? best;
  if (temperature !== end) {
    const further = below ? Math.min(end, temperature * growth) : Math.max(end, temperature / growth);
    return { kind: "measure", temperature: further, samples: plan.samplesEach };
  }
  const isHit = distance(plan, best) <= plan.tolerance * plan.target;
  return isHit ? null : { kind: "outOfRange", at: below ?? above ?? best, side };
}

interface SearchState {
  readonly best: EntropyAt;
  /** Of the budget. */
  readonly left: number;
}

function lineStep(plan: MatchPlan, line: EntropyLine | null, { best, left }: SearchState): MatchStep {
  // Noise turned the order round: the nearest one is measured again.
  if (line === null) return { kind: "measure", temperature: best.temperature, samples: plan.samplesEach };
  const targetVariance = (plan.targetError / plan.target) ** 2;
  const within = Math.abs(line.error) + certain * Math.sqrt(line.variance + targetVariance);
  const isThere = line.nearShare >= leastNear;
  if (within <= plan.tolerance && isThere && width(best) <= plan.tolerance * plan.target)
    return { kind: "matched", at: onLine(plan, line, best), within };
  // Not many until it is clear where: those taken elsewhere would only be interpolated.
  const most = isThere ? Math.min(8 * plan.samplesEach, left) : plan.samplesEach;
  const least = isThere ? Math.ceil(plan.samplesEach / 2) : plan.samplesEach;
  const samples = Math.max(least, Math.min(samplesFor(plan, line), most));
  return { kind: "measure", temperature: line.temperature, samples };
}

/** More samples where the line meets the target, so that its error fits into what the tolerance leaves. */
function samplesFor({ tolerance, target, targetError }: MatchPlan, line: EntropyLine): number {
  const room = Math.max(tolerance / 4, tolerance - Math.abs(line.error)) / certain;
  const variance = room ** 2 - (targetError / target) ** 2;
  const needed = variance > 0 ? line.textVariance * (1 / variance - 1 / line.variance) : Infinity;
  return Math.ceil(1.1 * needed);
}

/** The hottest temperature below the target and the coolest above it. */
function bracketOf(
  { target }: MatchPlan,
  measured: readonly EntropyAt[],
): readonly [EntropyAt | null, EntropyAt | null] {
  const sorted = measured.toSorted((a, b) => a.temperature - b.temperature);
  return [
    sorted.findLast((at) => middle(at) < target) ?? null,
    sorted.find((at) => middle(at) >= target) ?? null,
  ];
}

function spent(
  plan: MatchPlan,
  measured: readonly EntropyAt[],
  { best, line }: { readonly best: EntropyAt; readonly line: EntropyLine | null },
): MatchStep {
  const [below, above] = bracketOf(plan, measured);
  const nearest = line === null ? best : onLine(plan, line, best);
  return {
    kind: "budgetSpent",
    best: nearest,
    error: (middle(nearest) - plan.target) / plan.target,
    bracket: [below?.temperature ?? null, above?.temperature ?? null],
  };
}

/** Its bounds are as far apart as those of the nearest measurement. */
function onLine({ target }: MatchPlan, line: EntropyLine, best: EntropyAt): EntropyAt {
  const entropy = target * Math.exp(line.error);
  return {
    temperature: line.temperature,
    low: entropy - width(best),
    high: entropy + width(best),
    standardError: entropy * Math.sqrt(line.variance),
    samples: line.samples,
  };
}

/** One measurement a temperature, in the order in which they were first tried. */
function pooledByTemperature(measured: readonly EntropyAt[]): readonly EntropyAt[] {
  const byTemperature = new Map<number, EntropyAt>();
  for (const at of measured) {
    const known = byTemperature.get(at.temperature);
    byTemperature.set(at.temperature, known === undefined ? at : pooled(known, at));
  }
  return [...byTemperature.values()];
}

function pooled(a: EntropyAt, b: EntropyAt): EntropyAt {
  const samples = a.samples + b.samples;
  const mean = (x: number, y: number): number => (x * a.samples + y * b.samples) / samples;
  return {
    temperature: a.temperature,
    low: mean(a.low, b.low),
    high: mean(a.high, b.high),
    standardError: Math.hypot(a.standardError * a.samples, b.standardError * b.samples) / samples,
    samples,
  };
}

/** Half of what the bounds leave open. */
const width = ({ low, high }: EntropyAt): number => (high - low) / 2;
const distance = ({ target }: MatchPlan, at: EntropyAt): number => Math.abs(middle(at) - target);
