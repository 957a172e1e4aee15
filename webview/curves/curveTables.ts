// The chart's twins: the summary under it, every k on demand, and both as text.
import { guessFloor } from "../../src/core/estimate/guessFloor.ts";
import { count, percent } from "../../src/core/numberWords.ts";
import type { TextTable } from "../../src/core/report/textTable.ts";
import type { CurvesSnapshot } from "../../src/protocol/curves.ts";
import { el, type Child } from "../shared/dom.ts";
import { dot, swatch } from "../shared/marks.ts";
import { table, type Column } from "../shared/table.ts";
import { metricAt, pointAt, rateText, type CurveLine } from "./curveLine.ts";
import {
  crossoverText,
  differenceText,
  roleText,
  samplesText,
  summaryKs,
  type CurveModel,
} from "./curveModel.ts";
import type { Floor } from "./floorLine.ts";
import { shortName } from "./foot.ts";
import { joined, valueAndInterval } from "./rateText.ts";

export function curveTable(
  model: CurveModel,
  snapshot: CurvesSnapshot,
  open: (runId: string) => void,
): HTMLElement {
  return table<CurveLine>({
    id: "curve-table",
    label: "Models in this chart",
    columns: summaryColumns(model, snapshot),
    rows: model.lines,
    key: (line) => line.run.id,
    rowData: (line) => ({ "run-id": line.run.id }),
    onOpen: (line) => open(line.run.id),
  });
}

function summaryColumns(model: CurveModel, snapshot: CurvesSnapshot): readonly Column<CurveLine>[] {
  const ks = summaryKs(model.ks, model.axis.kind);
  const reference = referenceHead(snapshot, model);
  const compared = model.differences.length > 0;
  const differenceKs = [...new Set([ks[0] ?? 1, lastCommonK(model)])];
  return [
    { id: "mark", head: null, cell: (line) => swatch(line.series.style), className: "markColumn" },
    { id: "model", head: "Model", cell: (line) => line.series.name, flexible: true },
    { id: "role", head: "Role", cell: (line) => roleText(line.run), className: "dim role" },
    { id: "n", head: "n", numeric: true, cell: (line) => samplesText(line.run) },
    ...ks.map((k, i): Column<CurveLine> => ({
      id: `k${k}`,
      ...(i > 0 && i < ks.length - 1 ? { className: "middle" } : {}),
      head: `${metricAt(model.metric, k)}, %`,
      numeric: true,
      cell: (line) => valueAndInterval(rateText(pointAt(line, k), line, k)),
      data: (line) => rateData(line, k),
    })),
    ...(compared ? differenceKs : []).map((k): Column<CurveLine> => ({
      id: `vs${k}`,
      head: `vs ${reference} at ${count(k)}`,
      numeric: true,
      cell: (line) =>
        k !== differenceKs[0] && line.run.id === model.referenceId ? [] : differenceCell(model, line, k),
    })),
    ...(compared && model.kMax > 1 ? [crossoverColumn(model, snapshot, reference)] : []),
    {
      id: "truncated",
      head: "Truncated",
      numeric: true,
      cell: (line) => `${percent(line.run.counts.truncated / Math.max(1, line.run.samples))} %`,
      data: (line) => ({ value: line.run.counts.truncated }),
    },
  ];
}

/** The reference in a column's head: its role or name, or just what it is where the name is long. */
function referenceHead({ runs }: CurvesSnapshot, { referenceId }: CurveModel): string {
  const name = shortName(runs, referenceId);
  return name.length > 14 ? "reference" : name;
}

function rateData(line: CurveLine, k: number): Record<string, number> {
  const point = pointAt(line, k);
  return point ? { k, value: point.value, ...point.ends } : { k };
}

function differenceCell(model: CurveModel, line: CurveLine, k: number): readonly Child[] {
  if (line.run.id === model.referenceId) return [el("span", { class: "dim" }, "reference")];
  const text = differenceText(model, line.run.id, k);
  return text ? valueAndInterval(text) : [];
}

function crossoverColumn(model: CurveModel, snapshot: CurvesSnapshot, reference: string): Column<CurveLine> {
  return {
    id: "crossover",
    head: `Crossover with ${reference}`,
    className: "crossover",
    cell: (line) => {
      const crossover = snapshot.crossovers.find(({ runId }) => runId === line.run.id);
      const text = crossoverText(crossover, model.kMax);
      return [el("span", { title: crossover?.sentence ?? null }, ...valueAndInterval(text))];
    },
    data: (line) => {
      const crossover = snapshot.crossovers.find(({ runId }) => runId === line.run.id);
      return { verdict: crossover?.verdict ?? "none" };
    },
  };
}

/** Largest k at which every difference has a point. */
function lastCommonK({ differences, kMax }: CurveModel): number {
  return Math.min(kMax, ...differences.map(({ points }) => points.at(-1)?.k ?? 1));
}

const sayK = ({ axis }: CurveModel): ((k: number) => string) => (axis.kind === "tau" ? axis.write : count);

