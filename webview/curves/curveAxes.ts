// Axes of the two charts under each other: what lies along x, and rates or points.
import type { Theme } from "../shared/theme.ts";
import type { XAxis } from "./xAxis.ts";

/** Width of the y axis: the same in both charts, so that their x axes agree. */
const axisWidth = 52;

/** Without ticks and title where `named` is false. */
export function xScale(axis: XAxis, theme: Theme, named: boolean): object {
  const values = new Map(axis.ticks.map((value) => [axis.place(value), value]));
  return {
    type: "linear",
    min: axis.ends[0],
    max: axis.ends[1],
    grid: { drawOnChartArea: false, drawTicks: named, tickLength: 4, color: theme.line },
    border: { color: theme.line },
    afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
      scale.ticks = [...values.keys()].map((value) => ({ value }));
    },
    ticks: {
      ...tickStyle(theme),
      autoSkip: true,
      autoSkipPadding: 12,
      maxRotation: 0,
      includeBounds: false,
      padding: 4,
      callback: (value: unknown) => axis.write(values.get(Number(value)) ?? Number.NaN),
    },
    title: {
      display: named,
      text: axis.title,
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
