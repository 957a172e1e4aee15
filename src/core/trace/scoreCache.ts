import { LensError } from "../errors.ts";
import { FieldError, isRecord } from "../parse.ts";
import type { AppendFile, ByteSource, CancelSignal, FileLock, FileStore, Sha256 } from "../ports.ts";
import type { ScoredTrace } from "./scoredTrace.ts";
import type { ScoreRequest, TraceScorer } from "./scorer.ts";
import { decodeTrace, encodeTrace } from "./traceJson.ts";

export interface ScoreCacheParts {
  readonly files: FileStore;
  readonly sha256: Sha256;
  readonly folder: string;
  /** Who writes, for the lock. */
  readonly owner: string;
}

/** Whose scores: part of every key. */
export interface CachedSource {
  /** Origin of the endpoint. */
  readonly source: string;
  readonly model: string;
  readonly method: string;
}

const fileName = "scores.jsonl";
const headBytes = 80;
const chunkBytes = 1 << 20;

/**
 * Scores on disk, append-only, so that nothing is scored twice and a stopped scoring goes on where it was. One line a
 * trace, beginning with its key: sha256 of endpoint, model, method, context, text, ids and settings. A torn last line is
 * cut; a line that cannot be read counts as absent. Another process that holds the folder leaves this one reading only.
 */
export class ScoreCache {
  private readonly parts: ScoreCacheParts;
  private readonly places: Map<string, { readonly start: number; readonly end: number }>;
  private readonly writer: { readonly file: AppendFile; readonly lock: FileLock } | null;
  private readonly asked = new Map<string, Promise<ScoredTrace>>();
  private length: number;
  private writing: Promise<void> = Promise.resolve();
  private found = 0;

  private constructor(parts: ScoreCacheParts, index: Index, writer: ScoreCache["writer"]) {
    this.parts = parts;
    this.places = index.places;
    this.length = index.wholeBytes;
    this.writer = writer;
  }

  /** Throws LensError `diskFull` or `storeFailed`. */
  static async open(parts: ScoreCacheParts): Promise<ScoreCache> {
    const path = `${parts.folder}/${fileName}`;
    const lock = await parts.files.lock(parts.folder, parts.owner);
    try {
      const index = await indexOf(await parts.files.open(path));
      if (lock === null) return new ScoreCache(parts, index, null);
      return new ScoreCache(parts, index, {
        file: await parts.files.openAppend(path, index.wholeBytes),
        lock,
      });
    } catch (error) {
      await lock?.release();
      throw error;
    }
  }

  /** Traces on disk. */
  get size(): number {
    return this.places.size;
  }

  /** How many requests were answered from the disk. */
  get hits(): number {
    return this.found;
  }

  get readOnly(): boolean {
    return this.writer === null;
  }

  /** The scorer with this cache before it; two requests for one trace at a time are one. */
  over(scorer: TraceScorer, source: CachedSource): TraceScorer {
    return { score: (request, signal) => this.score(request, signal, { scorer, source }) };
  }

  async close(): Promise<void> {
    await this.writing.catch(() => undefined);
    if (this.writer === null) return;
    try {
      await this.writer.file.close();
    } finally {
      await this.writer.lock.release();
    }
  }

  private async score(
    request: ScoreRequest,
    signal: CancelSignal,
    { scorer, source }: { readonly scorer: TraceScorer; readonly source: CachedSource },
  ): Promise<ScoredTrace> {
    const key = this.keyOf(request, source);
    const stored = await this.read(key);
    if (stored !== null) return stored;
    // A cancelled one must not cancel another's.
    const underWay = this.asked.get(key);
    if (underWay !== undefined) return underWay.catch(() => this.score(request, signal, { scorer, source }));
    const asked = scorer.score(request, signal).then(async (trace) => {
      await this.write(key, trace);
      return trace;
    });
    this.asked.set(key, asked);
    try {
      return await asked;
    } finally {
      this.asked.delete(key);
    }
  }

  private keyOf(
    { context, text, ids, top, tooLong }: ScoreRequest,
    { source, model, method }: CachedSource,
  ): string {
    const identity = JSON.stringify([source, model, method, context, text, ids, top, tooLong]);
    return this.parts.sha256(new TextEncoder().encode(identity));
  }

  private async read(key: string): Promise<ScoredTrace | null> {
    const place = this.places.get(key);
    if (place === undefined) return null;
    const source = await this.parts.files.open(`${this.parts.folder}/${fileName}`);
    const bytes = await source?.slice(place.start, place.end);
    try {
      const line: unknown = JSON.parse(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
      const trace = decodeTrace(isRecord(line) && line["k"] === key ? line["trace"] : null);
      this.found += 1;
      return trace;
    } catch (error) {
      if (!(error instanceof SyntaxError) && !(error instanceof FieldError)) throw error;
      this.places.delete(key);
      return null;
    }
  }

  /** A disk that is full loses the cache, not the score. */
  private async write(key: string, trace: ScoredTrace): Promise<void> {
    const { writer } = this;
    if (writer === null) return;
    const line = new TextEncoder().encode(`{"k":"${key}","trace":${JSON.stringify(encodeTrace(trace))}}\n`);
    this.writing = this.writing.then(async () => {
      await writer.file.append(line);
      this.places.set(key, { start: this.length, end: this.length + line.length });
      this.length += line.length;
    });
    await this.writing.catch((error: unknown) => {
      if (!(error instanceof LensError)) throw error;
    });
  }
}

interface Index {
  readonly places: Map<string, { readonly start: number; readonly end: number }>;
  /** Up to and with the last line end. */
  readonly wholeBytes: number;
}

/** Reads only the head of each line; of two lines with one key the later holds. */
async function indexOf(source: ByteSource | null): Promise<Index> {
  const places: Index["places"] = new Map();
  const total = source?.byteLength ?? 0;
  let start = 0;
  let head: number[] = [];
  for (let at = 0; at < total; at += chunkBytes) {
    const chunk = new Uint8Array(
      (await source?.slice(at, Math.min(at + chunkBytes, total))) ?? new ArrayBuffer(0),
    );
    let from = 0;
    for (let line = chunk.indexOf(10); line !== -1; line = chunk.indexOf(10, from)) {
      const key = keyIn([...head, ...chunk.subarray(from, Math.min(line, from + headBytes))]);
      if (key !== null) places.set(key, { start, end: at + line });
      [start, from, head] = [at + line + 1, line + 1, []];
    }
    if (head.length < headBytes) head.push(...chunk.subarray(from, from + headBytes));
  }
  return { places, wholeBytes: start };
}

const keyIn = (head: readonly number[]): string | null =>
  /^\{"k":"([0-9a-f]{64})"/.exec(String.fromCharCode(...head.slice(0, headBytes)))?.[1] ?? null;
