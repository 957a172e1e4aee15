import type { StepBudget } from "./limits.ts";
import type { MathOptions } from "./options.ts";
import type { Expression } from "./expression.ts";

/** What a comparison needs beside the two answers. */
export interface Context {
  readonly options: MathOptions;
  readonly decimals: number;
  readonly budget: StepBudget;
  /** Compares two parts as whole answers are compared; how they are equal, or `null`. */
  readonly same: (gold: Expression, answer: Expression) => string | null;
}
