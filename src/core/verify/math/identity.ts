import { canonical } from "./canonical.ts";
import { absComplex, type Complex, minus } from "./complex.ts";
import { evaluate, type Place, pointValue } from "./evaluate.ts";
import { exactValue } from "./exact.ts";
import { contains, type Expression, type Kind, parts, symbolsOf } from "./expression.ts";
import { fixed, type Fixed } from "./fixed.ts";
import { ifDecided, type StepBudget, Undecided } from "./limits.ts";
import { sameRationalFunction } from "./modular.ts";
import { sameRational, type Rational } from "./rational.ts";
import { withinDecimals } from "./rounding.ts";

/** How two expressions were found equal. */
export type How = "structure" | "exact" | "rounding" | "identity" | "value";

export interface Precision {
  /** Decimal places that must agree where one side is written as a decimal. */
  readonly decimals: number;
  readonly budget: StepBudget;
}

/** Equality of two arithmetic expressions: `null` where they differ. Throws `Undecided` where it cannot be told. */
export function sameExpression(a: Expression, b: Expression, precision: Precision): How | null {
  if (canonical(a) === canonical(b)) return "structure";
  if (!isArithmetic(a) || !isArithmetic(b)) return null;
  const { budget } = precision;
  const [left, right] = [exactValue(a, budget), exactValue(b, budget)];
  const decimal = isDecimal(a) || isDecimal(b);
  if (left !== null && right !== null) {
    if (sameRational(left, right)) return "exact";
    return decimal && withinDecimals(left, right, { ...precision, written: isWritten(a) && isWritten(b) })
      ? "rounding"
      : null;
  }
  if (isInfinite(a) || isInfinite(b)) return null;
  const same = sameRationalFunction(a, b, budget);
  if (same === true) return "identity";
  const names = new Set([...symbolsOf(a), ...symbolsOf(b)]);
  const constants = names.size === 0 && !contains(a, isCall) && !contains(b, isCall);
  if (same === false && !(constants && decimal)) return null;
  return constants ? sameConstant(a, b, { ...precision, decimal }) : sameFunction(a, b, budget);
}

const structures: ReadonlySet<Kind> = new Set<Kind>([
  "list",
  "tuple",
  "set",
  "builder",
  "combined",
  "matrix",
  "relation",
  "ratio",
  "text",
]);

/** True where every part has a value of its own: no list, text or relation anywhere outside a function without meaning. */
export const isArithmetic = (node: Expression): boolean =>
  node.kind === "call" || (!structures.has(node.kind) && parts(node).every(isArithmetic));

const isInfinite = (node: Expression): boolean =>
  contains(node, (part) => part.kind === "constant" && part.name === "infinity");
const isCall = (node: Expression): boolean => node.kind === "call";
export const isDecimal = (node: Expression): boolean =>
  contains(node, (part) => part.kind === "number" && part.decimal);

/** 0.25, 2.5 \times 10^{-1} */
const isWritten = (node: Expression): boolean =>
  node.kind === "product" && node.items.length === 2
    ? isWritten(node.items[0]!) && /^power\(10,-?\d+\)$/.test(canonical(node.items[1]!))
    : node.kind === "number" && node.decimal;

const coarse = 256;
const fine = 2048;

function sameConstant(
  a: Expression,
  b: Expression,
  { decimals, decimal, budget }: Precision & { readonly decimal: boolean },
): How | null {
  const verdict = closeAt(fixed(coarse), a, b, budget) ?? closeAt(fixed(fine), a, b, budget);
  if (verdict === null) throw new Undecided("values too close or too extreme");
  if (verdict) return "value";
  if (!decimal) return null;
  const [x, y] = valuesAt(a, b, { field: fixed(coarse), budget, valueOf: noNames });
  if (x.im !== 0n || y.im !== 0n) return null;
  const d = 1n << BigInt(coarse);
  return withinDecimals({ n: x.re, d }, { n: y.re, d }, { decimals, written: false }) ? "rounding" : null;
}

