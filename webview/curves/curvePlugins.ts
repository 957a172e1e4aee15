// What chart.js does not draw by itself: markers per role, names at line ends, n, crossovers, crosshair.
import { count } from "../../src/core/numberWords.ts";
import type { Chart, Plugin } from "../shared/chart.ts";
import { drawMark } from "../shared/marks.ts";
import { fade, type Theme } from "../shared/theme.ts";
import type { DrawnLine, Place } from "./curveChart.ts";
import type { Crossing } from "./curveModel.ts";
import type { Floor } from "./floorLine.ts";
import type { XAxis } from "./xAxis.ts";

/** Of the colour where fewer problems are counted than at k = 1. */
export const faintShare = 0.45;

type LinePlugin = Plugin<"line">;
type Cursor = () => number | null;

const xOf = (chart: Chart<"line">, k: number): number => chart.scales["x"]!.getPixelForValue(Math.log2(k));
const yOf = (chart: Chart<"line">, value: number): number => chart.scales["y"]!.getPixelForValue(value);

/** The points of a line that exist in its data, in pixels, by k. */
function placeOf(chart: Chart<"line">, line: DrawnLine, k: number): Place | null {
  const data = chart.data.datasets[line.dataset]?.data as readonly Place[] | undefined;
  const at = line.place(k);
  const value = data?.find((point) => Math.abs(point.x - at) < 1e-9);
  return value ? { x: chart.scales["x"]!.getPixelForValue(at), y: yOf(chart, value.y) } : null;
}

export function lineMarks(
  lines: readonly DrawnLine[],
  theme: Theme,
  cursor: Cursor,
  radius: number,
): LinePlugin {
  return {
    id: "lineMarks",
    afterDatasetsDraw: (chart) => {
      const hovered = cursor();
      for (const line of lines) {
        const colour = theme.series[line.series.style.look];
        const ks = hovered === null ? line.ks : [...line.ks, hovered];
        for (const k of ks) {
          const place = placeOf(chart, line, k);
          const size = k === hovered ? 5 : radius;
          const paint = {
            colour: k < line.faintFrom ? colour : fade(colour, faintShare),
            background: theme.background,
          };
          if (place) drawMark(chart.ctx, line.series.style, { ...place, radius: size }, paint);
        }
      }
    },
  };
}

interface End {
  /** `null`: the guess floor, which has no marker. */
  readonly line: DrawnLine | null;
  readonly label: string;
  readonly x: number;
  readonly y: number;
  /** Where the name stands. */
  at: number;
}

export interface EndOptions {
  readonly theme: Theme;
  readonly floor?: Floor | null;
  /** Ends of forecasts by run, in units of the axes: there the name stands. */
  readonly farther?: ReadonlyMap<string, Place>;
}

/**
 * The name in the text colour behind each line's last marker, the floor's in secondary text; where lines end together,
 * names move apart with a marker of their own.
 */
export function endNames(
  lines: readonly DrawnLine[],
  { theme, floor = null, farther = new Map() }: EndOptions,
): LinePlugin {
  return {
    id: "endNames",
    afterDatasetsDraw: (chart) => {
      const ends: End[] = lines.flatMap((line) => {
        const beyond = farther.get(line.series.runId);
        const place = beyond
          ? { x: chart.scales["x"]!.getPixelForValue(beyond.x), y: yOf(chart, beyond.y) }
          : placeOf(chart, line, line.ks.at(-1) ?? 1);
        return place ? [{ line, label: line.series.label, ...place, at: place.y }] : [];
      });
      const last = floor?.points.at(-1);
      if (floor && last) {
        const [x, y] = [xOf(chart, last.k), yOf(chart, last.value)];
        ends.push({ line: null, label: floor.label, x, y, at: y });
      }
      ends.sort((a, b) => a.y - b.y);
      spread(ends, chart.chartArea);
      for (const end of ends) drawEnd(chart, end, theme);
    },
  };
}

function drawEnd(chart: Chart<"line">, { line, label, x, y, at }: End, theme: Theme): void {
  const { ctx } = chart;
  const moved = line !== null && Math.abs(at - y) > 6;
  if (moved) {
    const paint = { colour: theme.series[line.series.style.look], background: theme.background };
    drawMark(ctx, line.series.style, { x: x + 14, y: at, radius: 3.5 }, paint);
  }
  const left = { x: x + (moved ? 24 : 12), y: at };
  const style = line ? { colour: theme.foreground, weight: 600 } : { colour: theme.dim, weight: 400 };
  const words = fitted(ctx, label, { width: chart.width - left.x, weight: style.weight, theme });
  text(ctx, words, left, { ...style, theme });
}

/** Cut with an ellipsis where it would leave the canvas. */
function fitted(
  ctx: CanvasRenderingContext2D,
  words: string,
  { width, weight, theme }: { readonly width: number; readonly weight: number; readonly theme: Theme },
): string {
  ctx.font = `${weight} 12px ${theme.fontFamily}`;
  if (ctx.measureText(words).width <= width) return words;
  let kept = words;
  while (kept.length > 1 && ctx.measureText(`${kept}\u2026`).width > width) kept = kept.slice(0, -1);
  return `${kept}\u2026`;
}

