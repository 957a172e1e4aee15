import { logFactorial } from "./logFactorial.ts";
import type { ProblemCount } from "./names.ts";

/**
 * How many problems would land in the "a only" cell if each were equally hard for both runs: the sum of the chances that
 * all T = c_a + c_b successes fall in a's samples, C(n_a, T) / C(n_a + n_b, T) over T >= 1. The ceiling of the noise, not
 * a correction. NaN where a stop plan ended a problem: its n depends on what came out.
 */
export function onlyByNoise(pairs: readonly (readonly [ProblemCount, ProblemCount])[]): number {
  return pairs.reduce((sum, [a, b]) => {
    const t = a.c + b.c;
    if (a.stop || b.stop) return Number.NaN;
    if (t === 0 || t > a.n) return sum;
    const n = a.n + b.n;
    return sum + Math.exp(logFactorial(a.n) - logFactorial(a.n - t) - logFactorial(n) + logFactorial(n - t));
  }, 0);
}
