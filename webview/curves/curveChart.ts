// The pass@k chart and the difference strip under it, as chart.js configurations. The same for screen, PNG and SVG.
import { percent, points as signed } from "../../src/core/numberWords.ts";
import type { ChartConfiguration, ChartDataset, Plugin } from "../shared/chart.ts";
import type { Series } from "../../src/core/report/series.ts";
import { fade, type Theme } from "../shared/theme.ts";
import { tickStyle, xScale, yScale } from "./curveAxes.ts";
import { isPartial } from "./curveLine.ts";
import { type Band, intervalBands } from "./bands.ts";
import { cotLines } from "./cotLine.ts";
import { floorLine } from "./floorLine.ts";
import { forecastLines } from "./forecastLine.ts";
import {
  crosshair,
  crossovers,
  endNames,
  faintShare,
  lineMarks,
  sampleLimit,
  title,
} from "./curvePlugins.ts";
import type { CurveModel } from "./curveModel.ts";
import { isMarked, type XAxis } from "./xAxis.ts";

export interface ChartOptions {
  readonly bands: boolean;
  /** Names at the lines' ends; without them the table is the legend. */
  readonly names: boolean;
  /** Over the plot. */
  readonly heading?: string;
  /** Where the crosshair stands: read at each drawing. */
  readonly cursor: () => number | null;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A line as the plugins see it: its series, its dataset and the ks that get a marker. */
export interface DrawnLine {
  readonly series: Series;
  readonly dataset: number;
  /** Along the axis. */
  readonly place: (k: number) => number;
  readonly ks: readonly number[];
  /** From this k on fewer problems are counted; Infinity where all always are. */
  readonly faintFrom: number;
}

interface KPoint {
  readonly k: number;
  readonly value: number;
  /** `null`: no band here. */
  readonly ends: { readonly low: number; readonly high: number } | null;
  /** Fewer problems than at k = 1 are counted here. */
  readonly faint: boolean;
}

type LineConfiguration = ChartConfiguration<"line">;
type LineDataset = ChartDataset<"line">;

export function curveConfiguration(
  model: CurveModel,
  theme: Theme,
  options: ChartOptions,
): LineConfiguration {
  const lines = model.lines.map((line) => ({
    series: line.series,
    unit: line.unit,
    points: line.points.map((point) => ({ ...point, faint: isPartial(point, line) })),
  }));
  const { axis, forecasts } = model;
  // A guesser and n have a place among samples alone.
  const sampled = axis.kind === "samples";
  const floor = sampled ? model.floor : null;
  const { datasets, drawn, bands } = lineDatasets(lines, theme, axis);
  const limit = sampleLimit(model.kMax, theme, [
    ...model.lines.map(({ points }) => points.at(-1)?.value ?? 0),
    ...(floor?.points.slice(-1).map(({ value }) => value) ?? []),
  ]);
  const plugins = [
    ...(options.bands ? [intervalBands(bands, theme)] : []),
    ...(sampled ? [limit] : []),
    ...(forecasts.length > 0 ? [forecastLines(forecasts, axis, theme)] : []),
    cotLines(model.cotLines, theme, options.bands),
    lineMarks(drawn, theme, options.cursor, 3.5),
    crossovers(model.crossings, theme),
    crosshair(options.cursor, theme, axis),
    ...(options.heading === undefined ? [] : [title(options.heading, theme)]),
    ...(floor ? [floorLine(floor, theme)] : []),
    ...(options.names ? [endNames(drawn, { theme, floor, farther: forecastEnds(model) })] : []),
  ];
  const scales = {
    x: xScale(axis, theme, true),
    y: {
      ...yScale(theme),
      min: 0,
      max: 1,
      ticks: {
        ...tickStyle(theme),
        stepSize: 0.2,
        padding: 8,
        callback: (value: unknown) => `${percent(Number(value), 0)} %`,
      },
    },
  };
  return configuration({
    datasets,
    plugins,
    scales,
    theme,
    padding: {
      top: options.heading === undefined ? 8 : 24,
      right: rightSpace(model.lines, options, floor?.label),
    },
  });
}

function forecastEnds({ forecasts, axis }: CurveModel): ReadonlyMap<string, Place> {
  return new Map(
    forecasts.flatMap(({ series, unit, points }) => {
      const [last, shown] = [points.at(-1), points.findLast(({ betaBinomial }) => betaBinomial !== null)];
      const y = shown?.betaBinomial?.value ?? last?.envelope.least;
      return last && y !== undefined ? [[series.runId, { x: axis.place(last.k * unit), y }] as const] : [];
    }),
  );
}

/** A strip under the curve, as wide as that, or, with its own x axis, a chart by itself. */
export function differenceConfiguration(
  model: Pick<CurveModel, "axis" | "differences" | "referenceName"> &
    Partial<Pick<CurveModel, "lines" | "floor">>,
  theme: Theme,
  { named = false, ...options }: ChartOptions & { readonly named?: boolean },
): LineConfiguration {
  const lines = model.differences.map(({ series, points }) => ({
    series,
    unit: 1,
    points: points.map(({ k, difference, low, high, problems }) => ({
      k,
      value: difference,
      ends: { low, high },
      faint: problems < (points[0]?.problems ?? 0),
    })),
  }));
  const { axis } = model;
  const { datasets, drawn, bands } = lineDatasets(lines, theme, axis);
  const ends = options.bands
    ? bands.flatMap(({ points }) => points.flatMap(({ low, high }) => [low, high]))
    : [];
  const plugins = [
    ...(options.bands ? [intervalBands(bands, theme)] : []),
    title(`Difference from ${model.referenceName}, points, paired`, theme),
    lineMarks(drawn, theme, options.cursor, 3),
    crosshair(options.cursor, theme, axis),
    ...(options.names ? [endNames(drawn, { theme })] : []),
  ];
  const scales = {
    x: { ...xScale(axis, theme, named), border: { display: named } },
    y: {
      ...yScale(theme),
      ...(ends.length > 0 ? { suggestedMin: Math.min(...ends), suggestedMax: Math.max(...ends) } : {}),
      grid: {
        drawTicks: false,
        color: (line: { tick: { value: number } }) => (line.tick.value === 0 ? theme.line : theme.grid),
      },
      ticks: {
        ...tickStyle(theme),
        maxTicksLimit: 5,
        padding: 8,
        callback: (value: unknown) => signed(Number(value), 0),
      },
    },
  };
  return configuration({
    datasets,
    plugins,
    scales,
    theme,
    padding: {
      top: 24,
      right: rightSpace(model.lines ?? model.differences, options, model.floor?.label),
    },
  });
}

interface Parts {
  readonly datasets: LineDataset[];
  readonly plugins: readonly Plugin<"line">[];
  readonly scales: object;
  readonly theme: Theme;
  readonly padding: { readonly top: number; readonly right: number };
}

function configuration({ datasets, plugins, scales, theme, padding }: Parts): LineConfiguration {
  return {
    type: "line",
    data: { datasets },
    plugins: [...plugins],
    options: {
      events: [],
      parsing: false,
      normalized: true,
      font: { family: theme.fontFamily, size: 12 },
      layout: { padding: { ...padding, left: 0, bottom: 0 } },
      scales,
    },
  };
}

/** A dataset a line, in their order; markers and bands are drawn by plugins. */
function lineDatasets(
  lines: readonly { readonly series: Series; readonly unit: number; readonly points: readonly KPoint[] }[],
  theme: Theme,
  axis: XAxis,
): { datasets: LineDataset[]; drawn: DrawnLine[]; bands: Band[] } {
  const datasets: LineDataset[] = [];
  const drawn: DrawnLine[] = [];
  const bands: Band[] = [];
  for (const { series, points, unit } of lines) {
    const place = (k: number): number => axis.place(k * unit);
    const at = (k: number, y: number): Place => ({ x: place(k), y });
    const colour = theme.series[series.style.look];
    bands.push({
      colour,
      points: points.flatMap(({ k, ends, faint }) => (ends ? [{ x: place(k), ...ends, faint }] : [])),
    });
    const last = points.at(-1)?.k;
    drawn.push({
      series,
      place,
      faintFrom: points.find(({ faint }) => faint)?.k ?? Number.POSITIVE_INFINITY,
      dataset: datasets.length,
      ks: points.filter(({ k }) => k === last || isMarked(axis, k)).map(({ k }) => k),
    });
    datasets.push({
      label: series.name,
      data: points.map(({ k, value }) => at(k, value)),
      borderColor: colour,
      borderWidth: series.style.lineWidth,
      borderDash: [...series.style.dash],
      borderJoinStyle: "round",
      pointRadius: 0,
      pointHitRadius: 0,
      ...bySegment(points, colour),
    });
  }
  return { datasets, drawn, bands };
}

/** Nothing where no point is faint: chart.js then draws a line in one go. */
function bySegment(points: readonly Pick<KPoint, "faint">[], colour: string): Pick<LineDataset, "segment"> {
  if (!points.some(({ faint }) => faint)) return {};
  const ofSegment = ({ p0DataIndex, p1DataIndex }: Record<"p0DataIndex" | "p1DataIndex", number>) =>
    segmentColour(colour, points[p0DataIndex], points[p1DataIndex]);
  return { segment: { borderColor: ofSegment } };
}

/** Where the line goes over to fewer problems there is a gap: its two sides are not of the same ones. */
function segmentColour(
  colour: string,
  from?: Pick<KPoint, "faint">,
  to?: Pick<KPoint, "faint">,
): string | undefined {
  if (!to?.faint) return undefined;
  return fade(colour, from?.faint ? faintShare : 0);
}

/** Room for the names at the right: by their length, as no canvas is at hand to measure. */
function rightSpace(
  lines: readonly { readonly series: Series }[],
  { names }: ChartOptions,
  more = "",
): number {
  if (!names) return 12;
  const labels = [more, ...lines.map(({ series }) => series.label)];
  const longest = Math.max(0, ...labels.map(({ length }) => length));
  return Math.min(204, Math.max(72, 34 + Math.ceil(6.5 * longest)));
}
