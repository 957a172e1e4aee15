// Values against the training step, with intervals: one chart for rates, lengths and entropies alike.
import { count } from "../../src/core/numberWords.ts";
import type { Chart, ChartConfiguration, Plugin } from "../shared/chart.ts";
import { drawMark } from "../shared/marks.ts";
import type { SeriesStyle } from "../../src/core/report/series.ts";
import { fade, type Theme } from "../shared/theme.ts";
import { text, title } from "./curvePlugins.ts";

export interface StepPoint {
  readonly step: number;
  readonly value: number;
  /** `null`: no interval is known. */
  readonly low: number | null;
  readonly high: number | null;
}

export interface StepLine {
  /** At the line's end: `pass@1`. */
  readonly name: string;
  readonly style: Pick<SeriesStyle, "look" | "marker" | "hollow" | "dash">;
  readonly points: readonly StepPoint[];
}

export interface StepChartOptions {
  readonly title: string;
  readonly lines: readonly StepLine[];
  readonly theme: Theme;
  readonly write: (value: number) => string;
  /** Of the whole training, ascending: the same axis in every chart. */
  readonly steps: readonly number[];
  /** Of rates the whole axis is shown. */
  readonly ends: { readonly min: number; readonly max: number } | null;
  /** The step under the keyboard or chosen: read at each drawing. */
  readonly marked: () => number | null;
}

const nameSpace = 76;

export function stepConfiguration(options: StepChartOptions): ChartConfiguration<"line"> {
  const { lines, theme, write, ends, steps } = options;
  const font = { size: 12, family: theme.fontFamily };
  return {
    type: "line",
    data: {
      datasets: lines.map(({ name, style, points }) => ({
        label: name,
        data: points.map(({ step, value }) => ({ x: step, y: value })),
        borderColor: theme.series[style.look],
        borderWidth: 2,
        borderDash: [...style.dash],
        pointRadius: 0,
        pointHitRadius: 0,
      })),
    },
    plugins: [title(options.title, theme), whiskers(options)],
    options: {
      events: [],
      parsing: false,
      normalized: true,
      font,
      layout: { padding: { top: 28, right: nameSpace, left: 0, bottom: 0 } },
      scales: {
        x: {
          type: "linear",
          min: steps[0] ?? 0,
          max: Math.max((steps[0] ?? 0) + 1, steps.at(-1) ?? 1),
          grid: { drawOnChartArea: false, color: theme.line },
          border: { color: theme.line },
          afterBuildTicks: (axis) => {
            axis.ticks = apart(steps, axis.chart.width - nameSpace - 48).map((value) => ({ value }));
          },
          ticks: {
            color: theme.dim,
            font,
            maxRotation: 0,
            autoSkip: false,
            callback: (value) => count(Number(value)),
          },
          title: { display: true, text: "training step", color: theme.dim, font, padding: 0 },
        },
        y: {
          type: "linear",
          ...(ends ?? endsOf(lines)),
          border: { display: false },
          grid: { drawTicks: false, color: theme.grid },
          ticks: {
            color: theme.dim,
            font,
            padding: 8,
            maxTicksLimit: 6,
            callback: (value) => write(Number(value)),
          },
        },
      },
    },
  };
}

const tickSpace = 32;

/** The steps whose numbers have room along so many pixels: the first, the last, and what stands free between. */
function apart(steps: readonly number[], width: number): readonly number[] {
  const [first = 0, last = 0] = [steps[0], steps.at(-1)];
  const pixels = (from: number, to: number): number => (width * (to - from)) / Math.max(1, last - first);
  const kept: number[] = [];
  for (const step of steps) {
    const free = pixels(kept.at(-1) ?? -Infinity, step) >= tickSpace && pixels(step, last) >= tickSpace;
    if (free || step === first || step === last) kept.push(step);
  }
  return kept;
}

/** All values with their intervals and some room; never so near that a percent looks like a cliff. */
function endsOf(lines: readonly StepLine[]): {
  readonly suggestedMin: number;
  readonly suggestedMax: number;
} {
  const values = lines.flatMap(({ points }) =>
    points.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]),
  );
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(0.1 * (high - low), 0.05 * Math.abs(high));
  return { suggestedMin: low - room, suggestedMax: high + room };
}

/** Intervals, markers, the lines' names, and the step that is chosen. */
function whiskers({ lines, theme, marked }: StepChartOptions): Plugin<"line"> {
  return {
    id: "whiskers",
    beforeDatasetsDraw: (chart) => {
      const step = marked();
      if (step !== null) upright(chart, step, theme);
      for (const line of lines) for (const point of line.points) whisker(chart, line, { point, theme });
    },
    afterDatasetsDraw: (chart) => {
      for (const line of lines) {
        const paint = { colour: theme.series[line.style.look], background: theme.background };
        for (const { step, value } of line.points)
          drawMark(chart.ctx, line.style, { ...placeOf(chart, step, value), radius: 3.5 }, paint);
      }
      names(chart, lines, theme);
    },
  };
}

const placeOf = (
  chart: Chart<"line">,
  step: number,
  value: number,
): { readonly x: number; readonly y: number } => ({
  x: chart.scales["x"]?.getPixelForValue(step) ?? 0,
  y: chart.scales["y"]?.getPixelForValue(value) ?? 0,
});

function whisker(
  chart: Chart<"line">,
  { style }: StepLine,
  { point, theme }: { readonly point: StepPoint; readonly theme: Theme },
): void {
  const { low, high, step } = point;
  if (low === null || high === null) return;
  const { ctx } = chart;
  const top = placeOf(chart, step, high);
  const bottom = placeOf(chart, step, low);
  ctx.setLineDash([]);
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = fade(theme.series[style.look], 0.7);
  ctx.beginPath();
  ctx.moveTo(top.x, top.y);
  ctx.lineTo(bottom.x, bottom.y);
  for (const { x, y } of [top, bottom]) {
    ctx.moveTo(x - 4, y);
    ctx.lineTo(x + 4, y);
  }
  ctx.stroke();
}

function upright(chart: Chart<"line">, step: number, theme: Theme): void {
  const { ctx, chartArea } = chart;
  const { x } = placeOf(chart, step, 0);
  ctx.setLineDash([3, 3]);
  ctx.lineWidth = 1;
  ctx.strokeStyle = fade(theme.foreground, 0.6);
  ctx.beginPath();
  ctx.moveTo(x, chartArea.top);
  ctx.lineTo(x, chartArea.bottom);
  ctx.stroke();
  ctx.setLineDash([]);
}

const nameHeight = 14;

function names(chart: Chart<"line">, lines: readonly StepLine[], theme: Theme): void {
  const ends = lines.flatMap(({ name, points }) => {
    const last = points.at(-1);
    return last === undefined ? [] : [{ name, ...placeOf(chart, last.step, last.value) }];
  });
  ends.sort((a, b) => a.y - b.y);
  let free = -Infinity;
  for (const { name, x, y } of ends) {
    const at = Math.max(y, free);
    free = at + nameHeight;
    text(chart.ctx, name, { x: x + 12, y: at }, { colour: theme.foreground, theme });
  }
}

/** The step nearest to a place in the chart. */
export function stepAt(chart: Chart<"line">, steps: readonly number[], x: number): number | null {
  let [best, nearest]: [number | null, number] = [null, 24];
  for (const step of steps) {
    const distance = Math.abs(placeOf(chart, step, 0).x - x);
    if (distance < nearest) [best, nearest] = [step, distance];
  }
  return best;
}
