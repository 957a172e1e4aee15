import { readSum } from "./arithmetic.ts";
import { type Cursor, unreadable } from "./cursor.ts";
import { apply, type Expression, type Of, type Operator, quotient } from "./expression.ts";
import { maxItems, Undecided } from "./limits.ts";
import { dropUnits, isSeparatorWord } from "./units.ts";

const relations: Readonly<Record<string, Operator>> = {
  "=": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "∈": "in", "∉": "notIn", "≈": "~", "~": "~",
  "≡": "congruent", "→": "to", "⇒": "to", "⊂": "subset",
}; // prettier-ignore

/** Items joined by commas, semicolons, `and`, `or`. */
export function readList(cursor: Cursor): Expression {
  return cursor.nested(() => {
    const items = [readRelation(cursor)];
    let joined: Of<"list">["joined"] | null = null;
    for (;;) {
      const separator = takeSeparator(cursor);
      if (separator === null) break;
      joined = joined === null || joined === "comma" ? separator : joined;
      if (closes(cursor)) break;
      items.push(readRelation(cursor));
      if (items.length > maxItems) throw new Undecided("list too long");
    }
    return joined === null || items.length === 1
      ? items[0]!
      : { kind: "list", joined, items: items.flatMap(spread) };
  });
}

const spread = (item: Expression): readonly Expression[] => (item.kind === "list" ? item.items : [item]);

function closes(cursor: Cursor): boolean {
  return cursor.atEnd || [")", "]", "}", "\\}"].some((mark) => cursor.is(mark));
}

/** One separator, or several that mean one: `, \text{ and }`. */
function takeSeparator(cursor: Cursor): Of<"list">["joined"] | null {
  let found: Of<"list">["joined"] | null = null;
  for (;;) {
    const token = cursor.peek();
    if (token === undefined) return found;
    const word = token.type === "word" ? separatorWord(token.text) : null;
    if (token.type === "mark" && (token.text === "," || token.text === ";" || token.text === "\\\\"))
      found ??= "comma";
    else if (token.type === "mark" && (token.text === "or" || token.text === "and")) found = token.text;
    else if (word !== null) found = word;
    else return found;
    cursor.next();
  }
}

function separatorWord(text: string): "and" | "or" | null {
  if (!isSeparatorWord(text)) return null;
  return /or|或/i.test(text) ? "or" : "and";
}

/** a chain of sides with relation signs between, such as `1 < x \le 3` or `x = 5` */
export function readRelation(cursor: Cursor): Expression {
  const sides = [readUnion(cursor)];
  const operators: Operator[] = [];
  for (;;) {
    dropUnits(cursor);
    cursor.take("&");
    skipLineBreak(cursor);
    const operator = takeOperator(cursor);
    if (operator === null) break;
    operators.push(operator);
    cursor.take("&");
    sides.push(readUnion(cursor));
    if (sides.length > 60) throw new Undecided("answer too long");
  }
  return operators.length === 0 ? sides[0]! : { kind: "relation", sides, operators };
}

/** `\\ &= 11`: the chain goes on in the next line of an aligned display. */
function skipLineBreak(cursor: Cursor): void {
  if (!cursor.is("\\\\")) return;
  const ahead = cursor.is("&", 1) ? 2 : 1;
  const token = cursor.peek(ahead);
  if (token?.type !== "mark" || relations[token.text] === undefined) return;
  for (let k = 0; k < ahead; k += 1) cursor.next();
}

const negated: Partial<Record<Operator, Operator>> = { "=": "!=", in: "notIn" };

function takeOperator(cursor: Cursor): Operator | null {
  const token = cursor.peek();
  if (token?.type === "word" && /^(?:is|are|equals|为|是)$/.test(token.text)) {
    cursor.next();
    return "=";
  }
  if (token?.type !== "mark") return null;
  if (token.text === "not") {
    cursor.next();
    const inner = takeOperator(cursor);
    const flipped = inner === null ? undefined : negated[inner];
    if (flipped === undefined) throw unreadable;
    return flipped;
  }
  const operator = relations[token.text];
  if (operator === undefined) return null;
  cursor.next();
  if (operator === "<" && cursor.take("=")) return "<=";
  if (operator === ">" && cursor.take("=")) return ">=";
  return operator;
}

const setOperators: Readonly<Record<string, Of<"combined">["operator"]>> = {
  "∪": "union",
  "∩": "intersection",
  "∖": "difference",
};

/** sets joined by union, intersection and difference, from left to right; or the parts of a ratio */
function readUnion(cursor: Cursor): Expression {
  let left = readStack(cursor);
  for (let count = 0; count < maxItems; count += 1) {
    const token = cursor.peek();
    const operator = token?.type === "mark" ? setOperators[token.text] : undefined;
    if (operator === undefined)
      return isRatioSign(cursor) && !cursor.barCloses ? readRatio(cursor, left) : left;
    cursor.next();
    const right = readStack(cursor);
    left =
      left.kind === "combined" && left.operator === operator
        ? { ...left, items: [...left.items, right] }
        : { kind: "combined", operator, items: [left, right] };
  }
  throw new Undecided("answer too long");
}

/** `n \choose k`, `a+1 \over 2`: all that stands before in the group, above all that follows. */
function readStack(cursor: Cursor): Expression {
  const top = readSum(cursor);
  if (cursor.take("choose", "command")) return apply("binomial", top, readSum(cursor));
  return cursor.take("over", "command") ? quotient(top, readSum(cursor)) : top;
}

/** `3:4`, `3 \text{ to } 4` */
const isRatioSign = (cursor: Cursor): boolean => cursor.is(":") || cursor.is("to", 0, "word");

function readRatio(cursor: Cursor, first: Expression): Expression {
  const items = [first];
  while (isRatioSign(cursor)) {
    cursor.next();
    items.push(readSum(cursor));
  }
  return { kind: "ratio", items };
}
