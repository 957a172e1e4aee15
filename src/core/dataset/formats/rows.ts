// The open case: a row a sample, or a row a problem with lists, under any of the names of fields.ts. Among them:
// verl (`input`, `output`, `score`, `gts`), SkyRL, NeMo-Skills, LiveCodeBench, OpenRLHF, DeepScaleR, verifiers.
import type { JsonRecord } from "../../parse.ts";
import type { RowFields } from "../fields.ts";
import type { RawSample, RolloutFormat } from "./rolloutFormat.ts";
import { atPath, FieldError, isRecord } from "../../parse.ts";
import { firstValue } from "../fields.ts";
import { responseText } from "../questionText.ts";
import { problemFields, rememberFields } from "./problemFields.ts";
import { rawSample } from "./rawSample.ts";
import { group } from "./rolloutFormat.ts";
import { listValue, sampleLists } from "./sampleLists.ts";

/** Names that datasets use too: only with a score beside them do they hold a model's text. */
const looseResponses: ReadonlySet<string> = new Set([
  "output",
  "outputs",
  "code",
  "answer_text",
  "text",
  "samples",
]);

export function rows(): RolloutFormat {
  const fieldsOf = rememberFields();
  return {
    name: "rows",
    matches(record) {
      const fields = fieldsOf(record);
      const path = responsePath(record, fields);
      if (path === null) return false;
      if (fields.score.length > 0 || isRecord(firstItem(record, path))) return true;
      return !looseResponses.has(path.toLowerCase()) && (fields.question.length > 0 || fields.id.length > 0);
    },
    labels(record) {
      const fields = fieldsOf(record);
      const path = responsePath(record, fields);
      const value = path === null ? null : listValue(record, path);
      if (Array.isArray(value) && !isChat(value)) {
        const item = value.find((one) => isRecord(one) && !isMessage(one));
        return (
          (isRecord(item) ? valuePath(item, fieldsOf(item).score) : null) ?? listPath(record, fields.score)
        );
      }
      return valuePath(record, fields.score);
    },
    read(record) {
      const fields = fieldsOf(record);
      const path = responsePath(record, fields);
      if (path === null)
        throw new FieldError(fields.response[0] ?? "response", "expected a model's text, got nothing");
      return [group(problemFields(record, fields), samplesOf({ record, fields, path }, fieldsOf))];
    },
  };
}

interface Row {
  readonly record: JsonRecord;
  readonly fields: RowFields;
  /** Of the response. */
  readonly path: string;
}

function samplesOf(row: Row, fieldsOf: (record: JsonRecord) => RowFields): readonly RawSample[] {
  const { record, fields, path } = row;
  const value = listValue(record, path);
  if (!Array.isArray(value) || isChat(value)) return [oneSample(row, path)];
  if (value.some((item) => isRecord(item) && !isMessage(item))) {
    return value.map((item, i) => nestedSample(item, `${path}[${i}]`, fieldsOf));
  }
  const paths = {
    response: path,
    score: listPath(record, fields.score),
    extracted: listPath(record, fields.extracted),
    finish: listPath(record, fields.finish),
    reasoning: listPath(record, fields.reasoning),
    tokens: listPath(record, fields.tokens),
  };
  return sampleLists(record, paths, runOf(row));
}

/** A list element that is a sample by itself: `{"samples": [{"text": ..., "correct": ...}]}`. */
function nestedSample(item: unknown, field: string, fieldsOf: (record: JsonRecord) => RowFields): RawSample {
  if (!isRecord(item)) return rawSample({ response: item }, field);
  const fields = fieldsOf(item);
  const path = responsePath(item, fields);
  if (path === null) throw new FieldError(field, "expected a model's text, got an object without one");
  return oneSample({ record: item, fields, path }, `${field}.${path}`);
}

function oneSample({ record, fields, path }: Row, field: string): RawSample {
  const value = (paths: readonly string[]): unknown => firstValue(record, paths);
  return rawSample(
    {
      run: runOf({ record, fields, path }),
      response: atPath(record, path),
      score: value(fields.score),
      extracted: value(fields.extracted),
      finish: value(fields.finish),
      reasoning: value(fields.reasoning),
      seed: value(fields.seed),
      tokens: value(fields.tokens),
    },
    field,
  );
}

function runOf({ record, fields }: Row): string | null {
  const value = firstValue(record, fields.run);
  return typeof value === "string" && value !== "" ? value : null;
}

/** The first response column whose value is a text, a chat or a list of them. */
function responsePath(record: JsonRecord, fields: RowFields): string | null {
  const isText = (path: string): boolean => {
    const value = listValue(record, path);
    return responseText(value) !== null || (Array.isArray(value) && value.length > 0);
  };
  return fields.response.find(isText) ?? null;
}

const valuePath = (record: JsonRecord, paths: readonly string[]): string | null =>
  paths.find((path) => (atPath(record, path) ?? null) !== null) ?? null;

function listPath(record: JsonRecord, paths: readonly string[]): string | null {
  return paths.find((path) => Array.isArray(listValue(record, path))) ?? null;
}

function firstItem(record: JsonRecord, path: string): unknown {
  const value = listValue(record, path);
  return Array.isArray(value) && !isChat(value) ? value[0] : undefined;
}

function isChat(list: readonly unknown[]): boolean {
  return list.length > 0 && list.every((item) => isRecord(item) && isMessage(item));
}

function isMessage(item: JsonRecord): boolean {
  return "role" in item || "from" in item;
}