const noNames = (): Rational => {
  throw new Undecided("a name without a value");
};

const valuesAt = (a: Expression, b: Expression, place: Place): readonly [Complex, Complex] => [
  evaluate(a, place),
  evaluate(b, place),
];

function closeAt(field: Fixed, a: Expression, b: Expression, budget: StepBudget): boolean | null {
  const [x, y] = valuesAt(a, b, { field, budget, valueOf: noNames });
  return close(field, x, y);
}

/**
 * True when equal to all but the last 56 of the bits that the larger value leaves, false when they differ in the upper
 * half of them, `null` between, and where the values are so large or so small that fixed point says little.
 */
export function close(field: Fixed, a: Complex, b: Complex): boolean | null {
  const [sizeA, sizeB] = [absComplex(field, a), absComplex(field, b)];
  const larger = sizeA > sizeB ? sizeA : sizeB;
  if (larger === 0n) return true;
  const scale = larger > field.one ? larger : field.one;
  const difference = absComplex(field, minus(a, b));
  const noise = scale >> (field.bits - 56n);
  if (larger < field.one >> 100n) return tiny(field, larger, difference);
  if (noise > field.one >> 60n) return null;
  if (difference <= noise) return true;
  return difference > scale >> (field.bits / 2n) ? false : null;
}

/** e^{-150} is not 0 and sin(pi) is: only at the higher precision can they be told apart. */
function tiny(field: Fixed, larger: bigint, difference: bigint): boolean | null {
  if (field.bits <= BigInt(coarse)) return null;
  if (larger < field.one >> (field.bits - 64n)) return true;
  return difference > larger >> 100n ? false : difference < larger >> 400n ? true : null;
}

const needsIntegers = (node: Expression): boolean =>
  node.kind === "function" &&
  ["factorial", "doubleFactorial", "binomial", "mod", "gcd", "lcm"].includes(node.name);

/**
 * Equality of two functions of their names at six real points, positive, negative and mixed. Without an `i` in them only
 * points count where both are real (u^{1/2}/v^{3/4} has no other), unless there are none.
 */
function sameFunction(a: Expression, b: Expression, budget: StepBudget): How | null {
  const isI = (node: Expression): boolean => node.kind === "constant" && node.name === "i";
  const complex = contains(a, isI) || contains(b, isI);
  const style = contains(a, needsIntegers) || contains(b, needsIntegers) ? "integer" : "real";
  let [agreed, agreedOffDomain] = [0, 0];
  for (let index = 0; index < 6; index += 1) {
    const seen = atPoint(a, b, budget, (name) => pointValue(name, index, style));
    if (seen === null) continue;
    const onDomain = complex || seen.real;
    if (!seen.same && onDomain) return null;
    if (onDomain) agreed += 1;
    else agreedOffDomain += seen.same ? 1 : -6;
  }
  if (agreed >= 2 || (agreed === 0 && agreedOffDomain >= 2)) return "identity";
  if (agreedOffDomain < 0 && agreed === 0) return null;
  throw new Undecided("no point where both have a value");
}

interface Seen {
  readonly same: boolean;
  readonly real: boolean;
}

function atPoint(
  a: Expression,
  b: Expression,
  budget: StepBudget,
  valueOf: (name: string) => Rational,
): Seen | null {
  return ifDecided(() => {
    for (const bits of [coarse, fine]) {
      const field = fixed(bits);
      const [x, y] = valuesAt(a, b, { field, budget, valueOf });
      const same = close(field, x, y);
      if (same !== null) return { same, real: isReal(field, x) && isReal(field, y) };
    }
    return null;
  });
}

function isReal(field: Fixed, { re, im }: Complex): boolean {
  const limit = ((re < 0n ? -re : re) + field.one) >> (field.bits - 60n);
  return im <= limit && -im <= limit;
}
