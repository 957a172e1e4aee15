import type { UnitColumns } from "./scoredTrace.ts";
import type { TokenAlignment } from "./alignTokens.ts";
import { isSpecialPiece, type TokenPiece } from "./tokenPiece.ts";

export type CharacterBoundary = "codePoint" | "grapheme";

/**
 * Groups aligned tokens into display units: each ends where a character does, so tokens that share a character (an
 * emoji of three tokens) are one unit. `grapheme`: what a person sees as one character is not cut either, such as a
 * flag, a family of emoji, a letter with its accents, CR LF (Unicode Annex 29, by Intl.Segmenter).
 */
export function displayUnits(
  text: string,
  aligned: TokenAlignment & { readonly kind: "tiled" },
  pieces: readonly TokenPiece[],
  boundary: CharacterBoundary = "grapheme",
): UnitColumns {
  const { bytes, ends } = aligned;
  const between = boundary === "grapheme" ? graphemeBoundaries(text) : () => true;
  const [starts, unitEnds, firstTokens] = [[] as number[], [] as number[], [0]];
  let [at, offset, start] = [0, 0, 0];
  for (let token = 0; token < ends.length; token += 1) {
    const end = ends[token] as number;
    // A lead byte of four bytes is a surrogate pair in UTF-16, a continuation byte is nothing.
    for (; at < end; at += 1) {
      const byte = bytes[at] as number;
      if ((byte & 0xc0) !== 0x80) offset += byte >= 0xf0 ? 2 : 1;
    }
    const last = token === ends.length - 1;
    const cut = end < bytes.length && ((bytes[end] as number) & 0xc0) === 0x80;
    if (!last && (cut || beginsNext(pieces, token) || !between(offset))) continue;
    starts.push(start);
    unitEnds.push(offset);
    firstTokens.push(token + 1);
    start = offset;
  }
  return {
    starts: Uint32Array.from(starts),
    ends: Uint32Array.from(unitEnds),
    firstTokens: Uint32Array.from(firstTokens),
  };
}

/** An empty token that is no special one holds the first bytes of a character whose last token carries it all. */
function beginsNext(pieces: readonly TokenPiece[], token: number): boolean {
  const [piece, next] = [pieces[token], pieces[token + 1]];
  return piece?.text === "" && !piece.special && next !== undefined && !isSpecialPiece(next);
}

/** Letters, digits and ideographs before which nothing is ever joined on, and after which only a mark may be. */
const simple = (code: number): boolean =>
  (code < 0x300 && code !== 0x0d && code !== 0xa9 && code !== 0xae) ||
  (code >= 0x3041 && code <= 0x3096) ||
  (code >= 0x30a1 && code <= 0x30fa) ||
  (code >= 0x4e00 && code <= 0x9fff) ||
  (code >= 0xac00 && code <= 0xd7a3);

/** Whether a UTF-16 offset lies between two graphemes; only what is not simple is segmented, run by run. */
function graphemeBoundaries(text: string): (offset: number) => boolean {
  const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  let run = { start: 0, end: 0, breaks: new Set<number>() };
  return (offset) => {
    if (offset <= 0 || offset >= text.length) return true;
    const [before, after] = [text.charCodeAt(offset - 1), text.charCodeAt(offset)];
    if (simple(before) && simple(after)) return true;
    if (offset < run.start || offset > run.end || run.end === 0) run = segmented(text, offset, segmenter);
    return run.breaks.has(offset);
  };
}

function segmented(text: string, offset: number, segmenter: Intl.Segmenter): GraphemeRun {
  let start = offset - 1;
  while (start > 0 && !(simple(text.charCodeAt(start)) && simple(text.charCodeAt(start - 1)))) start -= 1;
  let end = offset + 1;
  while (end < text.length && !(simple(text.charCodeAt(end - 1)) && simple(text.charCodeAt(end)))) end += 1;
  const breaks = new Set([start, end]);
  for (const { index } of segmenter.segment(text.slice(start, end))) breaks.add(start + index);
  return { start, end, breaks };
}

interface GraphemeRun {
  start: number;
  end: number;
  breaks: Set<number>;
}
