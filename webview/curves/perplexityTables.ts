// The Perplexity tab as tables: the boxes' twin, the medians problem by problem, and what is exported.
import { count, decimal } from "../../src/core/numberWords.ts";
import type { TextTable } from "../../src/core/report/textTable.ts";
import type { PerplexityView } from "../../src/protocol/perplexity.ts";
import { el, type Child } from "../shared/dom.ts";
import { dot } from "../shared/marks.ts";
import { table, type Column } from "../shared/table.ts";
import type { App } from "./app.ts";
import { intervalText } from "./perplexityChart.ts";
import type { PerplexityModel, PerplexityRow } from "./perplexityModel.ts";

const ppl = (value: number): string => decimal(value, 3);

export function perplexityTable({ rows }: PerplexityModel): HTMLElement {
  const number = (id: string, head: string, cell: (row: PerplexityRow) => Child): Column<PerplexityRow> => ({
    id,
    head,
    numeric: true,
    cell,
  });
  const columns: readonly Column<PerplexityRow>[] = [
    { id: "texts", head: "Texts", cell: ({ series, name }) => [dot(series.style), " ", name] },
    { id: "verdict", head: "Verdict", cell: ({ verdict }) => verdict },
    { id: "scorer", head: "Scorer", cell: ({ scorer }) => scorer.name },
    number("n", "n", ({ box }) => count(box.traces)),
    number("problems", "Problems", ({ box }) => count(box.problems)),
    {
      ...number("median", "Median", ({ box }) => ppl(box.median)),
      data: ({ box }) => ({
        value: box.median,
        low: box.interval?.low ?? "",
        high: box.interval?.high ?? "",
      }),
    },
    number("interval", "95 % of the median", (row) => intervalText(row)),
    number("q05", "5 %", ({ box }) => ppl(box.q05)),
    number("q25", "25 %", ({ box }) => ppl(box.q25)),
    number("q75", "75 %", ({ box }) => ppl(box.q75)),
    number("q95", "95 %", ({ box }) => ppl(box.q95)),
    number("nll", "Sequence NLL, nats", ({ box }) => decimal(box.meanSurprisal, 2)),
  ];
  return table<PerplexityRow>({
    id: "perplexity-table",
    label: "Perplexity of each set of texts",
    columns,
    rows,
    key: ({ key }) => key,
    rowData: ({ set, verdict }) => ({ "run-id": set.runId, verdict }),
  });
}

interface ProblemRow {
  readonly key: string;
  readonly id: string;
  /** Parallel to the model's rows. */
  readonly medians: readonly (number | null)[];
  readonly counts: readonly number[];
}

/** Problem by problem: the median of each set. A row shows its problem alone. */
export function problemScores(app: App, model: PerplexityModel, view: PerplexityView): Child {
  if (model.problem !== null || model.rows.length === 0) return null;
  const rows = problemRows(model, view);
  const { sorts } = app.state().look;
  const columns: readonly Column<ProblemRow>[] = [
    { id: "problem", head: "Problem", cell: ({ id }) => id, sortBy: ({ id }) => id },
    ...model.rows.map((row, at) => ({
      id: `set${at}`,
      head: (): readonly Child[] => [
        dot(row.series.style),
        ` ${row.name}${row.verdict === "all" ? "" : `, ${row.verdict}`}`,
      ],
      numeric: true,
      cell: ({ medians, counts }: ProblemRow): readonly Child[] =>
        medians[at] === null || medians[at] === undefined
          ? [el("span", { class: "dim" }, "\u2013")]
          : [ppl(medians[at]), " ", el("span", { class: "interval" }, `of ${count(counts[at] ?? 0)}`)],
      sortBy: ({ medians }: ProblemRow) => medians[at] ?? null,
    })),
  ];
  return el(
    "section",
    { class: "listColumn scoredProblems", "aria-label": "Problems" },
    el("h2", {}, "Median perplexity problem by problem"),
    table<ProblemRow>({
      id: "scored-problems",
      label: "Median perplexity of each problem",
      columns,
      rows,
      key: ({ key }) => key,
      sort: sorts["scored-problems"] ?? null,
      onSort: (sort) => app.show({ sorts: { ...sorts, "scored-problems": sort } }),
      onOpen: ({ key }) => app.show({ scoredProblem: key }),
    }),
  );
}

function problemRows({ rows }: PerplexityModel, view: PerplexityView): readonly ProblemRow[] {
  const groups = rows.map(({ set, verdict }) => {
    const wanted = { all: null, correct: 1, wrong: 0 }[verdict];
    const byProblem = new Map<number, number[]>();
    set.problems.forEach((problem, i) => {
      if (wanted !== null && set.verdicts[i] !== wanted) return;
      const values = byProblem.get(problem);
      if (values === undefined) byProblem.set(problem, [set.perplexities[i] ?? 0]);
      else values.push(set.perplexities[i] ?? 0);
    });
    return byProblem;
  });
  return view.problems.flatMap(({ key, id }, problem) => {
    const own = groups.map((group) => group.get(problem) ?? []);
    if (own.every(({ length }) => length === 0)) return [];
    return [{ key, id, medians: own.map(medianOf), counts: own.map(({ length }) => length) }];
  });
}

function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1] ?? 0, sorted[sorted.length >> 1] ?? 0];
  return (low + high) / 2;
}

/** Every box with full digits. */
export const perplexityData = ({ rows }: PerplexityModel): TextTable => ({
  head: [
    "texts",
    "verdict",
    "scorer",
    "scorer_model",
    "n",
    "problems",
    "median",
    "median_low",
    "median_high",
    "q05",
    "q25",
    "q75",
    "q95",
    "mean_sequence_nll_nats",
    "refused",
    "tokens_without_logprob",
    "tokens_at_floor",
  ],
  rows: rows.map(({ name, verdict, scorer, box, set: { beside } }) => [
    name,
    verdict,
    scorer.name,
    scorer.model,
    box.traces,
    box.problems,
    box.median,
    box.interval?.low ?? null,
    box.interval?.high ?? null,
    box.q05,
    box.q25,
    box.q75,
    box.q95,
    box.meanSurprisal,
    beside.refused,
    beside.nullTokens,
    beside.floorTokens,
  ]),
});

/** As it reads on the page. */
export const perplexityText = ({ rows }: PerplexityModel): TextTable => ({
  head: ["Texts", "Verdict", "Scorer", "n", "Median PPL", "95 %", "25 %", "75 %", "Sequence NLL, nats"],
  rows: rows.map((row) => [
    row.name,
    row.verdict,
    row.scorer.name,
    count(row.box.traces),
    ppl(row.box.median),
    intervalText(row),
    ppl(row.box.q25),
    ppl(row.box.q75),
    decimal(row.box.meanSurprisal, 2),
  ]),
});
