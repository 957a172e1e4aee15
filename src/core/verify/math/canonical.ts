import type { Expression } from "./expression.ts";

const unordered = new Set(["sum", "product", "set"]);

/**
 * A text that two expressions share exactly when they are written alike up to the order of terms, factors and set
 * elements. Used for equality by structure and as the identity of things that have no value here (`f(x)`, a sum to infinity).
 */
export function canonical(node: Expression): string {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- all other kinds are one case
  switch (node.kind) {
    case "number":
      return node.value.d === 1n ? `${node.value.n}` : `${node.value.n}/${node.value.d}`;
    case "constant":
      return `#${node.name}`;
    case "symbol":
      return node.name;
    case "power":
      return `(${canonical(node.base)})^(${canonical(node.exponent)})`;
    case "plusMinus":
      return `${node.sign > 0 ? "±" : "∓"}(${canonical(node.item)})`;
    case "percent":
      return `%(${canonical(node.item)})`;
    case "builder":
      return `{${canonical(node.element)}|${canonical(node.condition)}}`;
    case "based":
      return `${node.digits}@${node.base}`;
    case "text":
      return `"${node.value}"`;
    case "matrix":
      return `${node.determinant ? "det" : "matrix"}[${node.rows.map((row) => row.map(canonical).join(",")).join(";")}]`;
    case "relation":
      return node.sides.map((side, k) => canonical(side) + (node.operators[k] ?? "")).join("");
    default:
      return `${headOf(node)}(${itemsOf(node).join(",")})`;
  }
}

function itemsOf(node: Extract<Expression, { items: readonly Expression[] }>): string[] {
  const keys = node.items.map(canonical);
  return unordered.has(node.kind) ? keys.sort() : keys;
}

function headOf(node: Extract<Expression, { items: readonly Expression[] }>): string {
  if (node.kind === "function" || node.kind === "call") return `${node.kind}:${node.name}`;
  if (node.kind === "tuple") return `tuple${node.open}${node.close}`;
  if (node.kind === "combined") return node.operator;
  return node.kind;
}
