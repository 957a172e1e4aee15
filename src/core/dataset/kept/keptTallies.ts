// A run's counts as arrays of numbers, and back.
import type { AnswerGroup, Problem, ProblemTally } from "../../model.ts";

const columns = [
  "n",
  "c",
  "finishedN",
  "finishedC",
  "truncated",
  "refused",
  "unparsed",
  "undecided",
  "error",
  "failed",
  "ungraded",
  "duplicates",
] as const satisfies readonly (keyof ProblemTally)[];

/** Then the tokens (-1: not known) and the number of answers (-1: none known). */
const perProblem = columns.length + 2;
/** An answer's number, its count, and 1 where it is right. */
const perGroup = 3;

export interface KeptTallies {
  readonly answers: readonly string[];
  readonly counts: Float64Array<ArrayBuffer>;
  readonly groups: Uint32Array<ArrayBuffer>;
}

export function keptTallies(tallies: readonly ProblemTally[]): KeptTallies {
  const numbers = new Map<string, number>();
  const counts = new Float64Array(tallies.length * perProblem);
  const groups = new Uint32Array(
    perGroup * tallies.reduce((sum, { answers }) => sum + (answers?.length ?? 0), 0),
  );
  let at = 0;
  for (const [i, tally] of tallies.entries()) {
    const row = counts.subarray(i * perProblem, (i + 1) * perProblem);
    columns.forEach((column, place) => (row[place] = tally[column]));
    row.set([tally.tokens ?? -1, tally.answers?.length ?? -1], columns.length);
    for (const { answer, count, correct } of tally.answers ?? []) {
      let number = numbers.get(answer);
      if (number === undefined) numbers.set(answer, (number = numbers.size));
      groups.set([number, count, correct ? 1 : 0], at);
      at += perGroup;
    }
  }
  return { answers: [...numbers.keys()], counts, groups };
}

/** The counts of these problems, which are those they were kept of. Throws a RangeError where they are not as many. */
export function talliesOf(
  problems: readonly Problem[],
  { answers, counts, groups }: Pick<KeptTallies, "answers"> & Record<"counts" | "groups", ArrayLike<number>>,
): ProblemTally[] {
  if (counts.length !== problems.length * perProblem)
    throw new RangeError(`${counts.length} counts of ${problems.length} problems`);
  let at = 0;
  return problems.map((problem, i) => {
    const value = (place: number): number => counts[i * perProblem + place] ?? 0;
    const known = Object.fromEntries(columns.map((column, place) => [column, value(place)]));
    const tokens = value(columns.length);
    const length = value(columns.length + 1);
    const own = Array.from({ length: Math.max(0, length) }, (_, g) => groupAt(groups, at + g, answers));
    at += own.length;
    return {
      problem,
      ...(known as Record<(typeof columns)[number], number>),
      tokens: tokens < 0 ? null : tokens,
      answers: length < 0 ? null : own,
    };
  });
}

const groupAt = (groups: ArrayLike<number>, group: number, answers: readonly string[]): AnswerGroup => ({
  answer: answers[groups[group * perGroup] ?? 0] ?? "",
  count: groups[group * perGroup + 1] ?? 0,
  correct: groups[group * perGroup + 2] === 1,
});
