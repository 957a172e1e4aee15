// Axes of the two charts under each other: log2 k, and rates or points.
import { count } from "../shared/format.ts";
import type { Theme } from "../shared/theme.ts";
import type { CurveModel } from "./curveModel.ts";

/** Width of the y axis: the same in both charts, so that their x axes agree. */
const axisWidth = 52;

export function xScale(model: CurveModel, theme: Theme, name: string | null): object {
  const max = Math.log2(model.kMax);
  return {
    type: "linear",
    min: -0.012 * Math.max(1, max),
    max: Math.max(1, max),
    grid: { drawOnChartArea: false, drawTicks: name !== null, tickLength: 4, color: theme.line },
    border: { color: theme.line },
    afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
      scale.ticks = model.ticks.map((k) => ({ value: Math.log2(k) }));
    },
    ticks: {
      ...tickStyle(theme),
      autoSkip: true,
      autoSkipPadding: 12,
      maxRotation: 0,
      includeBounds: false,
      padding: 4,
      callback: (value: unknown) => count(2 ** Number(value)),
    },
    title: {
      display: name !== null,
      text: name ?? "",
      color: theme.dim,
      font: { size: 12, family: theme.fontFamily, weight: "normal" },
      padding: 0,
    },
  };
}

export function yScale(theme: Theme): object {
  return {
    type: "linear",
    border: { display: false },
    grid: { drawTicks: false, color: theme.grid },
    afterFit: (scale: { width: number }) => {
      scale.width = axisWidth;
    },
  };
}

export const tickStyle = (theme: Theme): object => ({
  color: theme.dim,
  font: { size: 12, family: theme.fontFamily },
});
