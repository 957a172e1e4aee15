import { normaliseAnswer } from "./normalise.ts";
import { parseRational, sameRational } from "./rational.ts";

export interface Comparison {
  readonly verdict: "equal" | "notEqual" | "undecided";
  readonly how: string;
}

const equal = (how: string): Comparison => ({ verdict: "equal", how });
const notEqual = (how: string): Comparison => ({ verdict: "notEqual", how });

/** Compares two answers (not prose). */
export function compareAnswers(gold: string, answer: string): Comparison {
  const [a, b] = withoutName(normaliseAnswer(gold), normaliseAnswer(answer));
  if (a === "" || b === "")
    return a === b ? { verdict: "undecided", how: "nothing to compare" } : notEqual("string");
  const [left, right] = [group(a), group(b)];
  if (left.items.length > 1 || right.items.length > 1) return compareGroups(left, right);
  return compareOne(a, b);
}

function compareOne(a: string, b: string): Comparison {
  const [x, y] = [parseRational(a), parseRational(b)];
  if (x !== null && y !== null) {
    if (!sameRational(x, y)) return notEqual("exact");
    return equal(x.num * y.den === y.num * x.den ? "exact" : "rounding");
  }
  return spelling(a) === spelling(b) ? equal("string") : notEqual("string");
}

/** Words in any case; `(C)` is C. One letter alone keeps its case: it may be a variable. */
function spelling(text: string): string {
  const choice = /^\(?([A-J])\)?[.:]?$/.exec(text);
  if (choice !== null) return choice[1]!;
  return /^[a-z]{2,}$/i.test(text) ? text.toLowerCase() : text;
}

/** `x=5` is 5 where the other side has no name; `x=5` is not `y=5`. */
function withoutName(a: string, b: string): readonly [string, string] {
  const name = /^([a-zA-Z](?:_\{?\w+\}?)?(?:\([a-z]\))?)=(?=[^=]+$)/;
  const [left, right] = [name.exec(a), name.exec(b)];
  if (left !== null && right === null) return [a.slice(left[0].length), b];
  if (left === null && right !== null) return [a, b.slice(right[0].length)];
  return [a, b];
}

interface Group {
  readonly open: string;
  readonly close: string;
  readonly items: readonly string[];
}

/** Tuple, interval, set or bare list: brackets (empty for a bare list) and what stands between the commas. */
function group(text: string): Group {
  const match = /^(\(|\[|\\\{)(.*?)(\)|\]|\\\})$/s.exec(text);
  if (match !== null) {
    const items = splitTop(match[2]!);
    if (items !== null && items.length > 1) return { open: match[1]!, close: match[3]!, items };
  }
  if (parseRational(text) !== null) return { open: "", close: "", items: [text] };
  return { open: "", close: "", items: splitTop(text) ?? [text] };
}

/** Splits at commas outside brackets; `null` where the brackets do not match. */
function splitTop(text: string): readonly string[] | null {
  const items: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]!;
    if ("([{".includes(char)) depth += 1;
    else if (")]}".includes(char)) depth -= 1;
    else if (char === "," && depth === 0) {
      items.push(text.slice(start, at));
      start = at + 1;
    }
    if (depth < 0) return null;
  }
  if (depth !== 0) return null;
  items.push(text.slice(start));
  return items.map((item) => item.replaceAll("\u200a", ""));
}

const maxItems = 200;

function compareGroups(a: Group, b: Group): Comparison {
  if (a.items.length > maxItems || b.items.length > maxItems) {
    return { verdict: "undecided", how: `more than ${maxItems} items` };
  }
  const ordered = isOrdered(a);
  if (ordered !== isOrdered(b)) return notEqual("list");
  if (ordered && (a.open !== b.open || a.close !== b.close)) return notEqual("tuple");
  if (a.items.length !== b.items.length) return notEqual("list");
  if (!ordered) return sameUnordered(a.items, b.items) ? equal("list") : notEqual("list");
  return a.items.every((item, at) => same(item, b.items[at]!)) ? equal("tuple") : notEqual("tuple");
}

/** Bare lists and sets have no order; tuples and intervals have. */
const isOrdered = (of: Group): boolean => of.open === "(" || of.open === "[";

function sameUnordered(a: readonly string[], b: readonly string[]): boolean {
  const left = [...b];
  return a.every((item) => {
    const at = left.findIndex((other) => same(item, other));
    if (at !== -1) left.splice(at, 1);
    return at !== -1;
  });
}

const same = (a: string, b: string): boolean => {
  const [x, y] = withoutName(a, b);
  return compareOne(x, y).verdict === "equal";
};
