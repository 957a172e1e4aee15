import type { TraceText } from "./traceText.ts";

/** As far back as a run of joined characters is looked at. */
const look = 64;
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * The offset of the character under a point of the window, -1 for none. A caret snaps to the nearest text and to the
 * nearer side of a character, so the boxes of the characters on both its sides are tested.
 */
export function offsetAt(text: TraceText, x: number, y: number): number {
  const caret = document.caretPositionFromPoint(x, y);
  const block = caret && text.blockOfNode(caret.offsetNode);
  if (!caret || !block) return -1;
  const { node } = block;
  for (const { start, end } of charactersBeside(node.data, caret.offset)) {
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, end);
    for (const box of range.getClientRects())
      if (x >= box.left && x < box.right && y >= box.top && y < box.bottom) return block.start + start;
  }
  return -1;
}

/** What a person sees as one character, after the offset and before it. */
function charactersBeside(text: string, offset: number): readonly { start: number; end: number }[] {
  let from = Math.max(0, offset - look);
  const unit = text.charCodeAt(from);
  if (unit >= 0xdc00 && unit < 0xe000) from++;
  const found: { start: number; end: number }[] = [];
  for (const { index, segment } of segmenter.segment(text.slice(from, offset + look))) {
    const start = from + index;
    const end = start + segment.length;
    if (end >= offset) found.unshift({ start, end });
    if (start >= offset) break;
  }
  return found;
}
