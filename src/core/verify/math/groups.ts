import { type Cursor, unreadable } from "./cursor.ts";
import { type Expression, whole } from "./expression.ts";

/** The argument of a command: a group in braces, or the next single thing (one digit, as TeX has it). */
export function groupArgument(cursor: Cursor): Expression {
  return cursor.nested(() => {
    if (cursor.take("{")) {
      const inner = cursor.withBars(false, () => cursor.grammar.list(cursor));
      cursor.close("}");
      return inner;
    }
    if (cursor.peek()?.type === "number") return whole(Number(cursor.takeDigit()));
    return cursor.grammar.power(cursor);
  });
}

/** The text of a subscript, without braces: `1`, `n+1`, `AB`, `min`. */
export function subscriptText(cursor: Cursor): string {
  if (!cursor.take("{")) return cursor.next().text;
  let depth = 1;
  let text = "";
  for (;;) {
    if (cursor.atEnd) return text;
    const token = cursor.next();
    if (token.type === "mark" && token.text === "{") depth += 1;
    if (token.type === "mark" && token.text === "}" && --depth === 0) return text;
    text += token.text;
    if (text.length > 80) throw unreadable;
  }
}
