// The crosshair over a chart of curves: by pointer and by keyboard, with a card of all values and a spoken line.
import { count } from "../../src/core/numberWords.ts";
import type { Chart } from "../shared/chart.ts";
import { el, fill } from "../shared/dom.ts";
import { swatch } from "../shared/marks.ts";
import { metricAt, pointAt, rateText, type CurveLine } from "./curveLine.ts";
import { differenceText, type CurveModel } from "./curveModel.ts";

export interface CrosshairControl {
  readonly k: () => number | null;
  /** `title`: of a chart among others. */
  readonly update: (model: CurveModel, title?: string) => void;
  /** After the charts were drawn anew: the card says what they show now. */
  readonly refresh: () => void;
}

export interface CrosshairOptions {
  /** Starts the ids of its parts. */
  readonly id: string;
  readonly host: HTMLElement;
  readonly charts: () => readonly Chart<"line">[];
  /** Click or Enter at a point of a run; `null`: a point leads nowhere. */
  readonly open: ((runId: string, k: number) => void) | null;
}

export function crosshairControl({ id, host, charts, open }: CrosshairOptions): CrosshairControl {
  let model: CurveModel | null = null;
  let at: number | null = null;
  const card = el("div", { class: "hoverCard", id: `${id}-card`, hidden: true });
  const spoken = el("div", { class: "spoken", "aria-live": "polite", id: `${id}-readout` });
  host.append(card, spoken);
  host.tabIndex = 0;
  host.setAttribute("role", "group");
  host.setAttribute("aria-roledescription", "chart");

  const move = (k: number | null): void => {
    if (k === at) return;
    at = k;
    for (const chart of charts()) chart.draw();
    showCard(card, { model, k, chart: charts()[0] });
  };
  const step = (by: number): void => {
    const ks = model?.ks ?? [];
    const from = at === null ? (by > 0 ? -1 : ks.length) : ks.indexOf(at);
    move(ks[Math.min(ks.length - 1, Math.max(0, from + by))] ?? null);
    if (model && at !== null) spoken.textContent = readout(model, at);
  };
  host.addEventListener("pointermove", (event) => {
    const chart = charts()[0];
    if (model && chart) move(nearestK(chart, model, event.clientX));
  });
  host.addEventListener("pointerleave", () => move(null));
  host.addEventListener("blur", () => move(null));
  host.addEventListener("click", (event) => {
    const chart = charts()[0];
    const line =
      model && chart && at !== null ? nearestLine(chart, model.lines, at, event.clientY) : undefined;
    if (line && at !== null) open?.(line.run.id, at);
  });
  host.addEventListener("keydown", (event) => {
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, Home: -1e6, End: 1e6 };
    const by = steps[event.key];
    if (by !== undefined) step(by);
    else if (event.key === "Escape" && at !== null) move(null);
    else if (event.key === "Enter" && open && at !== null && model?.lines[0]) {
      const run = model.lines.find((line) => line.run.id !== model?.referenceId) ?? model.lines[0];
      open(run.run.id, at);
    } else return;
    event.preventDefault();
  });
  return {
    k: () => at,
    update: (next, title = "") => {
      model = next;
      if (at !== null && !next.ks.includes(at)) at = null;
      host.setAttribute(
        "aria-label",
        `${title === "" ? "" : `${title}, `}${chartLabel(next, open !== null)}`,
      );
    },
    refresh: () => showCard(card, { model, k: at, chart: charts()[0] }),
  };
}

/** `k = 16` */
const said = ({ axis }: CurveModel, k: number): string =>
  axis.kind === "tau" ? `tau = ${axis.write(k)}` : `k = ${count(k)}`;

function chartLabel({ metric, lines, kMax, axis }: CurveModel, opens: boolean): string {
  const names = lines.map((line) => line.series.name).join(", ");
  const range = axis.kind === "tau" ? "tau up to 1" : `k from 1 to ${count(kMax)}`;
  return `${metricAt(metric, "k")} for ${range}: ${names}. Left and right arrow keys move along it${opens ? ", Enter lists the problems" : ""}. The table below has the same numbers.`;
}

