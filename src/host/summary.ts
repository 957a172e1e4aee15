import type { Problem, RunTally } from "../core/model.ts";
import { sha256 } from "../node/sha256.ts";
import type { RunSummary } from "./runEntry.ts";

/** pass@1 with its 95 % interval (the safe default), n and the share cut off. */
export async function summaryOf(tally: RunTally): Promise<RunSummary> {
  const { compareRuns } = await import("../core/estimate/compareRuns.ts");
  const [run] = compareRuns([tally], { ks: [1], pairs: "reference" }).runs;
  const point = run?.curve.find(({ k }) => k === 1);
  const samples = run?.samples ?? 0;
  return {
    problems: run?.problems ?? 0,
    samples,
    nMin: run?.nMin ?? 0,
    nMax: run?.nMax ?? 0,
    passAtOne: point === undefined ? null : { value: point.passAtK, low: point.low, high: point.high },
    truncatedShare: samples === 0 ? 0 : (run?.truncated ?? 0) / samples,
    ...(run?.stopped
      ? { meter: { uniform: run.stopped.uniform, spentOnThese: run.stopped.spentOnThese } }
      : {}),
  };
}

/** Fingerprint of the problems alone (not of their order or gold answers): what makes runs comparable. */
export function problemSetOf(problems: readonly Problem[]): string {
  const keys = [...new Set(problems.map(({ key }) => key))].sort();
  return sha256(new TextEncoder().encode(JSON.stringify(keys))).slice(0, 16);
}
