import { logFactorial } from "./logFactorial.ts";

/** ln Gamma(x) for x > 0: a shift up to 15, then Stirling's series; whole x through logFactorial. Error below 1e-13 (relative to the larger of 1 and the value). */
export function logGamma(x: number): number {
  if (Number.isInteger(x)) return logFactorial(x - 1);
  let [at, product] = [x, 1];
  while (at < 15) product *= at++;
  const square = at * at;
  const series = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * square)) / square) / square) / at;
  return (at - 0.5) * Math.log(at) - at + 0.9189385332046727 + series - Math.log(product);
}

/** Digamma, the derivative of logGamma, and trigamma, its second, for x > 0 (asymptotic series after a shift up to 15). */
export function polygammas(x: number): { readonly digamma: number; readonly trigamma: number } {
  let [at, digamma, trigamma] = [x, 0, 0];
  for (; at < 15; at++) {
    digamma -= 1 / at;
    trigamma += 1 / (at * at);
  }
  const [inverse, square] = [1 / at, 1 / (at * at)];
  digamma +=
    Math.log(at) - inverse / 2 - square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square / 240)));
  trigamma +=
    inverse + square / 2 + inverse * square * (1 / 6 - square * (1 / 30 - square * (1 / 42 - square / 30)));
  return { digamma, trigamma };
}
