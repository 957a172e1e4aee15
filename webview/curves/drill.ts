// A problem, its samples, the text of one: text nodes only, whatever a model wrote.
import type { SampleRow, SampleText } from "../../src/protocol/curves.ts";
import { RequestError } from "../shared/client.ts";
import { button, dropdown, iconButton } from "../shared/controls.ts";
import { el, fill, type Child } from "../shared/dom.ts";
import { count, counted } from "../shared/format.ts";
import { icon, type IconName, type IconTone } from "../shared/icons.ts";
import { table } from "../shared/table.ts";
import type { App, Shown } from "./app.ts";
import type { Drill } from "./look.ts";
import { ratioText, rateWords } from "./problemTable.ts";

const verdicts: Readonly<Record<SampleRow["verdict"], readonly [IconName, IconTone, string]>> = {
  correct: ["pass", "ok", "correct"],
  incorrect: ["fail", "bad", "wrong"],
  unparsed: ["question", "ambiguous", "no answer"],
  undecided: ["question", "ambiguous", "undecided"],
  error: ["warn", "warn", "verifier error"],
  ungraded: ["dash", "mute", "not graded"],
};

/** Icon and word, never colour alone. */
export function verdictMark(verdict: SampleRow["verdict"]): HTMLElement {
  const [name, tone, word] = verdicts[verdict];
  return el("span", { class: `verdict ${tone}` }, icon(name), word);
}

const outcomes: Readonly<Record<SampleRow["outcome"], string>> = {
  ok: "",
  truncated: "cut off",
  refused: "refused",
  failed: "failed",
};

interface Loaded {
  /** Which run and problem, and how many samples there were: a live run gets more. */
  readonly key: string;
  readonly rows: readonly SampleRow[] | null;
  readonly error: string | null;
}

export interface DrillView {
  render(host: HTMLElement, state: Shown, drill: Drill): void;
  leave(): void;
}

export function createDrill(app: App): DrillView {
  let loaded: Loaded | null = null;
  let text: { key: string; value: SampleText | null; error: string | null } | null = null;
  let reading = new AbortController();
  const redraw = (): void => app.show({});

  const load = (drill: Drill, key: string): void => {
    // The same problem with more samples: the list stays until the longer one is there.
    const before = loaded?.key.split(" ")[0] === key.split(" ")[0] ? (loaded?.rows ?? null) : null;
    loaded = { key, rows: before, error: null };
    const { runId, problemKey } = drill;
    app.client.call("listSamples", { runId, problemKey }, reading.signal).then(
      (rows) => loaded?.key === key && ((loaded = { key, rows, error: null }), redraw()),
      (error: unknown) =>
        isShown(error) &&
        loaded?.key === key &&
        ((loaded = { key, rows: [], error: error.message }), redraw()),
    );
  };
  const read = (drill: Drill, index: number, key: string): void => {
    text = { key, value: null, error: null };
    const { runId, problemKey } = drill;
    app.client.call("readSample", { runId, problemKey, index }, reading.signal).then(
      (value) => text?.key === key && ((text = { key, value, error: null }), redraw()),
      (error: unknown) =>
        isShown(error) &&
        text?.key === key &&
        ((text = { key, value: null, error: error.message }), redraw()),
    );
  };

  return {
    render: (host, state, drill) => {
      const at = state.snapshot.problems.findIndex((problem) => problem.key === drill.problemKey);
      const problem = state.snapshot.problems[at];
      const run = state.snapshot.runs.find((candidate) => candidate.id === drill.runId);
      if (!problem || !run) return app.show({ drill: null });
      const key = `${drill.runId}|${drill.problemKey} ${run.n[at]} ${run.c[at]}`;
      if (loaded?.key !== key) load(drill, key);
      const index = drill.index ?? loaded?.rows?.[0]?.index ?? null;
      const textKey = `${drill.runId}|${drill.problemKey}|${index}`;
      if (index !== null && text?.key !== textKey) read(drill, index, textKey);
      fill(
        host,
        drillHead(app, state, { drill, at }),
        el(
          "div",
          { class: "drill" },
          sampleList(app, drill, { loaded, index }),
          el(
            "section",
            { class: "sample", id: "sample", tabindex: -1, "data-scroll": textKey, "aria-label": "Sample" },
            ...sampleParts(app, drill, text),
          ),
        ),
      );
    },
    leave: () => {
      reading.abort();
      reading = new AbortController();
      loaded = null;
      text = null;
    },
  };
}

const isShown = (error: unknown): error is Error =>
  error instanceof Error &&
  !(error instanceof RequestError && (error.code === "cancelled" || error.code === "closed"));

function drillHead(app: App, { snapshot }: Shown, { drill, at }: { drill: Drill; at: number }): HTMLElement {
  const problem = snapshot.problems[at];
  const runs = snapshot.runs.filter((run) => (run.n[at] ?? 0) > 0);
  const chosen = runs.find((run) => run.id === drill.runId);
  const own = { n: chosen?.n[at] ?? 0, c: chosen?.c[at] ?? 0 };
  return el(
    "div",
    { class: "drillHead" },
    iconButton({
      id: "drill-back",
      icon: "back",
      label: "Back to the list (Escape)",
      press: () => app.show({ drill: null }),
    }),
    el("h2", {}, `Problem ${problem?.id ?? ""}`),
    problem?.gold === null
      ? null
      : el("span", {}, el("span", { class: "dim" }, "gold "), problem?.gold ?? ""),
    runs.length > 1
      ? dropdown({
          id: "drill-run",
          label: "Run",
          choices: runs.map(({ id, name }) => ({ value: id, label: name })),
          value: drill.runId,
          change: (runId) => app.show({ drill: { ...drill, runId, index: null } }),
        })
      : el("span", { class: "dim" }, chosen?.name ?? ""),
    el("span", { class: "figures" }, `${ratioText(own)} right`),
    el("span", { class: "dim figures small" }, `${rateWords(own)} %`),
  );
}

function sampleList(
  app: App,
  drill: Drill,
  { loaded, index }: { loaded: Loaded | null; index: number | null },
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

function sampleParts(
  app: App,
  drill: Drill,
  text: { value: SampleText | null; error: string | null } | null,
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
      el("span", { class: "dim" }, `(${value.how})`),
      fact("extracted", row.extracted),
      fact("gold", value.gold),
      fact("finish", row.finishReason),
      row.tokens !== null && el("span", { class: "figures" }, counted(row.tokens, "token")),
      row.outcome === "truncated" && el("span", { class: "row" }, icon("warn", "warn"), "cut off"),
      el("span", { class: "space" }),
      value.source !== null &&
        button({
          id: "open-source",
          label: "Open in editor",
          press: () => app.run(app.client.call("openSource", open)),
        }),
    ),
    el("h3", {}, "Question"),
    el("div", { class: "prose", id: "sample-question" }, value.question),
    value.reasoning !== null && el("h3", {}, "Reasoning"),
    value.reasoning !== null && el("pre", { class: "trace", id: "sample-reasoning" }, value.reasoning),
    el("h3", {}, `Sample ${row.index}`),
    el("pre", { class: "trace", id: "sample-text" }, value.text),
  ];
}
