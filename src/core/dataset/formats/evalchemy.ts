// Evalchemy, `results_<time>.json` (eval/chat_benchmarks/*/eval_instruct.py): one object, `results.<benchmark>.examples`,
// each `{problem, expected_answer, model_outputs, model_answers}`. A run for each benchmark; not graded.
import type { JsonRecord } from "../../parse.ts";
import type { RolloutFormat } from "./rolloutFormat.ts";
import { asList, asRecord, isRecord } from "../../parse.ts";
import { problemFields, rememberFields } from "./problemFields.ts";
import { group } from "./rolloutFormat.ts";
import { sampleLists } from "./sampleLists.ts";

const paths = {
  response: "model_outputs",
  score: null,
  extracted: "model_answers",
  finish: null,
  reasoning: null,
  tokens: null,
} as const;

export function evalchemy(): RolloutFormat {
  const fieldsOf = rememberFields();
  return {
    name: "evalchemy",
    matches: (record) => benchmarksOf(record).length > 0,
    labels: () => null,
    read(record) {
      const benchmarks = benchmarksOf(record);
      return benchmarks.flatMap(([name, { examples }]) =>
        asList(examples, `results.${name}.examples`).map((one, i) => {
          const example = asRecord(one, `results.${name}.examples[${i}]`);
          const run = benchmarks.length > 1 ? name : null;
          return group(problemFields(example, fieldsOf(example)), sampleLists(example, paths, run));
        }),
      );
    },
  };
}

function benchmarksOf(record: JsonRecord): readonly (readonly [string, JsonRecord])[] {
  if (!isRecord(record["results"])) return [];
  return Object.entries(record["results"]).filter((entry): entry is [string, JsonRecord] => {
    const [, value] = entry;
    return isRecord(value) && Array.isArray(value["examples"]) && value["examples"].some(hasOutputs);
  });
}

const hasOutputs = (example: unknown): boolean =>
  isRecord(example) && Array.isArray(example["model_outputs"]);
