import { encodeLine, type StoredLine } from "./labelLine.ts";

/** Time, then line id: the same order whatever order files and lines came in. */
function byTime(a: StoredLine, b: StoredLine): number {
  return a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Each line once (a merge may double one), in order of time. */
export function inOrder(lines: Iterable<StoredLine>): readonly StoredLine[] {
  const byId = new Map<string, StoredLine>();
  for (const line of lines) {
    const known = byId.get(line.id);
    // Two lines of one id differ only where somebody edited one: which of them holds must not hang on the order.
    if (known === undefined || encodeLine(known) < encodeLine(line)) byId.set(line.id, line);
  }
  return [...byId.values()].sort(byTime);
}

/** Label and adjudication lines that nobody took back, in order of time. Only a rater's own lines can be taken back. */
export function standing(lines: Iterable<StoredLine>): readonly StoredLine[] {
  const ordered = inOrder(lines);
  const revoked = new Set<string>();
  for (const { act, rater } of ordered) if (act.type === "undo") revoked.add(`${rater}\n${act.line}`);
  return ordered.filter(({ id, rater, act }) => act.type !== "undo" && !revoked.has(`${rater}\n${id}`));
}
