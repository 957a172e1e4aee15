import type { RunTally } from "../model.ts";
import type { CompareOptions, ComparisonReport } from "./report.ts";

/** Curves, paired differences, crossovers and parity of runs: the whole of what the Curve tab and `curve --json` show. */
export function compareRuns(_runs: readonly RunTally[], _options: CompareOptions = {}): ComparisonReport {
  throw new Error("being written");
}
