// The Checkpoints tab as tables: the charts' twin, and the problems lost at a step.
import type { LostProblem } from "../../src/core/estimate/lostAtStep.ts";
import { atMost, count, counted, decimal, interval, percent } from "../../src/core/numberWords.ts";
import type { TextTable } from "../../src/core/report/textTable.ts";
import { el, type Child } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import { dot } from "../shared/marks.ts";
import { table, type Column } from "../shared/table.ts";
import type { App } from "./app.ts";
import { entropyAt } from "./checkpointsCharts.ts";
import type { CheckpointsModel, StepRow } from "./checkpointsModel.ts";
import { ratioText } from "./problemTable.ts";
import { valueAndInterval } from "./rateText.ts";

const rate = ({ passAtK, low, high }: StepRow["passAtK"]): readonly Child[] =>
  valueAndInterval({ value: percent(passAtK), interval: interval(low, high) });

export function stepTable(app: App, { rows, k }: CheckpointsModel, chosen: number | null): HTMLElement {
  const number = (
    id: string,
    head: string,
    cell: (row: StepRow) => Child | readonly Child[],
  ): Column<StepRow> => ({ id, head, numeric: true, cell });
  const data = (of: (row: StepRow) => StepRow["passAtK"]) => (row: StepRow) => {
    const { passAtK: value, low, high } = of(row);
    return { value, low, high };
  };
  const columns: readonly Column<StepRow>[] = [
    number("step", "Step", ({ step }) => count(step)),
    { id: "run", head: "Model", cell: ({ series, run }) => [dot(series.style), " ", run.name] },
    number("n", "n", ({ run }) =>
      run.nMin === run.nMax ? count(run.nMax) : `${count(run.nMin)} to ${count(run.nMax)}`,
    ),
    {
      ...number("pass1", "pass@1, %", ({ passAtOne }) => rate(passAtOne)),
      data: data(({ passAtOne }) => passAtOne),
    },
    {
      ...number("passk", `pass@${count(k)}, %`, ({ passAtK }) => rate(passAtK)),
      data: data(({ passAtK }) => passAtK),
    },
    number("length", "Mean tokens", ({ facts }) => lengthText(facts?.meanTokens ?? null)),
    number("entropy", "Entropy, nats", (row) => entropyText(row)),
    number("solved", "Solved", ({ losses }) => `${count(losses.solved)} of ${count(losses.problems)}`),
    {
      ...number("lost", "Lost", ({ losses }) => count(losses.lost.length)),
      data: ({ losses }) => ({ lost: losses.lost.length }),
    },
    number("gained", "Gained", ({ losses }) => count(losses.gained.length)),
    { id: "open", head: "", cell: () => icon("chevron", "mute") },
  ];
  return table<StepRow>({
    id: "step-table",
    label: "Each training step; a row lists the problems lost there",
    columns,
    rows,
    key: ({ run }) => run.id,
    selected: rows.find(({ step }) => step === chosen)?.run.id ?? null,
    rowData: ({ step, run }) => ({ step, "run-id": run.id }),
    onOpen: ({ step }) => app.show({ lostStep: step }),
    openOnMove: true,
  });
}

type Length = NonNullable<StepRow["facts"]>["meanTokens"];

const lengthText = (mean: Length): readonly Child[] =>
  mean === null
    ? [el("span", { class: "dim" }, "not known")]
    : valueAndInterval({
        value: decimal(mean.value, 1),
        interval:
          mean.low === null || mean.high === null
            ? ""
            : interval(mean.low, mean.high, (value) => decimal(value, 1)),
      });

function entropyText(row: StepRow): readonly Child[] {
  const entropy = entropyAt(row);
  if (entropy === null) return [el("span", { class: "dim" }, "not known")];
  const { value, low, high } = entropy;
  if (low === null || high === null) return [`at least ${decimal(value, 3)}`];
  const close = decimal(low, 3) === decimal(high, 3);
  return valueAndInterval({
    value: decimal(value, 3),
    interval: close ? "" : interval(low, high, (end) => decimal(end, 3)),
  });
}

