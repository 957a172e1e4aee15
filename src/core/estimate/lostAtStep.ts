import type { ProblemCount } from "./names.ts";
import { unsolvedBound } from "./unsolvedBound.ts";

/** One checkpoint, counted. */
export interface StepCounts {
  /** Training step; the base model is step 0. */
  readonly step: number;
  /** Parallel over all steps; n = 0: the problem was not sampled there. */
  readonly counts: readonly ProblemCount[];
}

/** A problem that an earlier step solved and this one did not. */
export interface LostProblem {
  /** Its place in `counts`. */
  readonly problem: number;
  /** Earlier steps with at least one right sample, ascending. */
  readonly solvedAt: readonly number[];
  /** Right samples at the last of them, of how many: few say that chance alone may have lost it. */
  readonly last: ProblemCount;
  /** Samples at this step, none of them right: a solve rate up to `bound` is still possible (95 %). */
  readonly n: number;
  readonly bound: number;
  /** The first later step that solves it again; `null`: none does. */
  readonly againAt: number | null;
}

export interface StepLosses {
  readonly step: number;
  /** Problems sampled at this step, and those of them with at least one right sample. */
  readonly problems: number;
  readonly solved: number;
  readonly lost: readonly LostProblem[];
  /** Sampled here, right at least once, and at no earlier step that sampled them; 0 at the first step. */
  readonly gained: readonly number[];
}

/**
 * "Lost at step" (arXiv 2504.13837, section 4.4: pass@256 falls along training): what was solved at an earlier step and
 * not at this one, step by step. "Not solved" is a statement about n: each has its bound (mission, trap 1).
 * @param steps in any order; two of one step are taken as they come
 */
export function lostAtSteps(steps: readonly StepCounts[]): readonly StepLosses[] {
  const ascending = [...steps].sort((a, b) => a.step - b.step);
  return ascending.map(({ step, counts }, at) => {
    const earlier = ascending.slice(0, at);
    const later = ascending.slice(at + 1);
    const lost: LostProblem[] = [];
    const gained: number[] = [];
    counts.forEach(({ n, c }, problem) => {
      if (n === 0) return;
      const sampled = earlier.filter((one) => (one.counts[problem]?.n ?? 0) > 0);
      const solved = sampled.filter((one) => (one.counts[problem]?.c ?? 0) > 0);
      const last = solved.at(-1)?.counts[problem];
      if (c > 0 && sampled.length > 0 && last === undefined) gained.push(problem);
      if (c > 0 || last === undefined) return;
      const again = later.find((one) => (one.counts[problem]?.c ?? 0) > 0);
      lost.push({
        problem,
        solvedAt: solved.map((one) => one.step),
        last: { n: last.n, c: last.c },
        n,
        bound: unsolvedBound(n),
        againAt: again?.step ?? null,
      });
    });
    const measured = counts.filter(({ n }) => n > 0);
    return {
      step,
      problems: measured.length,
      solved: measured.filter(({ c }) => c > 0).length,
      lost,
      gained,
    };
  });
}
