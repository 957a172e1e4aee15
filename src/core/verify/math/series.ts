import type { Cursor } from "./cursor.ts";
import { call, type Expression, rebuild, symbol } from "./expression.ts";
import { groupArgument } from "./groups.ts";

/**
 * Sums, products, integrals and limits: the operator with its bounds and what it stands before, down to the next sign.
 * They are not computed here: with the bound variable renamed they are equal where they are written alike.
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
  const first = bounds[0];
  const side = first?.kind === "relation" ? first.sides[0] : undefined;
  const variable =
    side?.kind === "symbol" ? side.name : side?.kind === "constant" && side.name === "i" ? "i" : null;
  if (variable === null || variable === "i") return call(name, ...bounds, body);
  const swap = (node: Expression): Expression =>
    node.kind === "symbol" && node.name === variable ? symbol("#bound") : subscripts(node, variable);
  return call(name, ...bounds.map((bound) => rebuild(bound, swap)), rebuild(body, swap));
}

/** `F_k` with the bound variable k */
function subscripts(node: Expression, variable: string): Expression {
  if (node.kind !== "symbol" || !node.name.includes("_")) return node;
  const [head = "", ...tail] = node.name.split("_");
  return symbol([head, ...tail.map((part) => part.replaceAll(variable, "#bound"))].join("_"));
}
