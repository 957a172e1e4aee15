// The twin of the difference chart: every k, a column per run.
import { count, interval, points as signed } from "../../src/core/numberWords.ts";
import type { TextTable } from "../../src/core/report/textTable.ts";
import { el, type Child } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import { dot, swatch } from "../shared/marks.ts";
import { table, type Column } from "../shared/table.ts";
import type { App, Shown } from "./app.ts";
import { summaryKs } from "./curveModel.ts";
import {
  ranges,
  type DifferenceLine,
  type DifferenceModel,
  type DifferencePlace,
} from "./differenceModel.ts";
import { valueAndInterval } from "./rateText.ts";

const at = ({ points }: DifferenceLine, k: number): DifferencePlace | undefined =>
  points.find((point) => point.k === k);

export function differenceTable(
  app: App,
  { look }: Shown,
  model: DifferenceModel,
  open: (runId: string, k: number) => void,
): HTMLElement {
  const columns = model.differences.flatMap((line): Column<number>[] => [
    {
      id: line.series.runId,
      head: () => [dot(line.series.style), ` ${line.series.name}, points`],
      numeric: true,
      cell: (k) => placeText(at(line, k)),
      data: (k) => placeData(at(line, k)),
    },
    ...(line.band === null
      ? []
      : [
          {
            id: `band-${line.series.runId}`,
            head: "over all k",
            numeric: true,
            className: "dim",
            cell: (k: number) => {
              const point = at(line, k);
              return point ? interval(point.low, point.high, signed) : "";
            },
          },
        ]),
    {
      id: `ahead-${line.series.runId}`,
      head: "Ahead",
      className: "dim",
      cell: (k) => aheadText(line, model.referenceName, k),
    },
  ]);
  const [only] = model.differences;
  return table<number>({
    id: "difference-points",
    label: `pass@k minus that of ${model.referenceName} at every k, points`,
    columns: [
      { id: "k", head: "k", numeric: true, cell: (k) => count(k), sortBy: (k) => k },
      {
        id: "problems",
        head: "Problems",
        numeric: true,
        className: "dim",
        cell: (k) => problemsAt(model, k),
      },
      ...columns,
    ],
    rows: model.ks,
    key: String,
    rowData: (k) => ({ k }),
    sort: look.sorts["difference-points"] ?? null,
    onSort: (sort) => app.show({ sorts: { ...look.sorts, "difference-points": sort } }),
    ...(only ? { onOpen: (k: number) => open(only.series.runId, k) } : {}),
  });
}

/** A run a row: the difference at the first, a middle and the last k, and where either leads beyond doubt. */
export function differenceSummary(model: DifferenceModel, open: (runId: string) => void): HTMLElement {
  const leads = (line: DifferenceLine, ahead: (point: DifferencePlace) => boolean): string =>
    ranges(
      line.points.filter(ahead).map(({ k }) => k),
      line.points.map(({ k }) => k),
    ) || "nowhere";
  return table<DifferenceLine>({
    id: "difference-table",
    label: `pass@k minus that of ${model.referenceName}, points`,
    columns: [
      { id: "mark", head: null, cell: ({ series }) => swatch(series.style), className: "markColumn" },
      { id: "model", head: "Model", cell: ({ series }) => series.name, flexible: true },
      {
        id: "problems",
        head: "Problems",
        numeric: true,
        cell: ({ points }) => count(points[0]?.problems ?? 0),
      },
      ...summaryKs(model.ks).map((k, i, all): Column<DifferenceLine> => ({
        id: `k${k}`,
        ...(i > 0 && i < all.length - 1 ? { className: "middle" } : {}),
        head: `at k = ${count(k)}, points`,
        numeric: true,
        cell: (line) => placeText(at(line, k)),
        data: (line) => placeData(at(line, k)),
      })),
      { id: "ahead", head: "It leads at k =", cell: (line) => leads(line, ({ low }) => low > 0) },
      {
        id: "behind",
        head: `${model.referenceName} leads at k =`,
        cell: (line) => leads(line, ({ high }) => high < 0),
      },
      { id: "open", head: null, className: "chevron", cell: () => icon("chevron", "mute") },
    ],
    rows: model.differences,
    key: ({ series }) => series.runId,
    rowData: ({ series }) => ({ "run-id": series.runId }),
    onOpen: ({ series }) => open(series.runId),
  });
}

function problemsAt({ differences }: DifferenceModel, k: number): string {
  const counts = [...new Set(differences.flatMap((line) => at(line, k)?.problems ?? []))].sort(
    (a, b) => a - b,
  );
  const [least, most] = [counts[0], counts.at(-1)];
  if (least === undefined || most === undefined) return "";
  return least === most ? count(most) : `${count(least)} to ${count(most)}`;
}

/** The value with the interval of this k alone: the band has a column of its own. */
function placeText(point: DifferencePlace | undefined): readonly Child[] {
  if (!point) return [el("span", { class: "dim" }, "not estimable")];
  const { difference, own } = point;
  return valueAndInterval({ value: signed(difference), interval: interval(own.low, own.high, signed) });
}

function placeData(point: DifferencePlace | undefined): Record<string, number> {
  if (!point) return {};
  const { difference, own, low, high } = point;
  return { value: difference, low: own.low, high: own.high, "band-low": low, "band-high": high };
}

/** Who leads beyond doubt, by the interval that answers the question asked. */
function aheadText(line: DifferenceLine, referenceName: string, k: number): string {
  const point = at(line, k);
  if (!point) return "";
  if (point.low > 0) return line.series.name;
  return point.high < 0 ? referenceName : "not resolved";
}

/** With full digits; fractions. */
export function differenceData({ differences, referenceName }: DifferenceModel): TextTable {
  const banded = differences.some(({ band }) => band !== null);
  return {
    head: [
      "run",
      "reference",
      "k",
      "difference",
      "low",
      "high",
      ...(banded ? ["band_low", "band_high"] : []),
      "problems",
    ],
    rows: differences.flatMap(({ series, points }) =>
      points.map(({ k, difference, own, low, high, problems }) => [
        series.name,
        referenceName,
        k,
        difference,
        own.low,
        own.high,
        ...(banded ? [low, high] : []),
        problems,
      ]),
    ),
  };
}

export function differenceText(model: DifferenceModel): TextTable {
  return {
    head: [
      "k",
      ...model.differences.flatMap(({ series, band }) => [
        `${series.name} minus ${model.referenceName}, points`,
        ...(band === null ? [] : ["over all k"]),
      ]),
    ],
    rows: model.ks.map((k) => [
      k,
      ...model.differences.flatMap((line) => {
        const point = at(line, k);
        if (!point) return line.band === null ? [""] : ["", ""];
        const own = `${signed(point.difference)} ${interval(point.own.low, point.own.high, signed)}`;
        return line.band === null ? [own] : [own, interval(point.low, point.high, signed)];
      }),
    ]),
  };
}
