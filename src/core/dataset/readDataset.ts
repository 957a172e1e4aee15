import type { InputIssue, Problem } from "../model.ts";
import type { ByteSource, CancelSignal } from "../ports.ts";
import type { FieldMapping } from "./fields.ts";
import type { GuessedMapping, UnsureMapping } from "./guessMapping.ts";
import type { RecordAt, RecordFile } from "./records/recordFile.ts";
import type { CodeKind } from "../verify/code/codeQuestion.ts";
import type { JsonRecord } from "../parse.ts";
import { asRecord, atPath, FieldError, isRecord, kindOf } from "../parse.ts";
import { goldText, lastBoxed } from "./goldText.ts";
import { guessMapping } from "./guessMapping.ts";
import { IssueList } from "./issueList.ts";
import { problemKey } from "./problemKey.ts";
import { questionText } from "./questionText.ts";
import { isCodeRecord, readCodeDataset } from "./codeDataset.ts";
import { isRefusal, openRecords } from "./records/openRecords.ts";

export interface DatasetOptions {
  /** What the person chose for this schema; wins over the guess. */
  readonly mapping?: FieldMapping;
  readonly signal?: CancelSignal;
  /** Absolute path of the file where it has one: long tests of programming tasks are left in it. */
  readonly path?: string;
}

/** A dataset, read whole. What could not be read stands in `issues`; the rest is there. */
export interface DatasetFile {
  /** The source's name. */
  readonly name: string;
  readonly problems: readonly Problem[];
  readonly issues: readonly InputIssue[];
  /** Fingerprint of the columns: the person's mapping is remembered under it. */
  readonly schema: string;
  readonly mapping: FieldMapping;
  /** Non-null: ask the person, whose answer comes back as `options.mapping`. */
  readonly unsure: UnsureMapping | null;
  /** Programming tasks of that benchmark's form, judged by their tests; `null`: problems with answers. */
  readonly code: CodeKind | null;
}

/** Rejects with code `cancelled`, or with what the source rejects with. */
export async function readDataset(source: ByteSource, options: DatasetOptions = {}): Promise<DatasetFile> {
  const issues = new IssueList(source.name);
  const table = new ProblemTable(options.mapping ?? null, issues);
  const opened = await openRecords(source);
  if (isRefusal(opened)) issues.add({ line: null, field: null, message: opened.refusal });
  else {
    const code = options.mapping === undefined ? await codeTasks(source, opened, { issues, options }) : null;
    if (code !== null) return code;
    const visitor = {
      record: (value: unknown, at: RecordAt) => table.addAll(value, at),
      issue: (issue: Omit<InputIssue, "file">) => issues.add(issue),
    };
    await opened.each(visitor, { signal: options.signal });
  }
  return { name: source.name, ...table.finish(), issues: issues.list(), code: null };
}

/** Programming tasks are told by their first record, and have no columns to choose. */
async function codeTasks(
  source: ByteSource,
  opened: RecordFile,
  { issues, options }: { readonly issues: IssueList; readonly options: DatasetOptions },
): Promise<DatasetFile | null> {
  const records: unknown[] = [];
  const visitor = { record: (value: unknown) => void records.push(value), issue: () => undefined };
  await opened.each(visitor, { limit: 1, signal: options.signal });
  const [first] = records;
  if (!isCodeRecord(first)) return null;
  const { path = null, signal } = options;
  const code = await readCodeDataset(source, opened, { issues, path, signal });
  const { mapping, schema } = guessMapping(isRecord(first) ? [first] : []);
  return {
    name: source.name,
    problems: code?.problems ?? [],
    issues: issues.list(),
    schema,
    mapping,
    unsure: null,
    code: code?.kind ?? null,
  };
}

interface HeldRecord {
  readonly value: unknown;
  readonly line: number | null;
}

/** How many records the columns are guessed from. */
const guessRecords = 20;

class ProblemTable {
  readonly #chosen: FieldMapping | null;
  readonly #issues: IssueList;
  readonly #problems: Problem[] = [];
  readonly #places = new Map<string, string>();
  #held: HeldRecord[] = [];
  #guess: GuessedMapping | null = null;
  #row = 0;

