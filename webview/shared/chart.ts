// The only place that knows chart.js; only what the charts use is registered (and bundled).
import {
  BarController,
  BarElement,
  BasicPlatform,
  CategoryScale,
  Chart,
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
    options: withOptions(configuration, { responsive: true, maintainAspectRatio: false, animation: false }),
  });
}

/** What is drawn for export: either kind of chart the panel has. */
export type AnyConfiguration = ChartConfiguration<"line"> | ChartConfiguration<"bar">;

/** Draws once on a canvas of its own, `scale` device pixels per pixel. */
export function drawOnCanvas(configuration: AnyConfiguration, size: Size, scale: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, size);
  drawOnce(canvas, configuration, scale);
  return canvas;
}

/** Draws once as vectors. */
export function drawAsSvg(configuration: AnyConfiguration, size: Size): SVGElement {
  const target = svgContext(size);
  const canvas = { ...size, getContext: () => target.context };
  target.context.canvas = canvas;
  drawOnce(canvas as unknown as HTMLCanvasElement, withoutPath2D(configuration), 1);
  return target.root();
}

/** A line with options by segment is drawn point by point; else with Path2D, which the SVG context does not know. */
function withoutPath2D(configuration: AnyConfiguration): AnyConfiguration {
  if (configuration.type !== "line") return configuration;
  const datasets = configuration.data.datasets.map((dataset) => ({
    segment: { borderColor: () => undefined },
    ...dataset,
  }));
  return { ...configuration, data: { ...configuration.data, datasets } };
}

function drawOnce(canvas: HTMLCanvasElement, configuration: AnyConfiguration, scale: number): void {
  const still = { responsive: false, animation: false, events: [], devicePixelRatio: scale };
  const chart = new Chart(canvas, {
    ...(configuration as ChartConfiguration),
    platform: BasicPlatform,
    options: withOptions(configuration as ChartConfiguration, still),
  });
  // Not destroyed: that would clear the canvas. Nothing else holds on to it.
  chart.stop();
}

function withOptions<T extends ChartType>(
  configuration: ChartConfiguration<T>,
  more: object,
): ChartConfiguration<T>["options"] {
  return Object.assign({}, configuration.options, more);
}
