import { numberWords } from "./vocabulary.ts";

/** Without the commands and marks that only dress a text. */
export const undressed = (text: string): string =>
  text.replace(
    /\\(?:text|mathrm|mathbf|operatorname|[mh]box|boxed|bf\b|rm\b)[a-z]*\s*\{?|\\(?:left|right|q?quad|displaystyle|[ ,;:!])|[{}$*]/g,
    " ",
  );

/** The words of a text in one form: `\text{The } \textbf{lines}.` becomes `line`, `July 4th` `july 4`. */
export const plainText = (text: string): string =>
  undressed(text)
    .replace(/["'`\\~_]|\.(?!\d)|[!?]/g, " ")
    .toLowerCase()
    .replace(/\b(?:the|an|a)\b(?=\s+\p{L}{2})/gu, " ")
    .replace(/(?<=\p{L}{4})s\b|(?<=\d)(?:st|nd|rd|th)\b/gu, "")
    .replace(/\s+/g, " ")
    .trim();

/** Without the spaces that say nothing: those between digits stay. */
const squeezed = (text: string): string => text.replace(/(?<!\d) | (?!\d)/g, "");

export function sameWords(gold: string, answer: string): boolean {
  const [a, b] = [squeezed(plainText(gold)), squeezed(plainText(answer))];
  return a !== "" && (a === b || sameTime(a, b) || synonyms.get(a) === b || synonyms.get(b) === a);
}

const synonyms: ReadonlyMap<string, string> = new Map([
  ["dne", "doesnotexist"],
  ["undefined", "notdefined"],
  ["none", "nosolution"],
]);

/** 4:30 is 4:30 p.m. where one of them does not say which half of the day. */
function sameTime(a: string, b: string): boolean {
  const [x, y] = [a, b].map((text) => /^(\d{1,2}:\d\d)(?:am|pm|a m|p m|noon)?$/.exec(text));
  if (x === null || y === null || x?.[1] !== y?.[1]) return false;
  return x![0] === x![1] || y![0] === y![1];
}

/** The letter of a choice answer: `C`, `(C)`, `\text{(C)}`, `**C**`, `C.`; with what follows it: `C) 42`. */
export interface Choice {
  readonly letter: string;
  readonly rest: string;
}

export function choiceOf(text: string): Choice | null {
  const bare = undressed(text)
    .replace(/^\s*(?:option|choice|answer|选项?)\s*[:：]?\s*/i, "")
    .trim();
  const alone = /^\(?\s*([A-J])\s*\)?\s*[.:]?$/.exec(bare);
  if (alone !== null) return { letter: alone[1]!, rest: "" };
  const followed = /^(?:\(\s*([A-J])\s*\)|([A-J])\s*[).:：．])\s*(?=\S)([^]{1,300})$/.exec(bare);
  return followed === null ? null : { letter: (followed[1] ?? followed[2])!, rest: followed[3]! };
}

/** An answer in words as it would be written: 5 for `five`, \mathbb{R} for `all real numbers`. */
export function spelledOut(text: string): string | null {
  const words = plainText(text);
  if (/^all real(?: number)?$/.test(words)) return "\\mathbb{R}";
  return Object.hasOwn(numberWords, words) ? String(numberWords[words]) : null;
}
