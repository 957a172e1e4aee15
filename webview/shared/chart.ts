// The only place that knows chart.js; only what the charts use is registered (and bundled).
import {
  BarController,
  BarElement,
  BasicPlatform,
  CategoryScale,
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  type ChartConfiguration,
  type ChartType,
} from "chart.js";
import { svgContext } from "./svgContext.ts";

export type { Chart, ChartConfiguration, ChartDataset, Plugin } from "chart.js";

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
);

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A chart that follows the size of its canvas' parent. */
export function liveChart<T extends ChartType>(
  canvas: HTMLCanvasElement,
  configuration: ChartConfiguration<T>,
): Chart<T> {
  return new Chart<T>(canvas, {
    ...configuration,
    options: { ...configuration.options, responsive: true, maintainAspectRatio: false, animation: false } as never,
  });
}

/** Draws once on a canvas of its own, `scale` device pixels per pixel. */
export function drawOnCanvas<T extends ChartType>(
  configuration: ChartConfiguration<T>,
  size: Size,
  scale: number,
): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, size);
  drawOnce(canvas, configuration, scale);
  return canvas;
}

/** Draws once as vectors. */
export function drawAsSvg<T extends ChartType>(configuration: ChartConfiguration<T>, size: Size): SVGElement {
  const target = svgContext(size);
  const canvas = { ...size, getContext: () => target.context };
  target.context.canvas = canvas;
  drawOnce(canvas as unknown as HTMLCanvasElement, configuration, 1);
  return target.root();
}

function drawOnce<T extends ChartType>(
  canvas: HTMLCanvasElement,
  configuration: ChartConfiguration<T>,
  scale: number,
): void {
  const chart = new Chart<T>(canvas, {
    ...configuration,
    platform: BasicPlatform,
    options: {
      ...configuration.options,
      responsive: false,
      animation: false,
      events: [],
      devicePixelRatio: scale,
    } as never,
  });
  // Not destroyed: that would clear the canvas. Nothing else holds on to it.
  chart.stop();
}
