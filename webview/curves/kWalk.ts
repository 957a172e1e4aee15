// Walking along k over the difference chart, by pointer and by keys, with a spoken line.
import { count, counted, interval, points as signed } from "../../src/core/numberWords.ts";
import type { Chart } from "../shared/chart.ts";
import { el } from "../shared/dom.ts";
import type { DifferenceModel } from "./differenceModel.ts";

export interface KWalk {
  readonly k: () => number | null;
  readonly update: (model: DifferenceModel) => void;
  /** After the chart was drawn anew. */
  readonly refresh: () => void;
}

export function createKWalk(host: HTMLElement, chart: () => Chart<"line"> | null): KWalk {
  const card = el("div", {
    class: "hoverCard oneLine",
    id: "difference-card",
    hidden: true,
    "aria-live": "polite",
  });
  let model: DifferenceModel | null = null;
  let at: number | null = null;
  host.append(card);
  host.tabIndex = 0;
  host.setAttribute("role", "group");
  host.setAttribute("aria-roledescription", "chart");

  const show = (): void => {
    const drawn = chart();
    card.hidden = at === null || !model || !drawn;
    if (at === null || !model || !drawn) return;
    card.textContent = readout(model, at);
    const x = drawn.scales["x"]?.getPixelForValue(model.axis.place(at)) ?? 0;
    const { width } = card.getBoundingClientRect();
    card.style.left = `${Math.max(4, x + 12 + width <= drawn.width ? x + 12 : x - 12 - width)}px`;
    card.style.top = `${drawn.chartArea.top + 8}px`;
  };
  const move = (k: number | null): void => {
    if (k === at) return;
    at = k;
    chart()?.draw();
    show();
  };
  host.addEventListener("pointermove", (event) => {
    const drawn = chart();
    if (drawn && model) move(nearest(drawn, model, event.clientX));
  });
  host.addEventListener("pointerleave", () => move(null));
  host.addEventListener("blur", () => move(null));
  host.addEventListener("keydown", (event) => {
    const ks = model?.ks ?? [];
    const from = at === null ? -1 : ks.indexOf(at);
    const moves: Record<string, number> = {
      ArrowRight: from + 1,
      ArrowLeft: at === null ? ks.length - 1 : from - 1,
      Home: 0,
      End: ks.length - 1,
    };
    const next = moves[event.key];
    if (next !== undefined) move(ks[Math.max(0, Math.min(ks.length - 1, next))] ?? null);
    else if (event.key === "Escape" && at !== null) move(null);
    else return;
    event.preventDefault();
  });
  return {
    k: () => at,
    update: (next) => {
      model = next;
      if (at !== null && !next.ks.includes(at)) at = null;
      const names = next.differences.map(({ series }) => series.name).join(", ");
      host.setAttribute(
        "aria-label",
        `Difference of pass@k from ${next.referenceName} for k from 1 to ${count(next.kMax)}: ${names}. Arrow keys move along k. The table below has the same numbers.`,
      );
    },
    refresh: show,
  };
}

function nearest(chart: Chart<"line">, { ks, axis }: DifferenceModel, clientX: number): number | null {
  const scale = chart.scales["x"];
  const x = clientX - chart.canvas.getBoundingClientRect().left;
  if (!scale || x < scale.left - 16 || x > scale.right + 16) return null;
  const distance = (k: number): number => Math.abs(scale.getPixelForValue(axis.place(k)) - x);
  return ks.reduce<number | null>(
    (best, k) => (best === null || distance(k) < distance(best) ? k : best),
    null,
  );
}

function readout({ differences }: DifferenceModel, k: number): string {
  const parts = differences.flatMap(({ series, points }) => {
    const point = points.find((one) => one.k === k);
    if (!point) return [];
    const { difference, low, high, problems } = point;
    return [
      `${series.name} ${signed(difference)} ${interval(low, high, signed)}, ${counted(problems, "problem")}`,
    ];
  });
  return `k = ${count(k)}: ${parts.join("; ")}`;
}
