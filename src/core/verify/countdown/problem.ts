/** Four cards (or any few) that are to make a target, each used once. */
export interface CountdownProblem {
  readonly numbers: readonly number[];
  readonly target: number;
}

const numbersLine = /^[ \t]*Numbers:((?:[ \t]+\d{1,4}){2,12})[ \t]*$/m;
const targetLine = /^[ \t]*Target:[ \t]*(\d{1,4})[ \t]*$/m;

/** The problem of a prompt such as `Numbers: 2 4 7 7\nTarget: 36\n`; `null` for any other text. */
export function readCountdownProblem(question: string): CountdownProblem | null {
  const [numbers, target] = [numbersLine.exec(question), targetLine.exec(question)];
  if (numbers === null || target === null) return null;
  return { numbers: wholeNumbers(numbers[1]!), target: Number(target[1]) };
}

export const wholeNumbers = (text: string): readonly number[] => text.trim().split(/\s+/).map(Number);
