import { count } from "../core/numberWords.ts";
import { pooledScore } from "../core/trace/pooledScore.ts";
import { type Sampler, traceReach } from "../core/trace/reachability.ts";
import type { ScoredTrace } from "../core/trace/scoredTrace.ts";
import { type TraceSummary, traceSummary } from "../core/trace/traceSummary.ts";
import type { ScoreTarget } from "./scoreTargets.ts";
import { table } from "./table.ts";

/** One scored trace, as it stands in the file and in `--json`. */
export interface ScoreRow extends TraceSummary {
  readonly run: string;
  readonly problemKey: string;
  readonly index: number;
  readonly line: number | null;
  readonly verdict: string | null;
  readonly firstExit: number | null;
  readonly outside: number;
  readonly undecided: number;
  /** `null` for a trace that cannot be drawn at all. */
  readonly log10Draws: { readonly low: number | null; readonly high: number | null };
}

export function scoreRow(target: ScoreTarget, trace: ScoredTrace, sampler: Sampler): ScoreRow {
  const { run, problemKey, index, line, verdict } = target;
  const reach = traceReach(trace, sampler);
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    run,
    problemKey,
    index,
    line,
    verdict,
    ...traceSummary(trace, { end: "drop" }),
    firstExit: reach.firstExit,
    outside: reach.outsideCount,
    undecided: reach.undecidedCount,
    log10Draws: { low: finite(reach.log10Draws.low), high: finite(reach.log10Draws.high) },
  };
}

const mostShown = 20;

/** The first traces and all of them together, for a terminal. */
export function readableScores(rows: readonly ScoreRow[]): string {
  const head = ["trace", "tokens", "perplexity", "sum", "lowest", "p < 1 %", "outside", "undecided"];
  const body = rows
    .slice(0, mostShown)
    .map((row) => [
      `${row.run} ${row.problemKey.slice(0, 12)} #${row.index}`,
      count(row.tokens),
      row.perplexity?.toFixed(4) ?? "-",
      row.sum.toFixed(2),
      row.least?.logProb.toFixed(2) ?? "-",
      count(row.lowCount),
      count(row.outside),
      count(row.undecided),
    ]);
  const more = rows.length > mostShown ? `... and ${rows.length - mostShown} more, all in the file\n` : "";
  return `${table(head, body)}${more}${together(rows)}`;
}

function together(rows: readonly ScoreRow[]): string {
  const { traces, tokens, perplexity, medianPerplexity, natsPerTrace } = pooledScore(rows);
  if (perplexity === null || medianPerplexity === null || natsPerTrace === null) return "";
  return (
    `${count(traces)} traces, ${count(tokens)} tokens: perplexity ${perplexity.toFixed(4)} over all tokens, ` +
    `${medianPerplexity.toFixed(4)} in the median trace, ${natsPerTrace.toFixed(3)} nats a trace\n`
  );
}
