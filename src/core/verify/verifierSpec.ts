import { type MathMode, mathModes } from "./math/options.ts";

/** Which of the built-in verifiers, and how it is set. Plain data: it can be stored and sent to a worker. */
export type VerifierSpec = { readonly name: "math"; readonly mode: MathMode } | { readonly name: "choice" };

/** Grows whenever a verdict of that verifier may change. */
const versions = { math: 1, choice: 1 } as const;

/** Every built-in verifier, the default first. The words for a person are the interface's. */
export const verifierSpecs: readonly VerifierSpec[] = [
  { name: "math", mode: "standard" },
  ...mathModes.filter((mode) => mode !== "standard").map((mode) => ({ name: "math" as const, mode })),
  { name: "choice" },
];

export const defaultVerifier: VerifierSpec = verifierSpecs[0]!;

/** Name, version and mode as they are stored with every verdict: `math@1:standard`, `choice@1`. */
export function verifierId(spec: VerifierSpec): string {
  const id = `${spec.name}@${versions[spec.name]}`;
  return spec.name === "math" ? `${id}:${spec.mode}` : id;
}

/** As a person names it, without the version: `math:standard`, `choice`. */
export const verifierName = (spec: VerifierSpec): string => verifierId(spec).replace(/@\d+/, "");

/**
 * The verifier of an id (`math@1:strict`) or a name (`math:strict`, `math`); `null` where there is none, also for an id
 * of a version that is no longer here (`basic@1`).
 */
export function verifierSpec(text: string): VerifierSpec | null {
  if (text === "math") return defaultVerifier;
  return verifierSpecs.find((spec) => text === verifierId(spec) || text === verifierName(spec)) ?? null;
}
