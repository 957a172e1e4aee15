import { logFactorial } from "../logFactorial.ts";
import { logGamma, polygammas } from "../logGamma.ts";
import type { ProblemCount } from "../names.ts";

/** Beta(a, b) solve rates over problems; a share `zeros` of the problems has rate 0 (zero-inflated; 0: plain). */
export interface BetaModel {
  readonly a: number;
  readonly b: number;
  readonly zeros: number;
}

/** Problems with equal counts. */
export interface CountCell extends ProblemCount {
  readonly multiplicity: number;
}

/** Problems with the same n and c in one cell: the likelihood is summed over cells. Those without samples are left out. */
export function countCells(counts: readonly ProblemCount[]): CountCell[] {
  const cells = new Map<string, { n: number; c: number; multiplicity: number }>();
  for (const { n, c } of counts) {
    if (n === 0) continue;
    const cell = cells.get(`${n},${c}`) ?? { n, c, multiplicity: 0 };
    cell.multiplicity++;
    cells.set(`${n},${c}`, cell);
  }
  return [...cells.values()];
}

/** ln P(c of n) = ln C(n,c) + ln B(c+a, n-c+b) - ln B(a, b) for each cell (arXiv 2510.05197). */
export function logMasses(cells: readonly CountCell[], a: number, b: number): Float64Array {
  const front = logGamma(a + b) - logGamma(a) - logGamma(b);
  return Float64Array.from(
    cells,
    ({ n, c }) =>
      front +
      (logFactorial(n) - logFactorial(c) - logFactorial(n - c)) +
      (logGamma(c + a) + logGamma(n - c + b) - logGamma(n + a + b)),
  );
}

/** What the log-likelihood takes of the cells' logMasses at one (a, b), so that many shares of zeros cost little. */
export interface MassSums {
  /** Sum of multiplicity times logMass over cells with c > 0, and their problems. */
  readonly solved: number;
  readonly solvedProblems: number;
  /** [multiplicity, logMass] of the cells with c = 0. */
  readonly unsolved: readonly (readonly [number, number])[];
}

/** Log-likelihood under Beta(a, b) in nats, that of the unsolved cells apart: only there a zero-inflated law differs. */
export function massSums(cells: readonly CountCell[], a: number, b: number): MassSums {
  const masses = logMasses(cells, a, b);
  let [solved, solvedProblems] = [0, 0];
  const unsolved: (readonly [number, number])[] = [];
  cells.forEach(({ c, multiplicity }, i) => {
    const mass = masses[i] as number;
    if (c === 0) unsolved.push([multiplicity, mass]);
    else {
      solved += multiplicity * mass;
      solvedProblems += multiplicity;
    }
  });
  return { solved, solvedProblems, unsolved };
}

/** Log-likelihood with a share of problems that have solve rate 0: ln(zeros + (1 - zeros) P0) in place of ln P0. */
export function logLikelihood({ solved, solvedProblems, unsolved }: MassSums, zeros = 0): number {
  let sum = solved + (zeros === 0 ? 0 : solvedProblems * Math.log1p(-zeros));
  for (const [multiplicity, mass] of unsolved)
    sum += multiplicity * (zeros === 0 ? mass : Math.log(zeros + (1 - zeros) * Math.exp(mass)));
  return sum;
}

/** pass@k = (1 - zeros) (1 - G(b+k) G(a+b) / (G(b) G(a+b+k))). */
export function modelPassAtK({ a, b, zeros }: BetaModel, k: number): number {
  return -(1 - zeros) * Math.expm1(logGamma(b + k) + logGamma(a + b) - logGamma(b) - logGamma(a + b + k));
}

/** ln a and ln b are kept in here: data without any overdispersion have their maximum at infinity. */
const furthest = 14;

export interface BetaFit extends BetaModel {
  readonly logLikelihood: number;
}

/**
 * Maximum likelihood of the plain beta-binomial: Newton's method in (ln a, ln b) from `start`, with a gradient step where
 * the Hessian is not negative definite and halving until the likelihood grows.
 */
export function fitBetaBinomial(
  cells: readonly CountCell[],
  start: { readonly a: number; readonly b: number },
): BetaFit {
  let [x, y] = [Math.log(start.a), Math.log(start.b)];
  const valueAt = (u: number, v: number) => logLikelihood(massSums(cells, Math.exp(u), Math.exp(v)));
  let value = valueAt(x, y);
  for (let i = 0; i < 100; i++) {
    const [dx, dy] = newtonStep(cells, Math.exp(x), Math.exp(y));
    // Newton's error is about the square of its last step.
    if (Math.hypot(dx, dy) < 1e-6) break;
    let [share, gain] = [1, 0];
    for (; share > 1e-8 && gain <= 0; share /= 2) {
      const [u, v] = [clamped(x + share * dx), clamped(y + share * dy)];
      gain = valueAt(u, v) - value;
      if (gain > 0) [x, y, value] = [u, v, value + gain];
    }
    if (gain < 1e-10) break;
  }
  return { a: Math.exp(x), b: Math.exp(y), zeros: 0, logLikelihood: value };
}

const clamped = (x: number): number => Math.max(-furthest, Math.min(furthest, x));

/** Gradient g and Hessian H of the log-likelihood in (ln a, ln b); the step -g/H, or along g where H is not negative definite. */
function newtonStep(cells: readonly CountCell[], a: number, b: number): readonly [number, number] {
  const [atA, atB, atBoth] = [polygammas(a), polygammas(b), polygammas(a + b)];
  let [ga, gb, haa, hbb, hab] = [0, 0, 0, 0, 0];
  for (const { n, c, multiplicity: m } of cells) {
    const [right, wrong, all] = [polygammas(c + a), polygammas(n - c + b), polygammas(n + a + b)];
    const shared = atBoth.digamma - all.digamma;
    const curved = atBoth.trigamma - all.trigamma;
    ga += m * (right.digamma - atA.digamma + shared);
    gb += m * (wrong.digamma - atB.digamma + shared);
    haa += m * (right.trigamma - atA.trigamma + curved);
    hbb += m * (wrong.trigamma - atB.trigamma + curved);
    hab += m * curved;
  }
  const [gx, gy] = [a * ga, b * gb];
  const [hxx, hyy, hxy] = [a * a * haa + gx, b * b * hbb + gy, a * b * hab];
  const determinant = hxx * hyy - hxy * hxy;
  if (hxx >= 0 || determinant <= 0) return shortened(gx, gy);
  return shortened((hxy * gy - hyy * gx) / determinant, (hxy * gx - hxx * gy) / determinant);
}

/** At most 2 long, in its own direction: a step that climbs must go on doing so. */
function shortened(dx: number, dy: number): readonly [number, number] {
  const share = Math.min(1, 2 / (Math.hypot(dx, dy) || 1));
  return [share * dx, share * dy];
}
