import { LensError } from "../errors.ts";
import type { EntropyAt } from "../estimate/matchEntropy.ts";
import {
  asInteger,
  asList,
  asNumber,
  asOneOf,
  asRecord,
  asString,
  FieldError,
  type JsonRecord,
  orNull,
} from "../parse.ts";
import type { AppendFile, FileLock, FileStore } from "../ports.ts";
import { lockFileName } from "../run/files.ts";
import { forEachLine } from "../run/scan.ts";
import { decodeStudy, encodeStudy, type StudySpec } from "./spec.ts";
import type { SolveCount, StageResult } from "./stages.ts";

// The files of a study's folder; the runs lie in `runs/<stage>`.
export const studyFileName = "study.json";
export const stagesFileName = "stages.jsonl";
export const studyRunsFolder = (folder: string): string => `${folder}/runs`;
export const studyRunFolder = (folder: string, stage: string): string =>
  `${studyRunsFolder(folder)}/${stage}`;

/** Id of a stage's run, among those of a window. */
export const studyRunId = ({ name }: StudySpec, stage: string): string => `${name} ${stage}`;

export interface StoredStudy {
  readonly spec: StudySpec;
  /** In the order in which the stages ended. */
  readonly results: readonly StageResult[];
}

/** A study opened for work: this process holds its lock until `close`. What was added stays, whenever the process ends. */
export interface StudyLog extends StoredStudy {
  readonly folder: string;
  /** Resolves when it is on disk. Rejects with `diskFull` or `storeFailed`. */
  add(result: StageResult): Promise<void>;
  close(): Promise<void>;
}

/** Throws `noStudy`, `badStudy`, `newerSchema`, `storeFailed`. */
export async function readStudy(folder: string, files: FileStore): Promise<StoredStudy> {
  const path = `${folder}/${studyFileName}`;
  const bytes = await files.read(path);
  if (bytes === null)
    throw new LensError("noStudy", `${folder} holds no study: there is no ${studyFileName}.`);
  const spec = decodeStudy(parsed(bytes, path), path);
  return { spec, results: (await readResults(folder, files)).results };
}

/**
 * Begins the study in the folder, or goes on with it when it is there already. Throws `studyDiffers` (another study lives
 * here), `studyBusy` (another window or process works at it), and as `readStudy`.
 */
export async function openStudy(
  folder: string,
  spec: StudySpec,
  { files, owner }: { readonly files: FileStore; readonly owner: string },
): Promise<StudyLog> {
  const lock = await files.lock(folder, owner);
  if (lock === null)
    throw new LensError(
      "studyBusy",
      `${folder}/${lockFileName}: another window or process works at this study.`,
    );
  try {
    const path = `${folder}/${studyFileName}`;
    const stored = await files.read(path);
    if (stored === null) await files.replace(path, new TextEncoder().encode(encodeStudy(spec)));
    else if (encodeStudy(decodeStudy(parsed(stored, path), path)) !== encodeStudy(spec))
      throw new LensError(
        "studyDiffers",
        `${folder} holds another study. It is kept as it is. Choose another folder, or give the same study to go on with it.`,
      );
    const { results, wholeBytes } = await readResults(folder, files);
    const file = await files.openAppend(`${folder}/${stagesFileName}`, wholeBytes);
    return new OpenStudy({ folder, spec, results, file, lock });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

interface OpenParts {
  readonly folder: string;
  readonly spec: StudySpec;
  readonly results: StageResult[];
  readonly file: AppendFile;
  readonly lock: FileLock;
}

class OpenStudy implements StudyLog {
  readonly folder: string;
  readonly spec: StudySpec;
  readonly results: StageResult[];
  readonly #file: AppendFile;
  readonly #lock: FileLock;

  constructor({ folder, spec, results, file, lock }: OpenParts) {
    this.folder = folder;
    this.spec = spec;
    this.results = results;
    this.#file = file;
    this.#lock = lock;
  }

  async add(result: StageResult): Promise<void> {
    await this.#file.append(new TextEncoder().encode(`${JSON.stringify(result)}\n`));
    this.results.push(result);
  }

  async close(): Promise<void> {
    await this.#file.close();
    await this.#lock.release();
  }
}

/** A line that cannot be read is passed over: its stage is done again, which its own folder makes short. */
async function readResults(
  folder: string,
  files: FileStore,
): Promise<{ readonly results: StageResult[]; readonly wholeBytes: number }> {
  const source = await files.open(`${folder}/${stagesFileName}`);
  const results: StageResult[] = [];
  if (source === null) return { results, wholeBytes: 0 };
  const wholeBytes = await forEachLine(source, (line) => {
    try {
      results.push(decodeResult(JSON.parse(line)));
    } catch (error) {
      if (!(error instanceof FieldError) && !(error instanceof SyntaxError)) throw error;
    }
  });
  return { results, wholeBytes };
}

function decodeResult(value: unknown): StageResult {
  const line = asRecord(value, "");
  const id = asString(line["id"], "id");
  const kind = asOneOf(line["kind"], ["sample", "entropy", "score"], "kind");
  if (kind === "sample") return { kind, id, counts: asList(line["counts"], "counts").map(decodeCount) };
  if (kind === "entropy")
    return { kind, id, measured: decodeEntropy(asRecord(line["measured"], "measured")) };
  return {
    kind,
    id,
    traces: asInteger(line["traces"], "traces"),
    refused: asInteger(line["refused"], "refused"),
    failure: orNull(line["failure"], "failure", asString),
  };
}

function decodeEntropy(measured: JsonRecord): EntropyAt {
  const number = (key: string): number => asNumber(measured[key], `measured.${key}`);
  return {
    temperature: number("temperature"),
    low: number("low"),
    high: number("high"),
    standardError: number("standardError"),
    samples: number("samples"),
  };
}

function decodeCount(value: unknown, at: number): SolveCount {
  const count = asRecord(value, `counts[${at}]`);
  return {
    key: asString(count["key"], `counts[${at}].key`),
    n: asInteger(count["n"], `counts[${at}].n`),
    c: asInteger(count["c"], `counts[${at}].c`),
  };
}

function parsed(bytes: Uint8Array, path: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new LensError("badStudy", `${path}: ${detail}`, { cause });
  }
}
