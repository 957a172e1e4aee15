/**
 * One-sided 95 % upper bound of the solve rate of a problem with 0 of n samples correct, 1 - 0.05^(1/n) (about 3/n;
 * Clopper and Pearson 1934). "Not solved" is a statement about n. 1 for n = 0.
 */
export function unsolvedBound(n: number): number {
  return n <= 0 ? 1 : -Math.expm1(Math.log(0.05) / n);
}
