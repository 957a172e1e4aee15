// A second implementation for the tests, by brute force: every derivation of a set of numbers is written down, and a trace
// is right when it is one of them.
import type { CountdownProblem } from "../../../../src/core/verify/countdown/problem.ts";

export interface Derivation {
  readonly text: string;
  readonly result: number;
}

/** All of them, with the numbers left in rising order. */
export function derivations(numbers: readonly number[]): readonly Derivation[] {
  if (numbers.length === 1) return [{ text: `Answer: ${numbers[0]}`, result: numbers[0]! }];
  const found: Derivation[] = [];
  for (const [i, a] of numbers.entries())
    for (const [j, b] of numbers.entries()) {
      if (i === j) continue;
      const others = numbers.filter((_, k) => k !== i && k !== j);
      for (const [sign, value] of [["+", a + b], ["-", a - b], ["*", a * b], ["/", a / b]] as const) {
        if (!Number.isInteger(value) || value < 0 || value > 50) continue;
        const left = [...others, value].toSorted((x, y) => x - y);
        const list = left.length > 1 ? ` left: ${left.join(" ")}` : "";
        for (const rest of derivations(left))
          found.push({ text: ` ${a} ${sign} ${b} = ${value}${list}\n${rest.text}`, result: rest.result });
      }
    } // prettier-ignore
  return found;
}

/** True when the trace, with its lists of numbers sorted, is one of all derivations of the target. */
export function isDerivation(trace: string, { numbers, target }: CountdownProblem): boolean {
  const lines = trace.split("\n").map((line) => line.trim().split(/\s+/).join(" "));
  const written = lines.filter((line) => line !== "").map(sortedList);
  // The last step may name the one number left.
  const last = written.length - 2;
  const result = /= (\d+) left: (\d+)$/.exec(written[last] ?? "");
  if (result !== null && result[1] === result[2]) written[last] = written[last]!.replace(/ left: \d+$/, "");
  const wanted = written.join("\n");
  return derivations(numbers).some(
    ({ text, result: made }) => made === target && text.replaceAll(/^ /gm, "") === wanted,
  );
}

function sortedList(line: string): string {
  const [step, list] = line.split(" left: ");
  if (list === undefined || !/^\d+( \d+)*$/.test(list)) return line;
  return `${step} left: ${list
    .split(" ")
    .toSorted((a, b) => Number(a) - Number(b))
    .join(" ")}`;
}
