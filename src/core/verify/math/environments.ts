import type { Span } from "./boxes.ts";

const pairs = [
  ["$$", "$$"],
  ["\\[", "\\]"],
  ["\\(", "\\)"],
  ["$", "$"],
] as const;

/** UTF-16 units of one formula. */
const maxFormula = 6000;

/** The formula that starts at `at` ($...$, $$...$$, \(...\), \[...\]), or `null`. Formulas in a line stay on it. */
function formulaAt(text: string, at: number): Span | null {
  for (const [open, close] of pairs) {
    if (!text.startsWith(open, at)) continue;
    const from = at + open.length;
    const reach = text.slice(from, from + maxFormula + 2);
    const length = closing(reach, close);
    const end = from + length;
    if (length < 0) return null;
    const content = text.slice(from, end);
    const inline = open === "$" || open === "\\(";
    if (content.trim() === "" || (inline && content.includes("\n")) || (open === "$" && isProse(content)))
      return null;
    return { start: at, end: end + close.length, content };
  }
  return null;
}

function closing(text: string, close: string): number {
  for (let at = text.indexOf(close); at >= 0; at = text.indexOf(close, at + 1)) {
    if (text[at - 1] !== "\\" || close.startsWith("\\")) return at;
  }
  return -1;
}

/** Between two prices stands prose, not a formula. */
const isProse = (content: string): boolean =>
  /(?:^|[^\\a-zA-Z{])[a-z]{3,}\s+[a-z]{2,}\b/.test(content.replace(/\\[a-z]+\s*\{[^{}]*\}/g, ""));

/** Openings without a close that are tried before the search gives up. */
const maxFailures = 100;

/** The last formulas of a text; at most `limit` of them. */
export function lastFormulas(text: string, limit: number): readonly Span[] {
  const found: Span[] = [];
  let failures = 0;
  for (let at = nextOpening(text, 0); at >= 0 && failures < maxFailures;) {
    const span = formulaAt(text, at);
    if (span === null) failures += 1;
    else found.push(span);
    if (found.length > limit) found.shift();
    at = nextOpening(text, span === null ? at + 1 : span.end);
  }
  return found;
}

function nextOpening(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === "\\") {
      if (text[at + 1] === "(" || text[at + 1] === "[") return at;
      at += 1;
    } else if (char === "$") return at;
  }
  return -1;
}

/** A formula with the ones that follow it after `and`, `or` or a comma: `$1$ and $2$`. */
export function formulaRun(text: string, at: number): Span | null {
  const first = formulaAt(text, at);
  if (first === null) return null;
  const contents = [first.content];
  let end = first.end;
  for (let k = 0; k < 12; k += 1) {
    const gap = /^\s*(?:,?\s*(?:and|or|和|或)\b|[,，、])\s*(?=\$|\\\(|\\\[)/.exec(text.slice(end, end + 24));
    const next = gap === null ? null : formulaAt(text, end + gap[0].length);
    if (next === null) break;
    contents.push(next.content);
    end = next.end;
  }
  return { start: at, end, content: contents.join(", ") };
}

/** What follows a formula or box and belongs to its value: a per cent sign or word. */
export function percentAfter(text: string, end: number): boolean {
  return /^[\s}$]*(?:\\\)|\\\])?[\s$]*(?:\\?%|percent\b|pct\b|per cent\b|percentage\b(?!\s+point))/i.test(
    text.slice(end, end + 24),
  );
}
