import type { CotBin, CotProblem } from "./cotPass.ts";

/** Difficulty, by c/n: above < c/n <= upTo. */
export const difficultyBins: readonly { readonly above: number; readonly upTo: number }[] = [
  { above: 0, upTo: 0.05 },
  { above: 0.05, upTo: 0.25 },
  { above: 0.25, upTo: 1 },
];

/** A bin with fewer labelled problems says too little of its own law. */
const leastLabelled = 6;

/** Solved problems of one bin, by index. */
export interface FilledBin {
  readonly members: readonly number[];
  readonly facts: CotBin;
}

/** Solved problems by difficulty; a bin with fewer than 6 labelled problems is joined to the next easier one (the last to the one before). */
export function cotBins(problems: readonly CotProblem[]): readonly FilledBin[] {
  let open: FilledBin | null = null;
  const bins: FilledBin[] = [];
  for (const range of difficultyBins) {
    const bin = filled(problems, range);
    open = open === null ? bin : joined(open, bin);
    if (open.facts.labelledProblems < leastLabelled) continue;
    bins.push(open);
    open = null;
  }
  const last = bins.pop();
  const rest = last === undefined ? open : open === null ? last : joined(last, open);
  return rest === null ? bins : [...bins, rest];
}

function filled(
  problems: readonly CotProblem[],
  { above, upTo }: { readonly above: number; readonly upTo: number },
): FilledBin {
  const members = [...problems.keys()].filter((i) => {
    const { n, c } = problems[i] as CotProblem;
    return c > 0 && c / n > above && c / n <= upTo;
  });
  const read = members.map((i) => problems[i] as CotProblem).filter((problem) => readOf(problem) > 0);
  const facts: CotBin = {
    above,
    upTo,
    problems: members.length,
    labelledProblems: read.length,
    rightTexts: read.reduce((sum, { rightTexts }) => sum + rightTexts, 0),
    readTexts: read.reduce((sum, problem) => sum + readOf(problem), 0),
  };
  return { members, facts };
}

/** Texts of right answers that humans found right or wrong. */
export const readOf = ({ rightTexts, wrongTexts }: CotProblem): number => rightTexts + wrongTexts;

function joined(a: FilledBin, b: FilledBin): FilledBin {
  const facts: CotBin = {
    above: a.facts.above,
    upTo: b.facts.upTo,
    problems: a.facts.problems + b.facts.problems,
    labelledProblems: a.facts.labelledProblems + b.facts.labelledProblems,
    rightTexts: a.facts.rightTexts + b.facts.rightTexts,
    readTexts: a.facts.readTexts + b.facts.readTexts,
  };
  return { members: [...a.members, ...b.members], facts };
}
