/** A part of a trace: the thinking between `<think>` and `</think>`, or the answer outside it. UTF-16 range. */
export interface TraceSegment {
  readonly kind: "think" | "answer";
  readonly start: number;
  readonly end: number;
  /** Range of the text inside the tags; the segment's own range holds the tags too. */
  readonly inner: { readonly start: number; readonly end: number };
}

/** A step of a chain of thought. UTF-16 range, white space at its end included, so that steps tile the trace. */
export interface TraceStep {
  /** 0-based. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly part: "think" | "answer";
  /** The first line, for lists; at most 80 characters. */
  readonly title: string;
}

/**
 * Thinking and answer. Reasoning models' templates put `<think>` into the prompt, so a trace may hold the end tag alone:
 * then all before it is thinking. A thinking that was cut off has no end tag.
 */
export function splitThinking(text: string): readonly TraceSegment[] {
  const open = /<think>/.exec(text);
  const close = /<\/think>/.exec(text);
  if (open === null && close === null) return text === "" ? [] : [whole("answer", 0, text.length)];
  const start = open !== null && (close === null || open.index < close.index) ? open.index : 0;
  const innerStart = open !== null && start === open.index ? start + "<think>".length : start;
  const innerEnd = close?.index ?? text.length;
  const end = close === null ? text.length : close.index + "</think>".length;
  const think: TraceSegment = { kind: "think", start, end, inner: { start: innerStart, end: innerEnd } };
  const before = start > 0 ? [whole("answer", 0, start)] : [];
  const after = end < text.length ? [whole("answer", end, text.length)] : [];
  return [...before, think, ...after];
}

const whole = (kind: TraceSegment["kind"], start: number, end: number): TraceSegment => ({
  kind,
  start,
  end,
  inner: { start, end },
});

/** What begins a step of its own even without a blank line before it. */
const heading =
  /^\s{0,3}(?:#{1,6}\s|(?:\*\*|__)?\s*(?:step|case|part|claim|lemma)\s+(?:\d+|[ivx]+|[a-z])\b|(?:\*\*)?\(?\d{1,2}[.)]\s|first(?:ly)?,|second(?:ly)?,|third(?:ly)?,|next,|then,|finally,|therefore,|wait[,.]|alternatively,)/i;
const blockOpen = /(\\\[|\$\$|\\begin\{|```|~~~)/g;
const blockEnds: Readonly<Record<string, string>> = {
  "\\[": "\\]",
  $$: "$$",
  "```": "```",
  "~~~": "~~~",
};
/** A block that is not closed within so many characters is none. */
const longestBlock = 20_000;

/**
 * Splits a chain of thought into steps: at blank lines, and before lines that say so ("Step 2", "1.", "Next,"). LaTeX
 * displays, environments and code stay whole; a display that stands alone belongs to the paragraph that leads to it.
 * Steps tile the text. Linear in its length.
 */
export function splitSteps(text: string): readonly TraceStep[] {
  const steps: TraceStep[] = [];
  for (const segment of splitThinking(text)) {
    const cuts = cutsIn(text, segment);
    for (const [i, start] of cuts.entries()) {
      const end = cuts[i + 1] ?? segment.end;
      if (start === end) continue;
      steps.push({
        index: steps.length,
        start,
        end,
        part: segment.kind,
        title: titleOf(text.slice(start, end)),
      });
    }
  }
  return steps;
}

function cutsIn(text: string, segment: TraceSegment): readonly number[] {
  const cuts = [segment.start];
  const blocks = blocksIn(text, segment);
  let block = 0;
  let blankBefore = false;
  let hasText = false;
  for (let at = segment.start; at < segment.end;) {
    const newline = text.indexOf("\n", at);
    const next = newline === -1 || newline >= segment.end ? segment.end : newline + 1;
    while ((blocks[block]?.end ?? Infinity) <= at) block += 1;
    const here = blocks[block];
    const inside = here !== undefined && here.start < at;
    const line = text.slice(at, next);
    const blank = line.trim() === "";
    // A display or a closing word after a colon continues the sentence before it.
    const continues = here !== undefined && here.start < next && text.slice(at, here.start).trim() === "";
    if (!inside && !blank && hasText && ((blankBefore && !continues) || heading.test(line))) {
      cuts.push(at);
      hasText = false;
    }
    if (!blank && line.trim() !== "<think>") hasText = true;
    blankBefore = !inside && blank;
    at = next;
  }
  return cuts;
}

interface Block {
  readonly start: number;
  readonly end: number;
}

function blocksIn(text: string, { start, end }: TraceSegment): readonly Block[] {
  const blocks: Block[] = [];
  const opening = new RegExp(blockOpen);
  const closings = new Closings(text);
  opening.lastIndex = start;
  for (let found = opening.exec(text); found !== null && found.index < end; found = opening.exec(text)) {
    const closing = blockEnds[found[1] ?? ""] ?? closingOf(text, found.index);
    const close = closing === null ? -1 : closings.endFrom(closing, opening.lastIndex);
    if (close === -1 || close > end) continue;
    blocks.push({ start: found.index, end: close });
    opening.lastIndex = close;
  }
  return blocks;
}

/** The next place of each closing mark, looked for once: a text of opening marks alone would cost n^2 otherwise. */
class Closings {
  private readonly text: string;
  private readonly next = new Map<string, number>();

  constructor(text: string) {
    this.text = text;
  }

  /** The end of the first one from `from` on, -1 where there is none near. */
  endFrom(closing: string, from: number): number {
    let at = this.next.get(closing) ?? -1;
    if (at !== Infinity && at < from) {
      const found = this.text.indexOf(closing, from);
      at = found === -1 ? Infinity : found;
      this.next.set(closing, at);
    }
    return at - from > longestBlock ? -1 : at + closing.length;
  }
}

function closingOf(text: string, at: number): string | null {
  const name = /^\\begin\{([a-zA-Z*]{1,20})\}/.exec(text.slice(at, at + 40))?.[1];
  return name === undefined ? null : `\\end{${name}}`;
}

const longestTitle = 80;

function titleOf(step: string): string {
  const line =
    step
      .replace(/<\/?think>/g, " ")
      .trim()
      .split("\n", 1)[0] ?? "";
  return line.length > longestTitle ? `${line.slice(0, longestTitle - 1)}…` : line;
}
