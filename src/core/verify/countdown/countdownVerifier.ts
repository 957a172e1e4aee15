import type { Verdict } from "../../model.ts";
import type { Verifier, VerifyItem } from "../verifier.ts";
import { verifierId } from "../verifierSpec.ts";
import { type CountdownMode } from "./mode.ts";
import { readCountdownProblem } from "./problem.ts";
import { brokenRule, lastNumber } from "./trace.ts";

/**
 * The task of the demo models: `Numbers: 2 4 7 7`, `Target: 36`, and a trace of steps. `strict` checks every step, so a right
 * answer from a wrong derivation is incorrect; `answer` looks at the last number alone. What `strict` accepts, `answer` does.
 * The problem is read from the question; another question is `undecided`.
 */
export function countdownVerifier(mode: CountdownMode): Verifier {
  return {
    id: verifierId({ name: "countdown", mode }),
    verify: (item) => verifyCountdown(item, mode),
  };
}

function verifyCountdown({ question, response }: VerifyItem, mode: CountdownMode): Verdict {
  const extracted = lastNumber(response);
  const problem = readCountdownProblem(question);
  if (problem === null)
    return { kind: "undecided", reason: "the question is no Countdown problem", extracted };
  if (extracted === null) return { kind: "unparsed" };
  if (mode === "answer") {
    const kind = Number(extracted) === problem.target ? "correct" : "incorrect";
    return { kind, how: "last number", extracted };
  }
  const broken = brokenRule(response, problem);
  return { kind: broken === null ? "correct" : "incorrect", how: broken ?? "every step", extracted };
}
