// Small multiples: one chart for each value of a key, all with the same axes.
import { liveChart, type Chart } from "../shared/chart.ts";
import { el, fill } from "../shared/dom.ts";
import type { Theme } from "../shared/theme.ts";
import { curveConfiguration } from "./curveChart.ts";
import { metricAt } from "./curveLine.ts";
import type { Facet } from "./facets.ts";

export interface FacetCharts {
  readonly host: HTMLElement;
  draw(facets: readonly Facet[], look: FacetLook): void;
  stop(): void;
}

export interface FacetLook {
  readonly theme: Theme;
  readonly bands: boolean;
  readonly names: boolean;
}

export function createFacetCharts(): FacetCharts {
  const host = el("div", { class: "facets", id: "facets" });
  let charts: Chart<"line">[] = [];
  let drawn = "";
  let models: readonly unknown[] = [];
  const stop = (): void => {
    for (const chart of charts) chart.destroy();
    [charts, drawn, models] = [[], "", []];
  };
  return {
    host,
    stop,
    draw: (facets, { theme, bands, names }) => {
      const key = JSON.stringify([facets.map(({ title }) => title), theme, bands]);
      const lines = facets.flatMap(({ model }) => [model.axis, ...model.lines]);
      if (key === drawn && lines.length === models.length && lines.every((line, i) => line === models[i]))
        return;
      stop();
      [drawn, models] = [key, lines];
      const parts = facets.map((facet) => {
        const canvas = el("canvas", { "aria-hidden": "true" });
        const metric = metricAt(facet.model.metric, "k");
        const runs = facet.model.lines.map(({ series }) => series.name).join(", ");
        const label = `${facet.title}, ${metric}: ${runs}. The table below has the numbers.`;
        return {
          facet,
          canvas,
          box: el("div", { class: "chartBox facet", role: "img", "aria-label": label }, canvas),
        };
      });
      fill(host, ...parts.map(({ box }) => box));
      charts = parts.map(({ facet, canvas }) => {
        const options = { bands, names, cursor: () => null, heading: facet.title };
        return liveChart(canvas, curveConfiguration(facet.model, theme, options));
      });
    },
  };
}
