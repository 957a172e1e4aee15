// EvalPlus: `X.eval_results.json` (evaluate.py; one object, `eval` by task) and the samples that it is given, lines of
// `{task_id, solution}` (codegen.py). A sample is right where it passes the base tests and, where they ran, the plus tests.
import type { JsonRecord } from "../../parse.ts";
import type { RawSample, RolloutFormat } from "./rolloutFormat.ts";
import { asList, asRecord, asString, isRecord } from "../../parse.ts";
import { rawSample } from "./rawSample.ts";
import { group } from "./rolloutFormat.ts";

export function evalPlusResults(): RolloutFormat {
  return {
    name: "evalPlusResults",
    matches: (record) => isRecord(record["eval"]) && Object.values(record["eval"]).some(isTaskList),
    labels: (record) => {
      const first = Object.values(asRecord(record["eval"], "eval")).flat().find(isRecord);
      return first !== undefined && hasPlus(first) ? "plus_status" : "base_status";
    },
    read: (record) =>
      Object.entries(asRecord(record["eval"], "eval")).map(([id, list]) => {
        const samples = asList(list, `eval.${id}`).map((one, i) => gradedSample(one, `eval.${id}[${i}]`));
        return group({ question: "", gold: null, id }, samples);
      }),
  };
}

function isTaskList(value: unknown): boolean {
  return Array.isArray(value) && value.some((one) => isRecord(one) && "base_status" in one);
}

const hasPlus = (sample: JsonRecord): boolean => typeof sample["plus_status"] === "string";

function gradedSample(value: unknown, field: string): RawSample {
  const sample = asRecord(value, field);
  const base = asString(sample["base_status"], `${field}.base_status`);
  const score = base === "pass" && (!hasPlus(sample) || sample["plus_status"] === "pass");
  return rawSample({ response: sample["solution"], score }, `${field}.solution`);
}

const sampleColumns: ReadonlySet<string> = new Set(["task_id", "solution", "_identifier", "raw_solution"]);

export function evalPlusSamples(): RolloutFormat {
  return {
    name: "evalPlusSamples",
    // Datasets name their reference `solution` too, beside the question: nothing else may be there.
    matches: (record) =>
      typeof record["task_id"] === "string" &&
      typeof record["solution"] === "string" &&
      Object.keys(record).every((name) => sampleColumns.has(name)),
    labels: () => null,
    read(record) {
      const id = asString(record["task_id"], "task_id");
      const sample = rawSample({ response: record["solution"] }, "solution");
      return [group({ question: "", gold: null, id }, [sample])];
    },
  };
}
