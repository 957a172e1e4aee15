// TRL's GRPO trainer, `completions/completions_00010.parquet` (grpo_trainer.py, `log`): a row a completion with `step`,
// `prompt`, `advantage` and a column for each reward function, under the function's own name. NaN: it did not apply.
import type { JsonRecord } from "../../parse.ts";
import type { RolloutFormat } from "./rolloutFormat.ts";
import { problemFields, rememberFields } from "./problemFields.ts";
import { rawSample } from "./rawSample.ts";
import { group } from "./rolloutFormat.ts";

const ownColumns: ReadonlySet<string> = new Set(["step", "prompt", "completion", "advantage"]);

export function trl(): RolloutFormat {
  const fieldsOf = rememberFields();
  return {
    name: "trl",
    matches: (record) => ["prompt", "completion", "advantage"].every((name) => name in record),
    labels: rewardColumn,
    read(record) {
      const column = rewardColumn(record);
      const score = column === null ? null : record[column];
      const sample = rawSample({ response: record["completion"], score }, "completion");
      return [group(problemFields(record, fieldsOf(record)), [sample])];
    },
  };
}

/** The reward that says whether the answer is right, by its name; the only one, where there is one. */
function rewardColumn(record: JsonRecord): string | null {
  const rewards = Object.keys(record).filter(
    (name) => !ownColumns.has(name) && (typeof record[name] === "number" || record[name] === null),
  );
  const judge = rewards.find((name) => /accura|correct|exact|solved|verif|math_?equal/i.test(name));
  return judge ?? (rewards.length === 1 ? (rewards[0] ?? null) : null);
}
