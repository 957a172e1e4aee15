import type { ComparisonReport, DifferenceReport } from "../estimate/report.ts";
import type { RunTally } from "../model.ts";
import { type Block, heading } from "./blocks.ts";
import { count, rate } from "../numberWords.ts";
import { seriesOf } from "./series.ts";

/** pass@k of every run in %: a chart over all k, a table at powers of 4 and at the largest n. */
export function curveBlocks(
  tallies: readonly RunTally[],
  { runs, interval, draws, seed }: ComparisonReport,
): Block[] {
  const series = seriesOf(tallies);
  const ks = tableKs(Math.max(...runs.map(({ nMax }) => nMax)));
  const lines = runs.flatMap((run) => {
    const style = series.get(run.id)?.style;
    const points = run.curve.map(({ k, passAtK, low, high }) => ({ x: k, y: passAtK, low, high }));
    return style === undefined ? [] : [{ name: run.name, style, points }];
  });
  return [
    heading("pass@k"),
    {
      kind: "chart",
      title: "pass@k with 95 % intervals",
      chart: { xTitle: "k", yTitle: "pass@k", yUnit: " %", xScale: "log2", lines, yRange: null },
    },
    {
      kind: "table",
      title: "pass@k, % [95 %]",
      head: ["run", ...ks.map((k) => `k = ${k}`)],
      rows: runs.map(({ name, curve }) => [
        name,
        ...ks.map((k) => {
          const point = curve.find((one) => one.k === k);
          return point === undefined ? "–" : rate({ value: point.passAtK, low: point.low, high: point.high });
        }),
      ]),
      note: `Unbiased estimator (Chen et al. 2021); intervals for other problems like these by ${intervalWords[interval]}, ${draws} draws, seed ${seed}. A dash: fewer samples than k.`,
    },
  ];
}

const intervalWords: Readonly<Record<ComparisonReport["interval"], string>> = {
  jbb: "a Bayesian bootstrap over problems with Jeffreys' half problems at 0 and 1",
  percentile: "the percentile bootstrap over problems",
  fixed: "the variance of sampling these problems again",
  gaffke: "Gaffke's conservative bounds",
};

/** Powers of 4 and the largest. */
function tableKs(nMax: number): number[] {
  const powers = Array.from({ length: 12 }, (_, i) => 4 ** i).filter((k) => k < nMax);
  return nMax === 0 ? [] : [...powers, nMax];
}

/** Each other run minus the reference, paired over problems, in points; nothing without another run. */
export function differenceBlocks(
  reference: RunTally,
  others: readonly RunTally[],
  compared: ComparisonReport,
): Block[] {
  if (compared.differences.length === 0) return [];
  const series = seriesOf([reference, ...others]);
  const ks = tableKs(Math.max(...compared.differences.flatMap(({ points }) => points.map(({ k }) => k))));
  const nameOf = ({ runId }: DifferenceReport): string =>
    others.find(({ id }) => id === runId)?.name ?? runId;
  const lines = compared.differences.flatMap((one) => {
    const style = series.get(one.runId)?.style;
    const points = one.points.map(({ k, difference, low, high }) => ({ x: k, y: difference, low, high }));
    return style === undefined ? [] : [{ name: nameOf(one), style, points }];
  });
  return [
    heading(`Difference to ${reference.name}`),
    {
      kind: "chart",
      title: `pass@k less that of ${reference.name}, paired over problems, with 95 % intervals`,
      chart: { xTitle: "k", yTitle: "points", yUnit: "", xScale: "log2", lines, yRange: null },
    },
    {
      kind: "table",
      title: `pass@k less that of ${reference.name}, points [95 %]`,
      head: ["run", "problems", ...ks.map((k) => `k = ${k}`)],
      rows: compared.differences.map((one) => [
        nameOf(one),
        count(one.problems),
        ...ks.map((k) => {
          const point = one.points.find((at) => at.k === k);
          return point === undefined
            ? "–"
            : rate({ value: point.difference, low: point.low, high: point.high });
        }),
      ]),
      note: "Paired over the problems that both have. An interval without 0 tells the two apart at that k.",
    },
  ];
}
