// LaTeX in Markdown: \( \), \[ \], $$ $$ and a guarded $ $. Code spans and fences stay as they are.
import type { MarkdownIt } from "markdown-it";
import type { StateInline } from "markdown-it";

/** A formula is not longer than this: what follows a lone mark would be searched again and again. */
const longest = 5000;

interface Delimiters {
  readonly open: string;
  readonly close: string;
  readonly display: boolean;
}

const delimiters: readonly Delimiters[] = [
  { open: "\\(", close: "\\)", display: false },
  { open: "\\[", close: "\\]", display: true },
  { open: "$$", close: "$$", display: true },
  { open: "$", close: "$", display: false },
];

/** Inline rules before those of escapes and code: the displays may hold lines, but no blank ones. */
export function mathRules(markdown: MarkdownIt): void {
  markdown.inline.ruler.before("escape", "math", (state, silent) => {
    const found = mathAt(state.src, state.pos, state.posMax);
    if (found === null) return false;
    if (!silent) push(state, found);
    state.pos = found.end;
    return true;
  });
  markdown.block.ruler.before(
    "fence",
    "mathBlock",
    (state, startLine, endLine, silent) => {
      const at = (state.bMarks[startLine] ?? 0) + (state.tShift[startLine] ?? 0);
      const found = mathAt(state.src, at, state.eMarks[endLine - 1] ?? state.src.length);
      if (found === null || !found.display) return false;
      const line = lineEndingAt(state, found.end, { startLine, endLine });
      if (line === -1) return false;
      if (silent) return true;
      const token = state.push("math", "math", 0);
      token.content = found.content;
      token.block = true;
      token.meta = { display: true, source: state.src.slice(at, found.end) };
      token.map = [startLine, line + 1];
      state.line = line + 1;
      return true;
    },
    { alt: ["paragraph", "reference", "blockquote", "list"] },
  );
}

/** The line that a display ends, with nothing but space behind it; -1 for none. */
function lineEndingAt(
  state: { readonly src: string; readonly eMarks: readonly number[] },
  end: number,
  { startLine, endLine }: { readonly startLine: number; readonly endLine: number },
): number {
  for (let line = startLine; line < endLine; line++) {
    const mark = state.eMarks[line] ?? 0;
    if (mark >= end) return state.src.slice(end, mark).trim() === "" ? line : -1;
  }
  return -1;
}

function push(state: StateInline, { content, display, start, end }: Found): void {
  const token = state.push("math", "math", 0);
  token.content = content;
  token.meta = { display, source: state.src.slice(start, end) };
}

export interface Found {
  readonly content: string;
  readonly display: boolean;
  readonly start: number;
  readonly end: number;
}

/** The formula that begins at `at`; `null` for none. */
function mathAt(text: string, at: number, max = text.length): Found | null {
  const code = text.charCodeAt(at);
  if (code !== 0x24 && code !== 0x5c) return null;
  const found = delimiters.find(({ open }) => text.startsWith(open, at));
  if (found === undefined) return null;
  const { open, close, display } = found;
  const from = at + open.length;
  const end = closing(text, { close, from, max });
  if (end === -1) return null;
  const content = text.slice(from, end);
  if (content.trim() === "" || /\n[ \t]*\n/u.test(content)) return null;
  if (open === "$" && !guarded(text, { at, from, end })) return null;
  return { content, display, start: at, end: end + close.length };
}

function closing(
  text: string,
  { close, from, max }: { readonly close: string; readonly from: number; readonly max: number },
): number {
  const stop = Math.min(max, from + longest);
  for (let at = from; at < stop; at++) {
    if (text.startsWith(close, at)) return at + close.length <= max ? at : -1;
    if (text.charCodeAt(at) === 0x5c) at++;
  }
  return -1;
}

/**
 * Pandoc's rule for a lone `$`: no space inside the marks, no digit behind the second. Beyond it: no letter before the
 * first or behind the second, no formula across lines, none around the mark of a code span. So `$5 and $6` are prices.
 */
function guarded(
  text: string,
  { at, from, end }: { readonly at: number; readonly from: number; readonly end: number },
): boolean {
  const [first, last] = [text.charAt(from), text.charAt(end - 1)];
  const before = text.charAt(at - 1);
  return (
    !/\s/u.test(first) &&
    !/\s/u.test(last) &&
    !/[\p{L}\p{N}]/u.test(text.charAt(end + 1)) &&
    !/[\p{L}\p{N}\\]/u.test(before) &&
    !/[\n`]/u.test(text.slice(from, end))
  );
}
