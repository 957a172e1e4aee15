// Qwen2.5-Math's evaluation and its descendants (SimpleRL-Zoo, limit-of-RLVR): a line a problem with parallel lists
// `code` (the responses), `pred`, `score`, `finish_reason`; `question`, `gt`.
import type { RolloutFormat } from "./rolloutFormat.ts";
import { problemFields, rememberFields } from "./problemFields.ts";
import { group } from "./rolloutFormat.ts";
import { sampleLists } from "./sampleLists.ts";

const paths = {
  response: "code",
  score: "score",
  extracted: "pred",
  finish: "finish_reason",
  reasoning: null,
  tokens: null,
} as const;

export function qwenEval(): RolloutFormat {
  const fieldsOf = rememberFields();
  return {
    name: "qwenEval",
    matches: (record) =>
      Array.isArray(record["code"]) && (Array.isArray(record["score"]) || Array.isArray(record["pred"])),
    labels: (record) => (Array.isArray(record["score"]) ? "score" : null),
    read(record) {
      const fields = fieldsOf(record);
      // `gt` is the answer; `answer` and `solution` are the dataset's own columns beside it.
      const problem = problemFields(record, "gt" in record ? { ...fields, gold: ["gt"] } : fields);
      return [group(problem, sampleLists(record, paths, null))];
    },
  };
}
