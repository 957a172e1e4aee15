import { Course, type Draw } from "../estimate/adaptive/course.ts";
import type { StopPlan } from "../estimate/adaptive/stopPlan.ts";
import type { Problem, ProblemTally } from "../model.ts";
import { type CountedSample, isCounted, tallySamples } from "./tallySamples.ts";

/** How a run's problems were to end. */
export interface StoppedReading {
  readonly plan: StopPlan;
  /** The problem's coin of the plan's random tail; true without one. */
  readonly heads: (problemKey: string) => boolean;
}

/** A sample with its number among those of its problem. */
export type IndexedSample = readonly [index: number, sample: CountedSample];

/**
 * Counts a problem's samples up to its stop, in order of their index: those that came back behind it are discarded, and
 * those behind a gap wait. `stopped.plan` is the run's as planned: `withReach` follows when all problems are counted.
 */
export function tallyStopped(
  problem: Problem,
  samples: Iterable<IndexedSample>,
  { plan, heads }: StoppedReading,
): ProblemTally {
  const course = new Course(plan, heads(problem.key));
  const all = [...samples].sort(([a], [b]) => a - b);
  let made = 0;
  for (const [index, sample] of all) {
    if (sample.outcome.kind !== "failed") made++;
    const draw = drawOf(sample, problem);
    if (draw !== undefined) course.tell(index, draw);
  }
  const followed = all.filter(([index]) => index < course.next).map(([, sample]) => sample);
  return { ...tallySamples(problem, followed), stopped: { plan, made, over: course.over } };
}

/** `null`: it counts for nothing; `undefined`: it was not judged yet, though it can be. */
export function drawOf(
  { outcome, verdict }: CountedSample,
  { gold }: Pick<Problem, "gold">,
): Draw | undefined {
  if (outcome.kind === "failed") return null;
  if (isCounted(outcome, verdict)) return verdict?.kind === "correct";
  return verdict === null && gold !== null ? undefined : null;
}

/**
 * Lowers nMax to what the whole run reaches: a problem that was neither stopped by its successes nor by its coin can tell
 * of as many draws as it has, and to leave it out beyond them would leave out the hard ones.
 */
export function withReach(problems: readonly ProblemTally[]): readonly ProblemTally[] {
  const plan = problems.find(({ stopped }) => stopped !== undefined)?.stopped?.plan;
  if (plan === undefined) return problems;
  const reach = problems.reduce((least, one) => Math.min(least, reachOf(one, plan)), plan.nMax);
  if (reach === plan.nMax) return problems;
  const lowered: StopPlan = { ...plan, nMax: reach };
  return problems.map((one) =>
    one.stopped === undefined ? one : { ...one, stopped: { ...one.stopped, plan: lowered } },
  );
}

function reachOf({ n, c, stopped }: ProblemTally, { r, nMax, tail }: StopPlan): number {
  if (n === 0 || c >= r) return nMax;
  const isCutOff = tail && c === 0 && n === tail.n0 && stopped?.over === true;
  return isCutOff ? nMax : n;
}
