// A training run along its steps: pass@1 and pass@n, lengths and entropies, and what was lost on the way. Pure.
import { lostAtSteps, type StepLosses } from "../../src/core/estimate/lostAtStep.ts";
import { onlyByNoise } from "../../src/core/estimate/onlyByNoise.ts";
import type { CurvePoint } from "../../src/core/estimate/report.ts";
import type { CurvesSnapshot, ProblemView, RunView } from "../../src/protocol/curves.ts";
import type { CheckpointFactsView, CheckpointsView } from "../../src/protocol/perplexity.ts";
import { seriesOf, type Series } from "../../src/core/report/series.ts";

/** One step of a training run; the base model stands at step 0. */
export interface StepRow {
  readonly step: number;
  readonly run: RunView;
  readonly series: Series;
  readonly passAtOne: CurvePoint;
  /** At the model's `k`. */
  readonly passAtK: CurvePoint;
  /** `null` while they are not read, or where nothing is known. */
  readonly facts: CheckpointFactsView | null;
  readonly losses: StepLosses;
  /** Of `losses.lost`: at most about so many had chance alone lost them, against the base (or the first step). */
  readonly byNoise: number;
}

export interface CheckpointsModel {
  /** Training runs to choose from, by what their checkpoints have in common. */
  readonly trainings: readonly { readonly id: string; readonly name: string }[];
  readonly training: string | null;
  /** Fewer than two: there is nothing to draw. */
  readonly rows: readonly StepRow[];
  /** The largest k that every step has for all its problems. */
  readonly k: number;
  readonly problems: readonly ProblemView[];
  /** Runs that stand at no step. */
  readonly others: readonly RunView[];
}

/** A whole number; what a person wrote as text counts too. */
export function stepOf({ metadata }: Pick<RunView, "metadata">): number | null {
  const { step } = metadata;
  const value = typeof step === "number" ? step : /^\d+$/.test(step ?? "") ? Number(step) : Number.NaN;
  return Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** `view`: lengths and entropies of the runs, once they are read. */
export function checkpointsModel(
  snapshot: CurvesSnapshot,
  view: CheckpointsView | null,
  wanted: string | null,
): CheckpointsModel {
  const counts = countsModel(snapshot, wanted);
  if (view === null) return counts;
  const factsOf = (run: RunView) => view.runs.find(({ runId }) => runId === run.id) ?? null;
  return { ...counts, rows: counts.rows.map((row) => ({ ...row, facts: factsOf(row.run) })) };
}

const countsModels = new WeakMap<
  CurvesSnapshot,
  { readonly wanted: string | null; readonly model: CheckpointsModel }
>();

/** What the counts alone say: remembered, for the facts come later and in parts. */
function countsModel(snapshot: CurvesSnapshot, wanted: string | null): CheckpointsModel {
  const known = countsModels.get(snapshot);
  if (known?.wanted === wanted) return known.model;
  const model = modelOfCounts(snapshot, wanted);
  countsModels.set(snapshot, { wanted, model });
  return model;
}

function modelOfCounts(snapshot: CurvesSnapshot, wanted: string | null): CheckpointsModel {
  const counted = snapshot.runs.filter(({ samples, curve }) => samples > 0 && curve.length > 0);
  const base = counted.find((run) => run.role === "base" && stepOf(run) === null) ?? null;
  const groups = trainingsOf(counted);
  const training = groups.find(({ id }) => id === wanted) ?? groups[0] ?? null;
  const runs = training?.runs ?? [];
  const steps = [
    ...(base === null ? [] : [{ run: base, step: 0 }]),
    ...runs.map((run) => ({ run, step: stepOf(run) ?? 0 })),
  ].sort((a, b) => a.step - b.step);
  const k = commonK(steps.map(({ run }) => run));
  const inTraining = new Set(steps.map(({ run }) => run.id));
  return {
    trainings: groups.map(({ id, name }) => ({ id, name })),
    training: training?.id ?? null,
    rows: k === null || runs.length === 0 ? [] : rowsOf(steps, snapshot, k),
    k: k ?? 1,
    problems: snapshot.problems,
    others: snapshot.runs.filter((run) => !inTraining.has(run.id) && stepOf(run) === null),
  };
}

interface Training {
  readonly id: string;
  readonly name: string;
  readonly runs: readonly RunView[];
}

/** Checkpoints belong together where their role and all other metadata agree. */
function trainingsOf(runs: readonly RunView[]): readonly Training[] {
  const groups = new Map<string, RunView[]>();
  for (const run of runs) {
    if (stepOf(run) === null) continue;
    const { step: _, ...facets } = run.metadata;
    const id = JSON.stringify([run.role, Object.entries(facets).sort(([a], [b]) => (a < b ? -1 : 1))]);
    groups.set(id, [...(groups.get(id) ?? []), run]);
  }
  return [...groups].map(([id, own]) => ({ id, name: nameOf(own), runs: own }));
}

function nameOf(runs: readonly RunView[]): string {
  const { step: _, ...facets } = runs[0]?.metadata ?? {};
  // A number alone says nothing: `GRPO, kl = 0.001`.
  const words = Object.entries(facets).map(([key, value]) =>
    typeof value === "number" ? `${key} = ${value}` : value,
  );
  return words.length > 0 ? words.join(", ") : (runs.at(-1)?.name ?? "");
}

/** Pass@k of two steps can be compared only at a k that both have for all their problems. */
function commonK(runs: readonly RunView[]): number | null {
  const whole = runs.map(({ curve, problemCount }) =>
    curve.filter(({ problems }) => problems === problemCount).map(({ k }) => k),
  );
  const [first, ...others] = whole;
  const common = first?.filter((k) => others.every((ks) => ks.includes(k))) ?? [];
  return common.length === 0 ? null : Math.max(...common);
}

function rowsOf(
  steps: readonly { readonly run: RunView; readonly step: number }[],
  snapshot: CurvesSnapshot,
  k: number,
): readonly StepRow[] {
  const series = seriesOf(snapshot.runs);
  const counts = steps.map(({ run, step }) => ({
    step,
    counts: snapshot.problems.map((_, i) => ({ n: run.n[i] ?? 0, c: run.c[i] ?? 0 })),
  }));
  const losses = lostAtSteps(counts);
  return steps.flatMap(({ run, step }, at) => {
    const own = series.get(run.id);
    const passAtOne = run.curve.find((point) => point.k === 1);
    const passAtK = run.curve.find((point) => point.k === k);
    const lost = losses[at];
    if (!own || !passAtOne || !passAtK || !lost) return [];
    const pairs = (counts[0]?.counts ?? []).flatMap((before, i) => {
      const here = counts[at]?.counts[i];
      return here === undefined || here.n === 0 || before.n === 0 ? [] : [[before, here] as const];
    });
    return [
      {
        step,
        run,
        series: own,
        passAtOne,
        passAtK,
        facts: null,
        losses: lost,
        byNoise: at === 0 ? 0 : onlyByNoise(pairs),
      },
    ];
  });
}
