// lm-evaluation-harness, `--log_samples`: a line for each document and filter (evaluation_tracker.py, save_results_samples).
// A filter is a way of grading the same texts, so each is a run of its own. `resps[0]` holds the repeats.
import type { JsonRecord } from "../../parse.ts";
import type { RawSample, RolloutFormat } from "./rolloutFormat.ts";
import { asList, atPath, FieldError, isRecord, kindOf } from "../../parse.ts";
import { goldText } from "../goldText.ts";
import { questionText } from "../questionText.ts";
import { goldOf, questionOf, rememberFields } from "./problemFields.ts";
import { rawSample, scoreVerdict } from "./rawSample.ts";
import { group } from "./rolloutFormat.ts";

/** What a filter gives where its pattern found nothing. */
const noAnswer = "[invalid]";

export function lmEval(): RolloutFormat {
  const fieldsOf = rememberFields();
  return {
    name: "lmEval",
    matches: (record) => "doc_id" in record && isRecord(record["doc"]) && Array.isArray(record["resps"]),
    labels: (record) => (responsesOf(record).length === 1 ? metricOf(record) : null),
    read(record) {
      const doc = isRecord(record["doc"]) ? record["doc"] : {};
      const fields = fieldsOf(doc);
      const { target } = record;
      const problem = {
        question: questionOf(doc, fields) || promptOf(record),
        gold: typeof target === "string" ? goldText(target, "target") : goldOf(doc, fields),
        id: String(record["doc_id"]),
      };
      return [group(problem, samplesOf(record))];
    },
  };
}

/** Throws for multiple choice: its `resps` are one request a choice, each with a log-likelihood and no text. */
function responsesOf(record: JsonRecord): readonly unknown[] {
  const requests = asList(record["resps"], "resps");
  const [first] = requests;
  if (requests.length !== 1 || !Array.isArray(first) || !first.every((one) => typeof one === "string"))
    throw new FieldError("resps", "expected one request with texts, got log-likelihoods of choices");
  return first;
}

function samplesOf(record: JsonRecord): readonly RawSample[] {
  const responses = responsesOf(record);
  const answers = answersOf(record, responses.length);
  // With repeats the metric speaks of one of them or of their majority: each is to be judged for itself.
  const metric = responses.length === 1 ? metricOf(record) : null;
  const filter = record["filter"];
  const run = typeof filter === "string" && filter !== "" && filter !== "none" ? filter : null;
  return responses.map((response, i) => {
    const extracted = answers?.[i] === noAnswer ? "" : answers?.[i];
    const score = metric === null ? null : record[metric];
    return rawSample({ run, response, score, extracted }, `resps[0][${i}]`);
  });
}

/** `["5"]`, with repeats `[["5", "6"]]`; `null` where the filter kept fewer than all. */
function answersOf(record: JsonRecord, length: number): readonly unknown[] | null {
  const filtered = record["filtered_resps"];
  if (!Array.isArray(filtered)) return null;
  const list: readonly unknown[] = Array.isArray(filtered[0]) ? filtered[0] : filtered;
  return list.length === length ? list : null;
}

/** The first metric that says right or wrong; others (a length, a BLEU) are no judgement. */
function metricOf(record: JsonRecord): string | null {
  const names = Array.isArray(record["metrics"]) ? record["metrics"] : [];
  const judges = (name: unknown): name is string =>
    typeof name === "string" && scoreVerdict(record[name], null) !== null;
  return names.find(judges) ?? null;
}

/** What was sent: a text, or a chat as JSON. */
function promptOf(record: JsonRecord): string {
  const prompt = atPath(record, "arguments.gen_args_0.arg_0");
  const text = Array.isArray(prompt) ? questionText(prompt[0]) : questionText(prompt);
  if (text !== null) return text;
  throw new FieldError("arguments.gen_args_0.arg_0", `expected string, got ${kindOf(prompt)}`);
}
