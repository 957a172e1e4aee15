// What the Perplexity tab shows: one row a set of texts (and verdict), with its box, its points and its numbers.
import { perplexityBox, type PerplexityBox } from "../../src/core/estimate/perplexityBox.ts";
import { roles } from "../../src/core/model.ts";
import { percentileAmong } from "../../src/core/trace/traceSummary.ts";
import type { CurvesSnapshot, RunView } from "../../src/protocol/curves.ts";
import type { PerplexitySetView, PerplexityView, RunScorerView } from "../../src/protocol/perplexity.ts";
import { seriesOf, type Series } from "../../src/core/report/series.ts";
import type { Look } from "./look.ts";

/** Stands for every scorer. */
export const everyScorer = "every";

export type RowVerdict = "all" | "correct" | "wrong";

/** One trace beside a box. */
export interface PerplexityPoint {
  readonly runId: string;
  readonly problemKey: string;
  readonly problemId: string;
  readonly sample: number;
  readonly perplexity: number;
  readonly tokens: number;
  /** How many traces of its problem it stands for, itself among them; 1: itself alone. */
  readonly of: number;
}

export interface PerplexityRow {
  readonly key: string;
  readonly set: PerplexitySetView;
  readonly scorer: RunScorerView;
  readonly series: Series;
  /** `RL-270`, and `step 270 · under base-7k`. */
  readonly name: string;
  readonly note: string;
  readonly verdict: RowVerdict;
  /** The first row of its set, which bears the name. */
  readonly first: boolean;
  readonly box: PerplexityBox;
  readonly points: readonly PerplexityPoint[];
}

export interface PerplexityModel {
  /** `every` is a choice with two or more of them. */
  readonly scorers: readonly RunScorerView[];
  readonly scorer: string;
  readonly rows: readonly PerplexityRow[];
  /** Runs without a score of this scorer. */
  readonly missing: readonly RunView[];
  /** The problem that alone is shown. */
  readonly problem: { readonly key: string; readonly id: string } | null;
}

/** Points of one set that are drawn at most: more are a blot. */
const mostPoints = 2000;

export function perplexityModel(
  snapshot: CurvesSnapshot,
  view: PerplexityView,
  look: Pick<Look, "scorer" | "splitVerdicts" | "points" | "scoredProblem">,
): PerplexityModel {
  const scorer = chosenScorer(snapshot, view, look.scorer);
  const runs = inTraining(snapshot.runs);
  const styles = seriesOf(snapshot.runs);
  const problem = view.problems.find(({ key }) => key === look.scoredProblem) ?? null;
  const sets = runs.flatMap((run) =>
    view.sets
      .filter((set) => set.runId === run.id && (scorer === everyScorer || set.scorerId === scorer))
      .map((set) => ({ run, set })),
  );
  const rows = sets.flatMap(({ run, set }) => {
    const series = styles.get(run.id);
    const own = view.scorers.find(({ id }) => id === set.scorerId);
    if (!series || !own) return [];
    const facts = { view, run, set, series, scorer: own, every: scorer === everyScorer };
    return setRows(facts, look, problem === null ? null : view.problems.indexOf(problem));
  });
  const shown = new Set(sets.map(({ run }) => run.id));
  return {
    scorers: view.scorers,
    scorer,
    rows,
    missing: runs.filter(({ id, samples }) => !shown.has(id) && samples > 0),
    problem,
  };
}

interface SetFacts {
  readonly view: PerplexityView;
  readonly run: RunView;
  readonly set: PerplexitySetView;
  readonly series: Series;
  readonly scorer: RunScorerView;
  readonly every: boolean;
}

function setRows(
  facts: SetFacts,
  look: Pick<Look, "splitVerdicts" | "points">,
  problem: number | null,
): PerplexityRow[] {
  const { set, run, series, scorer } = facts;
  const verdicts: readonly RowVerdict[] =
    look.splitVerdicts && set.texts === "samples" ? ["correct", "wrong"] : ["all"];
  const rows = verdicts.flatMap((verdict) => {
    const chosen = tracesOf(set, verdict, problem);
    const box = problem === null ? set.boxes[verdict] : boxOf(set, chosen);
    if (box === null) return [];
    const points = pointsOf(facts, chosen, problem === null ? look.points : "trace");
    return [{ verdict, box, points }];
  });
  return rows.map((row, at) => ({
    ...row,
    key: JSON.stringify([set.runId, set.scorerId, set.texts, row.verdict]),
    set,
    scorer,
    series,
    name: set.texts === "gold" ? "reference solutions" : run.name,
    note: noteOf(facts),
    first: at === 0,
  }));
}

