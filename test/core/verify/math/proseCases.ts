import type { MathVerdict } from "../../../../src/core/verify/math/mathVerifier.ts";

type Outcome = MathVerdict["verdict"];

/** Responses as models write them. The outcome is that of the standard mode; strict and lenient where they differ. */
export interface ProseCase {
  readonly gold: string;
  readonly response: string;
  readonly standard: Outcome;
  readonly strict?: Outcome;
  readonly lenient?: Outcome;
}

const of = (
  gold: string,
  response: string,
  standard: Outcome = "equal",
  other: Partial<ProseCase> = {},
): ProseCase => ({ gold, response, standard, ...other });
const unmarked = { strict: "unparsed" } as const;

export const proseCases: readonly ProseCase[] = [
  of("18", "She makes 9 * 2 = $18 a day.\n#### 18"),
  of("18", "#### 1. Add the numbers\n9+9=18\n#### 2. Result\nThe answer is 18.", "equal", unmarked),
  of("18", "#### Step 1\nwe get \\boxed{18}\n#### Step 2"),
  of("5", "First \\boxed{4} was my guess. After checking everything again from the start, I see the value is \\boxed{5}."),
  of("4", "First \\boxed{4} was my guess. After checking everything again from the start, I see the value is \\boxed{5}.", "notEqual"),
  of("42", "<think>Maybe \\boxed{41}?</think>\nThe answer is \\boxed{42}."),
  of("42", "<think>It must be \\boxed{42}</think>"),
  of("42", "<think>It must be \\boxed{42}</think>\n\nSorry, I cannot say more about it.", "unparsed"),
  of("2,3", "So $x=\\boxed{2}$ or $x=\\boxed{3}$."),
  of("12", "The final answer is 12. I hope it is correct.", "equal", unmarked),
  of("12", "Final Answer: The final answer is $12$. I hope it is correct.", "equal", unmarked),
  of("\\frac{1}{2}", "Final answer: \\frac{1}{2}", "equal", unmarked),
  of("12", "**Final Answer**\n\n12", "equal", unmarked),
  of("12", "**Answer:** 12 apples", "equal", unmarked),
  of("12", "**Answer: 12**", "equal", unmarked),
  of("12", "Answer: $x = 12$", "equal", unmarked),
  of("12", "The answer is: **12**.", "equal", unmarked),
  of("12", "Therefore, the answer to the question is 12 because 3*4=12.", "equal", unmarked),
  of("12", "Hence the correct answer is \\(12\\).", "equal", unmarked),
  of("12", "The answer is $12$ and not $13$.", "equal", unmarked),
  of("3.5", "The answer is 3.5. Next question: what is 4+4? It is 8.", "equal", unmarked),
  of("1,234", "the answer is 1,234.", "equal", unmarked),
  of("$18", "The answer is $18.", "equal", unmarked),
  of("10455", "He has $10,000 + $200 = $10,200, later $10,455. The final answer is $10,455$. I hope it is correct.", "equal", unmarked),
  of("(1,2)", "The answer is (1, 2).", "equal", unmarked),
  of("C", "The answer is (C).", "equal", unmarked),
  of("C", "The correct answer is C) 42.", "equal", unmarked),
  of("C", "Answer: C", "equal", unmarked),
  of("C", "Answer: B", "notEqual", unmarked),
  of("east", "The answer is east.", "equal", unmarked),
  of("12", "<answer>12</answer>", "equal", unmarked),
  of("12", "<think>...</think><answer>\n12\n</answer>", "equal", unmarked),
  of("12", "因此，答案是12。", "equal", unmarked),
  of("12", "答案：12", "equal", unmarked),
  of("\\frac{1}{2}", "所以最终答案为 $\\frac{1}{2}$。", "equal", unmarked),
  of("12", "综上所述，\\boxed{12}。"),
  of("12元", "答案是 12 元。", "equal", unmarked),
  of("C", "故答案为：C", "equal", unmarked),
  of("12", "La respuesta es 12.", "equal", unmarked),
  of("12", "La réponse est 12.", "equal", unmarked),
  of("12", "答えは12です。", "equal", unmarked),
  of("12", "정답은 12입니다.", "equal", unmarked),
  of("12", "Ответ: 12", "equal", unmarked),
  of("7", "We add 3 and 4 to get 7. Then we are done", "unparsed", { lenient: "equal" }),
  of("7", "First 2. Then 3 + 4 = 7.", "unparsed", { lenient: "equal" }),
  of("x \\geq 5", "Therefore $x \\geq 5$ is the solution.", "equal", unmarked),
  of("5", "", "unparsed"),
  of("5", "I do not know.", "unparsed"),
  of("5", "\\boxed{}", "unparsed"),
  of("5", "\\boxed{5", "equal"),
  of("5", "\\boxed 5", "equal"),
  of("5", "\\fbox{5}", "equal"),
  of("\\frac{3}{4}", "$$\\boxed{\\frac{3}{4}}$$", "equal"),
  of("5", "\\boxed{x = 5}", "equal"),
  of("5", "\\boxed{\\text{The value is } 5}", "equal"),
  of("5", "\\boxed{5 \\text{ apples and } 3 \\text{ pears}}", "notEqual"),
  of("20\\%", "\\boxed{20}\\%", "equal"),
  of("20\\%", "$\\boxed{20}$ percent", "equal"),
  of("20", "\\boxed{20\\%}", "notEqual", { lenient: "equal" }),
  of("0.2", "\\boxed{20}", "notEqual", { lenient: "equal" }),
  of("4:30 \\text{ p.m.}", "arrives at \\boxed{4:30 \\text{ p.m.}}."),
  of("\\text{Tuesday}", "It is \\boxed{\\text{Tuesday}}."),
  of("1,2,3", "The roots are \\boxed{1}, \\boxed{2}, and \\boxed{3}."),
  of("11", "\\boxed{\\begin{aligned} x &= 5+6 \\\\ &= 11 \\end{aligned}}", "equal"),
]; // prettier-ignore
