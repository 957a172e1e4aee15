// The list of a problem's samples, and one of them: text nodes only, whatever a model wrote.
import { count, counted } from "../../src/core/numberWords.ts";
import type { SampleRow, SampleText } from "../../src/protocol/samples.ts";
import { button } from "../shared/controls.ts";
import { el, type Child } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import { table } from "../shared/table.ts";
import { verdictMark } from "../shared/verdictMark.ts";
import type { App } from "./app.ts";
import type { Drill } from "./look.ts";

export interface SampleRows {
  /** Which run and problem, and how many samples there were: a live run gets more. */
  readonly key: string;
  /** While they are read: those that were shown before, if any. */
  readonly rows: readonly SampleRow[] | null;
  /** Another one whenever other rows are shown. */
  readonly version: number;
  readonly error: string | null;
}

const outcomes: Readonly<Record<SampleRow["outcome"], string>> = {
  ok: "",
  truncated: "cut off",
  refused: "refused",
  failed: "failed",
};

export function sampleList(
  app: App,
  drill: Drill,
  { loaded, index }: { loaded: SampleRows | null; index: number | null },
): HTMLElement {
  if (loaded?.error)
    return el("div", { class: "samples empty" }, icon("fail", "error"), el("p", {}, loaded.error));
  if (!loaded?.rows) {
    return el(
      "div",
      { class: "samples loading" },
      el("p", {}, "Reading samples"),
      ...["wide", "short", "middle"].map((width) => el("div", { class: `bone ${width}` })),
    );
  }
  const list = table<SampleRow>({
    id: "samples-table",
    label: "Samples",
    columns: [
      { id: "index", head: "Sample", numeric: true, className: "dim", cell: (row) => row.index },
      {
        id: "verdict",
        head: "Verdict",
        cell: (row) => verdictMark(row.verdict),
        data: (row) => ({ verdict: row.verdict }),
      },
      { id: "extracted", head: "Answer", className: "answer", cell: (row) => row.extracted ?? "" },
      {
        id: "end",
        head: "End",
        className: "dim",
        cell: (row) => outcomes[row.outcome] || (row.finishReason ?? ""),
      },
      {
        id: "tokens",
        head: "Tokens",
        numeric: true,
        cell: (row) => (row.tokens === null ? "" : count(row.tokens)),
      },
      {
        id: "text",
        head: "Begins with",
        className: "preview dim",
        flexible: true,
        cell: (row) => row.preview,
      },
    ],
    rows: loaded.rows,
    key: (row) => String(row.index),
    selected: index === null ? null : String(index),
    openOnMove: true,
    onOpen: (row) => app.show({ drill: { ...drill, index: row.index } }),
  });
  list.classList.add("samples");
  return list;
}

/** What another judge said of the sample. */
function otherVerdict({ words, kind, extracted, how }: SampleText["others"][number]): HTMLElement {
  return el(
    "div",
    { class: "row facts otherVerdict" },
    verdictMark(kind),
    el("span", { class: "dim" }, `(${how}) by ${words}`),
    extracted !== null && el("span", {}, el("span", { class: "dim" }, "extracted "), extracted),
  );
}

/** The test that a program failed: values one under the other, as they may be long. */
function trialFacts({ call, expected, got }: NonNullable<SampleText["trial"]>): HTMLElement {
  const rows = [
    ["call", call],
    ["expected", expected],
    ["got", got],
  ] as const;
  return el(
    "dl",
    { class: "trial", id: "sample-trial" },
    ...rows.flatMap(([name, words]) =>
      words === null ? [] : [el("dt", {}, name), el("dd", {}, el("code", {}, words))],
    ),
  );
}

export function sampleParts(
  app: App,
  drill: Drill,
  text: { value: SampleText | null; error: string | null; judge: string } | null,
): readonly Child[] {
  if (text?.error) return [el("div", { class: "empty" }, icon("fail", "error"), el("p", {}, text.error))];
  if (!text?.value) return [el("p", { class: "dim" }, "No sample is chosen.")];
  const { value } = text;
  const { row } = value;
  const fact = (label: string, words: Child): Child =>
    words !== null && el("span", {}, el("span", { class: "dim" }, `${label} `), words);
  const open = { runId: drill.runId, problemKey: drill.problemKey, index: row.index };
  return [
    el(
      "div",
      { class: "row facts" },
      verdictMark(row.verdict),
      el("span", { class: "dim" }, `(${value.how})${value.others.length > 0 ? ` by ${text.judge}` : ""}`),
      fact("extracted", row.extracted),
      fact("gold", value.gold),
      fact("finish", row.finishReason),
      row.tokens !== null && el("span", { class: "figures" }, counted(row.tokens, "token")),
      row.outcome === "truncated" && el("span", { class: "row" }, icon("warn", "warn"), "cut off"),
      el("span", { class: "space" }),
      button({
        id: "inspect-sample",
        label: "Inspect",
        press: () => app.run(app.client.call("inspectSample", open)),
      }),
      value.source !== null &&
        button({
          id: "open-source",
          label: "Open in editor",
          press: () => app.run(app.client.call("openSource", open)),
        }),
    ),
    ...value.others.map((other) => otherVerdict(other)),
    value.trial && trialFacts(value.trial),
    el("h3", {}, "Question"),
    value.isProgram === true
      ? el("pre", { class: "trace", id: "sample-question" }, withoutBlankStart(value.question))
      : el("div", { class: "prose", id: "sample-question" }, withoutBlankStart(value.question)),
    value.reasoning !== null && el("h3", {}, "Reasoning"),
    value.reasoning !== null && el("pre", { class: "trace", id: "sample-reasoning" }, value.reasoning),
    el("h3", {}, `Sample ${row.index}`),
    el("pre", { class: "trace", id: "sample-text" }, value.text),
  ];
}

/** Without the blank lines it begins with; what the first line is indented by stays. */
const withoutBlankStart = (text: string): string => text.replace(/^(?:[^\S\n]*\n)+/u, "");
