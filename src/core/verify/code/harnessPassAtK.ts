/**
 * pass@k of one task as openai/human-eval computes it, digit for digit: 1 - prod over i = n-c+1..n of (1 - k / i), in
 * that order. `passAtK` of src/core/estimate is the more exact one; this one is for figures that are held against the
 * harness's own (its example gives 0.4999999999999999). `null` where n < k.
 */
export function harnessPassAtK(n: number, c: number, k: number): number | null {
  if (n < k) return null;
  if (n - c < k) return 1;
  let product = 1;
  for (let i = n - c + 1; i <= n; i += 1) product *= 1 - k / i;
  return 1 - product;
}
