import { readFileSync } from "node:fs";
import { sharedData } from "../../../paths.ts";

const lines = (path: string): Record<string, unknown>[] =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Gold answers of the public benchmarks, each once; the worked solutions of GSM8K cut to their last line. */
export function benchmarkGolds(): readonly string[] {
  const golds = new Set<string>(ownGolds);
  for (const name of ["math500", "gsm8k", "aime24", "amc23"]) {
    const path = sharedData(`benchmarks/${name}.jsonl`);
    if (path === null) continue;
    for (const { answer } of lines(path)) golds.add(String(answer).split("####").at(-1)!.trim());
  }
  return [...golds];
}

/** Answers of our own, so that every shape is there without the data folder too. */
export const ownGolds: readonly string[] = [
  "42", "-7", "0", "1234567", "3.75", "-0.125", "\\frac{7}{9}", "-\\frac{5}{12}", "2\\sqrt{7}", "\\frac{1+\\sqrt{5}}{2}", "\\sqrt[3]{4}", "5\\pi", "\\frac{3\\pi}{4}", "e^{2}-1", "2+3i", "\\ln 3",
  "x^2-3x+2", "2x+5", "\\frac{x+1}{x-2}", "x^{5}+x+1", "\\sin x + 2", "(x+3)(x-4)", "3a^2b", "2^{n}-1", "n^2+n",
  "1,2", "-3,0,5", "2,4,8,16", "(3,-4)", "(1,2,3)", "\\left(\\frac{1}{2},5\\right)", "[2,7)", "(0,5]", "(-\\infty,4)", "(8,\\infty)", "[-1,1]", "(1,2)\\cup(3,4)", "\\{1,4,9\\}",
  "x>3", "x \\le 7", "-2<x<5", "y=3x-4", "x^2+y^2=16", "x=6", "x \\in [2,5]", "1 \\pm \\sqrt{3}", "\\begin{pmatrix} 2 \\\\ -1 \\end{pmatrix}", "\\begin{pmatrix} 1 & 2 \\\\ 3 & 5 \\end{pmatrix}",
  "1021_3", "77_8", "30^\\circ", "25\\%", "\\$12.50", "7\\frac{1}{3}", "\\text{north}", "\\text{(D)}", "B", "6.5e-2", "1.2 \\times 10^{5}", "\\binom{9}{4}", "7!", "|x-2|", "\\log_{2} 7", "3:5",
]; // prettier-ignore