/** Problems that an earlier step solved and this one did not, each with how sure that is. */
export function lostList(app: App, { problems, rows }: CheckpointsModel, row: StepRow): HTMLElement {
  const first = rows[0]?.step ?? 0;
  const { lost } = row.losses;
  const noise = `chance alone would lose at most about ${decimal(row.byNoise, 1)} of those that step ${count(first)} solved`;
  const columns: readonly Column<LostProblem>[] = [
    {
      id: "problem",
      head: "Problem",
      cell: ({ problem }) => problems[problem]?.id ?? "",
      sortBy: ({ problem }) => problems[problem]?.id ?? "",
    },
    {
      id: "question",
      head: "Question",
      flexible: true,
      cell: ({ problem }) => problems[problem]?.preview ?? "",
    },
    { id: "solved", head: "Solved at step", cell: ({ solvedAt }) => solvedAt.map(count).join(", ") },
    {
      id: "last",
      head: "Right at the last of them",
      numeric: true,
      cell: ({ last }) => ratioText(last),
      sortBy: ({ last }) => last.c / last.n,
    },
    {
      id: "here",
      head: "Right here",
      numeric: true,
      cell: ({ n, bound }) => valueAndInterval({ value: `0/${count(n)}`, interval: `${atMost(bound)} %` }),
      data: ({ n, bound }) => ({ n, bound }),
    },
    {
      id: "again",
      head: "Solved again at",
      numeric: true,
      cell: ({ againAt }) => (againAt === null ? "not again" : count(againAt)),
      sortBy: ({ againAt }) => againAt,
    },
    { id: "open", head: "", cell: () => icon("chevron", "mute") },
  ];
  const { sorts } = app.state().look;
  const words = `${counted(lost.length, "problem")}: right at an earlier step, not once in the samples here`;
  return el(
    "section",
    { class: "listColumn lostProblems", "aria-label": "Problems lost at the chosen step" },
    el(
      "div",
      { class: "row listHead" },
      el("h2", { id: "lost-title", "data-step": row.step }, `Lost at step ${count(row.step)}`),
      el("span", { class: "dim" }, lost.length === 0 ? "" : `${words}; ${noise}`),
    ),
    lost.length === 0
      ? el(
          "p",
          { class: "dim", id: "nothing-lost" },
          "No problem that an earlier step solved is missing here.",
        )
      : table<LostProblem>({
          id: "lost-problems",
          label: `Problems lost at step ${row.step}`,
          columns,
          rows: lost,
          key: ({ problem }) => problems[problem]?.key ?? "",
          rowData: ({ problem }) => ({ problem: problems[problem]?.id ?? "" }),
          sort: sorts["lost-problems"] ?? { column: "last", descending: true },
          onSort: (sort) => app.show({ sorts: { ...sorts, "lost-problems": sort } }),
          onOpen: ({ problem }) => {
            const problemKey = problems[problem]?.key;
            if (problemKey) app.show({ problemKey, drill: { problemKey, runId: row.run.id, index: null } });
          },
        }),
  );
}

/** With full digits; rates are fractions. */
export const stepData = ({ rows, k }: CheckpointsModel): TextTable => ({
  head: [
    "step",
    "run",
    "pass_at_1",
    "pass_at_1_low",
    "pass_at_1_high",
    "k",
    "pass_at_k",
    "pass_at_k_low",
    "pass_at_k_high",
    "mean_tokens",
    "entropy_low_nats",
    "entropy_high_nats",
    "problems",
    "solved",
    "lost",
    "gained",
    "lost_problems",
  ],
  rows: rows.map(({ step, run, passAtOne, passAtK, facts, losses }) => [
    step,
    run.name,
    passAtOne.passAtK,
    passAtOne.low,
    passAtOne.high,
    k,
    passAtK.passAtK,
    passAtK.low,
    passAtK.high,
    facts?.meanTokens?.value ?? null,
    facts?.entropy?.low ?? null,
    facts?.entropy?.high ?? null,
    losses.problems,
    losses.solved,
    losses.lost.length,
    losses.gained.length,
    losses.lost.map(({ problem }) => problem + 1).join(" "),
  ]),
});

export const stepText = ({ rows, k }: CheckpointsModel): TextTable => ({
  head: [
    "Step",
    "Model",
    "pass@1, %",
    `pass@${k}, %`,
    "Mean tokens",
    "Entropy, nats",
    "Solved",
    "Lost",
    "Gained",
  ],
  rows: rows.map((row) => [
    row.step,
    row.run.name,
    `${percent(row.passAtOne.passAtK)} ${interval(row.passAtOne.low, row.passAtOne.high)}`,
    `${percent(row.passAtK.passAtK)} ${interval(row.passAtK.low, row.passAtK.high)}`,
    row.facts?.meanTokens ? decimal(row.facts.meanTokens.value, 1) : "not known",
    entropyAt(row) === null ? "not known" : decimal(entropyAt(row)?.value ?? 0, 3),
    `${count(row.losses.solved)} of ${count(row.losses.problems)}`,
    row.losses.lost.length,
    row.losses.gained.length,
  ]),
});
