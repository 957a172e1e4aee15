import { type Role, roles } from "../model.ts";
import type { Marker, SeriesStyle } from "./series.ts";

/** Lines with bands over an axis; drawn as SVG text, so that a file shows them without a program or a network. */
export interface LineChart {
  readonly xTitle: string;
  readonly yTitle: string;
  /** Of the x axis: powers of 2, or the values themselves. */
  readonly xScale: "log2" | "linear";
  readonly lines: readonly ChartLine[];
  /** After the numbers of the y axis, which are hundredths: ` %`, or nothing where the title says points. */
  readonly yUnit: " %" | "";
  /** From the points where `null`. */
  readonly yRange: readonly [number, number] | null;
}

export interface ChartLine {
  readonly name: string;
  readonly style: SeriesStyle;
  readonly points: readonly ChartPoint[];
}

export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

const [width, height] = [760, 380];
const plot = { left: 56, right: 610, top: 14, bottom: 330 };

type Place = (value: number) => number;

/** The chart as one `<svg>`: colours by the classes `series-ROLE`, sized by its viewBox. All words are escaped. */
export function lineChartSvg(chart: LineChart, label: string): string {
  const points = chart.lines.flatMap((line) => line.points);
  if (points.length === 0) return "";
  const ys = chart.yRange ?? rangeOf(points.flatMap(({ low, high, y }) => [low, high, y]));
  const xs = rangeOf(points.map(({ x }) => x));
  const axis = chart.xScale === "log2" ? Math.log2 : (x: number) => x;
  const x = between([axis(xs[0]), axis(xs[1])], [plot.left, plot.right]);
  const y = between(ys, [plot.bottom, plot.top]);
  const parts = [
    ...yTicks(ys).map((value) => yTick(value, y, chart.yUnit)),
    ...xTicks(chart, xs).map((value) => xTick(value, x(axis(value)))),
    words(chart.xTitle, (plot.left + plot.right) / 2, height - 12, "middle"),
    `<text class="axis" transform="translate(14 ${(plot.top + plot.bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(chart.yTitle)}</text>`,
    ...chart.lines.map((line) => band(line, (p) => x(axis(p)), y)),
    ...chart.lines.map((line) => stroke(line, (p) => x(axis(p)), y)),
    ...names(chart.lines, y),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label)}"><style>${chartStyle}</style><rect width="${width}" height="${height}" fill="#fff"/>${parts.join("")}</svg>`;
}

const light: Readonly<Record<Role, string>> = {
  base: "#4A6285",
  rl: "#C65102",
  distilled: "#2A9D78",
  instruct: "#8B3FA8",
  other: "#7A6A00",
};

/** Within the picture, so that it keeps its colours as a file of its own. */
const chartStyle = [
  "text{font:12px system-ui,sans-serif;fill:#3b3b3b}",
  ".grid{stroke:#d4d4d4;stroke-width:1}",
  ...roles.map((role) => `.${role}{stroke:${light[role]};fill:${light[role]}}`),
  ".line{fill:none}.band{stroke:none;opacity:.12}.hollow{fill:#fff}",
].join("");

/** As text or attribute value of HTML and SVG. */
export const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

function rangeOf(values: readonly number[]): readonly [number, number] {
  const known = values.filter((value) => Number.isFinite(value));
  const least = known.reduce((a, b) => Math.min(a, b), Infinity);
  const most = known.reduce((a, b) => Math.max(a, b), -Infinity);
  return least < most ? [least, most] : [least - 0.5, most + 0.5];
}

function between([a, b]: readonly [number, number], [from, to]: readonly [number, number]): Place {
  return (value) => from + ((value - a) / (b - a)) * (to - from);
}

function yTicks([least, most]: readonly [number, number]): number[] {
  const step = niceStep((most - least) / 5);
  const first = Math.ceil(least / step - 1e-9);
  const last = Math.floor(most / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

function xTicks({ xScale, lines }: LineChart, [least, most]: readonly [number, number]): number[] {
  if (xScale === "log2") {
    const [first, last] = [Math.ceil(Math.log2(least)), Math.floor(Math.log2(most))];
    return Array.from({ length: last - first + 1 }, (_, i) => 2 ** (first + i));
  }
  const all = [...new Set(lines.flatMap((line) => line.points.map(({ x }) => x)))];
  return all.length <= 12 ? all : yTicks([least, most]);
}

const at = (value: number): string => value.toFixed(1);

function yTick(value: number, y: Place, unit: string): string {
  const label = `${Number((100 * value).toFixed(2))}${unit}`.replace("-", "\u2212");
  return `<line class="grid" x1="${plot.left}" x2="${plot.right}" y1="${at(y(value))}" y2="${at(y(value))}"/>${words(label, plot.left - 6, y(value) + 4, "end")}`;
}

const xTick = (value: number, x: number): string => words(String(value), x, plot.bottom + 18, "middle");

function words(text: string, x: number, y: number, anchor: "start" | "middle" | "end"): string {
  return `<text class="axis" x="${at(x)}" y="${at(y)}" text-anchor="${anchor}">${escaped(text)}</text>`;
}

function band({ points, style }: ChartLine, x: Place, y: Place): string {
  const known = points.filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high));
  if (known.length === 0) return "";
  const upper = known.map((point) => `${at(x(point.x))},${at(y(point.high))}`);
  const lower = known.map((point) => `${at(x(point.x))},${at(y(point.low))}`).reverse();
  return `<polygon class="band ${style.look}" points="${[...upper, ...lower].join(" ")}"/>`;
}

function stroke({ points, style }: ChartLine, x: Place, y: Place): string {
  const path = points.map((point) => `${at(x(point.x))},${at(y(point.y))}`).join(" ");
  const dash = style.dash.length === 0 ? "" : ` stroke-dasharray="${style.dash.join(" ")}"`;
  const marks = points.map((point) => mark(style, x(point.x), y(point.y))).join("");
  return `<polyline class="line ${style.look}" stroke-width="${style.lineWidth}"${dash} points="${path}"/>${marks}`;
}

const outlines: Readonly<Record<Marker, string>> = {
  circle: "",
  square: "M-3-3h6v6h-6z",
  triangle: "M0-4l4 7h-8z",
  diamond: "M0-4l4 4-4 4-4-4z",
  cross: "M-3-3l6 6M3-3l-6 6",
};

function mark({ look, marker, hollow }: SeriesStyle, x: number, y: number): string {
  const classes = `class="${look}${hollow ? " hollow" : ""}"`;
  if (marker === "circle") return `<circle ${classes} cx="${at(x)}" cy="${at(y)}" r="2.6"/>`;
  return `<path ${classes} transform="translate(${at(x)} ${at(y)})" d="${outlines[marker]}"/>`;
}

const nameHeight = 15;

/** At the lines' ends, pushed apart where they would overlap. */
function names(lines: readonly ChartLine[], y: Place): string[] {
  const ends = lines
    .flatMap((line) => {
      const last = line.points.at(-1);
      return last === undefined ? [] : [{ line, wanted: y(last.y) }];
    })
    .sort((a, b) => a.wanted - b.wanted);
  let above = plot.top - nameHeight;
  return ends.map(({ line, wanted }) => {
    const place = Math.max(wanted, above + nameHeight);
    above = place;
    return `${mark(line.style, plot.right + 14, place)}${words(line.name, plot.right + 22, place + 4, "start")}`;
  });
}
