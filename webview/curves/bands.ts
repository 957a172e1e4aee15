// What is drawn by hand under the lines: interval bands, and the path through points. Not datasets of the chart: of their two
// edges a chart of 20 runs would measure and style every point for nothing.
import type { Plugin } from "../shared/chart.ts";
import { fade, type Theme } from "../shared/theme.ts";
import { faintShare } from "./curvePlugins.ts";

/** Interval ends at a place along the x axis, in units of the axes. */
export interface BandPoint {
  readonly x: number;
  readonly low: number;
  readonly high: number;
  /** Fewer problems than at k = 1 are counted here. */
  readonly faint: boolean;
}

export interface Band {
  readonly colour: string;
  /** Ascending by x. */
  readonly points: readonly BandPoint[];
}

/** Where a band goes over to fewer problems it has a gap: its two sides are not of the same ones. */
export function intervalBands(bands: readonly Band[], theme: Theme): Plugin<"line"> {
  return {
    id: "intervalBands",
    beforeDatasetsDraw: ({ ctx, scales }) => {
      const place = (x: number, y: number): PathPoint => [
        scales["x"]?.getPixelForValue(x) ?? 0,
        scales["y"]?.getPixelForValue(y) ?? 0,
      ];
      for (const { colour, points } of bands)
        for (const faint of [false, true]) {
          const part = points.filter((point) => point.faint === faint);
          const up = part.map(({ x, high }) => place(x, high));
          const down = part.map(({ x, low }) => place(x, low)).reverse();
          const own = fade(colour, theme.bandAlpha);
          fillPath(ctx, [...up, ...down], faint ? fade(own, faintShare) : own);
        }
    },
  };
}

/** In pixels. */
type PathPoint = readonly [x: number, y: number];

/** A path through the points, begun anew. */
export function tracePath(ctx: CanvasRenderingContext2D, points: readonly PathPoint[]): void {
  ctx.beginPath();
  points.forEach(([x, y], i) => (i === 0 ? ctx.moveTo(x, y) : ctx.lineTo(x, y)));
}

/** The area that the points go around. */
export function fillPath(ctx: CanvasRenderingContext2D, points: readonly PathPoint[], colour: string): void {
  if (points.length === 0) return;
  tracePath(ctx, points);
  ctx.closePath();
  ctx.fillStyle = colour;
  ctx.fill();
}
