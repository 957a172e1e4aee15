import { asString, FieldError } from "../parse.ts";
import { engineOfId } from "../verify/code/codeVerifierId.ts";
import { verifierName, verifierSpec, verifierSpecs } from "../verify/verifierSpec.ts";

/**
 * What may stand as a study's `verifier`: a built-in one by its name (`math:strict`) or id, an engine for programs
 * (`code-pyodide@1`, `code-pyodide@1:2s`), a command of the person's by `custom:NAME` or its whole id. Throws FieldError.
 */
export function decodeStudyVerifier(value: unknown, field: string): string {
  const text = asString(value, field);
  if (isCustomVerifier(text) || engineOfId(text) !== null || verifierSpec(text) !== null) return text;
  const known = verifierSpecs.map(verifierName).join(", ");
  throw new FieldError(field, `expected one of ${known}, or custom:NAME, got ${JSON.stringify(text)}`);
}

/** As a study keeps it: built-in ones without their version, so that a study outlives it; `null` for the one that suits. */
export function studyVerifierText(id: string, suitable: string): string | null {
  const spec = verifierSpec(id);
  if (id === suitable) return null;
  return spec === null ? id : verifierName(spec);
}

/** A command of the person's, from the settings of a window or from the command line. */
export const isCustomVerifier = (text: string): boolean => /^custom:./.test(text);
