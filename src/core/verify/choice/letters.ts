export interface LetterOptions {
  /** The letters that are options. */
  readonly known: string;
  /** Several letters may stand side by side: `AC`. */
  readonly several: boolean;
  /** `b` may be B where nothing follows it. */
  readonly lowerCase: boolean;
}

export interface Letters {
  /** In the order of the alphabet, each once. */
  readonly letters: string;
  /** Nothing follows but the end of a sentence. */
  readonly ends: boolean;
  readonly bracketed: boolean;
  /** What follows, without the punctuation of a list of options. */
  readonly rest: string;
}

const wrapper = String.raw`\\(?:text|textbf|textrm|mathrm|mathbf|rm|bf|boxed|fbox|mbox)(?![a-zA-Z])\s*\{?`;
const leading = new RegExp(
  String.raw`^(?:\s|[*_"'${"`"}$~{:：>-]|\\[([,;:! ]|\\(?:left|displaystyle)(?![a-z])|${wrapper}|(?:the\s+)?(?:option|choice|letter|answer)s?\b(?!\s+(?:is|are)\b)|选项)+`,
  "i",
);
/** What may stand after a letter that is an answer: the end, punctuation, a bracket, or a word that goes on about it. */
const follows =
  /^(?:\s*$|,(?=[A-J](?![A-Za-z]))|\s*\n|\s*[.,;:!?*_"`$}\])、。，；：）](?!\w)|\s*\\(?![a-zA-Z])|\s*\\(?:\)|\]|q?quad|text|boxed)|\s+(?:[([–—-]|because\b|since\b|as\b|so\b|is\b|which\b|with\b|and\b|or\b|for\b|given\b|but\b|due\b|\\)|[.:)：．](?=\S)|\s*(?:和|或|及|与|因|项|是))/;
const between =
  /^(?:\s|[*_$}]|\\[)\] ,;])*(?:,|、|，|&|\/|and\b|or\b|和|或|及|与)(?:\s|and\b|or\b|[*_${]|\\[([ ]|\\text\{?|option\b)*/;

/** Letters at the begin of a text, such as what follows "The answer is"; `null` where it begins with something else. */
export function lettersOf(text: string, options: LetterOptions): Letters | null {
  let rest = text.slice(0, 400).replace(leading, "");
  const found = new Set<string>();
  let bracketed = false;
  for (let first = letterAt(rest, options); first !== null; first = letterAt(rest, options)) {
    for (const letter of first.letters) found.add(letter);
    bracketed ||= first.bracketed;
    rest = rest.slice(first.length);
    const joint = between.exec(rest);
    // "A, which ..." is one answer; "A, C" and "A or B" are two
    if (joint === null || letterAt(rest.slice(joint[0].length), options) === null) break;
    rest = rest.slice(joint[0].length);
  }
  if (found.size === 0) return null;
  rest = rest.replace(/^[).:：．}\s]+/, "");
  return {
    letters: [...found].sort().join(""),
    ends: /^[\s.,;:!?*_"`$}\])\\。，]*$/.test(rest),
    bracketed,
    rest,
  };
}

interface LetterAt {
  readonly letters: string;
  readonly length: number;
  readonly bracketed: boolean;
}

function letterAt(text: string, { known, several, lowerCase }: LetterOptions): LetterAt | null {
  const isKnown = (letter: string): boolean => known.includes(letter);
  const inBrackets = /^[([（]\s*(?:\\(?:text|textbf|mathrm)\s*\{)?\s*([A-Ja-j])\s*\}?\s*[)\]）]/.exec(text);
  if (inBrackets !== null) {
    const letter = inBrackets[1]!.toUpperCase();
    return isKnown(letter) ? { letters: letter, length: inBrackets[0].length, bracketed: true } : null;
  }
  const word = /^[A-Ja-j]+(?![A-Za-z'’\d])/.exec(text)?.[0] ?? "";
  if (word === "" || !follows.test(text.slice(word.length))) return null;
  if (word.length === 1)
    return oneLetter(word, text, lowerCase && isKnown(word.toUpperCase()), isKnown(word));
  const ascending = Array.from(word).every(
    (letter, at) => isKnown(letter) && (at === 0 || word[at - 1]! < letter),
  );
  return several && ascending ? { letters: word, length: word.length, bracketed: false } : null;
}

function oneLetter(word: string, text: string, asLower: boolean, asUpper: boolean): LetterAt | null {
  const found = { letters: word.toUpperCase(), length: 1, bracketed: false };
  if (asUpper) return found;
  // `a` is an article, `i` a unit: they count where nothing follows
  return asLower && /^[.)*_"`$}\]\s\\]*(?:$|\n)/.test(text.slice(1)) ? found : null;
}

/** An option's text without the dress of an answer: outer markup, the full stop. */
export function plainOption(text: string): string {
  return text
    .trimStart()
    .slice(0, 1000)
    .replace(/\n[^]*$/, "")
    .replace(new RegExp(String.raw`^(?:\s|[*_"${"`"}$]|\\[([])+|(?:\s|[*_"${"`"}$.]|\\[)\]])+$`, "g"), "")
    .trim();
}

/** Without the letter that may stand before it. */
export const withoutLetter = (text: string): string =>
  text
    .replace(/^(?:the\s+)?(?:option|choice)\s+(?=\(|[A-J]\b)/i, "")
    .replace(
      /^(?:\\text(?:bf)?\s*\{\s*)?(?:\([A-J]\)|[A-J][).:：．])\s*\}?(?:\s|~|\\[ ,;]|\\q?quad)*(?=\S)/,
      "",
    )
    .trim();
