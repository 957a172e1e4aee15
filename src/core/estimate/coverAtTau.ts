import type { ProblemCount } from "./names.ts";

/** Cover@tau (arXiv 2510.08325): the number of problems whose accuracy c/n is at least tau; those with n = 0 are not counted. */
export function coverAtTau(counts: readonly ProblemCount[], tau: number): number {
  return counts.filter(({ n, c }) => n > 0 && c >= tau * n - 1e-9).length;
}
