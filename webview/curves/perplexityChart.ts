// Boxes of perplexity, one row a set: names at the left, the boxes on one axis, the numbers at the right. chart.js gives
// the axis, the size and the export; rows, boxes and points are drawn here.
import { count, decimal } from "../../src/core/numberWords.ts";
import type { Chart, ChartConfiguration, Plugin } from "../shared/chart.ts";
import { drawMark } from "../shared/marks.ts";
import { fade, type Theme } from "../shared/theme.ts";
import { text } from "./curvePlugins.ts";
import { axisEnds, axisTicks, onAxis, type Scale, tickText } from "./perplexityAxis.ts";
import type { PerplexityPoint, PerplexityRow } from "./perplexityModel.ts";

export interface PerplexityChartOptions {
  readonly rows: readonly PerplexityRow[];
  readonly scale: Scale;
  readonly theme: Theme;
  /** `PPL under base-7k` */
  readonly axis: string;
  /** The point under the mouse or the keyboard: read at each drawing. */
  readonly marked: () => PointPlace | null;
}

export interface PointPlace {
  readonly row: number;
  readonly point: number;
}

export const rowHeight = 40;
const headHeight = 24;
const axisHeight = 44;
const boxHeight = 22;
const nameWidth = 176;
const numberMargin = 12;

export const perplexityHeight = (rows: readonly PerplexityRow[]): number =>
  headHeight + rowHeight * rows.length + axisHeight + 8;

/** Numbers at the right: width, head, and what stands in a row. */
interface NumberColumn {
  readonly width: number;
  readonly head: string;
  readonly write: (row: PerplexityRow) => string;
}

const numberColumns: readonly NumberColumn[] = [
  { width: 56, head: "n", write: ({ box }) => count(box.traces) },
  { width: 60, head: "median", write: ({ box }) => decimal(box.median, 3) },
  { width: 116, head: "95 %", write: (row) => intervalText(row) },
  { width: 112, head: "IQR", write: ({ box }) => `${decimal(box.q25, 3)} \u2013 ${decimal(box.q75, 3)}` },
  { width: 92, head: "seq. NLL, nats", write: ({ box }) => decimal(box.meanSurprisal, 2) },
];

export const intervalText = ({ box: { interval } }: PerplexityRow): string =>
  interval === null ? "too few problems" : `[${decimal(interval.low, 3)}, ${decimal(interval.high, 3)}]`;

/** Of a box that wants room for itself, the first columns; the table has the rest. */
const leastBoxWidth = 280;

const columnsOf = (width: number): readonly NumberColumn[] => {
  let room = width - nameWidth - leastBoxWidth - numberMargin;
  return numberColumns.filter((column, at) => (room -= column.width) >= 0 || at === 1);
};

const numbersWidth = (width: number): number =>
  columnsOf(width).reduce((sum, column) => sum + column.width, numberMargin);

export function perplexityConfiguration(options: PerplexityChartOptions): ChartConfiguration<"line"> {
  const { rows, scale, theme, axis } = options;
  const values = rows.flatMap(({ box, points }) => [
    box.q05,
    box.q95,
    ...points.map(({ perplexity }) => perplexity),
  ]);
  const ends = axisEnds(values, scale);
  const font = { size: 12, family: theme.fontFamily };
  return {
    type: "line",
    data: { datasets: [] },
    plugins: [boxes(options)],
    options: {
      events: [],
      font,
      layout: {
        padding: ({ chart }) => ({
          left: nameWidth,
          right: numbersWidth(chart.width),
          top: headHeight,
          bottom: 0,
        }),
      },
      scales: {
        x: {
          type: "linear",
          min: onAxis(ends.low, scale),
          max: onAxis(ends.high, scale),
          grid: { color: theme.grid, drawTicks: false },
          border: { color: theme.line },
          afterBuildTicks: (axes) => {
            axes.ticks = axisTicks(ends.low, ends.high).map((value) => ({ value: onAxis(value, scale) }));
          },
          ticks: {
            color: theme.dim,
            font,
            maxRotation: 0,
            autoSkipPadding: 8,
            callback: (value) => tickText(scale === "log" ? Math.exp(Number(value)) : Number(value)),
          },
          title: {
            display: true,
            text: `${axis}, per token${scale === "log" ? " (log scale)" : ""}`,
            color: theme.dim,
            font: { ...font, weight: "normal" },
            padding: 0,
          },
        },
        y: { type: "linear", display: false, min: 0, max: Math.max(1, rows.length) },
      },
    },
  };
}

