import { asInteger, asList, asRecord, asString, FieldError } from "../../parse.ts";
import { type ForeignLabel, type LabelledText, stepTexts } from "./labelledText.ts";

/**
 * A line of ProcessBench (Zheng et al. 2024, QwenLM/ProcessBench): `label` is the 0-based first wrong step, -1 where there
 * is none. `null` where it cannot say what was said: an ambiguous chain, or a wrong one without its step.
 */
export function toProcessBench(labelled: LabelledText): Readonly<Record<string, unknown>> | null {
  const { verdict, firstWrongStep } = labelled.label;
  if (verdict === "ambiguous" || (verdict === "wrong" && firstWrongStep === null)) return null;
  return {
    id: `${labelled.problemId}-${labelled.label.item}`,
    generator: labelled.generator,
    problem: labelled.question,
    steps: stepTexts(labelled.text),
    final_answer_correct: labelled.answerIsCorrect,
    label: verdict === "correct" ? -1 : firstWrongStep,
  };
}

/** Throws a FieldError. */
export function fromProcessBench(value: unknown): ForeignLabel {
  const line = asRecord(value, "");
  const steps = asList(line["steps"], "steps").map((step, i) => asString(step, `steps[${i}]`));
  const label = asInteger(line["label"], "label", -1);
  if (label >= steps.length)
    throw new FieldError("label", `expected a step below ${steps.length}, got ${label}`);
  const isWrong = label >= 0;
  return {
    steps,
    verdict: isWrong ? "wrong" : "correct",
    firstWrongStep: isWrong ? label : null,
    seconds: 0,
  };
}
