/**
 * JSON, and the NaN, Infinity and -Infinity that Python's `json` writes (as `null`: such a score is no score).
 * Throws a SyntaxError for anything else.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const plain = withoutNonFinite(text);
    if (plain === null) throw error;
    return JSON.parse(plain);
  }
}

const nonFinite = /-?\bInfinity\b|\bNaN\b/g;

/** The words outside strings replaced by null; `null` when there are none. No regex over strings: they may be 50 MB. */
function withoutNonFinite(text: string): string | null {
  const pieces: string[] = [];
  let changed = false;
  for (let at = 0; at < text.length;) {
    const open = text.indexOf('"', at);
    const outside = text.slice(at, open === -1 ? text.length : open);
    const replaced = outside.replaceAll(nonFinite, "null");
    changed ||= replaced !== outside;
    const close = open === -1 ? text.length : endOfString(text, open);
    pieces.push(replaced, open === -1 ? "" : text.slice(open, close));
    at = close;
  }
  return changed ? pieces.join("") : null;
}

function endOfString(text: string, open: number): number {
  for (let quote = text.indexOf('"', open + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

/** What is wrong, short; V8 quotes parts of the text, which may be long. */
export function jsonProblem(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `not valid JSON (${message.length > 140 ? `${message.slice(0, 140)}...` : message})`;
}
