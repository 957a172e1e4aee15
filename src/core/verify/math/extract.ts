import { findBoxes, joinedBoxes, type Span } from "./boxes.ts";
import { formulaRun, lastFormulas, percentAfter } from "./environments.ts";
import type { MathOptions } from "./options.ts";
import { findPhrases, isHopeful, type Phrase } from "./phrases.ts";
import { numbersIn, proseAnswer, withoutTags } from "./prose.ts";

export type Mark = "hash" | "box" | "final" | "answer" | "near" | "whole" | "last";

/** A candidate answer: its text, what marked it, and where it ends. */
export interface Candidate {
  readonly text: string;
  readonly mark: Mark;
  readonly end: number;
}

export interface Extraction {
  /** Surest first; within one kind of mark the right-most first. */
  readonly candidates: readonly Candidate[];
  /** The answer stood inside the thinking text, nothing followed it. */
  readonly insideThinking: boolean;
}

const order: readonly Mark[] = ["hash", "box", "final", "answer", "near", "whole", "last"];
/** Longer texts are read from their end. */
const window = 400_000;

/** The candidates of a response, in one pass over its end; linear in its length. */
export function extract(response: string, options: MathOptions): Extraction {
  const { text, insideThinking } = afterThinking(response);
  const found = [...hashes(text), ...boxed(text, options)];
  if (options.mode !== "strict") {
    const phrases = findPhrases(text);
    phrases.forEach((phrase, k) =>
      found.push(...announced(text.slice(0, phrases[k + 1]?.start), phrase, options)),
    );
    found.push(...whole(text, options), ...unmarked(text, options));
  }
  const candidates = found
    .filter((candidate) => candidate.text.trim() !== "")
    .sort((a, b) => order.indexOf(a.mark) - order.indexOf(b.mark) || b.end - a.end);
  return { candidates, insideThinking };
}

/** What was thought is no answer, unless nothing follows it. The end of a very long text. */
export function afterThinking(response: string): { readonly text: string; readonly insideThinking: boolean } {
  const at = response.lastIndexOf("</think>");
  const rest = at < 0 ? response : response.slice(at + 8);
  const insideThinking = at >= 0 && rest.trim() === "";
  const text = insideThinking ? response.slice(0, at) : rest;
  return { text: text.slice(-window), insideThinking };
}