/** Keeps labels 16 px apart, in order, inside the chart. */
export function spread(
  ends: readonly { x: number; y: number; at: number }[],
  area: { top: number; bottom: number },
): void {
  const gap = 16;
  let floor = area.top - gap;
  for (const end of ends) floor = end.at = Math.max(end.y, floor + gap);
  let ceiling = area.bottom + gap;
  for (const end of [...ends].reverse()) ceiling = end.at = Math.min(end.at, ceiling - gap);
}

/** n: a dashed line at the largest k. */
export function sampleLimit(n: number, theme: Theme, ends: readonly number[]): LinePlugin {
  // The words stand where no line ends: at the bottom, a little higher, at the top, or between.
  const height = [0.04, 0.16, 0.96, 0.5].find((at) => ends.every((end) => Math.abs(end - at) > 0.08)) ?? 0.04;
  return {
    id: "sampleLimit",
    beforeDatasetsDraw: (chart) => {
      const { ctx, chartArea } = chart;
      const x = Math.round(xOf(chart, n)) + 0.5;
      vertical(ctx, x, chartArea, { colour: fade(theme.foreground, 0.6), dash: [3, 3] });
      // With n = 1 the line stands at the axis.
      const [left, align] = n > 1 ? ([x - 6, "right"] as const) : ([x + 6, "left"] as const);
      text(ctx, `n = ${count(n)}`, { x: left, y: yOf(chart, height) }, { colour: theme.dim, align, theme });
    },
  };
}

/** Along tokens each line has its own place for one k: their markers show it, a line across would not be true. */
export function crosshair(cursor: Cursor, theme: Theme, axis: XAxis): LinePlugin {
  return {
    id: "crosshair",
    beforeDatasetsDraw: (chart) => {
      const k = cursor();
      if (k === null || axis.kind === "tokens") return;
      const x = chart.scales["x"]!.getPixelForValue(axis.place(k));
      vertical(chart.ctx, Math.round(x) + 0.5, chart.chartArea, {
        colour: fade(theme.foreground, 0.6),
      });
    },
  };
}

/** A circle on the lines with a whisker of its interval, and its words under it. */
export function crossovers(crossings: readonly Crossing[], theme: Theme): LinePlugin {
  return {
    id: "crossovers",
    afterDatasetsDraw: (chart) => {
      crossings.forEach((crossing, i) => drawCrossing(chart, crossing, { theme, down: i * 40 }));
    },
  };
}

function drawCrossing(
  chart: Chart<"line">,
  { k, low, high, rate, label, interval }: Crossing,
  { theme, down }: { theme: Theme; down: number },
): void {
  const { ctx, chartArea } = chart;
  const [x, y, left, right] = [xOf(chart, k), yOf(chart, rate), xOf(chart, low), xOf(chart, high)];
  const below = Math.min(y + 68 + down, chartArea.bottom - 44);
  ctx.save();
  ctx.setLineDash([]);
  ctx.strokeStyle = theme.foreground;
  ctx.fillStyle = theme.background;
  ctx.lineWidth = 1.25;
  for (const [fromX, fromY, toX, toY] of [
    [left, y, right, y],
    [left, y - 5, left, y + 5],
    [right, y - 5, right, y + 5],
  ] as const) {
    stroke(ctx, fromX, fromY, { x: toX, y: toY });
  }
  ctx.beginPath();
  ctx.arc(x, y, 5, 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
  ctx.strokeStyle = fade(theme.foreground, 0.6);
  ctx.lineWidth = 1;
  stroke(ctx, x, y + 6, { x, y: below });
  ctx.restore();
  text(ctx, label, { x, y: below + 10 }, { colour: theme.foreground, weight: 600, align: "center", theme });
  text(ctx, interval, { x, y: below + 25 }, { colour: theme.dim, align: "center", theme });
}

/** Bold, at the left of the plot. */
export function title(words: string, theme: Theme): LinePlugin {
  return {
    id: "title",
    afterDraw: (chart) => {
      const place = { x: chart.chartArea.left, y: 8 };
      text(chart.ctx, words, place, { colour: theme.foreground, weight: 600, theme });
    },
  };
}

interface TextStyle {
  readonly colour: string;
  readonly theme: Theme;
  readonly weight?: number;
  readonly align?: CanvasTextAlign;
}

export function text(
  ctx: CanvasRenderingContext2D,
  words: string,
  { x, y }: Place,
  { colour, theme, weight = 400, align = "left" }: TextStyle,
): void {
  ctx.font = `${weight} 12px ${theme.fontFamily}`;
  ctx.fillStyle = colour;
  ctx.textAlign = align;
  ctx.textBaseline = "middle";
  ctx.fillText(words, x, y);
}

function vertical(
  ctx: CanvasRenderingContext2D,
  x: number,
  { top, bottom }: { top: number; bottom: number },
  { colour, dash = [] }: { colour: string; dash?: number[] },
): void {
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.setLineDash(dash);
  stroke(ctx, x, top, { x, y: bottom });
  ctx.restore();
}

function stroke(ctx: CanvasRenderingContext2D, fromX: number, fromY: number, to: Place): void {
  ctx.beginPath();
  ctx.moveTo(fromX, fromY);
  ctx.lineTo(to.x, to.y);
  ctx.stroke();
}
