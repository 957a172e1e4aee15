import { type Cursor, unreadable } from "./cursor.ts";
import { apply, type Expression } from "./expression.ts";

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "⟨": "⟩" };

/** Round, square and angle brackets: around one thing they group, around several they are a tuple or an interval. */
export function readBracket(cursor: Cursor): Expression {
  const opened = cursor.next().text;
  if (cursor.is(closers[opened]!)) {
    cursor.next();
    return { kind: "tuple", open: "(", close: ")", items: [] };
  }
  const inner = cursor.withBars(false, () => cursor.grammar.list(cursor));
  if (cursor.is(")") || cursor.is("]") || cursor.is("⟩")) return bracketed(opened, cursor.next().text, inner);
  if (!cursor.atEnd) throw unreadable;
  return bracketed(opened, closers[opened]!, inner);
}

function bracketed(opened: string, closed: string, inner: Expression): Expression {
  const [open, close] = [opened === "[" ? "[" : "(", closed === "]" ? "]" : ")"] as const;
  if (inner.kind === "list" && inner.joined !== "or")
    return { kind: "tuple", open, close, items: inner.items };
  if (open + close === "()" || open + close === "[]") return inner;
  throw unreadable;
}

/** `{...}` of TeX groups; with commas inside it is a bare list. */
export function readBraceGroup(cursor: Cursor): Expression {
  cursor.next();
  if (cursor.take("}")) throw unreadable;
  const top = cursor.withBars(false, () => cursor.grammar.list(cursor));
  cursor.close("}");
  return top;
}

/** `\{1, 2\}` or `\{x \mid x > 2\}`; one that is never closed may be the brace before lines of an array. */
export function readSet(cursor: Cursor): Expression {
  cursor.next();
  if (cursor.take("\\}")) return { kind: "set", items: [] };
  const inner = cursor.withBars(true, () => cursor.grammar.list(cursor));
  if (cursor.take("|") || cursor.take(":")) {
    const condition = cursor.withBars(false, () => cursor.grammar.list(cursor));
    cursor.close("\\}");
    return { kind: "builder", element: inner, condition };
  }
  if (inner.kind === "matrix" && cursor.atEnd && inner.rows.every((row) => row.length === 1))
    return { kind: "list", joined: "and", items: inner.rows.flat() };
  cursor.close("\\}");
  if (inner.kind === "ratio" && inner.items.length === 2)
    return { kind: "builder", element: inner.items[0]!, condition: inner.items[1]! };
  return { kind: "set", items: inner.kind === "list" ? inner.items : [inner] };
}

const paired: Readonly<Record<string, readonly [close: string, name: string]>> = {
  "|": ["|", "abs"], "⎸": ["⎹", "abs"], "‖": ["‖", "norm"], "⌊": ["⌋", "floor"], "⌈": ["⌉", "ceil"],
}; // prettier-ignore

/** |x|, floors and ceilings */
export function readAbsolute(cursor: Cursor): Expression {
  const opened = cursor.next().text;
  const [close, name] = paired[opened]!;
  const bars = opened === "|" || opened === "‖";
  const inner = cursor.withBars(bars, () => cursor.grammar.sum(cursor));
  if (!cursor.take(close) && !(close === "⎹" && cursor.take("|"))) throw unreadable;
  return inner.kind === "matrix" ? { ...inner, determinant: true } : apply(name, inner);
}
