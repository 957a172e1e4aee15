/** What one test, check or file came to. */
export interface Outcome {
  readonly name: string;
  readonly kind: "passed" | "failed" | "skipped";
  /** Why it failed or was skipped. */
  readonly detail: string;
}

/** Adds up outcomes of all phases and says them at the end. */
export interface Tally {
  readonly add: (outcome: Outcome) => void;
  readonly outcomes: () => readonly Outcome[];
}

export function makeTally(print: (line: string) => void): Tally {
  const outcomes: Outcome[] = [];
  return {
    add: (outcome) => {
      outcomes.push(outcome);
      if (outcome.kind === "failed") print(`✖ ${outcome.name}\n${indent(outcome.detail)}`);
      if (outcome.kind === "skipped") print(`﹣ ${outcome.name}: skipped, ${outcome.detail}`);
    },
    outcomes: () => outcomes,
  };
}

/** Failures again, skipped tests with their reason, and as the last line `N passed, N failed[, N skipped]`. */
export function closingLines(outcomes: readonly Outcome[]): readonly string[] {
  const of = (kind: Outcome["kind"]) => outcomes.filter((outcome) => outcome.kind === kind);
  const [passed, failed, skipped] = [of("passed"), of("failed"), of("skipped")];
  const counts = [`${passed.length} passed`, `${failed.length} failed`];
  if (skipped.length > 0) counts.push(`${skipped.length} skipped`);
  return [
    ...(skipped.length > 0 ? ["", "Skipped:"] : []),
    ...skipped.map(({ name, detail }) => `  ${name}: ${detail}`),
    ...(failed.length > 0 ? ["", "Failed:"] : []),
    ...failed.map(({ name, detail }) => `✖ ${name}\n${indent(detail)}`),
    "",
    counts.join(", "),
  ];
}

function indent(text: string): string {
  return text.replaceAll(/^/gmu, "    ");
}
