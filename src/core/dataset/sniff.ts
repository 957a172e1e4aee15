import type { ByteSource } from "../ports.ts";
import type { JsonRecord } from "../parse.ts";
import { isRecord, kindOf } from "../parse.ts";
import { rolloutFormats } from "./formats/rolloutFormats.ts";
import { isCodeRecord } from "./codeDataset.ts";
import { guessMapping } from "./guessMapping.ts";
import { wrappedRecords } from "./readDataset.ts";
import { isRefusal, openRecords } from "./records/openRecords.ts";

export type Sniffed =
  | { readonly kind: "dataset" }
  | { readonly kind: "rollouts"; readonly format: string }
  /** A sentence that says why and what to do. */
  | { readonly kind: "unknown"; readonly reason: string };

/** Decides by content, from the first two records that can be read. */
export async function sniff(source: ByteSource): Promise<Sniffed> {
  const opened = await openRecords(source);
  if (isRefusal(opened)) return { kind: "unknown", reason: opened.refusal };
  const records: unknown[] = [];
  let problem: string | null = null;
  const visitor = {
    record: (value: unknown) => void records.push(value),
    issue: ({ message }: { readonly message: string }) => void (problem ??= message),
  };
  await opened.each(visitor, { limit: 2 });
  const [first] = records;
  if (first === undefined) return unknown(problem ?? "it has no records");
  return isRecord(first)
    ? ofRecord(first, records.length > 1)
    : unknown(`its first record is a ${kindOf(first)}, not an object`);
}

function ofRecord(record: JsonRecord, several: boolean): Sniffed {
  if (isCodeRecord(record)) return { kind: "dataset" };
  const format = rolloutFormats().find((candidate) => candidate.matches(record));
  if (format !== undefined) return { kind: "rollouts", format: format.name };
  const list = wrappedRecords(record);
  const inner = list?.find(isRecord) ?? record;
  const { unsure } = guessMapping([inner]);
  if (unsure === null || unsure.question.length > 0) return { kind: "dataset" };
  // No column is named like a question; in a list of records any text may be one, and the person is asked.
  const hasText = Object.values(inner).some((value) => typeof value === "string" && value.trim() !== "");
  return hasText && (several || list !== null)
    ? { kind: "dataset" }
    : unknown("none of its columns is a question");
}

function unknown(why: string): Sniffed {
  return { kind: "unknown", reason: `The file holds neither problems nor samples that can be read: ${why}.` };
}
