import { betaCdf } from "./betaCdf.ts";

/** P(T > t) of Student's t with `df` degrees of freedom, t >= 0: I_x(df/2, 1/2) / 2 at x = df / (df + t^2). */
export function studentTail(t: number, df: number): number {
  return betaCdf(df / (df + t * t), df / 2, 0.5) / 2;
}
