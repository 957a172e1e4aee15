import type { Span } from "./boxes.ts";
import type { MathOptions } from "./options.ts";

const oneNumber =
  /(?<![\w.\\])[-+−]?(?:[$€£¥₹]\s?)?[-−]?(?:[1-9]\d{0,2}(?:[, ]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:[.,]\d+)?|\.\d+)(?:[eE][-+]?\d+)?(?:\s*(?:%|percent\b|pct\b))?/gi;
const someExpression = /(?<![\w.\\])[-(]?\d[\d.\s+\-*/^()×÷]{0,200}[\d)!](?:\s*(?:%|percent\b))?/g;

/** Numbers and plain arithmetic (`3/4`, `2^10 - 1`) in running text, in their order. */
export function numbersIn(text: string): readonly Span[] {
  const spans = [...text.matchAll(oneNumber)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    content: match[0],
  }));
  const longer = [...text.matchAll(someExpression)]
    .filter((match) => /\d\s*[+\-*/^×÷]\s*[\d(]/.test(match[0]) && balanced(match[0]))
    .map((match) => ({ start: match.index, end: match.index + match[0].length, content: match[0] }));
  const outside = spans.filter(
    (span) => !longer.some((other) => other.start <= span.start && span.end <= other.end),
  );
  return [...outside, ...longer].sort((a, b) => a.end - b.end);
}

function balanced(text: string): boolean {
  let depth = 0;
  for (const char of text) {
    if (char === "(") depth += 1;
    if (char === ")" && --depth < 0) return false;
  }
  return depth === 0;
}

/** A text up to the first tag or end mark of a model. */
export const withoutTags = (text: string): string => text.replace(/(?:<\/?[a-z_]+>|<\|).*$/is, "");

/** Ends of a sentence: a line break, a full stop before a space, `I hope`, a tag. */
const sentence = /^(?:[^.\n。<!?；;]|\.(?=\S)|[;!?](?=\S|\s(?:\\quad )?[a-z]=)|<(?!\/))*/;

/**
 * The answer in words after `the answer is`: a number, a formula without `$`, a choice letter, a few words. `null` where a
 * longer sentence follows, which is then searched.
 */
export function proseAnswer(after: string, options: MathOptions): Span | null {
  const line = sentence.exec(after.replace(/\s*I hope[^]*$/, ""))![0];
  const content = withoutTags(line)
    .replace(/(?:\*\*|["'\s.,])+$/, "")
    .trim();
  if (content === "" || content.length > 300) return null;
  if (!options.sources.includes("number") && !/[\\{}]/.test(content)) return null;
  const equals = /=\s*([^=]+)$/.exec(content);
  const words = content.replace(/\\[a-z]+/gi, "").match(/[a-z]{2,}/gi)?.length ?? 0;
  const end = after.indexOf(content) + content.length;
  if (words <= 6 && !startsLikeSentence(content)) return { start: 0, end, content: trimmedWords(content) };
  return equals !== null && words <= 20 ? { start: 0, end, content: equals[1]! } : null;
}

const startsLikeSentence = (content: string): boolean =>
  /^(?:that|because|since|when|if|we|you|it|there|obtained|found|shown|therefore)\b/i.test(content) ||
  /^[A-Z][a-z]+ (?:is|are|was|has|have|started|sold|made)\b/.test(content);

/** `18 dollars because ...`: a number and its unit. */
function trimmedWords(content: string): string {
  return content.replace(/\s*,?\s*\b(?:because|since|which|so|as|when|meaning|where|but)\b.*$/i, "");
}
