import type { JsonRecord } from "../parse.ts";
import { atPath, isRecord } from "../parse.ts";

/** Which columns of a dataset hold what; dotted paths (`reward_model.ground_truth`). */
export interface FieldMapping {
  readonly question: string;
  /** `null`: the dataset has no gold answers, samples stay ungraded. */
  readonly gold: string | null;
  readonly id: string | null;
}

/** Names under which the fields go in other projects' files (each compared without regard to case), the surest first. */
export const aliases = {
  question: [
    "question",
    "problem",
    "prompt",
    "query",
    "question_content",
    "input_prompt",
    "input",
    "messages",
    "conversations",
    "instruction",
  ],
  gold: [
    "reward_model.ground_truth",
    "ground_truth",
    "gold",
    "gold_answer",
    "expected_answer",
    "final_answer",
    "answer",
    "target",
    "gt",
    "gts",
    "extra_info.answer",
    "env_extras.reward_spec.ground_truth",
    "label",
    "solution",
  ],
  id: [
    "unique_id",
    "id",
    "idx",
    "problem_id",
    "task_id",
    "question_id",
    "example_id",
    "doc_id",
    "uid",
    "index",
    "extra_info.index",
  ],
  response: [
    "response",
    "responses",
    "completion",
    "completions",
    "generation",
    "generations",
    "model_output",
    "model_outputs",
    "output_response",
    "samples",
    "outputs",
    "output",
    "output_list",
    "answer_text",
    "code",
    "text",
  ],
  score: [
    "correct",
    "is_correct",
    "acc",
    "accs",
    "symbolic_correct",
    "passed",
    "graded_list",
    "exact_match",
    "score",
    "scores",
    "reward",
    "rewards",
  ],
  extracted: [
    "pred",
    "preds",
    "predicted_answer",
    "extracted",
    "extracted_answer",
    "model_answers",
    "model_answer",
  ],
  finish: ["finish_reason", "finish_reasons", "stop_reason", "finish"],
  reasoning: ["reasoning_content", "reasoning", "thinking"],
  tokens: [
    "num_generated_tokens",
    "completion_tokens",
    "output_tokens",
    "n_tokens",
    "usage.completion_tokens",
    "token_usage.output_tokens",
  ],
  seed: ["seed"],
  run: ["model", "model_name", "run"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type FieldName = keyof typeof aliases;

/** Top-level columns, and those one and two levels down as dotted paths. */
export function columnsOf(record: JsonRecord, prefix = "", depth = 0): readonly string[] {
  return Object.entries(record).flatMap(([key, value]) => {
    const path = prefix + key;
    return isRecord(value) && depth < 2 ? [path, ...columnsOf(value, `${path}.`, depth + 1)] : [path];
  });
}

/** The record's columns that are aliases of the field, the surest first. */
export function matching(columns: readonly string[], field: FieldName): readonly string[] {
  const names: readonly string[] = aliases[field];
  const rank = (column: string): number => names.indexOf(column.toLowerCase());
  return columns.filter((column) => rank(column) !== -1).sort((a, b) => rank(a) - rank(b));
}

/** Paths under which a record's fields may stand, the surest first. */
export type RowFields = { readonly [F in FieldName]: readonly string[] };

/** From the top-level names alone, so that it can be kept for all records that have them. */
export function rowFields(keys: readonly string[]): RowFields {
  const byLowerCase = new Map(keys.map((key) => [key.toLowerCase(), key]));
  const paths = (field: FieldName): readonly string[] =>
    aliases[field].flatMap((alias) => {
      const [top = "", ...rest] = alias.split(".");
      const key = byLowerCase.get(top);
      return key === undefined ? [] : [[key, ...rest].join(".")];
    });
  return Object.fromEntries(fieldNames.map((field) => [field, paths(field)])) as RowFields;
}

const fieldNames = Object.keys(aliases) as readonly FieldName[];

/** What stands under the first of the paths that holds something; `undefined` when none does. */
export function firstValue(record: JsonRecord, paths: readonly string[]): unknown {
  for (const path of paths) {
    const value = atPath(record, path);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}
