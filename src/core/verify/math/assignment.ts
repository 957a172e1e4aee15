import { canonical } from "./canonical.ts";
import type { Context } from "./context.ts";
import { type Expression, type Of, parts, relationOf, substituted, symbol, symbolsOf } from "./expression.ts";

/**
 * What an answer with an approximate sign may stand for: 1/3 and 0.33 in `x = 1/3 \approx 0.33`. After a name alone the sign
 * is an equals sign: x \approx 0.33. Any other answer as it is.
 */
export function exactAndRounded(node: Expression): readonly Expression[] {
  if (node.kind === "list") return [{ ...node, items: node.items.map((item) => exactAndRounded(item)[0]!) }];
  if (node.kind !== "relation" || !node.operators.includes("~")) return [node];
  const at = node.operators.indexOf("~");
  if (at === 0 && isNameLike(node.sides[0]!)) {
    const [, ...operators] = node.operators;
    return exactAndRounded({ ...node, operators: ["=", ...operators] });
  }
  const before = node.operators.slice(0, at);
  return [node.sides[at]!, node.sides.at(-1)!].map((value) =>
    relationOf([...node.sides.slice(0, at), value], before),
  );
}

/** `name = value`, where a chain's last side is the value: x = 5 + 6 = 11. */
export interface Assignment {
  readonly name: Expression;
  readonly value: Expression;
}

/** The node as a relation of equals signs alone, or `null`. */
function equation(node: Expression): Of<"relation"> | null {
  if (node.kind !== "relation") return null;
  const all = node.operators.every(
    (operator, k) => operator === "=" || (operator === "in" && k === 0 && isFinite(node.sides[1]!)),
  );
  return all ? node : null;
}

const isFinite = (node: Expression): boolean => node.kind === "set" || node.kind === "list";

function assignmentOf(node: Expression): Assignment | null {
  const found = equation(node);
  return found !== null && isNameLike(found.sides[0]!)
    ? { name: found.sides[0]!, value: found.sides.at(-1)! }
    : null;
}

/**
 * A side that only names what is sought: `x`, `f(2)`, `NO/BO`, `|AB|`, `a + b`, `(p, q, r)`, `\sin A`; not `2x + z` nor `x^2`.
 */
function isNameLike(node: Expression): boolean {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- all other kinds are one case
  switch (node.kind) {
    case "symbol":
    case "constant":
    case "call":
    case "text":
      return true;
    case "tuple":
    case "list":
    case "ratio":
      return node.items.every(isNameLike);
    case "product":
      return node.items.every((item) => isNameLike(item) || isReciprocal(item));
    case "sum":
      return node.items.every((item) => isNameLike(item) || isOpposite(item));
    case "function":
      return node.name !== "root" && symbolsOf(node).size > 0 && node.items.every(isNameLike);
    case "power":
      return isReciprocal(node);
    default:
      return false;
  }
}

const isReciprocal = (node: Expression): boolean =>
  node.kind === "power" &&
  isNameLike(node.base) &&
  node.exponent.kind === "number" &&
  node.exponent.value.n < 0n;
const isOpposite = (node: Expression): boolean =>
  node.kind === "product" &&
  node.items.length === 2 &&
  canonical(node.items[0]!) === "-1" &&
  isNameLike(node.items[1]!);

/** The names of a list whose every item is an assignment, or `null`. */
export function assignedNames(items: readonly Expression[]): readonly string[] | null {
  const named = items.map((item) => assignmentOf(item)).filter((item) => item !== null);
  return named.length === items.length ? named.map(({ name }) => canonical(name)) : null;
}

/**
 * Compares where one or both sides are equations: x = 5 is 5, and is not y = 5. `undefined` where this rule has nothing to say.
 */
export function sameAssignment(
  gold: Expression,
  answer: Expression,
  context: Context,
): string | null | undefined {
  const residue = residueOf(answer);
  if (residue !== null && gold.kind !== "relation") return context.same(gold, residue);
  const [goldEquation, answerEquation] = [equation(gold), equation(answer)];
  if (goldEquation === null && answerEquation === null) return undefined;
  const [g, a] = [assignmentOf(gold), assignmentOf(answer)];
  if (g !== null && a !== null) return sameNamed(g, a, context) ?? undefined;
  if (goldEquation === null) return valueAlone(answerEquation!, a, gold, context);
  if (answerEquation === null && g !== null && !isInequality(answer)) return context.same(g.value, answer);
  return undefined;
}

/** 9 in `3^{34} \equiv 9 \pmod{11}` */
function residueOf(node: Expression): Expression | null {
  if (node.kind !== "relation" || node.operators.at(-1) !== "congruent") return null;
  const last = node.sides.at(-1)!;
  return last.kind === "call" && last.name === "pmod" ? last.items[0]! : last;
}

const isInequality = (node: Expression): boolean => node.kind === "relation";

/** The answer is an equation, the gold answer is not: its value, unless it is a condition such as 2x = 10. */
function valueAlone(
  relation: Of<"relation">,
  assigned: Assignment | null,
  gold: Expression,
  context: Context,
): string | null | undefined {
  if (gold.kind === "relation") return undefined;
  const first = relation.sides[0]!;
  const computed = symbolsOf(first).size === 0 && first.kind !== "text";
  if (assigned === null && !computed) return gold.kind === "list" || gold.kind === "set" ? undefined : null;
  return context.same(gold, relation.sides.at(-1)!);
}

/** Equal names and equal values; a function's own argument may be called anything: f(x) = x + 1 is f(t) = t + 1. */
function sameNamed(gold: Assignment, answer: Assignment, context: Context): string | null {
  if (canonical(gold.name) === canonical(answer.name)) return context.same(gold.value, answer.value);
  if (gold.name.kind !== "call" || answer.name.kind !== "call" || gold.name.name !== answer.name.name)
    return null;
  const [from, to] = [onlySymbol(answer.name), onlySymbol(gold.name)];
  if (from === null || to === null || symbolsOf(answer.value).has(to)) return null;
  return context.same(gold.value, substituted(answer.value, from, symbol(to)));
}

function onlySymbol(node: Expression): string | null {
  const [part, ...rest] = parts(node);
  return part?.kind === "symbol" && rest.length === 0 ? part.name : null;
}
