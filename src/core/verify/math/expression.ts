import { integer, type Rational, sameRational, zero, one } from "./rational.ts";

/** What an answer is read as: arithmetic and the structures around it, in one tree. */
export type Expression =
  /** `decimal`: written with a point or an exponent, so six decimals are what it claims. */
  | { readonly kind: "number"; readonly value: Rational; readonly decimal: boolean }
  | { readonly kind: "constant"; readonly name: "pi" | "e" | "i" | "infinity" }
  | { readonly kind: "symbol"; readonly name: string }
  | { readonly kind: "sum"; readonly items: readonly Expression[] }
  | { readonly kind: "product"; readonly items: readonly Expression[] }
  | { readonly kind: "power"; readonly base: Expression; readonly exponent: Expression }
  /** A function with a meaning here (`sin`, `log` [base, argument], `root` [degree, argument]). */
  | { readonly kind: "function"; readonly name: string; readonly items: readonly Expression[] }
  /** A function without one: `f(x)`, a derivative, a sum to infinity. Equal where name and arguments are. */
  | { readonly kind: "call"; readonly name: string; readonly items: readonly Expression[] }
  /** `+-` (sign 1) or `-+` (sign -1) before a term; all of one answer go together. */
  | { readonly kind: "plusMinus"; readonly sign: 1 | -1; readonly item: Expression }
  | { readonly kind: "percent"; readonly item: Expression }
  | { readonly kind: "list"; readonly joined: "comma" | "and" | "or"; readonly items: readonly Expression[] }
  /** Anything in brackets with commas: a tuple, a point, an interval. */
  | {
      readonly kind: "tuple";
      readonly open: "(" | "[";
      readonly close: ")" | "]";
      readonly items: readonly Expression[];
    }
  | { readonly kind: "set"; readonly items: readonly Expression[] }
  | { readonly kind: "builder"; readonly element: Expression; readonly condition: Expression }
  | {
      readonly kind: "combined";
      readonly operator: "union" | "intersection" | "difference";
      readonly items: readonly Expression[];
    }
  | {
      readonly kind: "matrix";
      readonly determinant: boolean;
      readonly rows: readonly (readonly Expression[])[];
    }
  /** `sides[0] operators[0] sides[1] operators[1] ...` */
  | {
      readonly kind: "relation";
      readonly sides: readonly Expression[];
      readonly operators: readonly Operator[];
    }
  | { readonly kind: "ratio"; readonly items: readonly Expression[] }
  | { readonly kind: "based"; readonly digits: string; readonly base: number }
  | { readonly kind: "text"; readonly value: string };

export type Operator =
  | "="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "in"
  | "notIn"
  | "~"
  | "to"
  | "congruent"
  | "subset"
  | "divides";
export type Kind = Expression["kind"];
export type Of<K extends Kind> = Extract<Expression, { kind: K }>;

export const number = (value: Rational, decimal = false): Of<"number"> => ({
  kind: "number",
  value,
  decimal,
});
export const whole = (value: number): Of<"number"> => number(integer(value));
export const symbol = (name: string): Of<"symbol"> => ({ kind: "symbol", name });
export const constant = (name: Of<"constant">["name"]): Of<"constant"> => ({ kind: "constant", name });
export const apply = (name: string, ...items: Expression[]): Of<"function"> => ({
  kind: "function",
  name,
  items,
});
export const call = (name: string, ...items: Expression[]): Of<"call"> => ({ kind: "call", name, items });
export const power = (base: Expression, exponent: Expression): Of<"power"> => ({
  kind: "power",
  base,
  exponent,
});

const flatten = (kind: "sum" | "product", items: readonly Expression[]): Expression[] =>
  items.flatMap((item) => (item.kind === kind ? item.items : [item]));

const isNumber = (item: Expression, value: Rational): boolean =>
  item.kind === "number" && !item.decimal && sameRational(item.value, value);

export function sum(...items: readonly Expression[]): Expression {
  const kept = flatten("sum", items).filter((item) => !isNumber(item, zero));
  return kept.length === 0 ? whole(0) : kept.length === 1 ? kept[0]! : { kind: "sum", items: kept };
}

export function product(...items: readonly Expression[]): Expression {
  const kept = flatten("product", items).filter((item) => !isNumber(item, one));
  return kept.length === 0 ? whole(1) : kept.length === 1 ? kept[0]! : { kind: "product", items: kept };
}

/** -x; a number's sign goes into the number, so that `-5` is one thing. */
export function negative(item: Expression): Expression {
  if (item.kind === "number") return number({ n: -item.value.n, d: item.value.d }, item.decimal);
  if (item.kind === "percent") return { kind: "percent", item: negative(item.item) };
  return product(whole(-1), item);
}

export const quotient = (a: Expression, b: Expression): Expression => product(a, power(b, whole(-1)));
export const difference = (a: Expression, b: Expression): Expression => sum(a, negative(b));

/** Every direct part of an expression, in order. */
export function parts(node: Expression): readonly Expression[] {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- all other kinds are one case
  switch (node.kind) {
    case "number":
    case "constant":
    case "symbol":
    case "based":
    case "text":
      return [];
    case "power":
      return [node.base, node.exponent];
    case "plusMinus":
    case "percent":
      return [node.item];
    case "builder":
      return [node.element, node.condition];
    case "matrix":
      return node.rows.flat();
    case "relation":
      return node.sides;
    default:
      return node.items;
  }
}

/** True when `test` holds somewhere in the tree. */
export const contains = (node: Expression, test: (node: Expression) => boolean): boolean =>
  test(node) || parts(node).some((part) => contains(part, test));

/** Names of the symbols, in the order of their first appearance. */
export function symbolsOf(node: Expression, found: Set<string> = new Set()): Set<string> {
  if (node.kind === "symbol") found.add(node.name);
  for (const part of parts(node)) symbolsOf(part, found);
  return found;
}

/** The same tree with every node passed through `change`, leaves first. */
export function rebuild(node: Expression, change: (node: Expression) => Expression): Expression {
  const again = (part: Expression): Expression => rebuild(part, change);
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- all other kinds are one case
  switch (node.kind) {
    case "number":
    case "constant":
    case "symbol":
    case "based":
    case "text":
      return change(node);
    case "sum":
      return change(sum(...node.items.map(again)));
    case "product":
      return change(product(...node.items.map(again)));
    case "power":
      return change(power(again(node.base), again(node.exponent)));
    case "plusMinus":
    case "percent":
      return change({ ...node, item: again(node.item) });
    case "builder":
      return change({ ...node, element: again(node.element), condition: again(node.condition) });
    case "matrix":
      return change({ ...node, rows: node.rows.map((row) => row.map(again)) });
    case "relation":
      return change({ ...node, sides: node.sides.map(again) });
    default:
      return change({ ...node, items: node.items.map(again) });
  }
}

/** The tree with a value, or another name, in place of a symbol. */
export const substituted = (node: Expression, name: string, value: Expression): Expression =>
  rebuild(node, (part) => (part.kind === "symbol" && part.name === name ? value : part));

/** A chain of sides; one side alone is no relation. */
export const relationOf = (
  sides: Of<"relation">["sides"],
  operators: Of<"relation">["operators"],
): Expression => (operators.length === 0 ? sides[0]! : { kind: "relation", sides, operators });

export const text = (value: string): Of<"text"> => ({ kind: "text", value });
