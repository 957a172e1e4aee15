// OpenCompass, `predictions/<model>/<dataset>.json` (icl_base_inferencer.py): one object by the index of the problem, each
// `{origin_prompt, prediction, gold}`. Not graded.
import type { JsonRecord } from "../../parse.ts";
import type { RolloutFormat } from "./rolloutFormat.ts";
import { asRecord, isRecord } from "../../parse.ts";
import { goldText } from "../goldText.ts";
import { rawSample } from "./rawSample.ts";
import { group } from "./rolloutFormat.ts";

export function openCompass(): RolloutFormat {
  return {
    name: "openCompass",
    matches(record) {
      const [first] = Object.entries(record);
      return first !== undefined && /^\d+$/.test(first[0]) && isRecord(first[1]) && "prediction" in first[1];
    },
    labels: () => null,
    read: (record) =>
      Object.entries(record).map(([id, value]) => {
        const entry = asRecord(value, id);
        const { prediction } = entry;
        const texts: readonly unknown[] = Array.isArray(prediction) ? prediction : [prediction];
        const problem = { question: questionOf(entry), gold: goldText(entry["gold"], `${id}.gold`), id };
        return group(
          problem,
          texts.map((response) => rawSample({ response }, `${id}.prediction`)),
        );
      }),
  };
}

/** A text, or a chat of `{role: "HUMAN" | "BOT" | "SYSTEM", prompt}`. */
function questionOf({ origin_prompt: prompt }: JsonRecord): string {
  if (typeof prompt === "string") return prompt;
  const turns = Array.isArray(prompt) ? prompt.filter(isRecord) : [];
  const asked = turns.findLast(({ role }) => role === "HUMAN")?.["prompt"];
  return typeof asked === "string" ? asked : "";
}
