import { type Cursor, unreadable } from "./cursor.ts";
import { apply, call, type Expression, quotient, symbol } from "./expression.ts";
import { groupArgument, subscriptText } from "./groups.ts";
import { readMatrix } from "./matrixSyntax.ts";
import { accentCommands } from "./vocabulary.ts";
import { readSeries } from "./series.ts";

const series = new Set(["sum", "prod", "int", "iint", "iiint", "oint", "lim", "limsup", "liminf"]);

export const operandCommands: ReadonlySet<string> = new Set([
  "frac",
  "binom",
  "det",
  "tr",
  "rank",
  "arg",
  ...series,
  ...accentCommands,
]);

/** An operand that starts with a command. */
export function readCommand(cursor: Cursor): Expression {
  const { text: name } = cursor.next();
  if (name === "frac") return readFraction(cursor);
  if (name === "binom") return apply("binomial", groupArgument(cursor), groupArgument(cursor));
  if (name.startsWith("begin ")) return readMatrix(cursor, name.slice(6));
  if (series.has(name)) return readSeries(cursor, name);
  if (accentCommands.has(name))
    return symbol(`${name === "bar" ? "overline" : name} ${subscriptText(cursor)}`);
  if (name === "det" || name === "tr" || name === "rank" || name === "arg") {
    const inner = cursor.grammar.power(cursor);
    return name === "det" && inner.kind === "matrix" ? { ...inner, determinant: true } : call(name, inner);
  }
  throw unreadable;
}

function readFraction(cursor: Cursor): Expression {
  const derivative = readDerivative(cursor);
  if (derivative !== null) return derivative;
  const top = groupArgument(cursor);
  const bottom = groupArgument(cursor);
  if (top.kind === "list" || bottom.kind === "list") throw unreadable;
  return quotient(top, bottom);
}

/** `\frac{dy}{dx}`, `\frac{d^2 y}{dx^2}`, `\frac{\partial u}{\partial t}`: a name, not a quotient */
function readDerivative(cursor: Cursor): Expression | null {
  return cursor.attempt(() => {
    const [above, below] = [differential(cursor), differential(cursor)];
    return call("derivative", symbol(above), symbol(below));
  });
}

/** The tokens of `{dx^2}` as one name. */
function differential(cursor: Cursor): string {
  const end = cursor.closingAhead("{", "}");
  const name = Array.from({ length: Math.max(0, end) }, (_, k) => cursor.peek(k)!.text).join(" ");
  if (!/^\{ (?:d|partial)(?: [\w^{}]+)+$/.test(name) || /^\{ \w+ \d/.test(name)) throw unreadable;
  for (let k = 0; k <= end; k += 1) cursor.next();
  return name;
}
