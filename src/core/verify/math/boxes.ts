import { groupAt } from "./tokens.ts";

/** A piece of a text: `content` is what it holds, `start` and `end` are where it stands, its dress included. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly content: string;
}

/** Boxes beyond this many from the end are not looked at. */
const maxBoxes = 12;

/** `\boxed{...}` and `\fbox{...}`, the last ones, in their order. A box that is never closed goes to the end of its line. */
export function findBoxes(text: string): readonly Span[] {
  const boxes: Span[] = [];
  let before = text.length;
  let tried = 0;
  for (
    let looked = 0;
    looked < 2000 && tried < 3 * maxBoxes && boxes.length < maxBoxes && before > 0;
    looked += 1
  ) {
    const at = text.lastIndexOf("box", before - 1);
    if (at < 0) break;
    before = at;
    const box = boxAt(text, at, boxes[0]?.start ?? text.length);
    if (box === undefined) continue;
    tried += 1;
    if (box !== null && box.content.trim() !== "") boxes.unshift(box);
  }
  return boxes;
}

/**
 * The box in whose name `box` stands at `at`: `\boxed`, `\fbox`, `\framebox`, or `boxed{` whose backslash got lost.
 * `undefined` where it is no such name, `null` for a box that cannot be read.
 */
function boxAt(text: string, at: number, limit: number): Span | null | undefined {
  const before = text.slice(Math.max(0, at - 6), at);
  const lead = /\\(?:f(?:rame)?)?$/.exec(before)?.[0] ?? "";
  const isBoxed = text.startsWith("ed", at + 3);
  const nameEnd = at + (isBoxed ? 5 : 3);
  const bare = lead === "" && text[nameEnd] === "{" && !/\w$/.test(before);
  const head = /^\s*(\{|\S)/.exec(text.slice(nameEnd, nameEnd + 12));
  if (head === null || !(isBoxed ? lead === "\\" || bare : lead.length > 1)) return undefined;
  const start = at - lead.length;
  if (head[1] !== "{") {
    const word = /^\s*(\S{1,40})/.exec(text.slice(nameEnd, nameEnd + 60))![0];
    return { start, end: nameEnd + word.length, content: word.replace(/[$.,]+$/, "") };
  }
  const window = text.slice(nameEnd, Math.min(text.length, nameEnd + 20_000));
  const { content, end } = groupAt(window, 0);
  const closed = window[end - 1] === "}" && end <= window.length && content.length + 2 <= end;
  if (closed) return { start, end: nameEnd + end, content };
  const line = /^[^\n]*/.exec(content)![0].replace(/\$+\s*\.?\s*$/, "");
  return nameEnd + line.length > limit ? null : { start, end: nameEnd + line.length + 1, content: line };
}

/** Boxes that are one answer of several parts: the last and those before it at less than 10 characters, or 70 with a connecting word or comma. */
export function joinedBoxes(text: string, boxes: readonly Span[]): readonly Span[] {
  let first = boxes.length - 1;
  while (first > 0 && belongTogether(text, boxes[first - 1]!, boxes[first]!)) first -= 1;
  const group = boxes.slice(Math.max(0, first));
  return group.filter((box, k) => k === 0 || box.content.trim() !== group[k - 1]!.content.trim());
}

function belongTogether(text: string, a: Span, b: Span): boolean {
  const gap = text.slice(a.end, b.start);
  // "6, no, wait: 7" is one answer taken back
  if (
    /\b(?:wait|no|not|actually|instead|sorry|oops|rather|mistake|should|hmm|so|thus|hence|therefore)\b|不|错/i.test(
      gap,
    )
  )
    return false;
  return (
    gap.length < 10 || (gap.length < 70 && /\b(?:and|or)\b|[,;，、和或]/.test(gap) && !/\n\s*\n/.test(gap))
  );
}
