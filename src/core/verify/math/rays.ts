import { canonical } from "./canonical.ts";
import type { Context } from "./context.ts";
import { evaluate } from "./evaluate.ts";
import { exactValue } from "./exact.ts";
import { difference, type Expression, number, type Operator, rebuild, symbolsOf } from "./expression.ts";
import { fixed, toDouble } from "./fixed.ts";
import { Undecided } from "./limits.ts";
import { divide, isZero, negate, type Rational, subtract, toNumber } from "./rational.ts";
import { type Bound, complement, type Piece, type RealSet, unite } from "./realSet.ts";

export const inequalities: ReadonlySet<Operator> = new Set<Operator>(["<", "<=", ">", ">=", "!="]);

/** The one variable a condition is about; `null` for none or several. */
export function variableOf(node: Expression): string | null {
  const names = [...symbolsOf(node)].filter((name) => !name.startsWith("mathbb") && name !== "emptyset");
  return names.length === 1 ? names[0]! : null;
}

/** A known number or an infinity as the end of a piece; `null` for anything else. */
export function bound(node: Expression, context: Context): Bound | null {
  const sign = infiniteSign(node);
  if (sign !== 0) return { at: sign * Infinity, node: null };
  const exact = exactValue(node, context.budget);
  if (exact !== null) return { at: toNumber(exact), node };
  if (symbolsOf(node).size > 0) return null;
  try {
    const field = fixed(256);
    const value = evaluate(node, { field, budget: context.budget, valueOf: () => ({ n: 0n, d: 1n }) });
    return value.im === 0n ? { at: toDouble(field, value.re), node } : null;
  } catch (error) {
    if (error instanceof Undecided) return null;
    throw error;
  }
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

const rayBelow = (high: Bound): Piece => ({
  low: { at: -Infinity, node: null },
  high,
  withLow: false,
  withHigh: false,
});
const rayAbove = (low: Bound): Piece => ({
  low,
  high: { at: Infinity, node: null },
  withLow: false,
  withHigh: false,
});

interface Line {
  readonly root: Expression;
  readonly rising: boolean;
}

/** A variable alone against a constant, or a linear function with exact coefficients. */
function lineOf(left: Expression, name: string, context: Context): Line | null {
  const items = left.kind === "sum" ? left.items : [left];
  const own = items.filter((item) => symbolsOf(item).has(name));
  const rest = items.filter((item) => !symbolsOf(item).has(name));
  const sign =
    own.length === 1 && own[0]!.kind === "symbol"
      ? 1
      : own.length === 1 &&
          canonical(own[0]!) ===
            canonical({ kind: "product", items: [number({ n: -1n, d: 1n }), { kind: "symbol", name }] })
        ? -1
        : 0;
  if (sign !== 0) {
    const constantPart: Expression =
      rest.length === 0
        ? number({ n: 0n, d: 1n })
        : rest.length === 1
          ? rest[0]!
          : { kind: "sum", items: rest };
    return {
      root: sign > 0 ? difference(number({ n: 0n, d: 1n }), constantPart) : constantPart,
      rising: sign > 0,
    };
  }
  return linear(left, name, context);
}

function linear(left: Expression, name: string, context: Context): Line | null {
  const at = (x: bigint): Rational | null =>
    exactValue(
      rebuild(left, (part) =>
        part.kind === "symbol" && part.name === name ? number({ n: x, d: 1n }) : part,
      ),
      context.budget,
    );
  const values = safely(() => [at(0n), at(1n), at(2n), at(-3n)]);
  if (values === null) return null;
  const [f0, f1, f2, f3] = values;
  if (f0 === null || f1 === null || f2 === null || f3 === null) return null;
  const slope = subtract(f1!, f0!);
  const straight =
    isZero(subtract(subtract(f2!, f1!), slope)) && isZero(subtract(f3!, subtract(f0!, times3(slope))));
  if (isZero(slope) || !straight) return null;
  return { root: number(negate(divide(f0!, slope))), rising: slope.n > 0n };
}

const times3 = (a: Rational): Rational => ({ n: 3n * a.n, d: a.d });

function safely<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch (error) {
    if (error instanceof Undecided && error.message !== "too much work") return null;
    throw error;
  }
}
