import type { InspectedRuns } from "../inspector/inspectedRuns.ts";
import type { TraceScoring } from "../inspector/traceScoring.ts";
import type { Log } from "../log.ts";
import type { SampleAddress } from "../panels/panelRuns.ts";
import { messageOf } from "../report.ts";

export interface KeepTraceScoresPorts {
  readonly traces: InspectedRuns;
  readonly scoring: TraceScoring;
  readonly log: Log;
}

/** A trace need not make one wait longer than this for its colours: the inspector offers to score it. */
const patienceMs = 3000;

/**
 * Score sets hold no tokens: the tokens of one trace are scored when it is opened, and kept. Without its endpoint, or when
 * that takes long, the trace opens without scores.
 */
export async function keepTraceScores(
  { traces, scoring, log }: KeepTraceScoresPorts,
  address: SampleAddress,
  scorer: string,
): Promise<void> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), patienceMs);
  try {
    const opened = await traces.open(address);
    const value = await opened.read(opened.first);
    await scoring.score(scorer, value, { signal: abort.signal, slow: false, onPhase: () => undefined });
  } catch (error) {
    log.info(`${scorer} did not score ${address.problemKey} #${address.index}: ${messageOf(error)}`);
  } finally {
    clearTimeout(timer);
  }
}
