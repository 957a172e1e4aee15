// A line a problem with one solution of each of several models: `{model}: {is_correct, solution}`.
import type { JsonRecord } from "../../parse.ts";
import type { RolloutFormat } from "./rolloutFormat.ts";
import { isRecord } from "../../parse.ts";
import { problemFields, rememberFields } from "./problemFields.ts";
import { group } from "./rolloutFormat.ts";
import { rawSample } from "./rawSample.ts";

const texts = ["solution", "response", "completion", "generation", "output"] as const;
const scores = ["is_correct", "correct", "score", "acc"] as const;

export function modelMap(): RolloutFormat {
  const fieldsOf = rememberFields();
  return {
    name: "modelMap",
    matches: (record) => modelsOf(record).length > 0,
    labels(record) {
      const [, entry] = modelsOf(record)[0] ?? [];
      return scores.find((name) => entry !== undefined && name in entry) ?? null;
    },
    read(record) {
      const samples = modelsOf(record).map(([run, entry]) => {
        const text = texts.find((name) => name in entry) ?? "solution";
        const score = scores.find((name) => name in entry) ?? "is_correct";
        return rawSample({ run, response: entry[text], score: entry[score] }, `${run}.${text}`);
      });
      return samples.length === 0 ? [] : [group(problemFields(record, fieldsOf(record)), samples)];
    },
  };
}

function modelsOf(record: JsonRecord): readonly (readonly [string, JsonRecord])[] {
  const models: (readonly [string, JsonRecord])[] = [];
  for (const [name, entry] of Object.entries(record)) {
    if (isRecord(entry) && texts.some((text) => text in entry) && scores.some((score) => score in entry)) {
      models.push([name, entry]);
    }
  }
  return models;
}