function boxes(options: PerplexityChartOptions): Plugin<"line"> {
  return {
    id: "boxes",
    afterDraw: (chart) => {
      heads(chart, options);
      options.rows.forEach((row, at) => {
        rowNames(chart, row, { at, options });
        drawPoints(chart, row, { at, options });
        drawBox(chart, row, { at, options });
        rowNumbers(chart, row, { at, options });
      });
      const marked = options.marked();
      const row = marked && options.rows[marked.row];
      const point = marked && row?.points[marked.point];
      if (marked && row && point) drawMarked(chart, { row, point, at: marked.row }, options);
    },
  };
}

interface Placed {
  readonly at: number;
  readonly options: PerplexityChartOptions;
}

const middleOf = (chart: Chart<"line">, at: number): number => chart.chartArea.top + rowHeight * (at + 0.5);

const xOf = (chart: Chart<"line">, value: number, scale: Scale): number =>
  chart.scales["x"]?.getPixelForValue(onAxis(value, scale)) ?? 0;

function heads(chart: Chart<"line">, { theme }: PerplexityChartOptions): void {
  const { ctx, chartArea, width } = chart;
  const y = chartArea.top - headHeight / 2;
  text(ctx, "Texts", { x: 0, y }, { colour: theme.dim, theme });
  let right = width - 4;
  for (const { head, width: own } of [...columnsOf(chart.width)].reverse()) {
    text(ctx, head, { x: right, y }, { colour: theme.dim, align: "right", theme });
    right -= own;
  }
  rule(chart, chartArea.top, theme);
}

function rule({ ctx, width }: Chart<"line">, y: number, theme: Theme): void {
  ctx.setLineDash([]);
  ctx.lineWidth = 1;
  ctx.strokeStyle = theme.grid;
  ctx.beginPath();
  ctx.moveTo(0, Math.round(y) + 0.5);
  ctx.lineTo(width, Math.round(y) + 0.5);
  ctx.stroke();
}

function rowNames(chart: Chart<"line">, row: PerplexityRow, { at, options: { theme } }: Placed): void {
  const { ctx } = chart;
  const y = middleOf(chart, at);
  if (row.first && at > 0) rule(chart, y - rowHeight / 2, theme);
  if (row.verdict !== "all")
    text(ctx, row.verdict, { x: nameWidth - 12, y }, { colour: theme.dim, align: "right", theme });
  if (!row.first) return;
  const [top, room] = [row.note === "" ? y : y - 8, row.verdict === "all" ? nameWidth - 32 : nameWidth - 84];
  const paint = { colour: theme.series[row.series.style.look], background: theme.background };
  drawMark(ctx, row.series.style, { x: 8, y: top, radius: 3.5 }, paint);
  ctx.font = `600 12px ${theme.fontFamily}`;
  const name = shortened(ctx, row.name, room);
  text(ctx, name, { x: 20, y: top }, { colour: theme.foreground, theme, weight: 600 });
  const below = { x: 20, y: y + 8 };
  if (row.note !== "") text(ctx, shortened(ctx, row.note, room), below, { colour: theme.dim, theme });
}

function shortened(ctx: CanvasRenderingContext2D, words: string, room: number): string {
  if (ctx.measureText(words).width <= room) return words;
  let end = words.length;
  while (end > 1 && ctx.measureText(`${words.slice(0, end)}\u2026`).width > room) end -= 1;
  return `${words.slice(0, end)}\u2026`;
}

