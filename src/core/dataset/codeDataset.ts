import type { CodeKind } from "../verify/code/codeQuestion.ts";
import type { Problem } from "../model.ts";
import type { ByteSource, CancelSignal } from "../ports.ts";
import { encodeCodeGold } from "../verify/code/codeGold.ts";
import { codeKind, codeQuestion } from "../verify/code/codeQuestion.ts";
import { readCodeTask } from "../verify/code/readCodeTask.ts";
import { FieldError, isRecord } from "../parse.ts";
import { aliases } from "./fields.ts";
import type { IssueList } from "./issueList.ts";
import { problemKey } from "./problemKey.ts";
import type { RecordAt, RecordFile } from "./records/recordFile.ts";

export interface CodeProblems {
  readonly kind: CodeKind;
  readonly problems: readonly Problem[];
}

/** Columns of MBPP's own: its reference program and its task. */
const ownColumns: ReadonlySet<string> = new Set(["code", "text"]);
const answerColumns: readonly string[] = aliases.response.filter((name) => !ownColumns.has(name));

/** Is it a programming task of one of the benchmarks, without answers of a model? By the fields that hold its tests. */
export function isCodeRecord(value: unknown): boolean {
  if (!isRecord(value) || answerColumns.some((name) => name in value)) return false;
  const has = (...names: readonly string[]): boolean => names.every((name) => name in value);
  return (
    has("entry_point", "test", "prompt") ||
    has("entry_point", "base_input", "canonical_solution") ||
    has("task_id", "test_list") ||
    has("question_content", "public_test_cases")
  );
}

/**
 * A dataset of programming tasks: the question is what the harness asks, the gold is the task (codeGold.ts).
 * @param path of the file, absolute; without it tests of any length are copied into the runs
 */
export async function readCodeDataset(
  source: ByteSource,
  opened: RecordFile,
  {
    issues,
    path,
    signal,
  }: { readonly issues: IssueList; readonly path: string | null; readonly signal?: CancelSignal | undefined },
): Promise<CodeProblems | null> {
  const table = new TaskTable(issues, opened.kind === "jsonl" ? path : null);
  const rawOf = async (value: unknown, { start, end }: RecordAt): Promise<string> =>
    opened.kind === "jsonl" || opened.kind === "json"
      ? new TextDecoder().decode(await source.slice(start, end))
      : JSON.stringify(value, plainNumber);
  const record = async (value: unknown, at: RecordAt): Promise<void> => table.add(await rawOf(value, at), at);
  await opened.each({ record, issue: (issue) => issues.add(issue) }, { signal });
  return table.kind === null ? null : { kind: table.kind, problems: table.problems };
}

/** Parquet has integers of 64 bits. */
const plainNumber = (_key: string, value: unknown): unknown =>
  typeof value !== "bigint" ? value : Number.isSafeInteger(Number(value)) ? Number(value) : String(value);

class TaskTable {
  readonly problems: Problem[] = [];
  kind: CodeKind | null = null;
  readonly #issues: IssueList;
  readonly #file: string | null;
  readonly #places = new Map<string, string>();
  #row = 0;

  constructor(issues: IssueList, file: string | null) {
    this.#issues = issues;
    this.#file = file;
  }

  add(raw: string, { line, start, end }: RecordAt): void {
    const index = this.#row;
    this.#row++;
    const row = `row ${index + 1}`;
    try {
      const task = readCodeTask(raw.trim(), null);
      this.kind ??= codeKind(task);
      const question = codeQuestion(task);
      const key = problemKey(question, task.id);
      const earlier = this.#places.get(key);
      if (earlier !== undefined) throw new FieldError("prompt", `the same problem as ${earlier}, kept once`);
      this.#places.set(key, line === null ? row : `line ${line}`);
      const gold = encodeCodeGold(raw, this.#file === null ? null : { file: this.#file, start, end });
      this.problems.push({ key, id: task.id, index, question, gold, line });
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      const field = error.field === "" ? null : error.field;
      this.#issues.add({ line, field, message: (line === null ? `${row}: ` : "") + error.detail });
    }
  }
}
