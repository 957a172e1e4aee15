// Tree of Thoughts' logs: one list element a problem, `ys` (the samples) with `accs[]` or `infos[].r` beside it.
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
    read(record) {
      // The last element of such a list may hold totals only.
      if (!("ys" in record) && !("accs" in record) && !("infos" in record)) return [];
      asList(record["ys"], "ys");
      const score = Array.isArray(record["accs"]) ? "accs" : "infos";
      const paths = { response: "ys", score, extracted: null, finish: null, reasoning: null, tokens: null };
      return [group(problemFields(record, fieldsOf(record)), sampleLists(record, paths, null))];
    },
  };
}

function isScored(infos: unknown): boolean {
  return Array.isArray(infos) && infos.some((info) => isRecord(info) && "r" in info);
}
