import { choiceVerifier } from "./choice.ts";
import { mathVerifier } from "./math/mathVerifier.ts";
import type { Verifier } from "./verifier.ts";
import type { VerifierSpec } from "./verifierSpec.ts";

/** The built-in verifiers, each by its name. A run names its own by the id in its plan: see `verifierSpec`. */
const verifiers: {
  readonly [Name in VerifierSpec["name"]]: (spec: Extract<VerifierSpec, { readonly name: Name }>) => Verifier;
} = {
  math: ({ mode }) => mathVerifier({ mode }),
  choice: () => choiceVerifier,
};

/** Pure and on this thread: a hostile text may hold it for up to a second. Hosts take `WorkerVerifier`. */
export function verifierOf(spec: VerifierSpec): Verifier {
  return spec.name === "math" ? verifiers.math(spec) : verifiers.choice(spec);
}
