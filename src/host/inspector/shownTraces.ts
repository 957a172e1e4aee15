import * as vscode from "vscode";
import { LensError } from "../../core/errors.ts";
import { traceSummary } from "../../core/trace/traceSummary.ts";
import type { ScoredTrace } from "../../core/trace/scoredTrace.ts";
import type { TraceRow } from "../../protocol/inspector.ts";
import type { PercentileView } from "../../protocol/traceView.ts";
import type { RunEntry } from "../runEntry.ts";
import type { InspectedRuns } from "./inspectedRuns.ts";
import type { TracePlace } from "./openPlace.ts";
import { type OwnProblem, type OwnTraces, percentileView } from "./ownTraces.ts";
import type { NamedText } from "./traceDocuments.ts";
import type { ScoringCall, TraceScoring } from "./traceScoring.ts";
import { type OpenTrace, type OpenTraces, openTraces, type TraceSource } from "./traceSource.ts";

/** The log-probs that stand in the trace's file. */
export const ownScorer = "file:";

export interface ShownTracesPorts {
  readonly runs: InspectedRuns;
  readonly scoring: TraceScoring;
  readonly ownTraces: OwnTraces;
}

/** Whose scores are wanted. */
export interface Scorers {
  readonly scorer: string | null;
  readonly against: string | null;
}

/** A trace that is looked at. */
export interface Opened {
  readonly trace: number;
  readonly value: OpenTrace;
  readonly scored: ScoredTrace | null;
  /** Under the scorer that a log-ratio is taken against, where that scored it. */
  readonly against: ScoredTrace | null;
}

/** A trace of another run that stands among those of the source. */
interface Guest {
  readonly traces: OpenTraces;
  readonly trace: number;
}

/** The traces of one source, the one that is looked at, and the one beside it. */
export class ShownTraces {
  opened: Opened | null = null;
  /** What `opened` is compared with. */
  beside: Opened | null = null;
  /** Of the scorer's model, of this problem; `null` while they are not found, or where there are none. */
  own: OwnProblem | null = null;
  private readonly ports: ShownTracesPorts;
  private traces: Promise<OpenTraces>;
  private guests: readonly Guest[] = [];

  constructor(ports: ShownTracesPorts, source: TraceSource) {
    this.ports = ports;
    this.traces = openTraces(source, ports.runs);
    // Whoever asks for them is told.
    this.traces.catch(() => undefined);
  }

  /** Rejects as `openTraces`. */
  all(): Promise<OpenTraces> {
    return this.traces;
  }

  async rows(): Promise<readonly TraceRow[]> {
    const { rows } = await this.traces;
    const guests = this.guests.flatMap(({ traces, trace }) => traces.rows[trace] ?? []);
    return [...rows, ...guests.map((row) => ({ ...row, guest: true }))];
  }

  /** Opens one with the scores that are there: in its file, or kept from before. Asks no server. */
  async show(wanted: number | null, scorers: Scorers): Promise<number> {
    const { first } = await this.traces;
    const last = (await this.rows()).length - 1;
    const trace = Math.min(Math.max(0, wanted ?? first), last);
    this.opened = await this.opening(trace, scorers);
    if (this.beside?.trace === trace) this.beside = null;
    return trace;
  }

  async showBeside(trace: number | null, scorers: Scorers): Promise<void> {
    this.beside = trace === null ? null : await this.opening(trace, scorers);
  }

  /** A sample of the same problem in another run joins these. @returns its place */
  async invite(
    entry: RunEntry,
    choose: (rows: readonly TraceRow[]) => Promise<number | null>,
  ): Promise<number | null> {
    const { problemKey, rows } = await this.traces;
    if (problemKey === null) return null;
    const none = vscode.l10n.t("{0} has no sample of this problem.", entry.name);
    const traces = await this.ports.runs.openProblem(entry, problemKey).catch((error: unknown) => {
      throw error instanceof LensError && error.code === "noSample" ? new LensError("noSample", none) : error;
    });
    const trace = await choose(traces.rows);
    if (trace === null) return null;
    this.guests = [...this.guests, { traces, trace }];
    return rows.length + this.guests.length - 1;
  }

