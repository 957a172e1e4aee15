import { type CountdownMode, countdownModes } from "./countdown/mode.ts";
import { type MathMode, mathModes } from "./math/options.ts";

/** Which of the built-in verifiers, and how it is set. Plain data: it can be stored and sent to a worker. */
export type VerifierSpec =
  | { readonly name: "math"; readonly mode: MathMode }
  | { readonly name: "choice" }
  | { readonly name: "countdown"; readonly mode: CountdownMode };

/** Grows whenever a verdict of that verifier may change. */
const versions = { math: 1, choice: 1, countdown: 1 } as const;

/** Every built-in verifier, the default first, and of each name its default mode first. The words for a person are the interface's. */
export const verifierSpecs: readonly VerifierSpec[] = [
  { name: "math", mode: "standard" },
  ...mathModes.filter((mode) => mode !== "standard").map((mode) => ({ name: "math" as const, mode })),
  { name: "choice" },
  ...countdownModes.map((mode) => ({ name: "countdown" as const, mode })),
];

export const defaultVerifier: VerifierSpec = verifierSpecs[0]!;

/** Name, version and mode as they are stored with every verdict: `math@1:standard`, `choice@1`. */
export function verifierId(spec: VerifierSpec): string {
  const id = `${spec.name}@${versions[spec.name]}`;
  return "mode" in spec ? `${id}:${spec.mode}` : id;
}

/** As a person names it, without the version: `math:standard`, `choice`. */
export const verifierName = (spec: VerifierSpec): string => verifierId(spec).replace(/@\d+/, "");

/**
 * The verifier of an id (`math@1:strict`) or a name (`math:strict`; `math` is its default mode); `null` where there is none,
 * also for an id of a version that is no longer here (`basic@1`).
 */
export function verifierSpec(text: string): VerifierSpec | null {
  const byName = verifierSpecs.find(({ name }) => text === name);
  return (
    byName ?? verifierSpecs.find((spec) => text === verifierId(spec) || text === verifierName(spec)) ?? null
  );
}
