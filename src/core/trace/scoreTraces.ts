import { LensError } from "../errors.ts";
import type { CancelSignal } from "../ports.ts";
import { EndpointError } from "../run/generate.ts";
import { type ScoredPlace, type ScoreLine, traceNumbers } from "./scoreSet.ts";
import type { ScoreSetLog } from "./scoreSetFile.ts";
import type { ScoreRequest, TraceScorer } from "./scorer.ts";

/** A trace to be scored, read when its turn comes. */
export interface TraceTarget extends ScoredPlace {
  /** With the ids where the scorer may be given them. */
  read(): Promise<Pick<ScoreRequest, "context" | "text" | "ids">>;
}

export interface ScoreTracesPorts {
  readonly scorer: TraceScorer;
  readonly log: ScoreSetLog;
}

export interface ScoreTracesOptions {
  /** Alternatives with each token: entropies need some, perplexity none. */
  readonly top: number;
  readonly tooLong: ScoreRequest["tooLong"];
  /** Traces at work at a time; the scorer has a limit of its own. */
  readonly concurrency: number;
  readonly signal: CancelSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Of the targets: `before` were scored when it began, the others now; `refused` ones can never be. */
export interface ScoreTracesResult {
  readonly before: number;
  readonly scored: number;
  readonly refused: number;
}

/**
 * Scores what the set does not hold yet, and keeps each trace as it comes: a stopped scoring goes on where it was. A trace
 * that fails alone becomes a line that says why, and is tried again the next time; anything else (no connection, a refused
 * key, a full disk, `cancelled`) rejects, with everything scored so far kept.
 */
export async function scoreTraces(
  targets: readonly TraceTarget[],
  { scorer, log }: ScoreTracesPorts,
  options: ScoreTracesOptions,
): Promise<ScoreTracesResult> {
  const waiting = targets.filter((target) => log.set.find(target)?.kind !== "scored");
  const before = targets.length - waiting.length;
  const counts = { scored: 0, refused: 0 };
  const state = { next: 0, stopped: false };
  const writes = new Writes(log);
  const tell = (): void => options.onProgress?.(before + counts.scored + counts.refused, targets.length);
  const work = async (): Promise<void> => {
    while (!state.stopped && state.next < waiting.length) {
      const target = waiting[state.next] as TraceTarget;
      state.next += 1;
      const line = await scoreOne(target, scorer, options);
      counts[line.kind] += 1;
      await writes.add(line);
      tell();
    }
  };
  const worker = async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      // The others end with what they have in flight.
      state.stopped = true;
      throw error;
    }
  };
  tell();
  const width = Math.min(options.concurrency, waiting.length);
  const ended = await Promise.allSettled(Array.from({ length: width }, worker));
  const failure = ended.find((one) => one.status === "rejected");
  if (failure !== undefined) throw failure.reason;
  return { before, ...counts };
}

/** Lines that come while one write is under way go into the next one. */
class Writes {
  private readonly log: ScoreSetLog;
  private current: Promise<void> = Promise.resolve();
  private next: Promise<void> | null = null;

  constructor(log: ScoreSetLog) {
    this.log = log;
  }

  add(line: ScoreLine): Promise<void> {
    this.log.add(line);
    this.next ??= this.current = this.current.then(() => {
      this.next = null;
      return this.log.flush();
    });
    return this.next;
  }
}

async function scoreOne(
  target: TraceTarget,
  scorer: TraceScorer,
  { top, tooLong, signal }: ScoreTracesOptions,
): Promise<ScoreLine> {
  if (signal.aborted) throw new LensError("cancelled", "Cancelled.");
  const { problemKey, index, print } = target;
  const place = { problemKey, index, print };
  const asked = await target.read();
  try {
    const trace = await scorer.score({ ...asked, top, tooLong }, signal);
    const byIds = trace.scorer.tokenisation === "ids";
    return { ...place, kind: "scored", numbers: traceNumbers(trace), byIds };
  } catch (error) {
    if (!failsAlone(error)) throw error;
    return { ...place, kind: "refused", reason: error.message };
  }
}

/** Does only this trace fail, and would the next one be scored? */
export function failsAlone(error: unknown): error is LensError {
  if (error instanceof EndpointError) return error.code === "badRequest" || error.code === "contextLength";
  return error instanceof LensError && ["tooLong", "loneSurrogate", "noScores"].includes(error.code);
}
