/** How surely a phrase says that an answer follows; smaller is surer. */
export type Certainty = 1 | 2 | 3 | 4;

export interface Phrase {
  readonly certainty: Certainty;
  readonly start: number;
  /** Where the answer begins. */
  readonly end: number;
}

const announced =
  /(final\s{1,4})?\b(?:answer|ans(?=\s?[:=])|(?:correct|right) (?:option|choice)|respuesta|réponse|antwort|risposta|resposta)s?\b|答案|答え|정답|ответ|<(?:final_)?(?:answer|result)>|故选[:：]?|^[ \t]{0,8}(?:A|答)[ \t]{0,3}[:：]/gim;

/** What may stand between the word and the answer: `is`, `is:`, a colon, stars, `to the question is`. */
const connector =
  /^(?:\*\*|__|["'\s])*(?:(?:\([^()\n]{0,40}\)|to [^.\n$\\]{1,100}?|for [^.\n$\\]{1,100}?|in [^.\n$\\]{1,60}?|of [^.\n$\\]{1,60}?|that we (?:seek|want))\s*)?(?:\*\*|["'\s])*(?:(?:(?:is|are|was|would be|will be|should be|must be|equals|becomes|es|est|ist|lautet)\b|è|é|は|은|는|：|:|=|是|为|為|应为|應為|就是)(?:\*\*|["'\s])*(?:[:：]|\bequal to\b|\bgiven by\b|\bthus\b|\bindeed\b|\bsimply\b|\bjust\b|\btherefore\b|\bapproximately\b|\babout\b)?)(?:\*\*|__|["'\s:：])*/i;

/** How much of the end of a text is searched for phrases, and how many of them are looked at. */
const reach = 100_000;
const maxPhrases = 40;

/** Places where a text announces its answer, in order; the last 40 of them. */
export function findPhrases(text: string): readonly Phrase[] {
  const shift = Math.max(0, text.length - reach);
  const matches: { readonly start: number; readonly match: RegExpExecArray }[] = [];
  for (const match of text.slice(shift).matchAll(announced)) {
    matches.push({ start: match.index + shift, match });
    if (matches.length > 2 * maxPhrases) matches.splice(0, maxPhrases);
  }
  return matches.slice(-maxPhrases).map(({ start, match }) => phraseAt(text, start, match));
}

function phraseAt(text: string, start: number, match: RegExpMatchArray): Phrase {
  const end = start + match[0].length;
  if (/[>:：选]$/.test(match[0])) return { certainty: 2, start, end };
  const link = connector.exec(text.slice(end, end + 260));
  const final = match[1] !== undefined || /最终$|最後の$/.test(text.slice(Math.max(0, start - 3), start));
  if (link === null) return { certainty: 4, start, end };
  return { certainty: final ? 2 : 3, start, end: end + link[0].length };
}

/** `The final answer is X. I hope it is correct.` is as sure as a box. */
export const isHopeful = (text: string, end: number): boolean =>
  /^[^A-Za-z\n]{0,12}I hope/.test(text.slice(end, end + 24));
