import { type Cursor, unreadable } from "./cursor.ts";
import type { Expression } from "./expression.ts";
import { maxItems, Undecided } from "./limits.ts";

const isMatrix = (name: string): boolean => /^(?:[pbBvV]?(?:small)?matrix|array)$/.test(name);
const isLines = (name: string): boolean =>
  /^(?:align(?:ed)?|gather(?:ed)?|cases|equation|split|eqnarray)$/.test(name);

/** A matrix, or the lines of an aligned environment as a list; `\begin{...}` has been read. */
export function readMatrix(cursor: Cursor, name: string): Expression {
  if (!isMatrix(name) && !isLines(name)) throw unreadable;
  const rows = cursor.withBars(false, () => readRows(cursor, name));
  if (isLines(name)) {
    const items = rows.flat();
    return items.length === 1 ? items[0]! : { kind: "list", joined: "and", items };
  }
  if (rows.some((row) => row.length !== rows[0]!.length)) throw unreadable;
  return { kind: "matrix", determinant: name === "vmatrix", rows };
}

function readRows(cursor: Cursor, name: string): Expression[][] {
  const rows: Expression[][] = [[]];
  for (let count = 0; ; count += 1) {
    if (count > maxItems) throw new Undecided("matrix too large");
    if (cursor.take(`end ${name}`, "command")) break;
    if (cursor.atEnd) break;
    if (cursor.take("\\\\")) rows.push([]);
    else if (cursor.take("hline", "command") || cursor.take(",") || cursor.take(";")) continue;
    else if (!cursor.take("&")) rows.at(-1)!.push(cursor.grammar.relation(cursor));
  }
  const kept = rows.filter((row) => row.length > 0);
  if (kept.length === 0) throw unreadable;
  return kept;
}
