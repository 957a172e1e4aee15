import type { ScoreFault } from "./scoringAbility.ts";

/** Why scores are not accepted. */
export class ScoreRefusal extends Error {
  readonly fault: ScoreFault;
  constructor(fault: ScoreFault, reason: string) {
    super(reason);
    this.fault = fault;
  }
}