/** Every k, a column per run: what the chart draws, as numbers. */
export function everyKTable(model: CurveModel): HTMLElement {
  return table<number>({
    id: "curve-points",
    label: `${metricAt(model.metric, "k")} at every k, %`,
    columns: [
      { id: "k", head: model.axis.kind === "tau" ? "tau" : "k", numeric: true, cell: sayK(model) },
      ...model.lines.map((line): Column<number> => ({
        id: line.run.id,
        head: () => [dot(line.series.style), ` ${line.series.name}, ${metricAt(model.metric, "k")}, %`],
        numeric: true,
        cell: (k) => valueAndInterval(rateText(pointAt(line, k), line, k)),
        data: (k) => rateData(line, k),
      })),
      ...(model.floor ? [floorColumn(model.floor)] : []),
    ],
    rows: model.ks,
    key: String,
    rowData: (k) => ({ k }),
  });
}

const floorColumn = ({ answers, label }: Floor): Column<number> => ({
  id: "floor",
  head: `${label}, %`,
  numeric: true,
  className: "dim",
  cell: (k) => percent(guessFloor(answers, k)),
});

const valueNames: Readonly<Record<CurveModel["metric"], string>> = {
  pass: "pass_at_k",
  majority: "maj_at_k",
  gPass: "g_pass_at_k",
  cover: "cover_at_tau",
};

type Numbers = readonly (string | number | null)[];

const endsOf = (point: { readonly low: number; readonly high: number } | null | undefined): Numbers => [
  point?.low ?? null,
  point?.high ?? null,
];

/** Every point with its interval, and for pass@k the difference from the reference; forecasts in columns of their own. */
export function curveData(model: CurveModel): TextTable {
  const pass = model.metric === "pass";
  const differenceAt = (runId: string, k: number) =>
    model.differences.find(({ series }) => series.runId === runId)?.points.find((point) => point.k === k);
  const forecasts = model.forecasts.length > 0;
  const tokens = model.axis.kind === "tokens";
  return {
    head: [
      "run",
      "role",
      model.axis.kind === "tau" ? "tau" : "k",
      valueNames[model.metric],
      "low",
      "high",
      "problems",
      ...(pass ? ["difference", "difference_low", "difference_high"] : []),
      ...(model.metric === "gPass" ? ["tau"] : []),
      ...(tokens ? ["tokens"] : []),
      ...(forecasts ? forecastHead : []),
    ],
    rows: model.lines.flatMap((line) => {
      const measured = line.points.map(({ k, value, ends, problems }): Numbers => {
        const versus = differenceAt(line.run.id, k);
        return [
          line.series.name,
          line.run.role,
          k,
          value,
          ...endsOf(ends),
          problems,
          ...(pass ? [versus?.difference ?? null, ...endsOf(versus)] : []),
          ...(model.metric === "gPass" ? [model.tau] : []),
          ...(tokens ? [k * line.unit] : []),
          ...(forecasts ? forecastHead.map(() => null) : []),
        ];
      });
      return [...measured, ...(forecasts ? forecastRows(model, line) : [])];
    }),
  };
}

const forecastHead = ["forecast", "forecast_low", "forecast_high", "bound_low", "bound_high", "refused"];

/** Beyond n nothing is measured: those columns stay empty. */
function forecastRows({ forecasts, axis }: CurveModel, { series, run, unit }: CurveLine): readonly Numbers[] {
  const own = forecasts.find((one) => one.series.runId === series.runId);
  return (own?.points ?? []).map(({ k, betaBinomial, envelope, refusals }) => [
    series.name,
    run.role,
    k,
    ...Array.from({ length: 7 }, () => null),
    ...(axis.kind === "tokens" ? [k * unit] : []),
    betaBinomial?.value ?? null,
    ...endsOf(betaBinomial),
    envelope.low,
    envelope.high,
    refusals.join(" "),
  ]);
}

export function summaryText(model: CurveModel, snapshot: CurvesSnapshot): TextTable {
  const ks = summaryKs(model.ks, model.axis.kind);
  const compared = model.differences.length > 0;
  const end = lastCommonK(model);
  const reference = referenceHead(snapshot, model);
  return {
    head: [
      "Model",
      "Role",
      "n",
      ...ks.map((k) => `${metricAt(model.metric, k)}, %`),
      ...(compared
        ? [`vs ${reference} at 1`, `vs ${reference} at ${end}`, `Crossover with ${reference}`]
        : []),
      "Truncated",
    ],
    rows: model.lines.map((line) => {
      const crossover = snapshot.crossovers.find(({ runId }) => runId === line.run.id);
      const versus = (k: number): string => {
        const text = differenceText(model, line.run.id, k);
        return line.run.id === model.referenceId ? "reference" : text ? joined(text) : "";
      };
      return [
        line.series.name,
        roleText(line.run),
        samplesText(line.run),
        ...ks.map((k) => joined(rateText(pointAt(line, k), line, k))),
        ...(compared ? [versus(1), versus(end), joined(crossoverText(crossover, model.kMax))] : []),
        `${percent(line.run.counts.truncated / Math.max(1, line.run.samples))} %`,
      ];
    }),
  };
}
