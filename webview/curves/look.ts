// What the person is looking at: kept by the webview over a reload. Ids and choices only, never data.
import type { CoverageCell } from "../../src/core/estimate/coverage.ts";
import type { Sort } from "../shared/table.ts";
import { type Cost, costs } from "./xAxis.ts";

export const metrics = ["pass", "majority", "gPass", "cover"] as const;
export type Metric = (typeof metrics)[number];

export const accuracyRanges = ["any", "zero", "low", "middle", "high", "full"] as const;
export type AccuracyRange = (typeof accuracyRanges)[number];
/** `notContinued`: ended by the coin of its plan, so in none of the four. */
export const problemSets = ["all", "both", "aOnly", "bOnly", "neither", "notContinued"] as const;
export type ProblemSet = (typeof problemSets)[number];

export const thresholds = [1, 2, 3, 5, 10, "cot"] as const;
export type Threshold = (typeof thresholds)[number];

/** A choice in the Histogram tab: one run's bin, or a cell of the transition matrix (rows: first run). */
export type BinChoice =
  | { readonly kind: "bin"; readonly run: 0 | 1; readonly bin: number }
  | { readonly kind: "cell"; readonly from: number; readonly to: number };

/** The two runs, c/n of every run, or what training would get from a problem. */
export const problemColumnSets = ["pair", "every", "signal"] as const;
export type ProblemColumns = (typeof problemColumnSets)[number];

export interface Filter {
  readonly text: string;
  readonly set: ProblemSet;
  readonly accuracy: AccuracyRange;
  /** Came through a point of the curve: problems of this run with n >= k. */
  readonly at: { readonly runId: string; readonly k: number } | null;
}

/** Points beside a box: the trace in the middle of each problem's, every trace, or none. */
const pointChoices = ["problem", "trace", "none"] as const;
export type PointChoice = (typeof pointChoices)[number];

export interface Drill {
  readonly problemKey: string;
  readonly runId: string;
  readonly index: number | null;
}

export interface Look {
  readonly version: 1;
  /** Id in the table of tabs. */
  readonly tab: string;
  readonly metric: Metric;
  readonly bands: boolean;
  /** What a uniform guesser reaches, where the answer space is known. */
  readonly floor: boolean;
  /** G-Pass@k: at least this share of k samples right. */
  readonly tau: number;
  /** What lies along x. */
  readonly cost: Cost;
  /** pass@k beyond n. */
  readonly forecast: boolean;
  /** The same curves for each value of this key of the runs' metadata. */
  readonly facet: string | null;
  /** Difference tab: one run, or all but the reference; and whether "at some k" is asked, which needs the wider band. */
  readonly comparedId: string | null;
  readonly someK: boolean;
  /** Gap tab: samples of the reference; `null`: the usual. */
  readonly gapK: number | null;
  /** Problems tab: what stands beside a problem. */
  readonly columns: ProblemColumns;
  /** Samples of a problem that a trainer would compare with each other. */
  readonly groupSize: number;
  /** Table of every k instead of the summary (Curve), the chart's numbers as a table (Histogram). */
  readonly fullTable: boolean;
  readonly transitions: boolean;
  readonly firstId: string | null;
  readonly secondId: string | null;
  readonly bin: BinChoice | null;
  readonly cell: CoverageCell;
  /** "Solved" means at least so many right, or a right one whose chain of thought humans found correct. */
  readonly threshold: Threshold;
  /** Coverage tab: the problems at which this one of the two is surely worse, instead of a cell's. */
  readonly worse: 0 | 1 | null;
  readonly filter: Filter;
  readonly sorts: Readonly<Record<string, Sort>>;
  readonly drill: Drill | null;
  /** Verdicts tab: the run, and who judged it; `null`: its own verdicts and those that are shown. */
  readonly judgedRunId: string | null;
  readonly judges: readonly string[] | null;
  /** One kind of difference, by its key; `null`: all. */
  readonly kinds: string | null;
  /** The sample that was opened last there. */
  readonly judgedSample: string | null;
  /** Perplexity tab: by its id, or all of them; `null`: the one that says most. */
  readonly scorer: string | null;
  readonly splitVerdicts: boolean;
  readonly points: PointChoice;
  readonly scale: "log" | "linear";
  /** By its key; `null`: all problems. */
  readonly scoredProblem: string | null;
  /** Checkpoints tab: which training run, and at which step lost problems are listed; `null`: the last. */
  readonly training: string | null;
  readonly lostStep: number | null;
  /** Number of the last wish of the host that was followed. */
  readonly focus: number;
  /** The problem that was opened last: still marked in the lists one comes back to. */
  readonly problemKey: string | null;
}

export const noFilter: Filter = { text: "", set: "all", accuracy: "any", at: null };

export const firstLook: Look = {
  version: 1,
  tab: "curve",
  metric: "pass",
  bands: true,
  floor: false,
  tau: 0.5,
  cost: "samples",
  forecast: false,
  facet: null,
  comparedId: null,
  someK: false,
  gapK: null,
  columns: "pair",
  groupSize: 8,
  fullTable: false,
  transitions: true,
  firstId: null,
  secondId: null,
  bin: null,
  cell: "aOnly",
  threshold: 1,
  worse: null,
  filter: noFilter,
  sorts: {},
  drill: null,
  judgedRunId: null,
  judges: null,
  kinds: null,
  judgedSample: null,
  scorer: null,
  splitVerdicts: true,
  points: "problem",
  scale: "log",
  scoredProblem: null,
  training: null,
  lostStep: null,
  focus: 0,
  problemKey: null,
};

/** What an earlier page kept; anything of another version or shape starts afresh. */
export function restoredLook(kept: unknown): Look {
  if (typeof kept !== "object" || kept === null) return firstLook;
  const look = { ...firstLook, ...(kept as Partial<Look>) };
  if ((kept as Partial<Look>).version !== 1 || typeof look.tab !== "string") return firstLook;
  if (!metrics.includes(look.metric) || !pointChoices.includes(look.points)) return firstLook;
  if (!costs.includes(look.cost) || !problemColumnSets.includes(look.columns)) return firstLook;
  if (!thresholds.includes(look.threshold)) return firstLook;
  return { ...look, filter: { ...noFilter, ...look.filter } };
}
