import { type Cursor, Unreadable } from "./cursor.ts";
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
  throw new Unreadable(name);
}

function readFraction(cursor: Cursor): Expression {
  const derivative = readDerivative(cursor);
  if (derivative !== null) return derivative;
  const top = groupArgument(cursor);
  const bottom = groupArgument(cursor);
  if (top.kind === "list" || bottom.kind === "list") throw new Unreadable("list in a fraction");
  return quotient(top, bottom);
}

/** `\frac{dy}{dx}`, `\frac{d^2 y}{dx^2}`, `\frac{\partial u}{\partial t}`: a name, not a quotient */
function readDerivative(cursor: Cursor): Expression | null {
  return cursor.attempt(() => {
    const [above, below] = [differential(cursor), differential(cursor)];
    return call("derivative", symbol(above), symbol(below));
  });
}

function differential(cursor: Cursor): string {
  if (!cursor.take("{")) throw new Unreadable("differential");
  const mark = cursor.next();
  const next = cursor.peek();
  const starts = mark.type === "letter" && (mark.text === "d" || mark.text === "partial");
  if (!starts || next === undefined || next.text === "}" || next.type === "number")
    throw new Unreadable("differential");
  let name = mark.text;
  while (!cursor.is("}")) {
    const token = cursor.next();
    if (
      !(
        token.type === "letter" ||
        token.type === "number" ||
        token.text === "^" ||
        token.text === "_" ||
        token.text === "{"
      )
    )
      throw new Unreadable("differential");
    name += ` ${token.text}`;
  }
  cursor.next();
  return name;
}
