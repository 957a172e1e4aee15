/** An answer found in prose, and by what mark. */
export interface Extracted {
  readonly answer: string;
  readonly by: "boxed" | "hashes" | "answerTag" | "finalAnswer" | "answer" | "whole";
}

/** What was thought is no answer, unless nothing follows it. */
export function afterThinking(text: string): string {
  const end = text.lastIndexOf("</think>");
  if (end === -1) return text;
  const after = text.slice(end + "</think>".length);
  return after.trim() === "" ? text.slice(0, end) : after;
}

/**
 * The answer that a response commits to, or `null`. By class: the right-most of `####`, a complete `\boxed{}` and
 * `<answer>`; then "final answer is X"; then "answer: X" and "the answer is X"; then a response that is one number.
 */
export function extractAnswer(response: string): Extracted | null {
  const text = afterThinking(response);
  const marked = [lastBoxed(text), afterHashes(text), answerTag(text)].filter((found) => found !== null);
  const last = marked.sort((a, b) => b.end - a.end)[0];
  if (last !== undefined) return { answer: last.answer, by: last.by };
  const final = afterPhrase(text, /final answer(?:\s{1,8}is)?\s{0,8}:?/gi);
  if (final !== null) return { answer: final, by: "finalAnswer" };
  const plain = afterPhrase(text, /answer(?:\s{1,8}is|\s{0,8}\*{0,4}\s{0,8}[:=])\s{0,8}:?/gi);
  if (plain !== null) return { answer: plain, by: "answer" };
  const whole = text.trim();
  return /^[$\\(]*[+-]?[\d.,/]*\d[\d.,/]*[%$\\).]*$/.test(whole) && whole.length <= 64
    ? { answer: whole, by: "whole" }
    : null;
}

interface Marked extends Extracted {
  readonly end: number;
}

/** The last complete box, found in one pass; braces are balanced, escaped ones do not count. */
export function lastBoxed(text: string): Marked | null {
  let best: Marked | null = null;
  /** For each open brace the place after it where it opens a box, else -1. */
  const open: number[] = [];
  let bestStart = -1;
  let box = -1;
  for (const match of text.matchAll(/\\{1,2}(?:boxed|fbox|framebox)\s*|\\[^]|[{}]/g)) {
    const after = match.index + match[0].length;
    if (match[0] === "{") open.push(match.index === box ? after : -1);
    else if (match[0] === "}") take(open.pop() ?? -1, match.index);
    else if (match[0].length > 2) {
      box = after;
      if (text[after] !== "{") takeBare(after);
    }
  }
  return best;

  function take(start: number, end: number): void {
    if (start <= bestStart) return;
    const answer = text.slice(start, end).trim();
    if (answer === "") return;
    bestStart = start;
    best = { answer, by: "boxed", end };
  }

  /** `\boxed 7` */
  function takeBare(start: number): void {
    const bare = /^[^\s${}\\.,]+/.exec(text.slice(start, start + 100));
    if (bare !== null) take(start, start + bare[0].length);
  }
}

/** Index of the brace that closes the one at `open`, or -1. */
export function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    const char = text[at];
    if (char === "\\") at += 1;
    else if (char === "{") depth += 1;
    else if (char === "}" && --depth === 0) return at;
  }
  return -1;
}

function afterHashes(text: string): Marked | null {
  for (const match of [...text.matchAll(/^[ \t]*####(?!#)[ \t]*([^\n]*)/gm)].reverse()) {
    const answer = match[1]!.trim();
    // "#### Step 2" is a heading, not an answer
    if (answer !== "" && !/^\**(?:step|solution|part|case|explanation)\b/i.test(answer)) {
      return { answer, by: "hashes", end: match.index + match[0].length };
    }
  }
  return null;
}

function answerTag(text: string): Marked | null {
  const start = text.lastIndexOf("<answer>");
  if (start === -1) return null;
  const from = start + "<answer>".length;
  const close = text.indexOf("</answer>", from);
  const end = close === -1 ? text.length : close;
  const inside = text.slice(from, end).trim();
  if (inside === "") return null;
  return { answer: lastBoxed(inside)?.answer ?? inside, by: "answerTag", end };
}

/** What follows the last occurrence of a phrase: to the line's end, or the next line with something on it. */
function afterPhrase(text: string, phrase: RegExp): string | null {
  for (const match of [...text.matchAll(phrase)].reverse()) {
    const rest = text.slice(match.index + match[0].length).replace(/^[\s*:#]+/, "");
    const line = sentence(rest.slice(0, 4096).split("\n", 1)[0]!);
    if (line !== "") return line;
  }
  return null;
}

/** The first formula of a line where it has one, else the line up to the end of its sentence. */
function sentence(line: string): string {
  const math = /^[^$]{0,40}?\$+([^$]+)\$/.exec(line) ?? /^.{0,40}?\\\((.+?)\\\)/.exec(line);
  if (math !== null) return math[1]!.trim();
  return line
    .split(/\.(?:\s|$)/, 1)[0]!
    .replace(/[*\s]+$/, "")
    .trim();
}
