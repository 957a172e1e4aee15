// The Game-of-24 rollouts of the shared data, read by hand: the reader has tests of its own.
import { readFileSync } from "node:fs";
import type { ProblemCount } from "../../../src/core/estimate/names.ts";
import { sharedData } from "../../paths.ts";

export const ioPath = sharedData("rollouts/game24_io_100x100.json");
export const cotPath = sharedData("rollouts/game24_cot_100x100.json");

interface Row {
  readonly accs?: readonly (number | boolean)[];
  readonly infos?: readonly { readonly r: number }[];
}

export function readCounts(path: string): ProblemCount[] {
  const rows = JSON.parse(readFileSync(path, "utf8")) as Row[];
  return rows.flatMap(({ accs, infos }) => {
    const scores = accs ?? infos?.map(({ r }) => r);
    return scores
      ? [{ n: scores.length, c: scores.reduce<number>((sum, score) => sum + Number(score), 0) }]
      : [];
  });
}
