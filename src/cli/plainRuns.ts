import { LensError } from "../core/errors.ts";
import { stoppedRefusal } from "../core/estimate/stoppedRun.ts";
import type { RunTally } from "../core/model.ts";

/** Throws `input` where one of the runs stopped its problems early: `what` needs all of their samples. */
export function needPlainRuns(runs: readonly RunTally[], what: string): void {
  const refusal = stoppedRefusal(runs, what);
  if (refusal !== null) throw new LensError("input", refusal);
}
