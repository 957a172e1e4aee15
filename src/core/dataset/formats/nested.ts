// Tree of Thoughts' logs: one list element a problem, `ys` (the samples) with `accs[]` or `infos[].r` beside it.
import type { JsonRecord } from "../../parse.ts";
import type { RolloutFormat } from "./rolloutFormat.ts";
import { asList, isRecord } from "../../parse.ts";
import { problemFields, rememberFields } from "./problemFields.ts";
import { group } from "./rolloutFormat.ts";
import { sampleLists } from "./sampleLists.ts";

export function nested(): RolloutFormat {
  const fieldsOf = rememberFields();
  return {
    name: "nested",
    matches: (record) =>
      Array.isArray(record["ys"]) && (Array.isArray(record["accs"]) || isScored(record["infos"])),
    labels: scoreColumn,
    read(record) {
      // The last element of such a list may hold totals only.
      if (!("ys" in record) && !("accs" in record) && !("infos" in record)) return [];
      asList(record["ys"], "ys");
      const paths = {
        response: "ys",
        score: scoreColumn(record),
        extracted: null,
        finish: null,
        reasoning: null,
        tokens: null,
      };
      return [group(problemFields(record, fieldsOf(record)), sampleLists(record, paths, null))];
    },
  };
}

const scoreColumn = (record: JsonRecord): string => (Array.isArray(record["accs"]) ? "accs" : "infos");

function isScored(infos: unknown): boolean {
  return Array.isArray(infos) && infos.some((info) => isRecord(info) && "r" in info);
}
