import { readCountdownProblem } from "./countdown/problem.ts";
import { countdownModes } from "./countdown/mode.ts";
import { defaultVerifier, type VerifierSpec } from "./verifierSpec.ts";

/** The verifier that suits a dataset where nobody chose one: its task's own, where every question is of that task; else math. */
export function verifierFor(problems: readonly { readonly question: string }[]): VerifierSpec {
  const countdown = problems.length > 0 && problems.every(({ question }) => readCountdownProblem(question));
  return countdown ? { name: "countdown", mode: countdownModes[0] } : defaultVerifier;
}
