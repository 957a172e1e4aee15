// Small multiples: one chart for each value of a key, all with the same axes, each with a crosshair of its own.
import { liveChart, type Chart } from "../shared/chart.ts";
import { el, fill } from "../shared/dom.ts";
import type { Theme } from "../shared/theme.ts";
import { curveConfiguration } from "./curveChart.ts";
import { crosshairControl, type CrosshairControl, type CrosshairOptions } from "./curveCrosshair.ts";
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

/** A place in the row of charts: it stays, with the focus in it, while what it shows is drawn anew. */
interface Slot {
  readonly box: HTMLElement;
  readonly cross: CrosshairControl;
  chart: Chart<"line"> | null;
}

/** `open`: click or Enter at a point of a run. */
export function createFacetCharts(open: CrosshairOptions["open"]): FacetCharts {
  const host = el("div", { class: "facets", id: "facets" });
  const slots: Slot[] = [];
  let drawn = "";
  let models: readonly unknown[] = [];
  const stop = (): void => {
    for (const slot of slots) {
      slot.chart?.destroy();
      slot.chart = null;
    }
    [drawn, models] = ["", []];
  };
  return {
    host,
    stop,
    draw: (facets, { theme, bands, names }) => {
      const places = facets.map((facet, i) => ({ facet, slot: (slots[i] ??= makeSlot(i, open)) }));
      for (const { facet, slot } of places) slot.cross.update(facet.model, facet.title);
      const key = JSON.stringify([facets.map(({ title }) => title), theme, bands]);
      const lines = facets.flatMap(({ model }) => [model.axis, ...model.lines]);
      if (key === drawn && lines.length === models.length && lines.every((line, i) => line === models[i]))
        return;
      stop();
      [drawn, models] = [key, lines];
      const boxes = places.map(({ slot }) => slot.box);
      if (boxes.length !== host.childElementCount) fill(host, ...boxes);
      for (const { facet, slot } of places) {
        const canvas = el("canvas", { "aria-hidden": "true" });
        slot.box.querySelector("canvas")?.remove();
        slot.box.prepend(canvas);
        const options = { bands, names, cursor: slot.cross.k, heading: facet.title };
        slot.chart = liveChart(canvas, curveConfiguration(facet.model, theme, options));
        slot.cross.refresh();
      }
    },
  };
}

function makeSlot(at: number, open: CrosshairOptions["open"]): Slot {
  const id = `facet-${at}`;
  const box = el("div", { class: "chartBox facet", id });
  const charts = (): readonly Chart<"line">[] => (slot.chart === null ? [] : [slot.chart]);
  const slot: Slot = { box, cross: crosshairControl({ id, host: box, charts, open }), chart: null };
  return slot;
}
