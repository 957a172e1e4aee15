import { hashText } from "../dataset/hash.ts";

/** Which traces of a run are scored. */
export interface TraceChoice {
  /** Only traces whose answer is right. */
  readonly correctOnly: boolean;
  /** At most so many of each problem; `null`: all. */
  readonly perProblem: number | null;
  readonly seed: number;
}

/** All that a choice looks at. */
export interface TraceCandidate {
  readonly problemKey: string;
  readonly index: number;
  readonly correct: boolean;
}

/**
 * The chosen traces, in their order. The sample of m of a problem is drawn without replacement by the ranks of a seeded
 * hash of (seed, problem, index): the same on every machine, and a larger m holds the smaller one, so that what was scored
 * before is never scored for nothing.
 */
export function pickTraces<T extends TraceCandidate>(all: readonly T[], choice: TraceChoice): readonly T[] {
  const { correctOnly, perProblem, seed } = choice;
  const fitting = correctOnly ? all.filter(({ correct }) => correct) : all;
  if (perProblem === null) return fitting;
  const groups = new Map<string, T[]>();
  for (const one of fitting) {
    const group = groups.get(one.problemKey);
    if (group === undefined) groups.set(one.problemKey, [one]);
    else group.push(one);
  }
  const chosen = new Set<T>();
  for (const group of groups.values()) {
    const ranked = group
      .map((one) => ({ one, rank: hashText(`${seed} ${one.problemKey} ${one.index}`) }))
      .sort((a, b) => a.rank - b.rank || a.one.index - b.one.index);
    for (const { one } of ranked.slice(0, perProblem)) chosen.add(one);
  }
  return fitting.filter((one) => chosen.has(one));
}
