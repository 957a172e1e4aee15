// Every tab of the panel, in the order of the page: another one is another line.
import type { App, TabView } from "./app.ts";
import { createCheckpointsTab } from "./checkpointsTab.ts";
import { createCoverageTab } from "./coverageTab.ts";
import { createCurveTab } from "./curveTab.ts";
import { createDifferenceTab } from "./differenceTab.ts";
import { createGapTab } from "./gapTab.ts";
import { createHistogramTab } from "./histogramTab.ts";
import { createPerplexityTab } from "./perplexityTab.ts";
import { createProblemsTab } from "./problemsTab.ts";
import { createVerdictsTab } from "./verdictsTab.ts";

export interface TabEntry {
  /** Also in what the page keeps, and in the names of exported files. */
  readonly id: string;
  readonly name: string;
  readonly create: (app: App) => TabView;
}

export const tabTable: readonly TabEntry[] = [
  { id: "curve", name: "Curve", create: createCurveTab },
  { id: "histogram", name: "Histogram", create: createHistogramTab },
  { id: "coverage", name: "Coverage", create: createCoverageTab },
  { id: "problems", name: "Problems", create: createProblemsTab },
  { id: "difference", name: "Difference", create: createDifferenceTab },
  { id: "gap", name: "Gap", create: createGapTab },
  { id: "perplexity", name: "Perplexity", create: createPerplexityTab },
  { id: "checkpoints", name: "Checkpoints", create: createCheckpointsTab },
  { id: "verdicts", name: "Verdicts", create: createVerdictsTab },
];
