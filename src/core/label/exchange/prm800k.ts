import { asList, asNumber, asRecord, asString, type JsonRecord, orNull } from "../../parse.ts";
import { type ForeignLabel, type LabelledText, stepTexts } from "./labelledText.ts";

/**
 * A line of PRM800K as its second phase has them (Lightman et al. 2023, openai/prm800k): steps rated 1 up to the first
 * wrong one, which is rated -1 and ends the labelling (`found_error`); a correct chain is rated 1 throughout (`solution`),
 * an ambiguous one is given up. `null` for a wrong one without its step, which has no such line.
 */
export function toPrm800k(labelled: LabelledText): JsonRecord | null {
  const { verdict, firstWrongStep, rater, at, seconds } = labelled.label;
  if (verdict === "wrong" && firstWrongStep === null) return null;
  const steps = stepTexts(labelled.text);
  const rated = verdict === "correct" ? steps.length : verdict === "wrong" ? (firstWrongStep ?? 0) + 1 : 0;
  return {
    labeler: rater,
    timestamp: new Date(at).toISOString().replace("Z", "000"),
    generation: null,
    is_quality_control_question: false,
    is_initial_screening_question: false,
    question: {
      problem: labelled.question,
      ground_truth_answer: labelled.gold,
      pre_generated_steps: steps,
    },
    label: {
      steps: steps.slice(0, rated).map((text, i) => {
        const isWrong = i === firstWrongStep && verdict === "wrong";
        return {
          completions: [{ text, rating: isWrong ? -1 : 1, flagged: null }],
          human_completion: null,
          chosen_completion: isWrong ? null : 0,
        };
      }),
      total_time: Math.round(1000 * seconds),
      finish_reason: verdict === "correct" ? "solution" : verdict === "wrong" ? "found_error" : "give_up",
    },
  };
}

/**
 * The generated solution and what was said of it; alternatives to its steps (other completions) are not ours to keep.
 * `null` for a line without a whole generated solution (first phase) or whose labelling says nothing (`bad_problem`).
 * Throws a FieldError.
 */
export function fromPrm800k(value: unknown): ForeignLabel | null {
  const line = asRecord(value, "");
  const question = asRecord(line["question"], "question");
  const steps = orNull(question["pre_generated_steps"], "question.pre_generated_steps", asList)?.map(
    (step, i) => asString(step, `question.pre_generated_steps[${i}]`),
  );
  if (steps === undefined) return null;
  const label = asRecord(line["label"], "label");
  const seconds = (orNull(label["total_time"], "label.total_time", asNumber) ?? 0) / 1000;
  const finish = asString(label["finish_reason"], "label.finish_reason");
  const rated = asList(label["steps"], "label.steps").map((step, i) =>
    ratingOf(step, steps[i], `label.steps[${i}]`),
  );
  const wrong = rated.indexOf(-1);
  if (wrong !== -1) return { steps, verdict: "wrong", firstWrongStep: wrong, seconds };
  if (finish === "solution") return { steps, verdict: "correct", firstWrongStep: null, seconds };
  return finish === "give_up" ? { steps, verdict: "ambiguous", firstWrongStep: null, seconds } : null;
}

/** Of the completion that is the generated step itself; the others are alternatives to it. */
function ratingOf(value: unknown, text: string | undefined, field: string): number | null {
  const completions = asList(asRecord(value, field)["completions"], `${field}.completions`).map((one, i) =>
    asRecord(one, `${field}.completions[${i}]`),
  );
  const own = completions.find((completion) => completion["text"] === text) ?? completions[0];
  return own === undefined ? null : orNull(own["rating"], `${field}.completions.rating`, asNumber);
}
