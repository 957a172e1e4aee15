import type { InspectorOptions, ScorerView } from "../../protocol/inspector.ts";
import type { ShownTracesPorts } from "../inspector/shownTraces.ts";
import type { TraceDocuments } from "../inspector/traceDocuments.ts";
import type { TraceSource } from "../inspector/traceSource.ts";
import type { LensLog } from "../log.ts";
import type { RunEntry } from "../runEntry.ts";

/** What comes back after a reload. */
export interface InspectorState {
  readonly source: TraceSource;
  /** `null`: the one that the source names. */
  readonly trace: number | null;
  readonly scorer: string | null;
  readonly options: InspectorOptions;
}

export interface InspectorPorts extends ShownTracesPorts {
  readonly documents: TraceDocuments;
  readonly log: LensLog;
  /** Asks for one of these; `null` when the person left. */
  readonly pickScorer: (scorers: readonly ScorerView[]) => Promise<string | null>;
  /** A person's choice, to be the usual one. */
  readonly rememberScorer: (scorer: string) => Promise<void>;
  /** Runs that may hold the same problem as one of this data set, or of this file. */
  readonly otherRuns: (source: TraceSource) => Promise<readonly RunEntry[]>;
}
