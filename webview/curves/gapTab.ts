// The sampling-efficiency gap (analysis A6): what the reference reaches with k samples that a run does not with one.
import { count, counted, interval, percent, points } from "../../src/core/numberWords.ts";
import { el, fill, type Child } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import { dot } from "../shared/marks.ts";
import { dropdown } from "../shared/controls.ts";
import { table, type Column } from "../shared/table.ts";
import { seriesOf, type Series } from "../../src/core/report/series.ts";
import type { TextTable } from "../../src/core/report/textTable.ts";
import type { GapsView, GapView } from "../../src/protocol/analyses.ts";
import type { CurvesSnapshot, RunView } from "../../src/protocol/curves.ts";
import type { App, Shown, TabView } from "./app.ts";
import { finishedOnlyBox, intervalTool, referenceTool } from "./curveTools.ts";
import { commonFoot, intervalWords } from "./foot.ts";
import { roleText } from "./curveModel.ts";
import { noFilter } from "./look.ts";
import { miniBar } from "./miniBar.ts";
import { waitingLine } from "./notices.ts";
import { onlyOneRun } from "./onlyOneRun.ts";
import { valueAndInterval } from "./rateText.ts";
import { createRemote } from "./remote.ts";
import { powersOfTwo } from "./xAxis.ts";

interface GapRow {
  readonly run: RunView;
  readonly series: Series;
  readonly gap: GapView;
}

export function createGapTab(app: App): TabView {
  const remote = createRemote(
    (signal) => app.client.call("readGaps", { k: app.state().look.gapK }, signal),
    () => app.show({}),
  );
  const read = ({ snapshot, look }: Shown): ReturnType<typeof remote.at> =>
    remote.at(`${snapshot.version} ${look.gapK}`);
  const rowsIn = (state: Shown): readonly GapRow[] => gapRows(state.snapshot, read(state).value);

  return {
    wholePanel: true,
    tools: (state) => {
      const { snapshot, look } = state;
      const { options, referenceId, runs } = snapshot;
      const view = read(state).value;
      return {
        key: JSON.stringify([
          options,
          referenceId,
          runs.map(({ name }) => name),
          look.gapK,
          view?.k,
          view?.kMax,
        ]),
        build: () => [
          view && kTool(app, view),
          referenceTool(app, snapshot),
          intervalTool(app, options),
          el("span", { class: "space" }),
          finishedOnlyBox(app, options.finishedOnly),
        ],
      };
    },
    render: (host, state) => {
      const { value, error } = read(state);
      if (state.snapshot.runs.length < 2) return fill(host, onlyOneRun(app, "The gap"));
      if (value === null) return fill(host, waitingLine(error, "The gaps are being counted."));
      fill(host, ...gapParts(app, state, { view: value, rows: rowsIn(state) }));
    },
    foot: ({ snapshot }) =>
      commonFoot(snapshot, snapshot.runs, [
        { label: "interval", value: intervalWords(snapshot.options.interval, true) },
      ]),
    data: (state) => gapData(rowsIn(state)),
    text: (state) => gapText(state.snapshot, rowsIn(state)),
    figure: () => null,
    leave: () => undefined,
  };
}

function gapRows(snapshot: CurvesSnapshot, view: GapsView | null): readonly GapRow[] {
  const series = seriesOf(snapshot.runs);
  return (view?.rows ?? []).flatMap((gap) => {
    const run = snapshot.runs.find(({ id }) => id === gap.runId);
    const own = series.get(gap.runId);
    return run && own ? [{ run, series: own, gap }] : [];
  });
}

function kTool(app: App, { k, kMax }: GapsView): Child {
  const ks = [...new Set([...powersOfTwo(kMax), kMax, k])].sort((a, b) => a - b);
  return dropdown({
    id: "gap-k",
    label: "k of the reference",
    choices: ks.map((value) => ({ value: String(value), label: count(value) })),
    value: String(k),
    change: (value) => app.show({ gapK: Number(value) }),
  });
}

const referenceOf = ({ runs, referenceId }: CurvesSnapshot): RunView | undefined =>
  runs.find(({ id }) => id === referenceId);

function gapParts(
  app: App,
  { snapshot, look }: Shown,
  { view, rows }: { readonly view: GapsView; readonly rows: readonly GapRow[] },
): readonly Child[] {
  const name = referenceOf(snapshot)?.name ?? "";
  const sorts = look.sorts;
  const meaning = `What ${name} reaches with ${counted(view.k, "sample")} and a run does not with one. It grows with k: compare gaps of one k alone.`;
  return [
    el(
      "p",
      { class: "dim gapMeaning" },
      el("b", {}, "dSE = "),
      `pass@${count(view.k)} of ${name} \u2212 pass@1 of the run. ${meaning}`,
    ),
    rows.length === 0
      ? el("p", { class: "dim", id: "no-gap" }, `No run has a problem in common with ${name}.`)
      : table<GapRow>({
          id: "gap-table",
          label: "Sampling-efficiency gap of every run",
          columns: columnsOf(snapshot, { k: view.k, ends: endsOf(rows) }),
          rows,
          key: ({ run }) => run.id,
          rowData: ({ run }) => ({ "run-id": run.id }),
          sort: sorts["gap-table"] ?? null,
          onSort: (sort) => app.show({ sorts: { ...sorts, "gap-table": sort } }),
          onOpen: ({ run }) =>
            app.show({
              tab: "problems",
              drill: null,
              firstId: snapshot.referenceId,
              secondId: run.id,
              filter: noFilter,
            }),
        }),
    ...warnings(snapshot, rows).map((words) =>
      el("p", { class: "notice gapWarning" }, icon("warn", "warn"), el("span", {}, words)),
    ),
  ];
}

