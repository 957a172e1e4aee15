import { canonical } from "./canonical.ts";
import { type Complex, real } from "./complex.ts";
import type { Context } from "./context.ts";
import { evaluate } from "./evaluate.ts";
import { exactValue } from "./exact.ts";
import {
  contains,
  difference,
  type Expression,
  negative,
  type Operator,
  product,
  quotient,
  substituted,
  sum,
  symbolsOf,
  whole,
} from "./expression.ts";
import { fixed, toDouble } from "./fixed.ts";
import { close } from "./identity.ts";
import { ifDecided } from "./limits.ts";
import { toNumber } from "./rational.ts";
import { type Bound, complement, highest, lowest, type Piece, type RealSet, unite } from "./realSet.ts";

export const inequalities: ReadonlySet<Operator> = new Set<Operator>(["<", "<=", ">", ">=", "!="]);

/** The one variable a condition is about; `null` for none or several. */
export function variableOf(node: Expression): string | null {
  const names = [...symbolsOf(node)].filter((name) => !name.startsWith("mathbb") && name !== "emptyset");
  return names.length === 1 ? names[0]! : null;
}

/** A known number or an infinity as the end of a piece; `null` for anything else. */
export function bound(node: Expression, context: Context): Bound | null {
  const sign = infiniteSign(node);
  if (sign !== 0) return sign > 0 ? highest : lowest;
  const exact = exactValue(node, context.budget);
  if (exact !== null) return { at: toNumber(exact), node };
  if (symbolsOf(node).size > 0) return null;
  const value = ifDecided(() => valueAt(node, context));
  return value !== null && value.im === 0n ? { at: toDouble(field, value.re), node } : null;
}

const field = fixed(256);

function valueAt(node: Expression, { budget }: Context): Complex {
  budget.spend(60);
  return evaluate(node, { field, budget, valueOf: () => ({ n: 0n, d: 1n }) });
}

function infiniteSign(node: Expression): number {
  const key = canonical(node);
  return key === "#infinity"
    ? 1
    : key === "product(#infinity,-1)" || key === "product(-1,#infinity)"
      ? -1
      : 0;
}

/** Where `left` stands in the relation to 0, for a function linear in its one variable. */
export function solved(operator: Operator, left: Expression, context: Context): RealSet | null {
  const name = variableOf(left);
  if (name === null || !(inequalities.has(operator) || operator === "=")) return null;
  const line = lineOf(left, name, context);
  if (line === null) return null;
  const at = bound(line.root, context);
  if (at === null) return null;
  const [below, above] = [rayBelow(at), rayAbove(at)];
  const here: Piece = { low: at, high: at, withLow: true, withHigh: true };
  if (operator === "=") return [here];
  if (operator === "!=") return complement([here]);
  const positive = operator === ">" || operator === ">=";
  const ray = positive === line.rising ? above : below;
  return operator === "<=" || operator === ">=" ? unite([ray, here]) : [ray];
}

const rayBelow = (high: Bound): Piece => ({ low: lowest, high, withLow: false, withHigh: false });
const rayAbove = (low: Bound): Piece => ({ low, high: highest, withLow: false, withHigh: false });

interface Line {
  readonly root: Expression;
  readonly rising: boolean;
}

/** Where a linear function of one variable is zero: its values at five whole numbers show that it is linear. */
function lineOf(left: Expression, name: string, context: Context): Line | null {
  const at = (x: number): Expression => substituted(left, name, whole(x));
  // |x - 10| is linear wherever one looks
  if (contains(left, (part) => part.kind === "function" && symbolsOf(part).size > 0)) return null;
  const [start, slope] = [at(0), difference(at(1), at(0))];
  return ifDecided(() => {
    const rise = valueAt(slope, context);
    // Where one of them is zero, what rounding leaves says nothing.
    const met = [2, 3, -5, 7, -11].map((x) =>
      close(field, valueAt(at(x), context), valueAt(sum(start, product(whole(x), slope)), context)),
    );
    const straight = !met.includes(false) && met.includes(true);
    if (!straight || rise.im !== 0n || close(field, rise, real(0n)) !== false) return null;
    return { root: quotient(negative(start), slope), rising: rise.re > 0n };
  });
}
