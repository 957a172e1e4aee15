/** What is asked for: a temperature at which a model's mean token entropy is the target's (analysis A10 of arXiv 2504.13837). */
export interface MatchPlan {
  /** Mean token entropy of the other model, nats. */
  readonly target: number;
  /** Largest |H - target| / target to stop at; 0.02 is the usual one. */
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
  /** `error`: (H - target) / target; together with 1.96 standard errors it is within the tolerance. */
  | { readonly kind: "matched"; readonly at: EntropyAt; readonly error: number }
  /** The top-K bounds are wider than the tolerance: a larger K is needed, more samples would not help. */
  | { readonly kind: "boundsTooWide"; readonly at: EntropyAt }
  /** The target is not reached within the range. */
  | { readonly kind: "outOfRange"; readonly at: EntropyAt; readonly side: "below" | "above" }
  /** The budget is spent; `best` is the nearest, `bracket` the temperatures known to lie on either side. */
  | {
      readonly kind: "budgetSpent";
      readonly best: EntropyAt;
      readonly error: number;
      readonly bracket: readonly [number | null, number | null];
    };

/** Steps beside a bracket's end that interpolation may not undercut, and the growth while there is no bracket; from a hit, less. */
const margin = 0.1;
const growth = 1.5;
const hitGrowth = 1.1;
const certain = 1.96;

/**
 * The next step of the search from what was measured so far, in order: entropy grows with temperature, so the target is
 * bracketed and then interpolated between the two nearest temperatures. Measurements at one temperature are pooled. A hit
 * counts only when its error and 1.96 standard errors together are within the tolerance; else it is measured again with as
 * many samples as that takes, while the budget lasts.
 */
export function matchEntropy(plan: MatchPlan, measured: readonly EntropyAt[]): MatchStep {
  const pooled = poolEqual(measured);
  const left = plan.budget - measured.reduce((sum, { samples }) => sum + samples, 0);
  const best = pooled.reduce<EntropyAt | null>(
    (near, at) => (near === null || distance(plan, at) < distance(plan, near) ? at : near),
    null,
  );
  if (best === null) return { kind: "measure", temperature: plan.start, samples: plan.samplesEach };
  const allowed = plan.tolerance * plan.target;
  if (distance(plan, best) + certain * best.standardError <= allowed && width(best) <= allowed) {
    return { kind: "matched", at: best, error: (middle(best) - plan.target) / plan.target };
  }
  if (distance(plan, best) <= allowed && width(best) > allowed) return { kind: "boundsTooWide", at: best };
  const next = nextStep(plan, pooled, best);
  if (next.kind !== "measure" || next.samples <= left) return next;
  const [below, above] = bracketOf(plan, pooled);
  return {
    kind: "budgetSpent",
    best,
    error: (middle(best) - plan.target) / plan.target,
    bracket: [below?.temperature ?? null, above?.temperature ?? null],
  };
}

function nextStep(plan: MatchPlan, pooled: readonly EntropyAt[], best: EntropyAt): MatchStep {
  const [below, above] = bracketOf(plan, pooled);
  const again = { kind: "measure", temperature: best.temperature, samples: samplesFor(plan, best) } as const;
  const isHit = distance(plan, best) <= plan.tolerance * plan.target;
  // A hit near the edge of the tolerance would take very many samples to confirm: a nearer temperature takes fewer.
  const isCentral = distance(plan, best) <= (plan.tolerance * plan.target) / 2;
  if (isCentral) return again;
  if (below && above) {
    // Noise turned the order round: the nearest one is measured again.
    if (below.temperature >= above.temperature) return again;
    return measureAt(plan, interpolated(plan, below, above));
  }
  const factor = isHit ? hitGrowth : growth;
  if (below) {
    // A hit at the end of the range: no temperature is nearer.
    if (below.temperature >= plan.to) return isHit ? again : { kind: "outOfRange", at: below, side: "below" };
    return measureAt(plan, Math.min(plan.to, below.temperature * factor));
  }
  const lowest = above ?? best;
  if (lowest.temperature <= plan.from)
    return isHit ? again : { kind: "outOfRange", at: lowest, side: "above" };
  return measureAt(plan, Math.max(plan.from, lowest.temperature / factor));
}

function measureAt(plan: MatchPlan, temperature: number): MatchStep {
  return { kind: "measure", temperature, samples: plan.samplesEach };
}

/** The hottest temperature below the target and the coolest above it. */
function bracketOf(
  { target }: MatchPlan,
  pooled: readonly EntropyAt[],
): readonly [EntropyAt | null, EntropyAt | null] {
  const sorted = [...pooled].sort((a, b) => a.temperature - b.temperature);
  return [
    sorted.findLast((at) => middle(at) < target) ?? null,
    sorted.find((at) => middle(at) >= target) ?? null,
  ];
}

/** Where the straight line through both ends meets the target, kept off the ends by a tenth of the bracket. */
function interpolated({ target }: MatchPlan, below: EntropyAt, above: EntropyAt): number {
  const share = (target - middle(below)) / (middle(above) - middle(below));
  const kept = Math.min(1 - margin, Math.max(margin, share));
  return below.temperature + kept * (above.temperature - below.temperature);
}

/** More samples at a temperature that hits, so that 1.96 standard errors fit into what the tolerance leaves. */
function samplesFor(plan: MatchPlan, at: EntropyAt): number {
  const room = Math.max(
    0.25 * plan.tolerance * plan.target,
    plan.tolerance * plan.target - distance(plan, at),
  );
  const needed = at.samples * ((certain * at.standardError) / room) ** 2 - at.samples;
  return Math.ceil(Math.min(8 * plan.samplesEach, Math.max(plan.samplesEach / 2, 1.1 * needed)));
}

function poolEqual(measured: readonly EntropyAt[]): EntropyAt[] {
  const byTemperature = new Map<number, EntropyAt>();
  for (const at of measured) {
    const known = byTemperature.get(at.temperature);
    byTemperature.set(at.temperature, known ? pooled(known, at) : at);
  }
  return [...byTemperature.values()];
}

function pooled(a: EntropyAt, b: EntropyAt): EntropyAt {
  const samples = a.samples + b.samples;
  const mean = (x: number, y: number) => (x * a.samples + y * b.samples) / samples;
  return {
    temperature: a.temperature,
    low: mean(a.low, b.low),
    high: mean(a.high, b.high),
    standardError: Math.hypot(a.standardError * a.samples, b.standardError * b.samples) / samples,
    samples,
  };
}

const middle = ({ low, high }: EntropyAt): number => (low + high) / 2;
/** Half of what the bounds leave open. */
const width = ({ low, high }: EntropyAt): number => (high - low) / 2;
const distance = ({ target }: MatchPlan, at: EntropyAt): number => Math.abs(middle(at) - target);