const range = ([least, most]: readonly [number, number]): string =>
  least === most ? count(most) : `${count(least)} to ${count(most)}`;

interface Ends {
  readonly low: number;
  readonly high: number;
}

/** Of all gaps with their intervals, 0 included: one scale for every row. */
const endsOf = (rows: readonly GapRow[]): Ends => ({
  low: Math.min(0, ...rows.map(({ gap }) => gap.low)),
  high: Math.max(0, ...rows.map(({ gap }) => gap.high)),
});

/** From 0 to the gap, with its interval as a whisker; the numbers stand beside it. */
function gapBar({ series, gap }: GapRow, { low, high }: Ends): SVGElement {
  const width = 200;
  const place = (value: number): number => (width * (value - low)) / (high - low || 1);
  const [from, to] = [place(Math.min(0, gap.gap)), place(Math.max(0, gap.gap))];
  const [left, right] = [gap.low, gap.high].map((end) => Math.min(width - 0.5, Math.max(0.5, place(end))));
  const whisker = `M${left} 6H${right}M${left} 2v8M${right} 2v8`;
  return miniBar({ look: series.style.look, width, from, to, whisker });
}

function columnsOf(
  snapshot: CurvesSnapshot,
  { k, ends }: { readonly k: number; readonly ends: Ends },
): readonly Column<GapRow>[] {
  const name = referenceOf(snapshot)?.name ?? "";
  return [
    { id: "mark", head: null, cell: ({ series }) => dot(series.style), className: "markColumn" },
    { id: "run", head: "Model", cell: ({ run }) => run.name, sortBy: ({ run }) => run.name, flexible: true },
    { id: "role", head: "Role", cell: ({ run }) => roleText(run), className: "dim role" },
    { id: "problems", head: "Problems", numeric: true, cell: ({ gap }) => count(gap.problems) },
    {
      id: "n",
      head: "n",
      numeric: true,
      cell: ({ gap }) => [gap.nDiffers && icon("warn", "warn"), gap.nDiffers && " ", range(gap.otherN)],
      sortBy: ({ gap }) => gap.otherN[1],
    },
    {
      id: "one",
      head: "pass@1, %",
      numeric: true,
      cell: ({ gap }) => percent(gap.other),
      sortBy: ({ gap }) => gap.other,
      data: ({ gap }) => ({ value: gap.other }),
    },
    {
      id: "base",
      head: `${name} pass@${count(k)}, %`,
      numeric: true,
      cell: ({ gap }) => percent(gap.base),
      sortBy: ({ gap }) => gap.base,
      data: ({ gap }) => ({ value: gap.base }),
    },
    {
      id: "gap",
      head: "Gap dSE, points",
      numeric: true,
      cell: ({ gap }) =>
        valueAndInterval({ value: points(gap.gap), interval: interval(gap.low, gap.high, points) }),
      sortBy: ({ gap }) => gap.gap,
      data: ({ gap }) => ({ value: gap.gap, low: gap.low, high: gap.high }),
    },
    { id: "bar", head: null, className: "bar", cell: (row) => gapBar(row, ends) },
    { id: "open", head: null, className: "chevron", cell: () => icon("chevron", "mute") },
  ];
}

/** What keeps gaps from being comparable, in words. */
function warnings(snapshot: CurvesSnapshot, rows: readonly GapRow[]): readonly string[] {
  const name = referenceOf(snapshot)?.name ?? "";
  return rows.flatMap(({ run, gap }) => [
    ...(gap.nDiffers
      ? [`n differs: ${run.name} has ${range(gap.otherN)} samples a problem, ${name} ${range(gap.baseN)}.`]
      : []),
    ...(gap.leftOut > 0
      ? [
          `${counted(gap.leftOut, "problem")} with fewer than ${count(gap.k)} samples of ${name} ${gap.leftOut === 1 ? "is" : "are"} left out beside ${run.name}.`,
        ]
      : []),
  ]);
}

/** With full digits; rates are fractions. */
const gapData = (rows: readonly GapRow[]): TextTable => ({
  head: [
    "run",
    "role",
    "k",
    "reference_pass_at_k",
    "pass_at_1",
    "gap",
    "low",
    "high",
    "problems",
    "left_out",
    "n_least",
    "n_most",
    "reference_n_least",
    "reference_n_most",
  ],
  rows: rows.map(({ run, gap }) => [
    run.name,
    run.role,
    gap.k,
    gap.base,
    gap.other,
    gap.gap,
    gap.low,
    gap.high,
    gap.problems,
    gap.leftOut,
    ...gap.otherN,
    ...gap.baseN,
  ]),
});

function gapText(snapshot: CurvesSnapshot, rows: readonly GapRow[]): TextTable {
  const name = referenceOf(snapshot)?.name ?? "";
  const k = rows[0]?.gap.k ?? 1;
  return {
    head: ["Model", "Role", "n", "pass@1, %", `${name} pass@${k}, %`, "Gap dSE, points", "Problems"],
    rows: rows.map(({ run, gap }) => [
      run.name,
      roleText(run),
      `${range(gap.otherN)}${gap.nDiffers ? ` (${name} ${range(gap.baseN)})` : ""}`,
      percent(gap.other),
      percent(gap.base),
      `${points(gap.gap)} ${interval(gap.low, gap.high, points)}`,
      gap.problems,
    ]),
  };
}