function nearestK(chart: Chart<"line">, { lines, axis }: CurveModel, clientX: number): number | null {
  const scale = chart.scales["x"];
  const x = clientX - chart.canvas.getBoundingClientRect().left;
  if (!scale || x < scale.left - 16 || x > scale.right + 16) return null;
  let nearest: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const { points, unit } of lines) {
    for (const { k } of points) {
      const distance = Math.abs(scale.getPixelForValue(axis.place(k * unit)) - x);
      if (distance < least) [nearest, least] = [k, distance];
    }
  }
  return nearest;
}

function nearestLine(
  chart: Chart<"line">,
  lines: readonly CurveLine[],
  k: number,
  clientY: number,
): CurveLine | undefined {
  const y = clientY - chart.canvas.getBoundingClientRect().top;
  const distance = (line: CurveLine): number => {
    const point = pointAt(line, k);
    return point
      ? Math.abs((chart.scales["y"]?.getPixelForValue(point.value) ?? 0) - y)
      : Number.POSITIVE_INFINITY;
  };
  return [...lines].sort((a, b) => distance(a) - distance(b))[0];
}

/** Highest line first, as they lie in the chart. */
function linesAt({ lines }: CurveModel, k: number): readonly CurveLine[] {
  return lines
    .filter((line) => pointAt(line, k))
    .sort((a, b) => (pointAt(b, k)?.value ?? 0) - (pointAt(a, k)?.value ?? 0));
}

function readout(model: CurveModel, k: number): string {
  const parts = linesAt(model, k).map((line) => {
    const { value, interval } = rateText(pointAt(line, k), line, k);
    return `${line.series.name} ${value ? `${value} % ` : ""}${interval}`;
  });
  return `${said(model, k)}: ${parts.join("; ")}`;
}

interface CardContent {
  readonly model: CurveModel | null;
  readonly k: number | null;
  readonly chart: Chart<"line"> | undefined;
}

function showCard(card: HTMLElement, { model, k, chart }: CardContent): void {
  card.hidden = k === null || !model || !chart;
  if (k === null || !model || !chart) return;
  const compared = model.differences.length > 0;
  const tokens = model.axis.kind === "tokens";
  const rows = linesAt(model, k).map((line) => {
    const { value, interval } = rateText(pointAt(line, k), line, k);
    const difference = differenceText(model, line.run.id, k);
    const versus =
      line.run.id === model.referenceId
        ? "reference"
        : difference
          ? `${difference.value} ${difference.interval}`
          : "";
    return el(
      "tr",
      {},
      el("td", {}, swatch(line.series.style)),
      el("td", {}, line.series.name),
      tokens && el("td", { class: "number dim" }, `${count(Math.round(k * line.unit))} tokens`),
      el("td", { class: "number" }, value ? `${value} %` : interval),
      compared && el("td", { class: "number dim" }, versus),
    );
  });
  fill(
    card,
    el("div", { class: "cardHead" }, said(model, k)),
    el(
      "table",
      {},
      el(
        "tr",
        { class: "dim" },
        el("td"),
        el("td"),
        tokens && el("td"),
        el("td", { class: "number" }, metricAt(model.metric, k)),
        compared && el("td", { class: "number" }, `vs ${model.referenceName}, points`),
      ),
      ...rows,
    ),
  );
  const unit = model.lines[0]?.unit ?? 1;
  const x = chart.scales["x"]?.getPixelForValue(model.axis.place(k * unit)) ?? 0;
  const { width, height } = card.getBoundingClientRect();
  const right = x + 12 + width <= chart.width;
  card.style.left = `${Math.max(4, right ? x + 12 : x - 12 - width)}px`;
  card.style.top = `${Math.max(8, chart.chartArea.bottom - height - 24)}px`;
}
