import { logFactorial } from "./logFactorial.ts";
import type { ProblemCount } from "./names.ts";

/**
 * G-Pass@k_tau of one problem (arXiv 2412.13147, eq. 3): the chance that at least ceil(tau k) of k of its n samples,
 * drawn without replacement, are correct: sum_{j >= max(1, ceil(tau k))} C(c,j) C(n-c,k-j) / C(n,k). tau = 1 is pass^k.
 * `null` where n < k.
 */
export function gPassAtK({ n, c }: ProblemCount, k: number, tau: number): number | null {
  if (n < k) return null;
  const logChoose = (m: number, s: number) => logFactorial(m) - logFactorial(s) - logFactorial(m - s);
  const all = logChoose(n, k);
  let sum = 0;
  // A tau such as 0.3 is a hair off in binary: 0.3 x 10 must not become 4.
  const least = Math.max(1, Math.ceil(tau * k - 1e-9));
  for (let j = Math.max(least, k - (n - c)); j <= Math.min(c, k); j++) {
    sum += Math.exp(logChoose(c, j) + logChoose(n - c, k - j) - all);
  }
  return Math.min(1, sum);
}
