import { hashHex } from "../dataset/hash.ts";
import type { ProblemTally, RunTally } from "../model.ts";

/** Equal for runs whose estimates are equal, whatever the runs are called: a hash of all that is counted. */
export function countsName({ problems, stopPlan }: Pick<RunTally, "problems" | "stopPlan">): string {
  return hashHex([JSON.stringify(stopPlan ?? null), ...problems.map(problemLine)].join("\n"));
}

function problemLine(tally: ProblemTally): string {
  const { problem, n, c, finishedN, finishedC, truncated, tokens, answers, stopped } = tally;
  // A vote does not ask what the answers are.
  const votes =
    answers === null ? "" : answers.map(({ count, correct }) => (correct ? -count : count)).join();
  const stop = stopped === undefined ? "" : JSON.stringify(stopped);
  return `${problem.key}\t${n},${c},${finishedN},${finishedC},${truncated},${tokens}\t${votes}\t${stop}`;
}