function noteOf({ run, set, scorer, every }: SetFacts): string {
  const { step } = run.metadata;
  const parts = [
    set.own ? "own samples" : "",
    step === undefined ? "" : `step ${step}`,
    every ? `under ${scorer.name}` : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

/** Places in the set's columns. */
function tracesOf(set: PerplexitySetView, verdict: RowVerdict, problem: number | null): Uint32Array {
  const wanted = { all: null, correct: 1, wrong: 0 }[verdict];
  return Uint32Array.from(set.problems.keys()).filter(
    (i) =>
      (wanted === null || set.verdicts[i] === wanted) && (problem === null || set.problems[i] === problem),
  );
}

/** Of one problem's traces: each is a draw of its own. */
function boxOf(set: PerplexitySetView, traces: Uint32Array): PerplexityBox | null {
  return perplexityBox({
    perplexities: Float64Array.from(traces, (i) => set.perplexities[i] ?? Number.NaN),
    surprisals: Float64Array.from(traces, (i) => set.surprisals[i] ?? Number.NaN),
    problems: Uint32Array.from(traces.keys()),
  });
}

function pointsOf(
  { view, set }: SetFacts,
  traces: Uint32Array,
  choice: Look["points"],
): readonly PerplexityPoint[] {
  const point = (i: number, of: number): PerplexityPoint => {
    const problem = view.problems[set.problems[i] ?? 0];
    return {
      runId: set.runId,
      problemKey: problem?.key ?? "",
      problemId: problem?.id ?? "",
      sample: set.samples[i] ?? 0,
      perplexity: set.perplexities[i] ?? Number.NaN,
      tokens: set.tokens[i] ?? 0,
      of,
    };
  };
  if (choice === "none") return [];
  if (choice === "trace") {
    // Every so many-th in order of perplexity, so that both ends are there.
    const sorted = traces.toSorted((a, b) => (set.perplexities[a] ?? 0) - (set.perplexities[b] ?? 0));
    const every = Math.max(1, Math.ceil(sorted.length / mostPoints));
    return Array.from(
      sorted.filter((_, at) => at % every === 0 || at === sorted.length - 1),
      (i) => point(i, 1),
    );
  }
  return middles(set, traces).map(({ middle, of }) => point(middle, of));
}

/** Of each problem the trace in the middle (the lower of two). */
function middles(
  set: PerplexitySetView,
  traces: Uint32Array,
): readonly { readonly middle: number; readonly of: number }[] {
  const groups = new Map<number, number[]>();
  for (const i of traces) {
    const problem = set.problems[i] ?? 0;
    const group = groups.get(problem);
    if (group === undefined) groups.set(problem, [i]);
    else group.push(i);
  }
  return [...groups.values()].map((group) => {
    group.sort((a, b) => (set.perplexities[a] ?? 0) - (set.perplexities[b] ?? 0));
    return { middle: group[(group.length - 1) >> 1] ?? 0, of: group.length };
  });
}

/** The chosen one while it is there; else the base's own model, else who scored most runs. */
function chosenScorer(snapshot: CurvesSnapshot, view: PerplexityView, wanted: string | null): string {
  const { scorers, sets } = view;
  if (wanted === everyScorer && scorers.length > 1) return everyScorer;
  if (scorers.some(({ id }) => id === wanted)) return wanted ?? "";
  const bases = new Set(snapshot.runs.filter(({ role }) => role === "base").map(({ id }) => id));
  const weight = (id: string): number =>
    sets.reduce(
      (sum, set) => sum + (set.scorerId !== id ? 0 : set.own && bases.has(set.runId) ? 1000 : 1),
      0,
    );
  return [...scorers].sort((a, b) => weight(b.id) - weight(a.id))[0]?.id ?? "";
}

/** The base first, then by role; checkpoints by their step. */
export function inTraining(runs: readonly RunView[]): readonly RunView[] {
  const step = ({ metadata }: RunView): number => {
    const own = Number(metadata["step"]);
    return metadata["step"] === undefined || Number.isNaN(own) ? Infinity : own;
  };
  const at = (one: RunView): readonly [number, number] => [roles.indexOf(one.role), step(one)];
  return [...runs].sort((a, b) => {
    const [[roleA, stepA], [roleB, stepB]] = [at(a), at(b)];
    if (roleA !== roleB) return roleA - roleB;
    return stepA === stepB ? 0 : stepA - stepB;
  });
}

/** Where a trace stands among the scorer's own traces of its problem; `null` where it has none. */
export function percentileOf(
  view: PerplexityView,
  scorerId: string,
  { problemKey, perplexity }: PerplexityPoint,
): { readonly percentile: number; readonly n: number } | null {
  const own = view.sets.find((set) => set.own && set.scorerId === scorerId);
  const problem = view.problems.findIndex(({ key }) => key === problemKey);
  if (!own || problem === -1) return null;
  const others: number[] = [];
  own.problems.forEach((one, i) => {
    if (one === problem) others.push(own.perplexities[i] ?? 0);
  });
  return percentileAmong(perplexity, others);
}