  constructor(chosen: FieldMapping | null, issues: IssueList) {
    this.#chosen = chosen;
    this.#issues = issues;
  }

  /** A record, or an object around the list of records (`{"data": [...]}`). */
  addAll(value: unknown, at: RecordAt): void {
    const inner = wrappedRecords(value);
    if (inner === null) this.#hold({ value, line: at.line });
    else for (const record of inner) this.#hold({ value: record, line: null });
  }

  finish(): Pick<DatasetFile, "problems" | "schema" | "mapping" | "unsure"> {
    this.#release();
    const { mapping, schema, unsure } = this.#guess ?? guessMapping([]);
    const chosen = this.#chosen;
    // An empty file has nothing to ask about: its issues say so.
    const ask = chosen === null && this.#row > 0 ? unsure : null;
    return { problems: this.#problems, schema, mapping: chosen ?? mapping, unsure: ask };
  }

  #hold(record: HeldRecord): void {
    if (this.#guess !== null) {
      this.#add(record, this.#chosen ?? this.#guess.mapping);
      return;
    }
    this.#held.push(record);
    if (this.#held.length === guessRecords) this.#release();
  }

  #release(): void {
    if (this.#guess !== null) return;
    const records = this.#held.map((record) => record.value).filter(isRecord);
    if (records.length > 0) this.#guess = guessMapping(records);
    const mapping = this.#chosen ?? this.#guess?.mapping ?? { question: "", gold: null, id: null };
    for (const record of this.#held) this.#add(record, mapping);
    this.#held = [];
  }

  #add({ value, line }: HeldRecord, mapping: FieldMapping): void {
    const index = this.#row;
    this.#row++;
    try {
      const problem = problemOf(asRecord(value, ""), mapping, { index, line });
      const place = line === null ? `row ${index + 1}` : `line ${line}`;
      const earlier = this.#places.get(problem.key);
      if (earlier !== undefined)
        throw new FieldError(mapping.question, `the same problem as ${earlier}, kept once`);
      this.#places.set(problem.key, place);
      this.#problems.push(problem);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      const row = line === null ? `row ${index + 1}: ` : "";
      this.#issues.add({ line, field: error.field === "" ? null : error.field, message: row + error.detail });
    }
  }
}

function problemOf(
  record: JsonRecord,
  mapping: FieldMapping,
  place: { readonly index: number; readonly line: number | null },
): Problem {
  const asked = atPath(record, mapping.question);
  const question = questionText(asked);
  if (question === null) throw new FieldError(mapping.question, `expected string, got ${kindOf(asked)}`);
  if (question.trim() === "")
    throw new FieldError(mapping.question, "expected a question, got an empty string");
  const idValue = mapping.id === null ? undefined : atPath(record, mapping.id);
  const id =
    typeof idValue === "string" || typeof idValue === "number" ? String(idValue) : String(place.index);
  return { key: problemKey(question, id), id, ...place, question, gold: goldOf(record, mapping.gold) };
}

function goldOf(record: JsonRecord, column: string | null): string | null {
  if (column === null) return null;
  const value = atPath(record, column);
  // A worked solution: the answer stands in its box.
  if (/(^|\.)solution$/i.test(column) && typeof value === "string")
    return lastBoxed(value) ?? goldText(value, column);
  return goldText(value, column);
}

/** The list of an object that holds one list of objects and no question by itself. */
export function wrappedRecords(value: unknown): readonly unknown[] | null {
  if (!isRecord(value)) return null;
  const lists = Object.entries(value).filter(
    ([key, inner]) => wrapperNames.has(key) && Array.isArray(inner) && inner.some(isRecord),
  );
  const [only] = lists;
  return lists.length === 1 && only !== undefined ? (only[1] as readonly unknown[]) : null;
}

const wrapperNames: ReadonlySet<string> = new Set([
  "data",
  "rows",
  "examples",
  "problems",
  "questions",
  "train",
  "test",
  "items",
  "records",
]);