/** `#### 18` of GSM8K, not the headings of Markdown: an answer in words stands at the very end. */
function hashes(text: string): readonly Candidate[] {
  const at = text.lastIndexOf("####");
  if (at < 0 || text[at + 4] === "#" || text[at - 1] === "#") return [];
  const from = at + 4;
  const line = withoutTags(/^[^\n]*/.exec(text.slice(from, from + 600))![0]).trim();
  const isLast = text.slice(from, from + 2000).trim() === line;
  const heading =
    /^\d+[.)]\s+\D/.test(line) || (!/^[-+−.\d$\\([{€£¥]/.test(line) && (!isLast || headings.test(line)));
  return heading ? [] : [{ text: line, mark: "hash", end: from + line.length }];
}

const headings = /^(?:step|part|case|solution|answer|conclusion|summary|result|final|note|explanation)\b|:$/i;

function boxed(text: string, options: MathOptions): readonly Candidate[] {
  const boxes = findBoxes(text);
  const group = options.lastBoxOnly ? boxes.slice(-1) : joinedBoxes(text, boxes);
  const last = group.at(-1);
  if (last === undefined) return [];
  return [{ text: group.map((box) => withPercent(text, box)).join(", "), mark: "box", end: last.end }];
}

const withPercent = (text: string, span: Span): string =>
  percentAfter(text, span.end) && !/%\s*$/.test(span.content) ? `${span.content}\\%` : span.content;

/** The answer a phrase announces: the formulas or the words right after it, else the first within the next 50 characters. */
function announced(text: string, phrase: Phrase, options: MathOptions): readonly Candidate[] {
  const after = text.slice(phrase.end, phrase.end + 4200);
  const skip = /^[\s"'\\]*?(?=\$|\\\(|\\\[|[^\s"'\\]|\\[a-zA-Z])/.exec(after)?.[0].length ?? 0;
  const direct = options.sources.includes("math") ? formulaRun(text, phrase.end + skip) : null;
  if (direct !== null) return [marked(text, phrase, direct)];
  if (phrase.certainty < 4) {
    const prose = proseAnswer(after, options);
    if (prose !== null)
      return [
        marked(text, phrase, { start: phrase.end, end: phrase.end + prose.end, content: prose.content }),
      ];
  }
  const near = nearby(text, phrase, options);
  return near === null ? [] : [marked(text, { ...phrase, certainty: phrase.certainty < 3 ? 3 : 4 }, near)];
}

function marked(text: string, phrase: Phrase, span: Span): Candidate {
  const hopeful = phrase.certainty === 2 && isHopeful(text, span.end);
  const mark: Mark = hopeful
    ? "box"
    : phrase.certainty === 2
      ? "final"
      : phrase.certainty === 3
        ? "answer"
        : "near";
  return { text: withPercent(text, span), mark, end: span.end };
}

/** The first `length` characters, and the word that they would cut. */
const wordsWithin = (text: string, length: number): string =>
  text.slice(0, length) + /^\S*/.exec(text.slice(length))![0];

function nearby(text: string, phrase: Phrase, options: MathOptions): Span | null {
  const reach = wordsWithin(text.slice(phrase.end, phrase.end + 200), phrase.certainty < 4 ? 100 : 50);
  const opening = options.sources.includes("math") ? /\$|\\\(|\\\[/.exec(reach) : null;
  if (opening !== null) {
    const run = formulaRun(text, phrase.end + opening.index);
    if (run !== null) return run;
  }
  if (!options.sources.includes("number")) return null;
  const first = numbersIn(reach)[0];
  return first === undefined
    ? null
    : { start: phrase.end + first.start, end: phrase.end + first.end, content: first.content };
}

/** A short text that is nothing but an answer: a formula, a number, a word or two. */
function whole(text: string, options: MathOptions): readonly Candidate[] {
  const trimmed = text.trim();
  if (trimmed.length > 1000 || /[.!?]\s+\p{L}/u.test(trimmed) || trimmed.includes("\\boxed")) return [];
  const words = trimmed.replace(/\\[a-z]+\s*(?:\{[^{}]*\})?/gi, " ").match(/[\p{L}']{2,}/gu)?.length ?? 0;
  const separators = trimmed.match(/\b(?:and|or)\b/g)?.length ?? 0;
  const formula = trimmed.includes("$");
  if (
    words - separators > (formula ? 1 : /[\d\\]/.test(trimmed) ? 3 : 2) ||
    (formula && leadIn.test(trimmed))
  )
    return [];
  return allowed(trimmed, options) ? [{ text: trimmed, mark: "whole", end: text.length }] : [];
}

/** Before a formula that is not all that is said. */
const leadIn = /^(?:thus|hence|so|then|therefore)\b/i;

/** Where answers may only be formulas, or only numbers, a whole text must be one. */
function allowed(text: string, { sources }: MathOptions): boolean {
  if (sources.length > 1) return true;
  return sources[0] === "math" ? formulaRun(text, 0) !== null : !/[\\{}]/.test(text);
}

/** How much of the end of a text is searched for an unmarked answer. */
const tailLength = 20_000;

/** The last formula or number. In a single sentence the standard mode takes a formula too. */
function unmarked(text: string, options: MathOptions): readonly Candidate[] {
  const tail = text.slice(-tailLength);
  const shift = text.length - tail.length;
  const sentence = text.length < 300 && !/[.!?]\s+\p{Lu}/u.test(text.trim());
  const formulas =
    options.sources.includes("math") && (options.fallback || sentence) ? lastFormulas(tail, 3) : [];
  const spans = formulas.map((span) => formulaRun(tail, span.start) ?? span);
  const numbers = options.sources.includes("number") && options.fallback ? numbersIn(tail).slice(-2) : [];
  const outside = numbers.filter(
    (span) => !formulas.some((formula) => formula.start <= span.start && span.end <= formula.end),
  );
  return [...spans, ...outside].map((span) => ({
    text: withPercent(tail, span),
    mark: "last",
    end: span.end + shift,
  }));
}
