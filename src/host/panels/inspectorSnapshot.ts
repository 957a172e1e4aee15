import * as vscode from "vscode";
import { LensError } from "../../core/errors.ts";
import type { Sampler } from "../../core/trace/reachability.ts";
import type { InspectorOptions, InspectorSnapshot, ScorerView } from "../../protocol/inspector.ts";
import type { TraceView, UnitDetail } from "../../protocol/traceView.ts";
import { ownView } from "../inspector/ownTraces.ts";
import { type Opened, ownScorer, type ShownTraces } from "../inspector/shownTraces.ts";

/** What a panel shows, and under what. */
export interface ShownInspector {
  readonly version: number;
  readonly traces: ShownTraces;
  readonly options: InspectorOptions;
  /** Whose scores are wanted; `null` before one was chosen. */
  readonly scorer: string | null;
  /** Endpoints that can score. */
  readonly endpoints: readonly ScorerView[];
  /** The newest sample of the file is shown as it grows. */
  readonly follows: boolean;
  readonly list: boolean;
}

/** All that the page is to show. Rejects where the traces cannot be read. */
export async function inspectorSnapshot(shown: ShownInspector): Promise<InspectorSnapshot> {
  const { traces, follows, list } = shown;
  const { problems, title } = await traces.all();
  const { opened, beside, own } = traces;
  return {
    ...frame(shown),
    title,
    traces: await traces.rows(),
    problem: problems === null ? null : { at: problems.at, of: problems.of },
    follow: problems === null ? null : follows,
    list,
    scoreNow: null,
    own: own === null ? null : ownView(own),
    trace: await view(shown, opened),
    beside: await view(shown, beside),
    error: null,
  };
}

/** Nothing but why there is nothing. */
export const failedSnapshot = (
  shown: ShownInspector,
  { title, error }: { readonly title: string; readonly error: string },
): InspectorSnapshot => ({
  ...frame(shown),
  title,
  traces: [],
  problem: null,
  follow: null,
  list: false,
  scoreNow: null,
  own: null,
  trace: null,
  beside: null,
  error,
});

/** Who can score the open trace: endpoints, and before them the file itself where it holds log-probs. */
export function scorersOf({ opened }: ShownTraces, endpoints: readonly ScorerView[]): readonly ScorerView[] {
  if (opened === null || opened.value.own === null) return endpoints;
  const name = vscode.l10n.t("log-probs in the file");
  return [{ id: ownScorer, name, state: "ready", reason: "" }, ...endpoints];
}

/** Rejects with `notScored`. */
export async function unitOf(
  traces: ShownTraces,
  { trace, unit }: { readonly trace: number; readonly unit: number },
  sampler: Sampler,
): Promise<UnitDetail> {
  const { unitDetail } = await import("./inspectorView.ts");
  const { scored, against } = traces.shown(trace) ?? { scored: null, against: null };
  if (scored === null) throw new LensError("notScored", vscode.l10n.t("This trace is not scored."));
  return unitDetail(scored, unit, { sampler, against });
}

function frame({ version, options, traces, scorer, endpoints }: ShownInspector) {
  const own = traces.opened?.value.own ?? null;
  return {
    version,
    options,
    scorers: scorersOf(traces, endpoints),
    scorer: scorer === null || scorer === ownScorer ? (own === null ? null : ownScorer) : scorer,
  };
}

async function view({ traces, options }: ShownInspector, opened: Opened | null): Promise<TraceView | null> {
  if (opened === null) return null;
  const { traceView } = await import("./inspectorView.ts");
  const { trace, value, scored, against } = opened;
  const { question, gold, text } = value;
  const made = traceView({ trace, question, gold, text, scored, against }, options.sampler);
  const percentile = traces.percentileOf(opened);
  return made.scores === null ? made : { ...made, scores: { ...made.scores, percentile } };
}
