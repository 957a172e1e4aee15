import { canonical } from "./canonical.ts";
import { type Complex, real, times } from "./complex.ts";
import type { Context } from "./context.ts";
import { evaluate, pointValue } from "./evaluate.ts";
import { contains, difference, type Expression, type Of, type Operator, symbolsOf } from "./expression.ts";
import { fixed } from "./fixed.ts";
import { close, isArithmetic } from "./identity.ts";
import { ifDecided, Undecided } from "./limits.ts";
import { pairedOff } from "./lists.ts";
import type { Rational } from "./rational.ts";

interface Link {
  readonly operator: Operator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `a < b < c` says two things; > and >= are turned round. */
function linksOf(node: Of<"relation">): readonly Link[] {
  return node.operators.map((operator, k) => {
    const [left, right] = [node.sides[k]!, node.sides[k + 1]!];
    if (operator === ">") return { operator: "<", left: right, right: left };
    if (operator === ">=") return { operator: "<=", left: right, right: left };
    return { operator, left, right };
  });
}

/**
 * Equations and inequalities that say the same: link by link in any order, each equal up to a constant factor
 * (positive for an inequality) or, for equations, up to a power of one variable that is no solution at zero.
 */
export function sameRelation(gold: Of<"relation">, answer: Of<"relation">, context: Context): string | null {
  const same = (a: Link, b: Link): boolean => sameLink(a, b, context);
  return pairedOff(linksOf(gold), linksOf(answer), same) ? "relation" : null;
}

function sameLink(gold: Link, answer: Link, context: Context): boolean {
  if (gold.operator !== answer.operator) return false;
  const straight = (): boolean =>
    context.same(gold.left, answer.left) !== null && context.same(gold.right, answer.right) !== null;
  const values = [gold.left, gold.right, answer.left, answer.right].every(isValue);
  const comparable =
    gold.operator === "=" || gold.operator === "!=" || gold.operator === "<" || gold.operator === "<=";
  if (!values || !comparable) return straight();
  if (canonical(gold.left) === canonical(answer.left) && straight()) return true;
  const factor = proportion(
    difference(gold.left, gold.right),
    difference(answer.left, answer.right),
    context,
  );
  return factor !== null && (factor > 0 || gold.operator === "=" || gold.operator === "!=");
}

const isValue = (node: Expression): boolean =>
  isArithmetic(node) && !contains(node, ({ kind }) => kind === "based" || kind === "plusMinus");

interface Pair {
  readonly a: Complex;
  readonly b: Complex;
  readonly valueOf: (name: string) => Rational;
}

const field = fixed(256);

/** The sign of the constant c with a = c b, or 1 where only a power of a variable is between; `null` where they differ. */
function proportion(a: Expression, b: Expression, context: Context): 1 | -1 | null {
  const pairs: Pair[] = [];
  for (let index = 0; index < 6 && pairs.length < 4; index += 1) {
    const pair = pairAt(a, b, { context, index });
    if (pair !== null) pairs.push(pair);
  }
  if (pairs.length < 2) throw new Undecided("no point where both have a value");
  if (constantFactor(pairs)) {
    const [first] = pairs;
    return first!.a.re > 0n === first!.b.re > 0n ? 1 : -1;
  }
  return monomialFactor(pairs, a, b, context) ? 1 : null;
}

function pairAt(
  a: Expression,
  b: Expression,
  at: { readonly context: Context; readonly index: number },
): Pair | null {
  const valueOf = (name: string): Rational => pointValue(name, at.index, "real");
  const place = { field, budget: at.context.budget, valueOf };
  return ifDecided(() => ({ a: evaluate(a, place), b: evaluate(b, place), valueOf }));
}

/** a_k b_0 = a_0 b_k at every point, and neither is zero everywhere */
function constantFactor(pairs: readonly Pair[]): boolean {
  const [first, ...rest] = pairs;
  const zero = real(0n);
  if (close(field, first!.a, zero) !== false || close(field, first!.b, zero) !== false) return false;
  return rest.every(
    ({ a, b }) => close(field, times(field, a, first!.b), times(field, b, first!.a)) === true,
  );
}

/** xy = 6 and y = 6/x: a power of one variable between, and the side without the division has no solution where it is 0. */
function monomialFactor(pairs: readonly Pair[], a: Expression, b: Expression, context: Context): boolean {
  for (const name of symbolsOf(a)) {
    for (const exponent of [1, 2, -1, -2]) {
      const scaled = pairs.map((pair) => scaledBy(pair, name, exponent));
      if (constantFactor(scaled)) return nowhereZero(exponent > 0 ? a : b, name, context);
    }
  }
  return false;
}

function scaledBy(pair: Pair, name: string, exponent: number): Pair {
  const { n, d } = pair.valueOf(name);
  const factor = real((n << field.bits) / d);
  const raised = Math.abs(exponent) === 2 ? times(field, factor, factor) : factor;
  return exponent > 0
    ? { ...pair, b: times(field, pair.b, raised) }
    : { ...pair, a: times(field, pair.a, raised) };
}

function nowhereZero(node: Expression, name: string, context: Context): boolean {
  const valueOf = (other: string): Rational =>
    other === name ? { n: 0n, d: 1n } : pointValue(other, 0, "real");
  const value = ifDecided(() => evaluate(node, { field, budget: context.budget, valueOf }));
  return value !== null && symbolsOf(node).size === 2 && close(field, value, real(0n)) === false;
}
