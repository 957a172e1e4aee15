import { readPower, readSum, readTight } from "./arithmetic.ts";
import { Cursor, unreadable } from "./cursor.ts";
import { type Expression, type Of, symbol } from "./expression.ts";
import { readList, readRelation } from "./structures.ts";
import { type TokenOptions, tokenise } from "./tokens.ts";

const grammar = { list: readList, relation: readRelation, sum: readSum, tight: readTight, power: readPower };

export interface Reading {
  readonly expression: Expression;
  /** Units and other words that were left out. */
  readonly dropped: readonly string[];
}

/** Reads a normalised answer. Throws `unreadable` where it is not one, `Undecided` where it is too large. */
export function parse(normalised: string, options?: TokenOptions): Reading {
  const cursor = new Cursor(tokenise(normalised, options), grammar);
  const expression = readList(cursor);
  if (!cursor.atEnd) throw unreadable;
  return { expression: settled(expression), dropped: cursor.dropped };
}

/** `n = 2, 3, 4` says that n is the list. */
function settled(node: Expression): Expression {
  if (node.kind !== "list" || node.items[0]?.kind !== "relation") return node;
  const [first, ...rest] = node.items;
  const bare = rest.length > 0 && rest.every((item) => item.kind !== "relation" && item.kind !== "text");
  if (
    !bare ||
    first?.kind !== "relation" ||
    first.operators.some((operator) => operator !== "=" && operator !== "in")
  )
    return node;
  const list: Of<"list"> = { kind: "list", joined: node.joined, items: [first.sides.at(-1)!, ...rest] };
  return { kind: "relation", sides: [...first.sides.slice(0, -1), list], operators: first.operators };
}

/** The part after the last equals sign, where what stands before it is not readable. */
export function parseAfterEquals(normalised: string, options?: TokenOptions): Reading | null {
  const at = normalised.lastIndexOf("=");
  const head = normalised.slice(0, Math.max(0, at)).trim();
  if (head === "" || /[,;=<>!]/.test(head)) return null;
  const { expression, dropped } = parse(normalised.slice(at + 1), options);
  return { expression: { kind: "relation", sides: [symbol(head), expression], operators: ["="] }, dropped };
}
