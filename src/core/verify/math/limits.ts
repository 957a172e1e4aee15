// Every bound of the verifier in one place. A model's text is hostile: reaching a bound ends in `undecided`, never in `equal`.

/** UTF-16 units of one candidate answer. */
export const maxAnswerChars = 4096;
export const maxTokens = 2000;
/** Nested brackets, groups and function arguments. */
export const maxDepth = 120;
/** Bits of a numerator or a denominator. */
export const maxRationalBits = 4096;
export const maxExponent = 4000;
export const maxFactorial = 500;
/** Cells of a matrix, elements of a list, terms of a written-out sum. */
export const maxItems = 400;
/** Node visits of one comparison, over all points. */
const maxSteps = 60_000;

/** A bound was reached, or a value is not defined: the answer cannot be judged. Caught where the verdict is made. */
export class Undecided extends Error {
  override readonly name = "Undecided";
}

const tooMuchWork = "too much work";

/** What is computed; `null` where that is undecided, unless the work of the whole comparison is used up. */
export function ifDecided<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch (error) {
    if (error instanceof Undecided && error.message !== tooMuchWork) return null;
    throw error;
  }
}

/** Counts work; throws `Undecided` when one comparison has taken too much of it. */
export class StepBudget {
  #left = maxSteps;

  spend(steps = 1): void {
    this.#left -= steps;
    if (this.#left < 0) throw new Undecided(tooMuchWork);
  }
}
