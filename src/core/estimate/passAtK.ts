/**
 * Unbiased pass@k of one problem, 1 - C(n-c, k) / C(n, k) (Chen et al. 2021, arXiv 2107.03374, eq. 1): the chance that
 * k of its n samples, drawn without replacement, hold at least one of the c correct ones. `null` (not estimable) where n < k.
 *
 * Computed by its hazards, x += (1 - x) c / (n - j), over j < k or, with c and k exchanged (the formula is symmetric),
 * over j < c: min(c, k) steps, only additions of positive terms, so that also 1e-9 keeps its digits; it stops where
 * nothing can be added. Absolute error < 1e-12 for n up to 1e6 (tested against exact integers).
 */
export function passAtK(n: number, c: number, k: number): number | null {
  if (n < k) return null;
  if (k === 0 || c === 0) return 0;
  if (n - c < k) return 1;
  const steps = Math.min(c, k);
  const hits = Math.max(c, k);
  let solved = 0;
  let unsolved = 1;
  for (let j = 0; j < steps && unsolved > 1e-18; j++) {
    solved += unsolved * (hits / (n - j));
    unsolved *= (n - hits - j) / (n - j);
  }
  return Math.min(solved, 1);
}
