import { type CountdownProblem, wholeNumbers } from "./problem.ts";

/** The last whole number of a text, as written; `null` where there is none. */
export const lastNumber = (text: string): string | null =>
  /(\d+)\D*$/.exec(text.slice(-maxTailChars))?.[1] ?? null;

const maxTailChars = 4000;
/** No result of a step is above it: a rule of the task. */
const maxResult = 50;
const maxLineChars = 200;

const stepLine = /^(\d{1,4})\s*([-+*/])\s*(\d{1,4})\s*=\s*(\d{1,4})(?:\s+left:((?:\s+\d{1,4})+))?$/;
const answerLine = /^Answer:\s*(\d{1,4})$/;

/**
 * The first rule that a trace breaks, in words; `null` when it keeps all of them: one step a line, each of two numbers that
 * are left and with a whole result from 0 to 50, the right numbers after `left:` in any order (which the last step may
 * omit), then `Answer:` with the only number left, the target, and nothing behind it.
 */
export function brokenRule(text: string, { numbers, target }: CountdownProblem): string | null {
  const lines = text.slice(0, maxLineChars * (numbers.length + 20)).split("\n");
  const written = lines.map((line) => line.trim()).filter((line) => line !== "");
  let left: readonly number[] = numbers;
  for (let step = 1; step < numbers.length; step += 1) {
    const after = afterStep(written[step - 1] ?? "", left);
    if (typeof after === "string") return `step ${step}: ${after}`;
    left = after;
  }
  const answer = answerLine.exec(written[numbers.length - 1] ?? "")?.[1];
  if (answer === undefined) return "no answer after the last step";
  if (Number(answer) !== left[0]) return `the answer is not the last result, ${left[0]}`;
  if (left[0] !== target) return `the result is not the target, ${target}`;
  return written.length > numbers.length ? "text after the answer" : null;
}

/** The numbers left after a step, or the rule that it breaks. */
function afterStep(line: string, left: readonly number[]): readonly number[] | string {
  const found = line.length > maxLineChars ? null : stepLine.exec(line);
  if (found === null) return "not a step such as 7 + 4 = 11 left: 2 7 11";
  const [, first = "", operator = "", second = "", written = "", list] = found;
  const [a, b, result] = [Number(first), Number(second), Number(written)];
  const rest = without(without(left, a), b);
  if (rest === null) return `${a} and ${b} are not both left`;
  if (valueOf(a, operator, b) !== result) return `${a} ${operator} ${b} is not ${result}`;
  if (result > maxResult) return `${result} is above ${maxResult}`;
  const now = [...rest, result];
  if (list === undefined) return now.length === 1 ? now : "the numbers left are missing";
  return sameNumbers(wholeNumbers(list), now) ? now : `left are ${now.join(" ")}`;
}

/** Not a whole number from 0: `NaN` or a value that no written result has. */
function valueOf(a: number, operator: string, b: number): number {
  if (operator === "+") return a + b;
  if (operator === "-") return a - b;
  return operator === "*" ? a * b : a / b;
}

/** `null` where the number is not among them. */
function without(numbers: readonly number[] | null, number: number): readonly number[] | null {
  const at = numbers?.indexOf(number) ?? -1;
  return at < 0 ? null : numbers!.filter((_, k) => k !== at);
}

const sorted = (numbers: readonly number[]): string => numbers.toSorted((a, b) => a - b).join(" ");
const sameNumbers = (a: readonly number[], b: readonly number[]): boolean => sorted(a) === sorted(b);
