import type { TraceText } from "./traceText.ts";

/** As far back as a run of joined characters is looked at. */
const look = 64;
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Beside the point too, in px: at the beginning of a line Chromium may name the beginning of the paragraph. */
const probes: readonly number[] = [0, 4, -4, 9];

/**
 * The offset of the character under a point of the window, -1 for none. A caret snaps to the nearest text and to the
 * nearer side of a character, so the boxes of the characters on both its sides are tested.
 */
export function offsetAt(text: TraceText, x: number, y: number): number {
  for (const aside of probes) {
    const caret = document.caretPositionFromPoint(x + aside, y);
    const block = caret && text.blockOfNode(caret.offsetNode);
    if (!caret || !block) continue;
    const { node } = block;
    for (const character of charactersBeside(node.data, caret.offset))
      if (covers(node, character, { x, y })) return block.start + character.start;
  }
  return -1;
}

interface Character {
  readonly start: number;
  readonly end: number;
}

function covers(node: Text, { start, end }: Character, { x, y }: { x: number; y: number }): boolean {
  const range = document.createRange();
  range.setStart(node, start);
  range.setEnd(node, end);
  return [...range.getClientRects()].some(
    (box) => x >= box.left && x < box.right && y >= box.top && y < box.bottom,
  );
}

/** What a person sees as one character, after the offset and before it. */
function charactersBeside(text: string, offset: number): readonly Character[] {
  let from = Math.max(0, offset - look);
  const unit = text.charCodeAt(from);
  if (unit >= 0xdc00 && unit < 0xe000) from++;
  const found: Character[] = [];
  for (const { index, segment } of segmenter.segment(text.slice(from, offset + look))) {
    const start = from + index;
    const end = start + segment.length;
    if (end >= offset) found.unshift({ start, end });
    if (start >= offset) break;
  }
  return found;
}
