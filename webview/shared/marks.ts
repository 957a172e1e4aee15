// One set of marker shapes for canvas (charts) and SVG (legends, table heads).
import { svg } from "./dom.ts";
import type { Hatch, Marker, SeriesStyle } from "../../src/core/report/series.ts";

type Point = readonly [number, number];

/** Corners of a marker of radius r around 0, 0; `null`: a circle. */
function corners(marker: Marker, r: number): readonly Point[] | null {
  switch (marker) {
    case "square":
      return [
        [-r, -r],
        [r, -r],
        [r, r],
        [-r, r],
      ];
    case "triangle":
      return [
        [0, -r - 1],
        [r + 1, r - 1],
        [-r - 1, r - 1],
      ];
    case "diamond": {
      const d = r + 1;
      return [
        [0, -d],
        [d, 0],
        [0, d],
        [-d, 0],
      ];
    }
    case "cross": {
      const [far, near] = [r + 0.5, r / 3];
      return [
        [-near, -far],
        [near, -far],
        [near, -near],
        [far, -near],
        [far, near],
        [near, near],
        [near, far],
        [-near, far],
        [-near, near],
        [-far, near],
        [-far, -near],
        [-near, -near],
      ];
    }
    case "circle":
    default:
      return null;
  }
}

export interface MarkPaint {
  readonly colour: string;
  /** Edge of a filled marker, fill of a hollow one. */
  readonly background: string;
}

export interface MarkPlace {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

export function drawMark(
  context: CanvasRenderingContext2D,
  style: Pick<SeriesStyle, "marker" | "hollow">,
  { x, y, radius }: MarkPlace,
  { colour, background }: MarkPaint,
): void {
  const shape = corners(style.marker, radius);
  context.setLineDash([]);
  context.lineWidth = style.hollow ? 1.5 : 1;
  context.fillStyle = style.hollow ? background : colour;
  context.strokeStyle = style.hollow ? colour : background;
  context.beginPath();
  if (shape) {
    shape.forEach(([dx, dy], i) =>
      i === 0 ? context.moveTo(x + dx, y + dy) : context.lineTo(x + dx, y + dy),
    );
    context.closePath();
  } else context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}

function markShape(style: SeriesStyle, place: MarkPlace): SVGElement {
  const shape = corners(style.marker, place.radius);
  const attributes = { class: style.hollow ? "mark hollow" : "mark" };
  if (!shape) return svg("circle", { ...attributes, cx: place.x, cy: place.y, r: place.radius });
  const points = shape.map(([dx, dy]) => `${place.x + dx},${place.y + dy}`).join(" ");
  return svg("polygon", { ...attributes, points });
}

/** The line with its marker, 36 x 12, for tables and hover cards. */
export function swatch(style: SeriesStyle): SVGElement {
  return svg(
    "svg",
    {
      class: `swatch series-${style.look}`,
      viewBox: "0 0 36 12",
      width: 36,
      height: 12,
      "aria-hidden": "true",
    },
    svg("path", {
      d: "M0 6H36",
      class: "line",
      "stroke-width": style.lineWidth,
      "stroke-dasharray": style.dash.join(" ") || null,
    }),
    markShape(style, { x: 18, y: 6, radius: 3.5 }),
  );
}

/** The marker alone, before a model's name. */
export function dot(style: SeriesStyle): SVGElement {
  return svg(
    "svg",
    { class: `dot series-${style.look}`, viewBox: "0 0 12 12", width: 12, height: 12, "aria-hidden": "true" },
    markShape(style, { x: 6, y: 6, radius: 4 }),
  );
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Fills a bar in its series' pattern, with lines (not an image), so that an exported SVG stays vectors. */
export function hatchBox(context: CanvasRenderingContext2D, hatch: Hatch, box: Box, colour: string): void {
  if (box.height <= 0 || box.width <= 0) return;
  context.save();
  context.beginPath();
  context.rect(box.x, box.y, box.width, box.height);
  context.clip();
  context.setLineDash([]);
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = 2.5;
  context.beginPath();
  hatchPath(context, hatch, box);
  if (hatch === "dots") context.fill();
  else context.stroke();
  context.restore();
  context.lineWidth = 1;
  context.strokeStyle = colour;
  context.setLineDash([]);
  context.strokeRect(box.x + 0.5, box.y + 0.5, box.width - 1, Math.max(0, box.height - 1));
}

function hatchPath(context: CanvasRenderingContext2D, hatch: Hatch, { x, y, width, height }: Box): void {
  const line = (fromX: number, fromY: number, toX: number, toY: number): void => {
    context.moveTo(fromX, fromY);
    context.lineTo(toX, toY);
  };
  switch (hatch) {
    case "solid":
      return context.rect(x, y, width, height);
    case "diagonal":
      for (let at = -height; at < width; at += 8) line(x + at, y + height, x + at + height, y);
      return;
    case "vertical":
      for (let at = 3; at < width; at += 6) line(x + at, y, x + at, y + height);
      return;
    case "horizontal":
      for (let at = height - 3; at > 0; at -= 6) line(x, y + at, x + width, y + at);
      return;
    case "dots":
      for (let down = height - 4; down > 0; down -= 6) {
        for (let at = 4; at < width; at += 6) {
          context.moveTo(x + at + 1.5, y + down);
          context.arc(x + at, y + down, 1.5, 0, 2 * Math.PI);
        }
      }
  }
}
