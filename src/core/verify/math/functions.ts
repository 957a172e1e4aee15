import { type Cursor, unreadable } from "./cursor.ts";
import { apply, constant, type Expression, power, product, whole } from "./expression.ts";
import { groupArgument } from "./groups.ts";

const inverses: Readonly<Record<string, string>> = {
  sin: "arcsin", cos: "arccos", tan: "arctan", cot: "arccot", sec: "arcsec", csc: "arccsc",
  sinh: "arcsinh", cosh: "arccosh", tanh: "arctanh",
}; // prettier-ignore

const ofMany = new Set(["max", "min", "gcd", "lcm", "binomial"]);

/** A named function with its exponent, base and argument: `\sin^2 x`, `\log_{2}(32)`, `\ln |x|`, `sqrt(3)`. */
export function readFunction(cursor: Cursor): Expression {
  const { text: name } = cursor.next();
  if (name === "sqrt" || name === "cbrt") return readRoot(cursor, name);
  const { exponent, base } = attachments(cursor);
  const argument = readAngle(cursor, name);
  const inverse = exponent !== null && isMinusOne(exponent) ? inverses[name] : undefined;
  if (inverse !== undefined) return apply(inverse, argument);
  const applied = applyNamed(name, argument, base);
  return exponent === null ? applied : power(applied, exponent);
}

/** The argument of any function; of a trigonometric one with its degrees as they are meant. */
function readAngle(cursor: Cursor, name: string): Expression {
  const before = cursor.inAngle;
  cursor.inAngle = Object.hasOwn(inverses, name);
  try {
    return readArgument(cursor, name);
  } finally {
    cursor.inAngle = before;
  }
}

const isMinusOne = (node: Expression): boolean =>
  node.kind === "number" && node.value.n === -1n && node.value.d === 1n;

function attachments(cursor: Cursor): {
  readonly exponent: Expression | null;
  readonly base: Expression | null;
} {
  let [exponent, base]: [Expression | null, Expression | null] = [null, null];
  for (let k = 0; k < 2; k += 1) {
    if (cursor.take("^")) exponent = groupArgument(cursor);
    else if (cursor.take("_")) base = groupArgument(cursor);
  }
  return { exponent, base };
}

function applyNamed(name: string, argument: Expression, base: Expression | null): Expression {
  if (ofMany.has(name))
    return apply(
      name,
      ...(argument.kind === "list" || argument.kind === "tuple" || argument.kind === "set"
        ? argument.items
        : [argument]),
    );
  if (argument.kind === "list") throw unreadable;
  if (name === "exp") return power(constant("e"), argument);
  return name === "log" || name === "lg" ? apply("log", base ?? whole(10), argument) : apply(name, argument);
}

/** After `\sin`: what is in brackets, else the factors up to the next function, sign or dot. */
function readArgument(cursor: Cursor, name: string): Expression {
  if (cursor.is("(") || cursor.is("[")) {
    const close = cursor.next().text === "(" ? ")" : "]";
    const inner = cursor.withBars(false, () => cursor.grammar.list(cursor));
    cursor.close(close);
    return name === "ln" || name === "log" ? raisedArgument(cursor, inner) : inner;
  }
  if (cursor.is("{") || cursor.is("\\{"))
    return raisedArgument(cursor, cursor.is("{") ? groupArgument(cursor) : cursor.grammar.power(cursor));
  return looseArgument(cursor);
}

/** `\ln (x-1)^2` is the logarithm of the square. */
function raisedArgument(cursor: Cursor, inner: Expression): Expression {
  return cursor.take("^") ? power(inner, groupArgument(cursor)) : inner;
}

function looseArgument(cursor: Cursor): Expression {
  return cursor.nested(() => {
    if (cursor.take("-")) return product(whole(-1), looseArgument(cursor));
    const factors = [cursor.grammar.power(cursor)];
    for (;;) {
      const token = cursor.peek();
      const goesOn =
        token !== undefined &&
        (token.type === "number" ||
          token.type === "letter" ||
          (token.type === "command" && token.text === "frac") ||
          cursor.is("(") ||
          cursor.is("{"));
      if (!goesOn || (token.type === "number" && cursor.previous?.type === "number")) break;
      factors.push(cursor.grammar.power(cursor));
    }
    return factors.length === 1 ? factors[0]! : product(...factors);
  });
}

/** \sqrt{x}, \sqrt[n]{x}, \sqrt3, sqrt(x) */
function readRoot(cursor: Cursor, name: string): Expression {
  let degree: Expression = whole(name === "cbrt" ? 3 : 2);
  if (cursor.take("[")) {
    degree = cursor.grammar.sum(cursor);
    cursor.close("]");
  }
  return apply("root", degree, groupArgument(cursor));
}
