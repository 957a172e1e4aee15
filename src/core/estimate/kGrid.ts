/**
 * The k values of a curve for n samples: floor(2^(i/4)) (the grid of arXiv 2504.13837, figure 2), every power of 2,
 * and n itself; distinct, ascending, all in 1..n. Empty for n < 1.
 */
export function kGrid(n: number): number[] {
  const ks = new Set<number>();
  for (let i = 0; ; i++) {
    const k = Math.floor(2 ** Math.floor(i / 4) * 2 ** ((i % 4) / 4));
    if (k > n) break;
    ks.add(k);
  }
  if (n >= 1) ks.add(n);
  return [...ks].sort((a, b) => a - b);
}
