import { findBoxes, joinedBoxes } from "../math/boxes.ts";

/** A place where a response commits itself: what stands there. */
export interface Statement {
  readonly text: string;
  readonly end: number;
  /** `mark`: a box, `####` or an answer tag, whose content is the answer. `phrase`: prose that goes on after the answer; `hint`: the same, and only a letter is one. `whole`: nothing says so. */
  readonly kind: "mark" | "phrase" | "hint" | "letter" | "whole";
}

const dress = String.raw`(?:\*\*|__|["'$\s]|\\[([])*`;
const answerWord = /answer|option|choice|alternative|respuesta|réponse|antwort|答案|选项|選項/i;
const is = String.raw`(?:is|was|would be|will be|should be|must be|:|：|=|是|为|為|应为|應為|应该是|選|选)`;
const word = String.raw`(?:answers?|options?|choices?|alternatives?|respuesta|réponse|antwort)`;
/** "The correct option is", "Answer:", "答案是", "故选": what follows is the answer. */
const announced = new RegExp(
  [
    String.raw`\b${word}\b(?:\s+(?:to|for|of|here|choice|option|letter)\b[^.\n:]{0,80}?)?${dress}${is}${dress}(?:[:：]\s*)?`,
    String.raw`\b(?:answer|respuesta)\s+(?=\(|\*\*)`,
    String.raw`\b(?:choose|pick|select|go with|opt for)\b\s+`,
    String.raw`(?:答案|选项|選項)${dress}${is}?${dress}(?:[:：]\s*)?`,
    String.raw`(?:故|因此|所以|应|應|我|必须|只能)?(?:选择|選擇|选|選)(?!项|項)${dress}(?:[:：]\s*)?`,
  ].join("|"),
  "gi",
);
/** "(B) is correct", "Option B is the right answer": not after another word, which would make it a name (Vitamin C). */
const praised =
  /(?:(?:^|[\s*])(?:\*\*)?\(\s{0,2}([A-Ja-j])\s{0,2}\)|(?:^|[\n.:;,!?*]\s{0,4}|\b(?:so|thus|hence|therefore|that|because|only|but|option|choice|answer|选项)\s{1,4})(?:\*\*)?([A-J]))(?:\*\*)?\s{1,4}(?:is|must be|has to be)\s{1,4}(?:indeed\s+|therefore\s+|thus\s+|clearly\s+)?(?:the\s+|our\s+)?(?:only\s+|most\s+)?(?:correct|right|best|answer)\b/gi;

/** Only the end of a long text is searched. */
const reach = 60_000;
const maxPhrases = 40;

/** Surest first; within one kind the right-most first. */
export function statementsOf(response: string): readonly (readonly Statement[])[] {
  const text = response.slice(-reach);
  return [marks(text), phrases(text), letters(text), whole(text)];
}

function marks(text: string): readonly Statement[] {
  const boxes = joinedBoxes(text, findBoxes(text));
  const hash = /(?:^|\n)[ \t]*####(?!#)[ \t]*([^\n]{1,300})(?![^]*\n[ \t]*####(?!#))/.exec(text.slice(-4000));
  const tag = text.lastIndexOf("<answer>");
  const found: Statement[] = [];
  if (boxes.length > 0) {
    const content = boxes.map((box) => box.content).join(", ");
    found.push({ text: content, end: boxes.at(-1)!.end, kind: "mark" });
  }
  if (hash !== null && !/^(?:\d+[.)]|step|part|option)\s/i.test(hash[1]!)) {
    const shift = Math.max(0, text.length - 4000);
    found.push({ text: hash[1]!, end: shift + hash.index + hash[0].length, kind: "mark" });
  }
  if (tag >= 0 && !text.slice(tag, tag + 4000).includes("\\boxed")) {
    const content = text.slice(tag + 8, tag + 2000).split("</answer>", 1)[0]!;
    found.push({ text: content, end: tag + 8 + content.length, kind: "mark" });
  }
  return found.filter(({ text: content }) => content.trim() !== "").sort((a, b) => b.end - a.end);
}

const phrases = (text: string): readonly Statement[] =>
  lastMatches(text, announced).map((match) => {
    const end = match.index + match[0].length;
    const kind = answerWord.test(match[0]) ? "phrase" : "hint";
    return { text: text.slice(end, end + 400), end, kind };
  });

const letters = (text: string): readonly Statement[] =>
  lastMatches(text, praised).map((match) => ({
    text: (match[1] ?? match[2])!.toUpperCase(),
    end: match.index + match[0].length,
    kind: "letter",
  }));

/** A response that is nothing but an option, or ends with a line that is one. */
function whole(text: string): readonly Statement[] {
  const trimmed = text.trim();
  const last = trimmed.slice(trimmed.lastIndexOf("\n") + 1).trim();
  return [...new Set(trimmed.length <= 400 ? [trimmed, last] : [last])]
    .filter((line) => line !== "" && line.length <= 400)
    .map((line) => ({ text: line, end: text.length, kind: "whole" }));
}

function lastMatches(text: string, pattern: RegExp): readonly RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  for (const match of text.matchAll(pattern)) {
    found.push(match);
    if (found.length > 2 * maxPhrases) found.splice(0, maxPhrases);
  }
  return found.slice(-maxPhrases).reverse();
}