function rowNumbers(chart: Chart<"line">, row: PerplexityRow, { at, options }: Placed): void {
  const { theme } = options;
  let right = chart.width - 4;
  for (const { head, width, write } of [...columnsOf(chart.width)].reverse()) {
    const weight = head === "median" ? 600 : 400;
    const place = { x: right, y: middleOf(chart, at) };
    const colour = head === "95 %" ? theme.dim : theme.foreground;
    text(chart.ctx, write(row), place, { colour, align: "right", theme, weight });
    right -= width;
  }
}

/** Filled for right answers and for all, hollow for wrong ones: no colour is needed to tell them apart. */
function drawBox(chart: Chart<"line">, row: PerplexityRow, { at, options }: Placed): void {
  const { ctx } = chart;
  const { theme, scale } = options;
  const { box } = row;
  const colour = theme.series[row.series.style.look];
  const y = middleOf(chart, at);
  const x = (value: number): number => xOf(chart, value, scale);
  const half = boxHeight / 2;
  ctx.setLineDash([]);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5;
  const line = (fromX: number, fromY: number, toX: number, toY: number): void => {
    ctx.beginPath();
    ctx.moveTo(fromX, fromY);
    ctx.lineTo(toX, toY);
    ctx.stroke();
  };
  line(x(box.q05), y, x(box.q25), y);
  line(x(box.q75), y, x(box.q95), y);
  for (const end of [box.q05, box.q95]) line(x(end), y - 6, x(end), y + 6);
  const left = x(box.q25);
  const width = Math.max(1, x(box.q75) - left);
  if (row.verdict !== "wrong") {
    ctx.fillStyle = fade(colour, 0.18);
    ctx.fillRect(left, y - half, width, boxHeight);
  }
  ctx.strokeRect(left, y - half, width, boxHeight);
  ctx.lineWidth = 3;
  line(x(box.median), y - half, x(box.median), y + half);
}

/** Points of a row in pixels; their height in it says nothing and is always the same. */
export function pointPlaces(
  chart: Chart<"line">,
  { points }: PerplexityRow,
  { at, options: { scale } }: { readonly at: number; readonly options: { readonly scale: Scale } },
): readonly { readonly x: number; readonly y: number }[] {
  const y = middleOf(chart, at);
  return points.map((point, i) => ({
    x: xOf(chart, point.perplexity, scale),
    y: y + spread(i) * (boxHeight - 2),
  }));
}

/** -0.5 .. 0.5: multiples of the golden ratio never lie on a line. */
const spread = (i: number): number => ((i * 0.618_033_988_75) % 1) - 0.5;

function drawPoints(chart: Chart<"line">, row: PerplexityRow, placed: Placed): void {
  const { ctx } = chart;
  const { theme } = placed.options;
  ctx.fillStyle = fade(theme.series[row.series.style.look], 0.5);
  for (const { x, y } of pointPlaces(chart, row, placed)) {
    ctx.beginPath();
    ctx.arc(x, y, 1.75, 0, 2 * Math.PI);
    ctx.fill();
  }
}

function drawMarked(
  chart: Chart<"line">,
  { row, point, at }: { readonly row: PerplexityRow; readonly point: PerplexityPoint; readonly at: number },
  options: PerplexityChartOptions,
): void {
  const { ctx } = chart;
  const { theme } = options;
  const place = pointPlaces(chart, row, { at, options })[row.points.indexOf(point)];
  if (!place) return;
  ctx.setLineDash([]);
  ctx.fillStyle = theme.series[row.series.style.look];
  ctx.strokeStyle = theme.focus;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.arc(place.x, place.y, 4.5, 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
}

/** The nearest point within reach of the mouse. */
export function pointAt(
  chart: Chart<"line">,
  options: PerplexityChartOptions,
  { x, y }: { readonly x: number; readonly y: number },
): PointPlace | null {
  const row = Math.floor((y - chart.chartArea.top) / rowHeight);
  const own = options.rows[row];
  if (!own) return null;
  let [best, nearest] = [-1, 8];
  pointPlaces(chart, own, { at: row, options }).forEach((place, i) => {
    const distance = Math.hypot(place.x - x, place.y - y);
    if (distance < nearest) [best, nearest] = [i, distance];
  });
  return best === -1 ? null : { row, point: best };
}
