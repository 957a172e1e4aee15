/** Values with the shapes of their Gamma weights (a cell of m problems: m; half a pseudo-problem: 1/2). */
export interface GammaWeighted {
  readonly values: ArrayLike<number>;
  readonly shapes: ArrayLike<number>;
}

/** Step in ln u: the integrand is analytic, so the trapezoid rule's error falls like exp(-10 / step). */
const step = 0.25;

/**
 * P(sum w x / sum w <= t) for weights w_i ~ Gamma(shape_i, 1): the law of the Bayesian bootstrap's mean without drawing.
 * It is P(Q <= 0) of Q = sum w_i (x_i - t), a sum of weighted chi squares, hence (Imhof 1961, Biometrika 48, eq. 3.2)
 * 1/2 - (1/pi) int sin(theta) / (u rho) du with theta = sum shape_i atan(l_i u), rho = prod (1 + l_i^2 u^2)^(shape_i/2),
 * l_i = x_i - t.
 */
export function weightedMeanCdf(t: number, { values, shapes }: GammaWeighted): number {
  const [slopes, used] = [[] as number[], [] as number[]];
  let [size, low, high] = [0, 0, 0];
  for (const [value, shape] of merged(values, shapes)) {
    const slope = value - t;
    if (slope === 0) continue;
    slopes.push(slope);
    used.push(shape);
    size += Math.abs(slope) * shape;
    if (slope < 0) low++;
    else high++;
  }
  if (high === 0) return 1;
  if (low === 0) return 0;
  // Below 1e-5 / size, sin(theta) is proportional to u: the sum over all earlier steps is geometric.
  let u = 1e-5 / size;
  let sum = angle(slopes, used, u) / Math.expm1(step);
  for (;;) {
    const { sine, logRho } = characteristic(slopes, used, u);
    sum += sine * Math.exp(-logRho);
    if (logRho > 28) break;
    u *= Math.exp(step);
  }
  return Math.min(1, Math.max(0, 0.5 - (sum * step) / Math.PI));
}

/** Shapes up to this are multiplied out, larger and broken ones go through angle and logarithm. */
const multiplied = 4;
const [huge, logHuge] = [1e100, 100 * Math.LN10];

/**
 * sin(theta) and ln rho of prod (1 + i l u)^shape = rho e^(i theta): a running complex product needs neither atan nor log
 * for the many problems that are alone with their value.
 */
function characteristic(
  slopes: readonly number[],
  shapes: readonly number[],
  u: number,
): { readonly sine: number; readonly logRho: number } {
  let [re, im, theta, logRho] = [1, 0, 0, 0];
  for (let i = 0; i < slopes.length; i++) {
    const x = (slopes[i] as number) * u;
    const shape = shapes[i] as number;
    if (shape <= multiplied && Number.isInteger(shape)) {
      for (let times = 0; times < shape; times++) {
        const before = re;
        re -= im * x;
        im += before * x;
      }
      if (Math.abs(re) + Math.abs(im) > huge) {
        re /= huge;
        im /= huge;
        logRho += logHuge;
      }
    } else {
      theta += shape * Math.atan(x);
      logRho += (shape / 2) * Math.log1p(x * x);
    }
  }
  const size = Math.hypot(re, im);
  return {
    sine: (im * Math.cos(theta) + re * Math.sin(theta)) / size,
    logRho: logRho + Math.log(size),
  };
}

/** Equal values as one: their Gamma weights add up to a Gamma weight. At k = n a difference has three values only. */
function merged(values: ArrayLike<number>, shapes: ArrayLike<number>): Map<number, number> {
  const cells = new Map<number, number>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    cells.set(value, (cells.get(value) ?? 0) + (shapes[i] as number));
  }
  return cells;
}

function angle(slopes: readonly number[], shapes: readonly number[], u: number): number {
  let theta = 0;
  for (let i = 0; i < slopes.length; i++)
    theta += (shapes[i] as number) * Math.atan((slopes[i] as number) * u);
  return theta;
}

/** The p-quantile of the same law from a guess near it, by the secant rule; `sd` sets the scale and the tolerance (1e-5 sd). */
export function weightedMeanQuantile(
  p: number,
  law: GammaWeighted,
  { guess, sd }: { guess: number; sd: number },
): number {
  let [t0, f0] = [guess, weightedMeanCdf(guess, law) - p];
  // First step with the normal density at the 2.5 % points.
  let t1 = t0 - (f0 * sd) / 0.0584;
  for (let i = 0; i < 12 && Math.abs(t1 - t0) > 1e-5 * sd; i++) {
    const f1 = weightedMeanCdf(t1, law) - p;
    if (f1 === f0) break;
    // A secant through a flat part would leave the interval: at most two sd a step.
    const move = Math.max(-2 * sd, Math.min(2 * sd, (f1 * (t1 - t0)) / (f1 - f0)));
    [t0, f0, t1] = [t1, f1, t1 - move];
  }
  return t1;
}
