import type { ProblemTally, RunTally } from "../model.ts";

/** The problems that both runs have, paired by `problem.key`, in a's order. */
export function pairProblems(a: RunTally, b: RunTally): (readonly [ProblemTally, ProblemTally])[] {
  const byKey = new Map(b.problems.map((tally) => [tally.problem.key, tally]));
  return a.problems.flatMap((tally) => {
    const other = byKey.get(tally.problem.key);
    return other ? [[tally, other] as const] : [];
  });
}
