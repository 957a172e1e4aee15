import { compareAnswers } from "./compare.ts";
import { isArithmetic, isDecimal } from "./identity.ts";
import {
  type Expression,
  rebuild,
  substituted,
  symbol,
  symbolsOf,
  product,
  whole,
  number,
} from "./expression.ts";
import { StepBudget, Undecided } from "./limits.ts";
import type { MathOptions } from "./options.ts";
import { type Answer, readAnswer } from "./readAnswer.ts";
import { contradict } from "./rounding.ts";
import { unitsContradict } from "./units.ts";
import { type Choice, choiceOf, sameWords, undressed } from "./text.ts";

export type Judgement =
  | { readonly verdict: "equal" | "notEqual"; readonly how: string }
  | { readonly verdict: "undecided"; readonly how: string };

const notEqual = (how: string): Judgement => ({ verdict: "notEqual", how });
const equal = (how: string): Judgement => ({ verdict: "equal", how });

/** Compares the text of two answers, outer `$` and all. Reaching a limit is `undecided`, with the reason as `how`. */
export function judge(gold: string, answer: string, options: MathOptions): Judgement {
  try {
    return judged(gold, answer, options);
  } catch (error) {
    if (error instanceof Undecided) return { verdict: "undecided", how: error.message };
    if (error instanceof RangeError) return { verdict: "undecided", how: "nested too deeply" };
    throw error;
  }
}

function judged(gold: string, answer: string, options: MathOptions): Judgement {
  const choice = choices(choiceOf(gold), choiceOf(answer), gold);
  if (choice !== null) return choice;
  const [g, a] = [readAnswer(gold, options), readAnswer(withoutLetter(gold, answer), options)];
  if (g.parameter !== null && a.parameter !== null && g.parameter.set !== a.parameter.set)
    return notEqual("parameter");
  if (bare(g.normalised) === bare(a.normalised) && g.normalised !== "") return equal("string");
  if (g.readings.length === 0 || a.readings.length === 0)
    return sameWords(g.normalised, a.normalised) ? equal("text") : notEqual("text");
  if (unitsContradict(g.dropped, a.dropped)) return notEqual("unit");
  if (g.rounded !== null && a.rounded !== null && contradict(g.rounded, a.rounded))
    return notEqual("rounding");
  const how =
    compared(g, a, options) ?? (wordsOnly(g, a) && sameWords(g.normalised, a.normalised) ? "text" : null);
  return how === null ? notEqual("value") : equal(how);
}

/** Letters of choice answers; `null` where the gold answer is none. */
function choices(gold: Choice | null, answer: Choice | null, text: string): Judgement | null {
  if (gold === null) return null;
  if (answer !== null) {
    if (gold.letter === answer.letter) return equal("choice");
    return gold.rest !== "" || answer.rest !== "" || /[()]/.test(text) || isUsualChoice(gold, answer)
      ? notEqual("choice")
      : null;
  }
  return null;
}

const isUsualChoice = (gold: Choice, answer: Choice): boolean =>
  /[A-E]/.test(gold.letter) && /[A-E]/.test(answer.letter);

/** `C) 42` where 42 was asked for. */
function withoutLetter(gold: string, answer: string): string {
  const choice = choiceOf(answer);
  return choice !== null && choice.rest !== "" && choiceOf(gold) === null ? choice.rest : answer;
}

const bare = (text: string): string =>
  text.replace(/\\(?:left|right|,|;|!|:| )|\s|\\quad/g, "").replace(/\\[dt]frac/g, "\\frac");

/** Letters side by side on one side, a text on the other: `odd` and \text{odd}. */
const wordsOnly = (gold: Answer, answer: Answer): boolean =>
  [gold, answer].every(({ normalised }) => isWords(undressed(normalised))) &&
  /\\text|\p{L}{2}/u.test(`${gold.normalised} ${answer.normalised}`);

const isWords = (text: string): boolean =>
  !/[=<>+^]/.test(text) && !(/\d/.test(text) && /[\\/|_]/.test(text));

function compared(gold: Answer, answer: Answer, options: MathOptions): string | null {
  let undecided: Undecided | null = null;
  const [to, from] = [gold.parameter, answer.parameter];
  // \sqrt{24} \approx 4.9 is 4.9 where that was asked for; \sqrt{24} \approx 5 is not 5.
  const given =
    answer.rounded === null || gold.readings.some(isDecimal) ? answer.readings : answer.readings.slice(0, 1);
  // The answer's `n` is the gold answer's `k`, where both run over the whole numbers.
  const readings =
    to === null || from === null
      ? given
      : given.map((reading) => substituted(reading, from.name, symbol(to.name)));
  for (const g of gold.readings) {
    for (const a of readings) {
      if (g !== gold.readings[0] && a !== readings[0]) continue;
      try {
        const how = comparedOne(g, a, options);
        if (how !== null) return how;
      } catch (error) {
        if (!(error instanceof Undecided)) throw error;
        undecided ??= error;
      }
    }
  }
  if (undecided !== null) throw undecided;
  return null;
}

function comparedOne(gold: Expression, given: Expression, options: MathOptions): string | null {
  const answer = options.names ? given : renamedLike(gold, given);
  const context = { options, decimals: options.decimals, budget: new StepBudget() };
  const how = compareAnswers(gold, answer, context);
  // A hundredth is a matter of per cent: of numbers, not of functions.
  if (how !== null || !options.hundredfold || !isArithmetic(answer) || symbolsOf(answer).size > 0) return how;
  const plain = (node: Expression): Expression =>
    rebuild(node, (part) => (part.kind === "percent" ? part.item : part));
  const scaled = [plain(answer), product(whole(100), answer), product(number({ n: 1n, d: 100n }), answer)];
  return scaled.some((other) => compareAnswers(plain(gold), other, context) !== null) ? "hundredfold" : null;
}

/** Variables matched by position. */
function renamedLike(gold: Expression, answer: Expression): Expression {
  const [to, from] = [[...symbolsOf(gold)], [...symbolsOf(answer)]];
  if (to.length !== from.length) return answer;
  const names = new Map(from.map((name, k) => [name, to[k]!]));
  return rebuild(answer, (part) =>
    part.kind === "symbol" ? symbol(names.get(part.name) ?? part.name) : part,
  );
}
