import type { ByteSource } from "../../ports.ts";
import type { CodeAnswer, CodeTask } from "./codeTask.ts";
import { LensError } from "../../errors.ts";
import { asRecord, asString, FieldError } from "../../parse.ts";
import { chunks } from "../../dataset/records/chunks.ts";
import { rawFields } from "./rawFields.ts";
import { readCodeTask, type Unpack } from "./readCodeTask.ts";

/** A model's answer, as a line of a samples file has it. */
export interface CodeSample {
  readonly taskId: string;
  /** 0-based, among the samples of its task. */
  readonly index: number;
  readonly answer: CodeAnswer;
}

/**
 * Tasks of a JSON lines file by id; of those in `wanted` only, where it is given. Throws `badInput` with file, line and
 * field.
 */
export async function readCodeTasks(
  source: ByteSource,
  unpack: Unpack,
  wanted?: ReadonlySet<string>,
): Promise<ReadonlyMap<string, CodeTask>> {
  const tasks = new Map<string, CodeTask>();
  for await (const { text, line } of lines(source)) {
    const task = located(source, line, () =>
      wanted === undefined || wanted.has(idOf(text)) ? readCodeTask(text, unpack) : null,
    );
    if (task !== null) tasks.set(task.id, task);
  }
  return tasks;
}

/** The task's id alone: a file of LiveCodeBench is gigabytes of tests that nobody asked for. */
function idOf(text: string): string {
  const fields = rawFields(text);
  const raw = fields.get("task_id") ?? fields.get("question_id");
  if (raw === undefined) throw new FieldError("task_id", "expected a string, got nothing");
  return String(JSON.parse(raw));
}

/** Samples of a JSON lines file: `task_id` (or `question_id`) and `completion` or `solution`, in the file's order. */
export async function readCodeSamples(source: ByteSource): Promise<readonly CodeSample[]> {
  const counts = new Map<string, number>();
  const samples: CodeSample[] = [];
  for await (const { text, line } of lines(source)) {
    const { taskId, answer } = located(source, line, () => readSample(text));
    const index = counts.get(taskId) ?? 0;
    counts.set(taskId, index + 1);
    samples.push({ taskId, index, answer });
  }
  return samples;
}

function readSample(text: string): { readonly taskId: string; readonly answer: CodeAnswer } {
  const record = asRecord(parsed(text), "");
  const id = record["task_id"] ?? record["question_id"];
  const taskId = typeof id === "number" ? String(id) : asString(id, "task_id");
  const kind = record["solution"] === undefined ? "completion" : "solution";
  return { taskId, answer: { kind, text: asString(record[kind], kind) } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FieldError("", "expected a JSON object");
  }
}

function located<T>(source: ByteSource, line: number, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof LensError)) throw cause;
    throw new LensError("badInput", `${source.name} line ${line}: ${cause.message}.`, { cause });
  }
}

async function* lines(source: ByteSource): AsyncGenerator<{ readonly text: string; readonly line: number }> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let line = 0;
  for await (const { bytes } of chunks(source, {})) {
    const pieces = decoder.decode(bytes, { stream: true }).split("\n");
    for (const [at, piece] of pieces.entries()) {
      parts.push(piece);
      if (at === pieces.length - 1) break;
      const text = parts.join("").trim();
      parts = [];
      line += 1;
      if (text !== "") yield { text, line };
    }
  }
  const text = parts.join("").trim();
  if (text !== "") yield { text, line: line + 1 };
}
