// LightEval's details, `details_<task>_<time>.parquet` (evaluation_tracker.py): `doc`, `metric`, `model_response`, with or
// without underscores around. `metric` is that of the document (pass@k over its samples): samples are not graded.
import type { JsonRecord } from "../../parse.ts";
import type { RawSample, RolloutFormat } from "./rolloutFormat.ts";
import { asRecord, atPath, isRecord } from "../../parse.ts";
import { goldText } from "../goldText.ts";
import { sampleLists } from "./sampleLists.ts";
import { group } from "./rolloutFormat.ts";

const part = (record: JsonRecord, name: string): unknown => record[name] ?? record[`__${name}__`];

export function lightEval(): RolloutFormat {
  return {
    name: "lightEval",
    matches: (record) =>
      isRecord(part(record, "doc")) && Array.isArray(atPath(part(record, "model_response"), "text")),
    labels: () => null,
    read(record) {
      const doc = asRecord(part(record, "doc"), "doc");
      const { query, id } = doc;
      const problem = {
        question: typeof query === "string" ? query : "",
        gold: goldOf(doc),
        id: typeof id === "string" || typeof id === "number" ? String(id) : null,
      };
      return [group(problem, samplesOf(asRecord(part(record, "model_response"), "model_response")))];
    },
  };
}

/** `choices[gold_index]`; of several indices the first: any of them is right. */
function goldOf(doc: JsonRecord): string | null {
  const { choices, gold_index: index } = doc;
  const first: unknown = Array.isArray(index) ? index[0] : index;
  if (!Array.isArray(choices) || typeof first !== "number") return null;
  return goldText(choices[first], `doc.choices[${first}]`);
}

function samplesOf(response: JsonRecord): readonly RawSample[] {
  const ids = response["output_tokens"];
  const tokens = Array.isArray(ids)
    ? ids.map((list: unknown) => (Array.isArray(list) ? list.length : null))
    : null;
  const paths = {
    response: "text",
    score: null,
    extracted: null,
    finish: null,
    reasoning: "reasonings",
    tokens: "tokens",
  };
  return sampleLists({ ...response, tokens }, paths, null);
}
