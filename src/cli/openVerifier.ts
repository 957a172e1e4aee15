import { verifierName, verifierSpecs, type VerifierSpec, verifierSpec } from "../core/verify/verifierSpec.ts";
import { verifyWorkerNear, WorkerVerifier } from "../node/workerVerifier.ts";
import { type ParsedArgs, usageError } from "./args.ts";

export const verifierNames = verifierSpecs.map(verifierName).join(", ");

/** A built-in verifier in a worker, which starts with its first item. The caller closes it. */
export function openVerifier(spec?: VerifierSpec): WorkerVerifier {
  const workerFile = verifyWorkerNear(import.meta.dirname);
  return new WorkerVerifier({ workerFile, ...(spec === undefined ? {} : { spec }) });
}

/** The verifier that `--verifier` names; `undefined` without it. Throws `usage`. */
export function chosenVerifier(parsed: ParsedArgs): VerifierSpec | undefined {
  const text = parsed.text("verifier");
  if (text === undefined) return undefined;
  const spec = verifierSpec(text);
  if (spec === null)
    throw usageError(`--verifier: expected one of ${verifierNames}, got ${JSON.stringify(text)}.`);
  return spec;
}
