// pass@k beyond n: a dotted median inside bounds that hold for any law of the solve rates; named a forecast wherever it stands.
import { type ForecastPoint, refusalText } from "../../src/core/estimate/forecast/forecast.ts";
import { count, interval, percent } from "../../src/core/numberWords.ts";
import type { Series } from "../../src/core/report/series.ts";
import type { ForecastView } from "../../src/protocol/analyses.ts";
import type { Plugin } from "../shared/chart.ts";
import { el } from "../shared/dom.ts";
import { dot } from "../shared/marks.ts";
import { table } from "../shared/table.ts";
import { fade, type Theme } from "../shared/theme.ts";
import { fillPath, tracePath } from "./bands.ts";
import type { Notice } from "./curveNotices.ts";
import { text } from "./curvePlugins.ts";
import { valueAndInterval } from "./rateText.ts";
import type { XAxis } from "./xAxis.ts";

export interface ForecastLine {
  readonly series: Series;
  /** Tokens of a sample where they are the axis, else 1. */
  readonly unit: number;
  readonly n: number;
  readonly points: readonly ForecastPoint[];
  readonly refusals: NonNullable<ForecastView["forecast"]>["refusals"];
}

export function forecastLines(lines: readonly ForecastLine[], axis: XAxis, theme: Theme): Plugin<"line"> {
  return {
    id: "forecastLines",
    beforeDatasetsDraw: ({ ctx, scales }) => {
      const y = (value: number): number => scales["y"]?.getPixelForValue(value) ?? 0;
      ctx.save();
      for (const { series, unit, points } of lines) {
        const x = (k: number): number => scales["x"]?.getPixelForValue(axis.place(k * unit)) ?? 0;
        const colour = theme.series[series.style.look];
        const up = points.map(({ k, envelope }) => [x(k), y(envelope.high)] as const);
        const down = points.map(({ k, envelope }) => [x(k), y(envelope.low)] as const).reverse();
        fillPath(ctx, [...up, ...down], fade(colour, theme.bandAlpha));
        const median = points.flatMap(({ k, betaBinomial }) =>
          betaBinomial ? [[x(k), y(betaBinomial.value)] as const] : [],
        );
        if (median.length === 0) continue;
        tracePath(ctx, median);
        ctx.strokeStyle = colour;
        ctx.lineWidth = 2;
        ctx.lineCap = "round";
        ctx.setLineDash([1.5, 4]);
        ctx.stroke();
        ctx.setLineDash([]);
      }
      ctx.restore();
    },
    afterDatasetsDraw: (chart) => {
      const first = lines.reduce((least, { n, unit }) => Math.min(least, n * unit), Infinity);
      const left = chart.scales["x"]?.getPixelForValue(axis.place(first)) ?? 0;
      text(chart.ctx, "forecast", { x: left + 8, y: chart.chartArea.top + 8 }, { colour: theme.dim, theme });
    },
  };
}

/** Where each forecast ends, or why a run has no model line. */
export function forecastNotices(lines: readonly ForecastLine[]): readonly Notice[] {
  return lines.map(({ series, n, points, refusals }) => {
    const last = points.at(-1);
    const reasons = [...new Set([...refusals, ...points.flatMap((point) => point.refusals)])];
    const modelled = points.findLast(({ betaBinomial }) => betaBinomial !== null);
    const bounds = last
      ? `Whatever the law of the solve rates: ${percent(last.envelope.low)} to ${percent(last.envelope.high)} % at k = ${count(last.k)}.`
      : "";
    const model = modelled?.betaBinomial
      ? `Beta-binomial ${percent(modelled.betaBinomial.value)} % ${interval(modelled.betaBinomial.low, modelled.betaBinomial.high)} at k = ${count(modelled.k)}; it can be 10 points wrong.`
      : "";
    const why = reasons.map((reason) => refusalText[reason]).join("; ");
    const refused = reasons.length > 0 ? `${modelled ? "Stops" : "No model line"}: ${why}.` : "";
    return {
      lead: `Forecast of ${series.name} beyond n = ${count(n)}, not measured:`,
      rest: [model, refused, bounds].filter(Boolean).join(" "),
    };
  });
}

/** The twin of the dotted lines. */
export function forecastTable(lines: readonly ForecastLine[]): HTMLElement {
  const rows = lines.flatMap(({ series, points }) => points.map((point) => ({ series, point })));
  type Row = (typeof rows)[number];
  const model = (id: string, head: string, of: (point: ForecastPoint) => ForecastPoint["betaBinomial"]) => ({
    id,
    head,
    numeric: true,
    cell: ({ point }: Row) => {
      const found = of(point);
      return found === null
        ? [el("span", { class: "dim" }, "refused")]
        : valueAndInterval({ value: percent(found.value), interval: interval(found.low, found.high) });
    },
  });
  return table<Row>({
    id: "forecast-points",
    label: "Forecast beyond n, %",
    columns: [
      { id: "run", head: "Forecast of", cell: ({ series }) => [dot(series.style), ` ${series.name}`] },
      { id: "k", head: "k", numeric: true, cell: ({ point }) => count(point.k) },
      model("model", "beta-binomial, %", ({ betaBinomial }) => betaBinomial),
      model("inflated", "with problems never solved, %", ({ zeroInflated }) => zeroInflated),
      {
        id: "bounds",
        head: "any law, %",
        numeric: true,
        cell: ({ point: { envelope } }) => `${percent(envelope.least)} to ${percent(envelope.most)}`,
      },
      {
        id: "noise",
        head: "with noise, 95 %",
        numeric: true,
        cell: ({ point: { envelope } }) => interval(envelope.low, envelope.high),
        data: ({ point: { envelope } }) => ({ low: envelope.low, high: envelope.high }),
      },
    ],
    rows,
    key: ({ series, point }) => `${series.runId}-${point.k}`,
    rowData: ({ series, point }) => ({ "run-id": series.runId, k: point.k }),
  });
}
