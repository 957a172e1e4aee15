import { type Expression, parts } from "./expression.ts";

const unordered = new Set(["sum", "product", "set"]);

/**
 * A text that two expressions share exactly when they are written alike up to the order of terms, factors and set
 * elements. Used for equality by structure and as the identity of things that have no value here (`f(x)`, a sum to infinity).
 */
export function canonical(node: Expression): string {
  if (node.kind === "number")
    return node.value.d === 1n ? `${node.value.n}` : `${node.value.n}/${node.value.d}`;
  if (node.kind === "symbol") return node.name;
  if (node.kind === "constant") return `#${node.name}`;
  const keys = parts(node).map(canonical);
  const own: unknown[] = Object.values(node).filter((value) => typeof value !== "object");
  if (node.kind === "relation") own.push(...node.operators);
  if (node.kind === "matrix") own.push(node.rows.length);
  return `${own.join(":")}(${(unordered.has(node.kind) ? keys.sort() : keys).join(",")})`;
}
