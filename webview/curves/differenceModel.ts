// What the Difference tab draws and writes. Pure.
import { count } from "../../src/core/numberWords.ts";
import { seriesOf, type Series } from "../../src/core/report/series.ts";
import type { BandView } from "../../src/protocol/analyses.ts";
import type { Shown } from "./app.ts";
import type { CurveModel } from "./curveModel.ts";
import type { Notice } from "./curveNotices.ts";
import { samplesAxis } from "./xAxis.ts";

export interface DifferencePlace {
  readonly k: number;
  readonly difference: number;
  /** Of the band over all k where that is asked for, else for this k alone. */
  readonly low: number;
  readonly high: number;
  readonly problems: number;
  /** For this k alone. */
  readonly own: { readonly low: number; readonly high: number };
}

export interface DifferenceLine {
  readonly series: Series;
  readonly points: readonly DifferencePlace[];
  /** `null`: for each k alone. */
  readonly band: BandView | null;
}

export interface DifferenceModel extends Pick<CurveModel, "axis" | "referenceName"> {
  readonly kMax: number;
  readonly ks: readonly number[];
  readonly differences: readonly DifferenceLine[];
}

export function differenceModel(
  { snapshot, look }: Pick<Shown, "snapshot" | "look">,
  bands: readonly BandView[] | null,
): DifferenceModel {
  const series = seriesOf(snapshot.runs);
  const others = snapshot.differences.some(({ runId }) => runId === look.comparedId)
    ? snapshot.differences.filter(({ runId }) => runId === look.comparedId)
    : snapshot.differences;
  const differences = others.flatMap(({ runId, points }): DifferenceLine[] => {
    const own = series.get(runId);
    const band = look.someK ? bands?.find((one) => one.runId === runId) : undefined;
    if (!own || points.length === 0) return [];
    if (!band)
      return [{ series: own, band: null, points: points.map((point) => ({ ...point, own: point })) }];
    return [
      {
        series: own,
        band,
        points: band.points.map((point) => ({
          ...point,
          own: { low: point.low, high: point.high },
          low: point.bandLow,
          high: point.bandHigh,
        })),
      },
    ];
  });
  const ks = [...new Set(differences.flatMap(({ points }) => points.map(({ k }) => k)))].sort(
    (a, b) => a - b,
  );
  const kMax = ks.at(-1) ?? 1;
  const referenceName = snapshot.runs.find(({ id }) => id === snapshot.referenceId)?.name ?? "";
  return { axis: samplesAxis(kMax), ks, kMax, referenceName, differences };
}

/** Who leads where by the band over all k; nothing without it. */
export function differenceNotices({ differences, referenceName }: DifferenceModel): readonly Notice[] {
  return differences.flatMap(({ series, band }) => {
    if (band === null) return [];
    const sides = [
      ...leads(series.name, referenceName, band, "runAhead"),
      ...leads(referenceName, series.name, band, "referenceAhead"),
    ];
    if (sides.length > 0) return sides;
    return [
      {
        lead: `By the band over all k ${series.name} and ${referenceName} differ nowhere.`,
        rest: "A difference at one k alone may be there because one looked for it.",
      },
    ];
  });
}

function leads(
  name: string,
  other: string,
  { points, ...band }: BandView,
  side: "runAhead" | "referenceAhead",
): readonly Notice[] {
  const ks = band[side];
  if (ks.length === 0) return [];
  const grid = points.map(({ k }) => k);
  return [{ lead: `${name} leads ${other}`, rest: `by the band over all k at k = ${ranges(ks, grid)}.` }];
}

/** `1 to 8, 64`: neighbours of the grid in one. */
export function ranges(ks: readonly number[], grid: readonly number[]): string {
  const groups: number[][] = [];
  for (const k of ks) {
    const last = groups.at(-1);
    if (last && grid.indexOf(k) === grid.indexOf(last.at(-1) ?? 0) + 1) last.push(k);
    else groups.push([k]);
  }
  return groups
    .map((group) => {
      const [from, to] = [group[0] ?? 0, group.at(-1) ?? 0];
      return from === to ? count(from) : `${count(from)} to ${count(to)}`;
    })
    .join(", ");
}
