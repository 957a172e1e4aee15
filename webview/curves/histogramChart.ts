// Problems per accuracy bin, two runs side by side; patterns per role so that no colour is needed.
import { count } from "../../src/core/numberWords.ts";
import type { Chart, ChartConfiguration, Plugin } from "../shared/chart.ts";
import { hatchBox, type Box } from "../shared/marks.ts";
import type { Series } from "../../src/core/report/series.ts";
import { fade, type Theme } from "../shared/theme.ts";
import { text, title } from "./curvePlugins.ts";
import { binNames } from "./pairModel.ts";

export interface BarPlace {
  readonly run: number;
  readonly bin: number;
}

export interface HistogramOptions {
  readonly series: readonly Series[];
  readonly bins: readonly (readonly number[])[];
  readonly theme: Theme;
  /** The bar that is chosen or under the keyboard: read at each drawing. */
  readonly marked: () => BarPlace | null;
}

export function histogramConfiguration(options: HistogramOptions): ChartConfiguration<"bar"> {
  const { series, bins, theme } = options;
  const font = { size: 12, family: theme.fontFamily };
  return {
    type: "bar",
    data: {
      labels: [...binNames],
      datasets: series.map(({ style, name }, run) => ({
        label: name,
        data: [...(bins[run] ?? [])],
        backgroundColor: fill(theme, style),
        maxBarThickness: 30,
        barPercentage: 0.94,
        categoryPercentage: 0.7,
      })),
    },
    plugins: [
      title("Problems per accuracy bin", theme) as unknown as Plugin<"bar">,
      legend(options),
      bars(options),
    ],
    options: {
      events: [],
      font,
      layout: { padding: { top: 36, right: 0, left: 0, bottom: 0 } },
      scales: {
        x: {
          grid: { display: false },
          border: { color: theme.line },
          ticks: { color: theme.dim, font, maxRotation: 0, autoSkipPadding: 6 },
          title: { display: true, text: "accuracy c/n per problem, %", color: theme.dim, font, padding: 0 },
        },
        y: {
          beginAtZero: true,
          border: { display: false },
          grid: { drawTicks: false, color: theme.grid },
          ticks: {
            color: theme.dim,
            font,
            precision: 0,
            maxTicksLimit: 6,
            padding: 8,
            callback: (value) => count(Number(value)),
          },
        },
      },
    },
  };
}

/** Each run's pattern with its name, from the right. */
function legend({ series, theme }: HistogramOptions): Plugin<"bar"> {
  return {
    id: "patterns",
    afterDraw: ({ ctx, width }) => {
      let right = width - 16;
      for (const { style, name } of [...series].reverse()) {
        ctx.font = `400 12px ${theme.fontFamily}`;
        const left = right - ctx.measureText(name).width - 28;
        const box = { x: left, y: 2, width: 20, height: 12 };
        ctx.fillStyle = fill(theme, style);
        ctx.fillRect(box.x, box.y, box.width, box.height);
        hatchBox(ctx, style.hatch, box, theme.series[style.look]);
        text(ctx, name, { x: left + 28, y: 8 }, { colour: theme.foreground, theme });
        right = left - 24;
      }
    },
  };
}

/** A pattern lies on a lighter ground of its colour. */
const fill = (theme: Theme, { look, hatch }: Series["style"]): string =>
  fade(theme.series[look], hatch === "solid" ? 1 : 0.4);

/** Hatches, the count over each bar, and a frame around the chosen one. */
function bars({ series, bins, theme, marked }: HistogramOptions): Plugin<"bar"> {
  return {
    id: "bars",
    afterDatasetsDraw: (chart) => {
      const chosen = marked();
      series.forEach(({ style }, run) => {
        bins[run]?.forEach((value, bin) => {
          const box = barBox(chart, { run, bin });
          if (!box) return;
          hatchBox(chart.ctx, style.hatch, box, theme.series[style.look]);
          const place = { x: box.x + box.width / 2, y: box.y - 8 };
          text(chart.ctx, String(value), place, { colour: theme.foreground, align: "center", theme });
          if (chosen?.run === run && chosen.bin === bin) frame(chart.ctx, box, theme);
        });
      });
    },
  };
}

function frame(ctx: CanvasRenderingContext2D, { x, y, width, height }: Box, theme: Theme): void {
  ctx.strokeStyle = theme.focus;
  ctx.lineWidth = 2;
  ctx.setLineDash([]);
  ctx.strokeRect(x - 2, y - 2, width + 4, height + 3);
}

function barBox(chart: Chart<"bar">, { run, bin }: BarPlace): Box | null {
  const bar = chart.getDatasetMeta(run).data[bin]?.getProps(["x", "y", "base", "width"], true) as
    | { x: number; y: number; base: number; width: number }
    | undefined;
  if (!bar) return null;
  return { x: bar.x - bar.width / 2, y: bar.y, width: bar.width, height: bar.base - bar.y };
}

/** The bar over or under which a point lies (the whole column counts: low bars are hard to hit). */
export function barAt(chart: Chart<"bar">, { x, y }: { x: number; y: number }): BarPlace | null {
  if (y < chart.chartArea.top - 20 || y > chart.chartArea.bottom + 20) return null;
  for (let run = 0; run < chart.data.datasets.length; run++) {
    for (let bin = 0; bin < binNames.length; bin++) {
      const box = barBox(chart, { run, bin });
      if (box && x >= box.x - 1 && x <= box.x + box.width + 1) return { run, bin };
    }
  }
  return null;
}
