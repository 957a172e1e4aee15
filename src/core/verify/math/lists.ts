import { canonical } from "./canonical.ts";
import type { Context } from "./context.ts";
import type { Expression } from "./expression.ts";
import { Undecided } from "./limits.ts";
import { assignedNames } from "./assignment.ts";

/** Pairwise in order. */
export const sameItems = (
  gold: readonly Expression[],
  answer: readonly Expression[],
  context: Context,
): boolean =>
  gold.length === answer.length && gold.every((item, k) => context.same(item, answer[k]!) !== null);

/** One-to-one: each of the first finds a partner of its own, and none of the second is left. */
export function pairedOff<T>(
  first: readonly T[],
  second: readonly T[],
  same: (a: T, b: T) => boolean,
): boolean {
  const left = [...second];
  return (
    first.length === left.length &&
    first.every((item) => {
      const at = left.findIndex((other) => same(item, other));
      if (at >= 0) left.splice(at, 1);
      return at >= 0;
    })
  );
}

/**
 * Bare lists and sets are unordered. Repetitions count only where the gold list has some (a double root). Against a tuple, or against bare values
 * where the gold answer names each (x = 1, y = 2), the order counts.
 */
export function sameList(gold: Expression, answer: Expression, context: Context): string | null {
  const ordered = inOrder(gold, answer);
  const dedupe =
    gold.kind === "set" ||
    answer.kind === "set" ||
    (!ordered && distinct(itemsOf(gold)).length === itemsOf(gold).length);
  const [a, b] = [itemsOf(gold), itemsOf(answer)].map((items) => (dedupe ? distinct(items) : items)) as [
    readonly Expression[],
    readonly Expression[],
  ];
  if (a.length !== b.length) return null;
  if (ordered) return sameItems(a, b, context) ? "tuple" : null;
  return matched(a, b, context) ? (gold.kind === "set" || answer.kind === "set" ? "set" : "list") : null;
}

function itemsOf(node: Expression): readonly Expression[] {
  if (node.kind === "list" || node.kind === "set") return node.items;
  if (node.kind === "tuple" && (node.items.length > 2 || (node.open === "(" && node.close === ")")))
    return node.items;
  return [node];
}

function inOrder(gold: Expression, answer: Expression): boolean {
  const bothTuples = (node: Expression): boolean => node.kind === "tuple";
  if (bothTuples(gold) || bothTuples(answer)) return !itemsAreTuples(gold) && !itemsAreTuples(answer);
  const [named, bare] = [assignedNames(itemsOf(gold)), assignedNames(itemsOf(answer))];
  return (named === null) !== (bare === null) && new Set(named ?? bare).size > 1;
}

const itemsAreTuples = (node: Expression): boolean => itemsOf(node).every((item) => item.kind === "tuple");

function distinct(items: readonly Expression[]): readonly Expression[] {
  const seen = new Map(items.map((item) => [canonical(item), item]));
  return [...seen.values()];
}

/** A one-to-one matching; equality being transitive, the first partner found is as good as any. */
function matched(gold: readonly Expression[], answer: readonly Expression[], context: Context): boolean {
  const byText = new Map<string, Expression[]>();
  for (const item of answer) {
    const key = canonical(item);
    const alike = byText.get(key);
    if (alike === undefined) byText.set(key, [item]);
    else alike.push(item);
  }
  const open = gold.filter((item) => byText.get(canonical(item))?.pop() === undefined);
  if (open.length > 40) throw new Undecided("list too long");
  return pairedOff(open, [...byText.values()].flat(), (a, b) => context.same(a, b) !== null);
}
