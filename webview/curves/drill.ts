// A problem, its samples, the text of one: text nodes only, whatever a model wrote.
import type { ProblemCount } from "../../src/core/estimate/names.ts";
import type { ProblemView, RunView } from "../../src/protocol/curves.ts";
import type { SampleRow, SampleText } from "../../src/protocol/samples.ts";
import { RequestError } from "../shared/client.ts";
import { dropdown, iconButton, linkButton } from "../shared/controls.ts";
import { el, fill, region, type Child } from "../shared/dom.ts";
import type { App, Shown } from "./app.ts";
import type { Drill } from "./look.ts";
import { ratioText, rateWords } from "./problemTable.ts";
import { sampleList, sampleParts, type SampleRows } from "./sampleParts.ts";

interface SampleRead {
  readonly key: string;
  readonly value: SampleText | null;
  readonly error: string | null;
}

export interface DrillView {
  render(host: HTMLElement, state: Shown, drill: Drill): void;
  leave(): void;
}

export function createDrill(app: App): DrillView {
  // Three parts, each rebuilt only when what it shows is another: a live run moves numbers, a selected text stays.
  const headHost = el("div", { class: "drillHead" });
  const listHost = el("div", { class: "samplesHost" });
  const textHost = el("section", { class: "sample", id: "sample", tabindex: -1, "aria-label": "Sample" });
  const columns = el("div", { class: "drill" }, listHost, textHost);
  const parts = { head: region(headHost), list: region(listHost), text: region(textHost) };
  let version = 0;
  let loaded: SampleRows | null = null;
  let text: SampleRead | null = null;
  let reading = new AbortController();
  const redraw = (): void => app.show({});

  const load = (drill: Drill, key: string): void => {
    // The same problem with more samples: the list stays until the longer one is there.
    const same = loaded?.key.split(" ")[0] === key.split(" ")[0];
    loaded = same && loaded ? { ...loaded, key } : { key, rows: null, error: null, version: ++version };
    const arrive = (rows: readonly SampleRow[], error: string | null): void => {
      if (loaded?.key !== key) return;
      loaded = { key, rows, error, version: ++version };
      redraw();
    };
    const { runId, problemKey } = drill;
    app.client.call("listSamples", { runId, problemKey }, reading.signal).then(
      (rows) => arrive(rows, null),
      (error: unknown) => isShown(error) && arrive([], error.message),
    );
  };
  const read = (drill: Drill, index: number, key: string): void => {
    text = { key, value: null, error: null };
    const arrive = (value: SampleText | null, error: string | null): void => {
      if (text?.key !== key) return;
      text = { key, value, error };
      redraw();
    };
    const { runId, problemKey } = drill;
    app.client.call("readSample", { runId, problemKey, index }, reading.signal).then(
      (value) => arrive(value, null),
      (error: unknown) => isShown(error) && arrive(null, error.message),
    );
  };

  return {
    render: (host, state, drill) => {
      const at = state.snapshot.problems.findIndex((problem) => problem.key === drill.problemKey);
      const problem = state.snapshot.problems[at];
      const run = state.snapshot.runs.find((candidate) => candidate.id === drill.runId);
      if (!problem || !run) return app.show({ drill: null });
      const judge = run.verdicts.shown.id;
      const key = `${drill.runId}|${drill.problemKey} ${run.n[at]} ${run.c[at]} ${judge}`;
      if (loaded?.key !== key) load(drill, key);
      const index = drill.index ?? loaded?.rows?.[0]?.index ?? null;
      const textKey = `${drill.runId}|${drill.problemKey}|${index}|${judge}`;
      if (index !== null && text?.key !== textKey) read(drill, index, textKey);
      textHost.dataset["scroll"] = textKey;
      if (columns.parentElement !== host) fill(host, headHost, columns);
      const runs = state.snapshot.runs.filter((one) => (one.n[at] ?? 0) > 0);
      parts.head(JSON.stringify([problem.key, run.id, runs.map(({ id, name }) => [id, name])]), () =>
        drillHead(app, drill, { problem, run, runs }),
      );
      const own = { n: run.n[at] ?? 0, c: run.c[at] ?? 0 };
      fill(headHost.querySelector("#drill-counts") ?? headHost, ...countWords(own));
      parts.list(JSON.stringify([loaded?.version, index]), () => [sampleList(app, drill, { loaded, index })]);
      parts.text(JSON.stringify([textKey, text?.value !== null, text?.error]), () =>
        sampleParts(app, drill, text && { ...text, judge: run.verdicts.shown.words }),
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

function drillHead(
  app: App,
  drill: Drill,
  { problem, run, runs }: { problem: ProblemView; run: RunView; runs: readonly RunView[] },
): readonly Child[] {
  return [
    iconButton({
      id: "drill-back",
      icon: "back",
      label: "Back to the list (Escape)",
      press: () => app.show({ drill: null }),
    }),
    el("h2", {}, `Problem ${problem.id}`),
    problem.gold !== null && el("span", {}, el("span", { class: "dim" }, "gold "), problem.gold),
    runs.length > 1
      ? dropdown({
          id: "drill-run",
          label: "Run",
          choices: runs.map(({ id, name }) => ({ value: id, label: name })),
          value: drill.runId,
          change: (runId) => app.show({ drill: { ...drill, runId, index: null } }),
        })
      : el("span", { class: "dim" }, run.name),
    el("span", { class: "row", id: "drill-counts" }),
    el("span", { class: "space" }),
    linkButton({
      id: "drill-label",
      label: "Label these",
      press: () => {
        const wanted = { runIds: [drill.runId], problemKeys: [drill.problemKey] };
        app.run(app.client.call("labelProblems", wanted));
      },
    }),
  ];
}

const countWords = (own: ProblemCount): readonly Child[] => [
  el("span", { class: "figures" }, `${ratioText(own)} right`),
  el("span", { class: "dim figures small" }, `${rateWords(own)} %`),
];
