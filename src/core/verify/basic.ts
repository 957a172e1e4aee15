import type { Verdict } from "../model.ts";
import { extractAnswer, lastBoxed } from "./extract.ts";
import { compareAnswers } from "./compareAnswers.ts";
import type { Verifier } from "./verifier.ts";

/** A comparison of an answer with a gold answer. `extracted` is what was taken for the answer. */
export interface PairVerdict {
  readonly verdict: "equal" | "notEqual" | "undecided";
  /** By what rule: exact, rounding, string, list ...; for `undecided` the reason. */
  readonly how: string;
  readonly extracted: string | null;
}

/** Longer candidates are not compared. */
const maxChars = 4096;

/**
 * The first verifier: marks of an answer (`\boxed{}`, `####`, "final answer is"), one spelling for strings, exact
 * numbers. It knows no algebra: two different expressions are different, even if they have one value.
 */
export const basicVerifier: Verifier = {
  id: "basic@1",
  verify({ gold, response }): Verdict {
    const found = extractAnswer(response);
    if (found === null) return { kind: "unparsed" };
    return toVerdict(comparePair(gold, found.answer));
  },
};

/** For pairs of answers: a prediction without any mark is taken as the answer itself. */
export function verifyPair(gold: string, prediction: string): PairVerdict {
  return comparePair(gold, extractAnswer(prediction)?.answer ?? prediction.trim());
}

function comparePair(gold: string, answer: string): PairVerdict {
  const expected = goldAnswer(gold);
  if (answer.length > maxChars || expected.length > maxChars) {
    return {
      verdict: "undecided",
      how: `longer than ${maxChars} characters`,
      extracted: answer.slice(0, 200),
    };
  }
  return { ...compareAnswers(expected, answer), extracted: answer };
}

/** A gold answer as datasets have it: after the last `####` (GSM8K), inside the last box, or the whole text. */
export function goldAnswer(gold: string): string {
  const hashes = gold.lastIndexOf("####");
  if (hashes !== -1) return gold.slice(hashes + 4).trim();
  return lastBoxed(gold)?.answer ?? gold.trim();
}

function toVerdict({ verdict, how, extracted }: PairVerdict): Verdict {
  if (verdict === "undecided") return { kind: "undecided", reason: how, extracted };
  return { kind: verdict === "equal" ? "correct" : "incorrect", how, extracted };
}
