import type { Cursor } from "./cursor.ts";
import { call, type Expression, parts, product, rebuild, sum, symbol, whole } from "./expression.ts";
import { groupArgument } from "./groups.ts";

/**
 * Sums, products, integrals and limits: the operator with its bounds and what it stands before, down to the next sign.
 * Short sums and products between whole numbers are written out. The others are not computed: with the bound variable
 * renamed they are equal where they are written alike.
 */
export function readSeries(cursor: Cursor, name: string): Expression {
  return cursor.nested(() => {
    const bounds: Expression[] = [];
    for (let k = 0; k < 2; k += 1) {
      if (cursor.take("_")) bounds.unshift(boundOf(cursor));
      else if (cursor.take("^")) bounds.push(groupArgument(cursor));
    }
    const body = cursor.grammar.tight(cursor);
    return renamed(name, bounds, body);
  });
}

function boundOf(cursor: Cursor): Expression {
  if (!cursor.take("{")) return groupArgument(cursor);
  const inner = cursor.grammar.list(cursor);
  cursor.close("}");
  return inner;
}

function renamed(name: string, bounds: readonly Expression[], body: Expression): Expression {
  const [first, last] = bounds;
  const variable = first?.kind === "relation" ? first.sides[0]! : null;
  const named = variable?.kind === "symbol" || (variable?.kind === "constant" && variable.name === "i");
  if (variable === null || !named) return call(name, ...bounds, body);
  const put = (node: Expression, value: Expression): Expression =>
    rebuild(node, (part) => (isSame(part, variable) ? value : subscripts(part, variable)));
  const from = first?.kind === "relation" ? wholeValue(first.sides[1]) : null;
  const terms = name === "sum" || name === "prod" ? termsBetween(from, wholeValue(last), body) : null;
  if (terms !== null && terms.length > 0)
    return (name === "sum" ? sum : product)(...terms.map((k) => put(body, whole(k))));
  return call(name, ...bounds.map((bound) => put(bound, bounded)), put(body, bounded));
}

const bounded = symbol("#bound");

const isSame = (a: Expression, b: Expression): boolean =>
  (a.kind === "symbol" && b.kind === "symbol" && a.name === b.name) ||
  (a.kind === "constant" && b.kind === "constant" && a.name === b.name);

const wholeValue = (node: Expression | undefined): number | null =>
  node?.kind === "number" && node.value.d === 1n ? Number(node.value.n) : null;

/** Nodes of a sum that is written out. */
const maxNodes = 3000;

const sizeOf = (node: Expression): number => parts(node).reduce((total, part) => total + sizeOf(part), 1);

function termsBetween(from: number | null, to: number | null, body: Expression): readonly number[] | null {
  if (from === null || to === null || to < from || (to - from + 1) * sizeOf(body) > maxNodes) return null;
  return Array.from({ length: to - from + 1 }, (_, k) => from + k);
}

/** `F_k` with the bound variable k */
function subscripts(node: Expression, variable: Expression): Expression {
  if (node.kind !== "symbol" || variable.kind !== "symbol" || !node.name.includes("_")) return node;
  const [head = "", ...tail] = node.name.split("_");
  return symbol([head, ...tail.map((part) => part.replaceAll(variable.name, "#bound"))].join("_"));
}
