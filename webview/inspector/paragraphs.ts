/** UTF-16 range. */
interface Piece {
  readonly start: number;
  readonly end: number;
}

export interface Paragraph extends Piece {
  /** What goes into one text node each. */
  readonly nodes: readonly Piece[];
}

/** A text of many lines is cut into paragraphs of about this size, at the end of a line. */
const longestParagraph = 4096;
/** Longer lines are cut into nodes of this size, which nobody sees: a node of 100,000 characters is slow to paint on. */
const longestNode = 1024;

/** Tiles `text[from, to)`: paragraphs end with a line, nodes between two characters. */
export function paragraphsIn(text: string, from: number, to: number): readonly Paragraph[] {
  const paragraphs: Paragraph[] = [];
  for (let start = from; start < to;) {
    const end = endOfParagraph(text, start, to);
    paragraphs.push({
      start,
      end,
      nodes: end - start <= longestParagraph ? [{ start, end }] : cut(text, start, end),
    });
    start = end;
  }
  return paragraphs;
}

function endOfParagraph(text: string, start: number, to: number): number {
  if (to - start <= longestParagraph) return to;
  const last = text.lastIndexOf("\n", start + longestParagraph - 1);
  if (last >= start) return last + 1;
  const next = text.indexOf("\n", start + longestParagraph);
  return next === -1 || next >= to ? to : next + 1;
}

function cut(text: string, from: number, to: number): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let start = from; start < to;) {
    const end = to - start <= longestNode ? to : between(text, start + longestNode);
    pieces.push({ start, end });
    start = end;
  }
  return pieces;
}

/** A place at `at` or a little before it where no accent or second half of a pair follows. */
function between(text: string, at: number): number {
  for (let back = 0; back < 64; back++) if (text.charCodeAt(at - back) < 0x300) return at - back;
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit < 0xe000 ? at - 1 : at;
}
