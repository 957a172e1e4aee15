import { sameAssignment } from "./assignment.ts";
import type { Context } from "./context.ts";
import type { Expression, Kind, Of } from "./expression.ts";
import { sameExpression } from "./identity.ts";
import { sameItems, sameList } from "./lists.ts";
import { sameMatrix } from "./matrix.ts";
import { prepared } from "./prepare.ts";
import { sameRelation } from "./relation.ts";
import { sameSet, isSetLike } from "./sets.ts";
import { sameWords } from "./text.ts";

const arithmetic: ReadonlySet<Kind> = new Set<Kind>([
  "number",
  "constant",
  "symbol",
  "sum",
  "product",
  "power",
  "function",
  "call",
  "percent",
]);

/** How two answers are equal, or `null`. `Undecided` is thrown where that cannot be told. */
export function compareAnswers(
  gold: Expression,
  answer: Expression,
  context: Omit<Context, "same">,
): string | null {
  const whole: Context = { ...context, same: (a, b) => compare(prepared(a), prepared(b), whole) };
  return whole.same(gold, answer);
}

function compare(gold: Expression, answer: Expression, context: Context): string | null {
  context.budget.spend(4);
  const assigned = sameAssignment(gold, answer, context);
  if (assigned !== undefined) return assigned;
  if (gold.kind === "text" || answer.kind === "text")
    return gold.kind === "text" && answer.kind === "text" && sameWords(gold.value, answer.value)
      ? "text"
      : null;
  if (gold.kind === "matrix" || answer.kind === "matrix") return sameMatrix(gold, answer, context);
  if (gold.kind === "relation" && answer.kind === "relation") {
    const same = sameRelation(gold, answer, context);
    if (same !== null) return same;
  }
  if (isSetLike(gold) && isSetLike(answer)) {
    const same = sameSet(gold, answer, context);
    if (same !== null) return same;
  }
  if (isMany(gold) || isMany(answer)) return sameList(gold, answer, context);
  if (gold.kind === "tuple" || answer.kind === "tuple") return sameTuple(gold, answer, context);
  if (gold.kind === "ratio" || answer.kind === "ratio") return sameRatio(gold, answer, context);
  if (gold.kind === "based" || answer.kind === "based") return sameBased(gold, answer);
  if (arithmetic.has(gold.kind) && arithmetic.has(answer.kind)) return sameExpression(gold, answer, context);
  return null;
}

const isMany = (node: Expression): boolean => node.kind === "list" || node.kind === "set";

/** Points and intervals: the same number of parts, pairwise equal; of two parts the brackets count. */
function sameTuple(first: Expression, second: Expression, context: Context): string | null {
  const [gold, answer] = [unnamedPoint(first), unnamedPoint(second)];
  if (gold.kind !== "tuple" || answer.kind !== "tuple" || gold.items.length !== answer.items.length)
    return null;
  const brackets = gold.open === answer.open && gold.close === answer.close;
  if (gold.items.length === 2 && !brackets) return null;
  return sameItems(gold.items, answer.items, context) ? "tuple" : null;
}

/** `P(1, 2)` beside a tuple is the point. */
const unnamedPoint = (node: Expression): Expression =>
  node.kind === "call" && /^[A-Z]$/.test(node.name)
    ? { kind: "tuple", open: "(", close: ")", items: node.items }
    : node;

/** 3:4 is 6:8 and 3/4; a clock time (7:30) is only itself. */
function sameRatio(gold: Expression, answer: Expression, context: Context): string | null {
  const [a, b] = [ratioParts(gold), ratioParts(answer)];
  if (a === null || b === null || a.length !== b.length) return null;
  if (sameItems(a, b, context)) return "ratio";
  if ((isTime(gold) && isTime(answer)) || isZeroNumber(a[0]!)) return null;
  const scaled = a.every((part, k) => {
    const [left, right]: [Expression, Expression] = [
      { kind: "product", items: [part, b[0]!] },
      { kind: "product", items: [b[k]!, a[0]!] },
    ];
    return sameExpression(left, right, context) !== null;
  });
  return scaled ? "ratio" : null;
}

const isZeroNumber = (node: Expression): boolean => node.kind === "number" && node.value.n === 0n;

function ratioParts(node: Expression): readonly Expression[] | null {
  if (node.kind === "ratio") return node.items;
  if (!arithmetic.has(node.kind)) return null;
  return [node, { kind: "number", value: { n: 1n, d: 1n }, decimal: false }];
}

function isTime(node: Expression): boolean {
  if (node.kind !== "ratio" || node.items.length !== 2) return false;
  const [hours = -1, minutes = -1] = node.items.map((item) =>
    item.kind === "number" && item.value.d === 1n ? Number(item.value.n) : -1,
  );
  return hours >= 0 && hours <= 24 && minutes < 60 && (minutes >= 10 || minutes === 0);
}

/** 204_5 is 204 to the base 5: the same digits to the same base, or the digits alone where that was asked for. */
function sameBased(gold: Expression, answer: Expression): string | null {
  if (gold.kind === "based" && answer.kind === "based")
    return gold.digits === answer.digits && gold.base === answer.base ? "base" : null;
  const [based, plain] = gold.kind === "based" ? [gold, answer] : [answer as Of<"based">, gold];
  if (plain.kind !== "number" || plain.decimal || `${plain.value.n}` !== based.digits || plain.value.d !== 1n)
    return null;
  return gold.kind === "based" || based.base === 10 ? "base" : null;
}
