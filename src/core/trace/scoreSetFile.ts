import { hashHex } from "../dataset/hash.ts";
import { LensError } from "../errors.ts";
import { FieldError } from "../parse.ts";
import type { AppendFile, ByteSource, FileStore } from "../ports.ts";
import { forEachLine } from "../run/scan.ts";
import {
  decodeScoreLine,
  encodeScoreHead,
  encodeScoreLine,
  perplexityOf,
  type ScoredPlace,
  type ScoreLine,
  type ScoreSetHead,
  scoreSetId,
  type StoredScoreLine,
} from "./scoreSet.ts";

/** Beside the samples of a run: `<run>/scores/<scorer>.jsonl`. */
export const scoresFolderName = "scores";

/** A score set as it lies on disk. */
export class ScoreSet {
  readonly head: ScoreSetHead;
  private readonly byProblem = new Map<string, Map<number, ScoreLine>>();
  private count = 0;

  constructor(head: ScoreSetHead) {
    this.head = head;
  }

  /** Traces, refused ones among them. */
  get length(): number {
    return this.count;
  }

  /** Of two lines of one trace the later holds. */
  add(line: ScoreLine): void {
    let lines = this.byProblem.get(line.problemKey);
    if (lines === undefined) this.byProblem.set(line.problemKey, (lines = new Map()));
    if (!lines.has(line.index)) this.count += 1;
    lines.set(line.index, line);
  }

  /** `null` where the trace was not scored, or had another text then. */
  find({ problemKey, index, print }: ScoredPlace): ScoreLine | null {
    const line = this.byProblem.get(problemKey)?.get(index);
    return line === undefined || line.print !== print ? null : line;
  }

  /** By problem; in the order in which they were scored. */
  of(problemKey: string): readonly ScoreLine[] {
    return [...(this.byProblem.get(problemKey)?.values() ?? [])];
  }

  *lines(): Generator<ScoreLine> {
    for (const lines of this.byProblem.values()) yield* lines.values();
  }

  /** Perplexities of one problem's traces: what `percentileAmong` compares another trace with. */
  perplexities(problemKey: string): readonly number[] {
    return this.of(problemKey).flatMap((line) =>
      line.kind === "scored" ? (perplexityOf(line.numbers) ?? []) : [],
    );
  }
}

/** A set opened for appending. What was written stays, whenever the process ends. */
export interface ScoreSetLog {
  readonly set: ScoreSet;
  /** Kept in memory until `flush`. */
  add(line: ScoreLine): void;
  /** Resolves when the lines were handed to the operating system. Rejects with `diskFull` or `storeFailed`. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** A name that every system takes, and that no other set has. */
export function scoreSetPath(folder: string, head: ScoreSetHead): string {
  const name = head.scorer.model.replaceAll(/[^\w@.-]+/g, "-").slice(0, 60);
  return `${folder}/${head.texts === "gold" ? "gold." : ""}${name}.${hashHex(scoreSetId(head)).slice(0, 8)}.jsonl`;
}

/** `null` where there is no set. Throws `newerSchema` for one of a newer version, `storeFailed`. */
export async function readScoreSet(path: string, files: FileStore): Promise<ScoreSet | null> {
  const source = await files.open(path);
  return source === null ? null : (await scan(source)).set;
}

/** Opens or begins a set; a torn last line is cut. Throws as `readScoreSet`, and `otherScores`. */
export async function openScoreSet(
  folder: string,
  head: ScoreSetHead,
  files: FileStore,
): Promise<ScoreSetLog> {
  const path = scoreSetPath(folder, head);
  const source = await files.open(path);
  const { set, wholeBytes } = source === null ? { set: null, wholeBytes: 0 } : await scan(source);
  if ((set === null && wholeBytes > 0) || (set !== null && scoreSetId(set.head) !== scoreSetId(head)))
    throw new LensError("otherScores", `${path} holds other scores. It is kept as it is.`);
  const file = await files.openAppend(path, wholeBytes);
  const log = new AppendedScores(file, set ?? new ScoreSet(head));
  if (set === null) await log.begin();
  return log;
}

class AppendedScores implements ScoreSetLog {
  readonly set: ScoreSet;
  private readonly file: AppendFile;
  private lines: string[] = [];

  constructor(file: AppendFile, set: ScoreSet) {
    this.file = file;
    this.set = set;
  }

  begin(): Promise<void> {
    this.lines.push(encodeScoreHead(this.set.head));
    return this.flush();
  }

  add(line: ScoreLine): void {
    this.set.add(line);
    this.lines.push(encodeScoreLine(line));
  }

  async flush(): Promise<void> {
    if (this.lines.length === 0) return;
    const bytes = new TextEncoder().encode(this.lines.join(""));
    this.lines = [];
    await this.file.append(bytes);
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

/** Some milliseconds of work at a time, so that a large set holds nothing up. */
const pieceBytes = 256 * 1024;

/** Lines that cannot be read are passed over: their traces are scored again. */
async function scan(
  source: ByteSource,
): Promise<{ readonly set: ScoreSet | null; readonly wholeBytes: number }> {
  let set: ScoreSet | null = null;
  const take = (text: string): void => {
    const line = lineIn(text, source.name);
    if (line?.type === "head") set ??= new ScoreSet(line.head);
    else if (line?.type === "trace") set?.add(line.line);
  };
  const wholeBytes = await forEachLine(source, take, pieceBytes);
  return { set, wholeBytes };
}

function lineIn(text: string, name: string): StoredScoreLine | null {
  if (text === "") return null;
  try {
    return decodeScoreLine(JSON.parse(text));
  } catch (error) {
    if (error instanceof FieldError && error.field === "v")
      throw new LensError("newerSchema", `${name}: ${error.message}. Nothing was changed.`, { cause: error });
    return null;
  }
}
