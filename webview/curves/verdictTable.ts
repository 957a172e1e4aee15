// The samples that judges do not agree on, and what that does to the curve: two tables.
import type { TextTable } from "../../src/core/report/textTable.ts";
import type { JudgedView, VerdictRow, VerdictsView } from "../../src/protocol/verdicts.ts";
import { el, type Child } from "../shared/dom.ts";
import { swatch } from "../shared/marks.ts";
import { table, type Column } from "../shared/table.ts";
import { verdictMark } from "../shared/verdictMark.ts";
import type { App } from "./app.ts";
import { metricAt, pointAt, rateText, type CurveLine } from "./curveLine.ts";
import { differenceText, type CurveModel } from "./curveModel.ts";
import { chevronColumn } from "./problemTable.ts";
import { valueAndInterval } from "./rateText.ts";
import { kindsKey } from "./verdictWords.ts";

const rowKey = ({ problemKey, index }: Pick<VerdictRow, "problemKey" | "index">): string =>
  `${problemKey} ${index}`;

const kindsOf = ({ verdicts }: VerdictRow): string => kindsKey(verdicts.map(({ kind }) => kind));

/** Rows of one kind, or all of them by kind, the most frequent first. */
export function rowsOf({ rows, counts }: VerdictsView, kinds: string | null): readonly VerdictRow[] {
  if (kinds !== null) return rows.filter((row) => kindsOf(row) === kinds);
  const place = new Map(counts.map((one, i) => [kindsKey(one.kinds), i]));
  return rows.toSorted((a, b) => (place.get(kindsOf(a)) ?? 0) - (place.get(kindsOf(b)) ?? 0));
}

export function verdictTable(
  app: App,
  view: VerdictsView,
  { kinds, selected }: { readonly kinds: string | null; readonly selected: string | null },
): HTMLElement {
  return table<VerdictRow>({
    id: "verdicts-table",
    label: "Samples that the judges do not agree on",
    columns: [
      { id: "problem", head: "Problem", className: "dim", cell: (row) => row.problemId },
      { id: "sample", head: "Sample", numeric: true, className: "dim", cell: (row) => row.index },
      { id: "gold", head: "Gold", className: "answer", cell: (row) => row.gold ?? "" },
      ...view.judges.map(({ id, words }, i): Column<VerdictRow> => ({
        id,
        head: words,
        flexible: true,
        cell: (row) => judgedCell(row.verdicts[i]),
        data: (row) => ({ verdict: row.verdicts[i]?.kind ?? "" }),
      })),
      { id: "how", head: "How", className: "how dim", cell: (row) => row.verdicts.at(-1)?.how ?? "" },
      chevronColumn as unknown as Column<VerdictRow>,
    ],
    rows: rowsOf(view, kinds),
    key: rowKey,
    selected,
    onOpen: (row) =>
      app.show({
        judgedSample: rowKey(row),
        drill: { problemKey: row.problemKey, runId: view.runId, index: row.index },
      }),
  });
}

const judgedCell = (verdict: JudgedView | undefined): readonly Child[] =>
  verdict === undefined ? [] : [verdictMark(verdict.kind), " ", el("span", {}, verdict.extracted ?? "")];

/** One line a judge: pass@1, pass@n and what changes against the first judge. */
export function judgesTable(model: CurveModel): HTMLElement {
  const ks = [...new Set([1, model.kMax])];
  return table<CurveLine>({
    id: "judges-table",
    label: "The curve by each judge",
    columns: [
      { id: "mark", head: null, cell: (line) => swatch(line.series.style), className: "markColumn" },
      { id: "judge", head: "Judged by", cell: (line) => line.series.name, className: "judge" },
      ...ks.map((k): Column<CurveLine> => ({
        id: `k${k}`,
        head: `${metricAt("pass", k)}, %`,
        numeric: true,
        cell: (line) => [
          ...valueAndInterval(rateText(pointAt(line, k), line, k)),
          changeWords(model, line, k),
        ],
        data: (line) => ({ k, value: pointAt(line, k)?.value ?? "" }),
      })),
    ],
    rows: model.lines,
    key: (line) => line.run.id,
    rowData: (line) => ({ judge: line.run.id }),
  });
}

/** Of the same samples: how much the judge changes is known exactly, so it has no interval. */
function changeWords(model: CurveModel, line: CurveLine, k: number): Child {
  const change = line.run.id === model.referenceId ? null : differenceText(model, line.run.id, k)?.value;
  return change && el("span", { class: "change" }, `${change} points`);
}

/** For export: every judge's verdict, answer and reason. */
export function verdictData(view: VerdictsView, kinds: string | null): TextTable {
  return {
    head: [
      "problem",
      "problem_key",
      "sample",
      "gold",
      ...view.judges.flatMap(({ id, words }) => {
        const name = id === "own" ? words : id;
        return [`${name} verdict`, `${name} answer`, `${name} how`];
      }),
    ],
    rows: rowsOf(view, kinds).map((row) => [
      row.problemId,
      row.problemKey,
      row.index,
      row.gold,
      ...row.verdicts.flatMap(({ kind, extracted, how }) => [kind, extracted, how]),
    ]),
  };
}
