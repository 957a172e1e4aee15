import type { Verdict } from "../model.ts";
import { type ChoiceOption, optionsOf } from "./choice/options.ts";
import { type Letters, lettersOf, plainOption, withoutLetter } from "./choice/letters.ts";
import { type Statement, statementsOf } from "./choice/statements.ts";
import { afterThinking } from "./math/extract.ts";
import { judge } from "./math/judge.ts";
import { mathOptions } from "./math/options.ts";
import { sameWords } from "./math/text.ts";
import type { Verifier, VerifyItem } from "./verifier.ts";
import { verifierId } from "./verifierSpec.ts";

/** What a response or a gold answer chose: letters in the order of the alphabet, or words that are no option. */
type Choice =
  | { readonly letters: string; readonly how: "letter" | "option text" }
  | { readonly letters: null; readonly text: string };

/**
 * Multiple choice. The gold answer is a letter, several, the text of an option, or its number from 0 (MMLU). A response
 * chooses by letter or by the text of an option that the question lists; a letter stands in brackets, in a box, alone,
 * or where a phrase announces it, so that the article `A` and the word `I` are none. Two letters are not one.
 */
export const choiceVerifier: Verifier = { id: verifierId({ name: "choice" }), verify: verifyChoice };

function verifyChoice({ question, gold, response }: VerifyItem): Verdict {
  const options = optionsOf(question);
  const wanted = goldChoice(gold, options);
  const chosen = choiceIn(afterThinking(response).text, options, wanted);
  if (chosen === null) return { kind: "unparsed" };
  if (wanted.letters === null) return textVerdict(wanted.text, chosen);
  if (options.length > 0 && Array.from(wanted.letters).some((letter) => !isListed(letter, options))) {
    const extracted = chosen.letters ?? chosen.text;
    return { kind: "undecided", reason: `the question lists no option ${wanted.letters}`, extracted };
  }
  if (chosen.letters === null) return { kind: "incorrect", how: "no option", extracted: chosen.text };
  const kind = chosen.letters === wanted.letters ? "correct" : "incorrect";
  return { kind, how: chosen.how, extracted: chosen.letters };
}

/** The gold answer is words and the question lists no options to find them in. */
function textVerdict(wanted: string, chosen: Choice): Verdict {
  const extracted = chosen.letters ?? chosen.text;
  return { kind: sameText(wanted, extracted) ? "correct" : "incorrect", how: "text", extracted };
}

const isListed = (letter: string, options: readonly ChoiceOption[]): boolean =>
  options.some((option) => option.letter === letter);

function goldChoice(gold: string, options: readonly ChoiceOption[]): Choice {
  const marked = /\\boxed|####/.test(gold) ? (statementsOf(gold)[0]?.[0]?.text ?? gold) : gold;
  const byText = optionWith(plainOption(marked), options);
  if (byText !== null) return byText;
  const letters = lettersOf(marked, { known: knownLetters([]), several: true, lowerCase: true });
  if (letters !== null) return { letters: letters.letters, how: "letter" };
  const index = /^\s*\d\s*$/.test(marked) ? options[Number(marked)] : undefined;
  if (index !== undefined) return { letters: index.letter, how: "letter" };
  return { letters: null, text: marked.trim() };
}

const knownLetters = (options: readonly ChoiceOption[]): string =>
  options.length > 0 ? options.map(({ letter }) => letter).join("") : "ABCDEFGHIJ";

/** The surest statement that chooses; else what a box holds, which is then no option. */
function choiceIn(response: string, options: readonly ChoiceOption[], wanted: Choice): Choice | null {
  const [marks = [], phrases = [], letters = [], whole = []] = statementsOf(response);
  const several = (wanted.letters?.length ?? 0) > 1;
  for (const statement of [...marks, ...phrases, ...letters, ...whole]) {
    const choice = choiceOfStatement(statement, options, several);
    if (choice !== null) return choice;
  }
  if (marks[0] !== undefined) return { letters: null, text: marks[0].text.trim() };
  if (wanted.letters !== null) return null;
  const words = phrases.find(({ kind }) => kind === "phrase") ?? whole[0];
  const text = words === undefined ? "" : sentenceOf(words.text);
  return text === "" ? null : { letters: null, text };
}

function choiceOfStatement(
  { text, kind }: Statement,
  options: readonly ChoiceOption[],
  several: boolean,
): Choice | null {
  const isAnswer = kind !== "hint" && kind !== "letter";
  const words = isAnswer ? [plainOption(text), plainOption(sentenceOf(text))] : [];
  // "A. thaliana" may be the text of B
  for (const plain of words) {
    const whole = plain.length > 1 ? optionWith(plain, options) : null;
    if (whole !== null) return whole;
  }
  const lowerCase = options.length > 0 || kind === "mark" || kind === "whole";
  const found = lettersOf(text, { known: knownLetters(options), several, lowerCase });
  if (found !== null && (kind !== "whole" || found.ends || isOption(found, options)))
    return { letters: found.letters, how: "letter" };
  for (const plain of words) {
    const named = optionWith(withoutLetter(plain), options);
    if (named !== null) return named;
  }
  return null;
}

/** `B) Paris` is an option; `(B) is wrong` is a sentence. */
function isOption({ letters, rest }: Letters, options: readonly ChoiceOption[]): boolean {
  const option = options.find(({ letter }) => letter === letters);
  if (option !== undefined) return option.text !== "" && sameText(option.text, plainOption(rest));
  return rest.length <= 60 && !/\b(?:is|are|was|were|not|can|could|would|does|has|says)\b/i.test(rest);
}

/** The only option with that text; `null` where none or several have it. */
function optionWith(plain: string, options: readonly ChoiceOption[]): Choice | null {
  if (plain === "" || plain.length > 400) return null;
  const same = options.filter((option) => option.text !== "" && sameText(option.text, plain));
  return same.length === 1 ? { letters: same[0]!.letter, how: "option text" } : null;
}

const exact = mathOptions({ mode: "strict" });

function sameText(wanted: string, text: string): boolean {
  if (sameWords(wanted, text)) return true;
  // Values: 0.5 for \frac{1}{2}. Words were compared.
  return /[\d\\^+=]/.test(wanted) && /[\d\\^+=]/.test(text) && judge(wanted, text, exact).verdict === "equal";
}

/** The first formula of a line, else up to the end of its sentence. */
function sentenceOf(text: string): string {
  const line = text.trimStart().split("\n", 1)[0]!;
  const formula = /^\$+([^$]+)\$/.exec(line) ?? /^\\[([](.+?)\\[)\]]/.exec(line);
  if (formula !== null) return formula[1]!.trim();
  return line.split(/[.!?](?:\s|\*|$)|。/, 1)[0]!.trim();
}
