import type { RunTally } from "../model.ts";
import { count } from "../numberWords.ts";
import type { StopPlan } from "./adaptive/stopPlan.ts";

/** What a run under a stop plan has spent, against the same number of samples of every problem. */
export interface StoppedMeter {
  /** As planned; the estimates reach less far than its nMax while problems are unfinished. */
  readonly plan: StopPlan;
  /** Samples answered, those behind a stop included: they are discarded, and were paid for. */
  readonly spent: number;
  /** Samples that n of every problem would have taken, of the problems that are over. */
  readonly uniform: number;
  /** Of `spent`, those of the problems that are over: what is to be compared with `uniform`. */
  readonly spentOnThese: number;
  readonly problemsOver: number;
  readonly problems: number;
  /** Unsolved problems that the coin of the plan's random tail ended. */
  readonly notContinued: number;
}

/** `null`: no stop plan. */
export function stoppedMeter({ stopPlan, problems }: RunTally): StoppedMeter | null {
  if (stopPlan === undefined) return null;
  const over = problems.filter(({ stopped }) => stopped?.over === true);
  const made = (some: typeof problems): number =>
    some.reduce((sum, { stopped }) => sum + (stopped?.made ?? 0), 0);
  const { tail, nMax } = stopPlan;
  return {
    plan: stopPlan,
    spent: made(problems),
    uniform: over.length * nMax,
    spentOnThese: made(over),
    problemsOver: over.length,
    problems: problems.length,
    notContinued: tail ? over.filter(({ n, c }) => c === 0 && n === tail.n0 && n < nMax).length : 0,
  };
}

/** `spent 9,120 of 15,000: 39 % saved`; while it goes on: of the problems that are over. */
export function meterWords(meter: Pick<StoppedMeter, "uniform" | "spentOnThese">): string {
  const { uniform, spentOnThese } = meter;
  if (uniform === 0) return "no problem is over yet";
  const saved = Math.round((1 - spentOnThese / uniform) * 100);
  return `spent ${count(spentOnThese)} of ${count(uniform)}: ${saved} % saved`;
}

/** `until 2 are right, at most 256` */
export function planWords({ r, nMax, tail }: StopPlan): string {
  const chance = tail
    ? `, unsolved after ${count(tail.n0)} goes on with probability ${tail.probability}`
    : "";
  return `until ${r === 1 ? "1 is" : `${r} are`} right, at most ${count(nMax)}${chance}`;
}

/** Why something that needs the same number of samples of every problem is not shown; `null`: it can be. */
export function stoppedRefusal(
  runs: readonly Pick<RunTally, "name" | "stopPlan">[],
  what: string,
): string | null {
  const stopped = runs.filter(({ stopPlan }) => stopPlan !== undefined);
  if (stopped.length === 0) return null;
  const names = stopped.map(({ name }) => name).join(", ");
  return (
    `${what} cannot be told of ${names}: its problems were sampled only until enough answers were right, ` +
    "so shares of right answers are too high by design. pass@k, differences, dSE and coverage are exact there; " +
    `for ${what.charAt(0).toLowerCase()}${what.slice(1)} sample the same number for every problem.`
  );
}
