import { canonical } from "./canonical.ts";
import type { Context } from "./context.ts";
import { difference, type Expression, type Of, substituted } from "./expression.ts";
import { pairedOff, sameItems } from "./lists.ts";
import { bound, inequalities, solved, variableOf } from "./rays.ts";
import { complement, everything, intersect, type RealSet, sameRealSet, unite } from "./realSet.ts";

const isInequality = (node: Expression): boolean =>
  node.kind === "relation" && node.operators.every((operator) => inequalities.has(operator));
const isMembership = (node: Expression): boolean =>
  node.kind === "relation" &&
  node.operators.length === 1 &&
  (node.operators[0] === "in" || node.operators[0] === "notIn");
const isInequalityList = (node: Expression): boolean =>
  node.kind === "list" && node.items.every((item) => isInequality(item) || isMembership(item));

/** Things that can be a set of real numbers beside another one. */
export function isSetLike(node: Expression): boolean {
  if (node.kind === "combined" || node.kind === "builder" || node.kind === "set") return true;
  if (node.kind === "tuple") return node.items.length === 2;
  if (node.kind === "symbol") return node.name === "mathbb R" || node.name === "emptyset";
  return isInequality(node) || isMembership(node) || isInequalityList(node);
}

/** Sets of real numbers with known ends, compared as pieces; others by how they are written. */
export function sameSet(gold: Expression, answer: Expression, context: Context): string | null {
  if (gold.kind === "tuple" && answer.kind === "tuple") return null;
  const [saysGold, saysAnswer] = [isSaying(gold), isSaying(answer)];
  if (!saysGold && saysAnswer && !isMembership(answer) && !context.options.inequalityForSet) return null;
  if (isMembership(gold) && isInequality(answer) && !context.options.inequalityForSet) return null;
  if (saysGold && saysAnswer && variableOf(gold) !== variableOf(answer)) return null;
  if (gold.kind === "set" && answer.kind === "set") return null;
  const [a, b] = [realSet(gold, context), realSet(answer, context)];
  if (a !== null && b !== null) return sameRealSet(a, b, context) ? "set" : null;
  return sameWriting(gold, answer, context) ? "set" : null;
}

const isSaying = (node: Expression): boolean =>
  isInequality(node) || isMembership(node) || isInequalityList(node);

/** The pieces of a set or of a condition on one variable; `null` where they are not known numbers. */
export function realSet(node: Expression, context: Context): RealSet | null {
  context.budget.spend(4);
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- all other kinds are one case
  switch (node.kind) {
    case "symbol":
      return node.name === "mathbb R" ? everything : node.name === "emptyset" ? [] : null;
    case "tuple":
      return node.items.length === 2 ? interval(node, context) : null;
    case "set":
      return allOf(
        node.items.map((item) => point(item, context)),
        (pieces) => unite(pieces.flat()),
      );
    case "combined":
      return combined(node, context);
    case "builder":
      return node.element.kind === "symbol" && variableOf(node.condition) === node.element.name
        ? realSet(node.condition, context)
        : builtOn(node, context);
    case "list":
      return conditions(node, context);
    case "relation":
      return conditionSet(node, context);
    default:
      return null;
  }
}

/** `\{x \in S \mid ...\}` */
function builtOn(node: Of<"builder">, context: Context): RealSet | null {
  if (node.element.kind !== "relation") return null;
  return allOf([realSet(node.element, context), realSet(node.condition, context)], ([a, b]) =>
    intersect(a!, b!),
  );
}

function allOf<T, R>(values: readonly (T | null)[], join: (values: readonly T[]) => R): R | null {
  return values.every((value): value is T => value !== null) ? join(values) : null;
}

/** `x < 1 or x > 3` is a union; `x > 1, x != 2` an intersection, unless that would be empty. */
function conditions(node: Of<"list">, context: Context): RealSet | null {
  return allOf(
    node.items.map((item) => realSet(item, context)),
    (sets) => {
      if (variableOf(node) === null && node.items.some(isInequality)) return null;
      const common = node.joined === "or" ? [] : sets.reduce(intersect);
      return common.length > 0 ? common : unite(sets.flat());
    },
  );
}

function point(node: Expression, context: Context): RealSet | null {
  const at = bound(node, context);
  return at === null || !Number.isFinite(at.at)
    ? null
    : [{ low: at, high: at, withLow: true, withHigh: true }];
}

function interval(node: Of<"tuple">, context: Context): RealSet | null {
  const [low, high] = [bound(node.items[0]!, context), bound(node.items[1]!, context)];
  if (low === null || high === null) return null;
  return unite([
    {
      low,
      high,
      withLow: node.open === "[" && low.at > -Infinity,
      withHigh: node.close === "]" && high.at < Infinity,
    },
  ]);
}

function combined(node: Of<"combined">, context: Context): RealSet | null {
  const sets = node.items.map((item) => realSet(item, context));
  return allOf(sets, (known) => {
    if (node.operator === "union") return unite(known.flat());
    if (node.operator === "intersection") return known.reduce(intersect);
    return known.reduce((a, b) => intersect(a, complement(b)));
  });
}

function conditionSet(node: Of<"relation">, context: Context): RealSet | null {
  if (isMembership(node)) {
    if (node.sides[0]!.kind !== "symbol") return null;
    const inside = realSet(node.sides[1]!, context);
    return inside === null ? null : node.operators[0] === "in" ? inside : complement(inside);
  }
  const links = node.operators.map((operator, k) =>
    solved(operator, difference(node.sides[k]!, node.sides[k + 1]!), context),
  );
  return allOf(links, (sets) => sets.reduce(intersect));
}

/** Sets whose ends are not numbers: the same operation on equal parts, the same condition with its variable renamed. */
function sameWriting(gold: Expression, answer: Expression, context: Context): boolean {
  if (gold.kind === "combined" && answer.kind === "combined" && gold.operator === answer.operator) {
    if (gold.operator === "difference") return sameItems(gold.items, answer.items, context);
    return pairedOff(gold.items, answer.items, (a, b) => context.same(a, b) !== null);
  }
  if (gold.kind === "builder" && answer.kind === "builder") return sameBuilder(gold, answer, context);
  return false;
}

function sameBuilder(gold: Of<"builder">, answer: Of<"builder">, context: Context): boolean {
  const [to, from] = [gold.element, answer.element];
  const rename = (node: Expression): Expression =>
    to.kind === "symbol" && from.kind === "symbol" ? substituted(node, from.name, to) : node;
  return (
    context.same(gold.element, rename(answer.element)) !== null &&
    sameConditions(gold.condition, rename(answer.condition), context)
  );
}

function sameConditions(gold: Expression, answer: Expression, context: Context): boolean {
  const key = (node: Expression): string =>
    node.kind === "list" ? node.items.map(canonical).sort().join() : canonical(node);
  return key(gold) === key(answer) || context.same(gold, answer) !== null;
}
