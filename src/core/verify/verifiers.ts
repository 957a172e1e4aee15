import { choiceVerifier } from "./choice.ts";
import { countdownVerifier } from "./countdown/countdownVerifier.ts";
import { mathVerifier } from "./math/mathVerifier.ts";
import type { Verifier } from "./verifier.ts";
import type { VerifierSpec } from "./verifierSpec.ts";

/**
 * The built-in verifier of a spec; a run names its own by the id in its plan (see `verifierSpec`). Pure and on this thread:
 * a hostile text may hold it for up to a second. Hosts take `WorkerVerifier`.
 */
export function verifierOf(spec: VerifierSpec): Verifier {
  if (spec.name === "math") return mathVerifier({ mode: spec.mode });
  return spec.name === "choice" ? choiceVerifier : countdownVerifier(spec.mode);
}
