import { logFactorial } from "./logFactorial.ts";

/**
 * Two-sided mid-P McNemar test of b against c discordant pairs: 2 F(min; b+c, 1/2) - f(min; b+c, 1/2), F and f the
 * binomial distribution and mass; 1 for no discordant pair (Fagerland, Lydersen, Laake 2013). With b + c < 6 nothing can
 * be significant at 5 %.
 */
export function midPMcNemar(b: number, c: number): number {
  const n = b + c;
  if (n === 0) return 1;
  const least = Math.min(b, c);
  const mass = (x: number) =>
    Math.exp(logFactorial(n) - logFactorial(x) - logFactorial(n - x) - n * Math.LN2);
  let below = 0;
  for (let x = 0; x <= least; x++) below += mass(x);
  return Math.min(1, 2 * below - mass(least));
}