  async place(trace: number): Promise<TracePlace> {
    const guest = await this.guestAt(trace);
    return guest === null ? (await this.traces).place(trace) : guest.traces.place(guest.trace);
  }

  async read(trace: number): Promise<OpenTrace> {
    const guest = await this.guestAt(trace);
    return guest === null ? (await this.traces).read(trace) : guest.traces.read(guest.trace);
  }

  /** For an editor's tab. */
  async named(trace: number): Promise<NamedText> {
    const row = (await this.rows())[trace];
    const name = row === undefined ? `#${trace + 1}` : `${row.problemId} · ${row.name} #${row.index + 1}`;
    return { name, text: (await this.read(trace)).text };
  }

  /** The open trace, or the one beside it. */
  shown(trace: number): Opened | null {
    return [this.opened, this.beside].find((one) => one?.trace === trace) ?? null;
  }

  /** What is kept of another scorer takes the place of what is shown. */
  async takeAgainst(against: string | null): Promise<void> {
    const taken = async (one: Opened | null): Promise<Opened | null> =>
      one && { ...one, against: against === null ? null : await this.stored(one.value, against) };
    [this.opened, this.beside] = await Promise.all([taken(this.opened), taken(this.beside)]);
  }

  /** Scores a trace; of the other one that is looked at, what is kept is shown. `false`: both were left meanwhile. */
  async score(
    {
      trace,
      scorer,
      against,
    }: { readonly trace: number; readonly scorer: string; readonly against: boolean },
    call: ScoringCall,
  ): Promise<boolean> {
    const value = this.shown(trace)?.value ?? (await this.read(trace));
    const scored =
      scorer === ownScorer
        ? value.own
        : withNote(await this.ports.scoring.score(scorer, value, call), value.promptNote);
    // Who went on to another trace meanwhile finds the scores kept.
    if (call.signal.aborted || this.shown(trace) === null) return false;
    const taken = async (one: Opened | null): Promise<Opened | null> => {
      if (one === null) return null;
      const own = one.trace === trace ? scored : await this.stored(one.value, scorer);
      return against ? { ...one, against: own } : { ...one, scored: own };
    };
    [this.opened, this.beside] = await Promise.all([taken(this.opened), taken(this.beside)]);
    return true;
  }

  /** Looks for the scorer's own traces. @returns whether that is another finding than before */
  async findOwn(scorer: string | null): Promise<boolean> {
    const before = JSON.stringify(this.own);
    const { problemKey } = await this.traces;
    const none = scorer === null || scorer === ownScorer || problemKey === null;
    this.own = none ? null : await this.ports.ownTraces.find(scorer, problemKey);
    return JSON.stringify(this.own) !== before;
  }

  /** Rejects as `OwnTraces.score`. */
  async scoreOwn(scorer: string, watch: Pick<ScoringCall, "signal" | "onPhase">): Promise<void> {
    if (this.own === null) await this.findOwn(scorer);
    if (this.own === null) return;
    await this.ports.ownTraces.score(scorer, this.own, watch);
    await this.findOwn(scorer);
  }

  percentileOf({ scored }: Opened): PercentileView | null {
    if (scored === null || this.own === null) return null;
    return percentileView(traceSummary(scored, { end: "drop" }).perplexity, this.own);
  }

  private async opening(trace: number, { scorer, against }: Scorers): Promise<Opened> {
    const value = await this.read(trace);
    const [scored, other] = await Promise.all([
      this.stored(value, scorer),
      against === null ? null : this.stored(value, against),
    ]);
    return { trace, value, scored, against: other };
  }

  private async stored(value: OpenTrace, scorer: string | null): Promise<ScoredTrace | null> {
    if (scorer === null || scorer === ownScorer) return value.own;
    const stored = await this.ports.scoring.stored(scorer, value);
    return stored === null ? null : withNote(stored, value.promptNote);
  }

  private async guestAt(trace: number): Promise<Guest | null> {
    return this.guests[trace - (await this.traces).rows.length] ?? null;
  }
}

const withNote = (scored: ScoredTrace, note: string): ScoredTrace => ({
  ...scored,
  scorer: { ...scored.scorer, notes: [...scored.scorer.notes, note] },
});
