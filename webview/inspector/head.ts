// What the trace is, and the way to others.
import { count } from "../../src/core/numberWords.ts";
import type { InspectorSnapshot, TextMode, TraceRow } from "../../src/protocol/inspector.ts";
import { iconButton } from "../shared/controls.ts";
import { el, type Child } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import { verdictMark, verdictSigns } from "../shared/verdictMark.ts";
import type { App } from "./state.ts";

export const nextText: Readonly<Record<TextMode, TextMode>> = {
  plain: "rendered",
  rendered: "raw",
  raw: "plain",
};
export const textNames: Readonly<Record<TextMode, string>> = {
  plain: "plain text",
  rendered: "Markdown",
  raw: "raw text",
};

const fact = (label: string, value: Child): Child =>
  value !== null && value !== "" && el("span", {}, el("span", { class: "dim" }, `${label} `), value);

export function headParts(app: App, snapshot: InspectorSnapshot): readonly Child[] {
  const { title, traces, trace } = snapshot;
  const row = traces[trace?.trace ?? 0];
  if (!row || !trace) return [el("h1", {}, title)];
  const at = trace.trace;
  return [
    ...problemParts(app, snapshot),
    el("h1", {}, title),
    fact("gold", trace.gold),
    fact("extracted", row.extracted),
    verdictMark(row.verdict),
    ...sampleParts(app, snapshot),
    el("span", { class: "space" }),
    el("span", { class: "row headTools" }, ...toolParts(app, snapshot, at)),
  ];
}

/** They go to the next line together. */
function toolParts(
  app: App,
  { traces, options, follow, beside }: InspectorSnapshot,
  at: number,
): readonly Child[] {
  const next = nextText[options.text];
  return [
    el("span", { class: "dim", id: "text-mode" }, textNames[options.text]),
    iconButton({
      id: "raw",
      icon: "table",
      label: `Show ${textNames[next]} (r)`,
      press: () => app.setOptions({ text: next }),
    }),
    traces.length > 1 &&
      iconButton({
        id: "compare",
        icon: "compare",
        label: "Compare with another sample (c)",
        pressed: beside !== null,
        press: () => app.compare(),
      }),
    follow !== null &&
      iconButton({
        id: "follow",
        icon: "eye",
        label: follow ? "Stop following the file (f)" : "Follow the file as it grows (f)",
        pressed: follow,
        press: () => app.follow(),
      }),
    iconButton({
      id: "source",
      icon: "open",
      label: "Open the line in the file (o)",
      press: () => app.run(app.client.call("openSource", { trace: at })),
    }),
    iconButton({
      id: "help",
      icon: "question",
      label: "Keys (?)",
      pressed: app.state().help,
      press: () => app.set({ help: !app.state().help }),
    }),
  ];
}

function problemParts(app: App, { problem }: InspectorSnapshot): readonly Child[] {
  if (problem === null) return [];
  const { listed } = app.state();
  return [
    iconButton({
      id: "problems",
      icon: "more",
      label: "Problems",
      pressed: listed,
      press: () => app.listProblems(!listed),
    }),
    iconButton({
      id: "previous-problem",
      icon: "back",
      label: "Previous problem (K)",
      press: () => app.openProblem(-1),
    }),
    el(
      "span",
      { class: "figures dim", id: "problem-place" },
      `${count(problem.at + 1)} of ${count(problem.of)}`,
    ),
    iconButton({
      id: "next-problem",
      icon: "chevron",
      label: "Next problem (J)",
      press: () => app.openProblem(1),
    }),
  ];
}

/** More than these are not drawn one by one. */
const mostDots = 16;

function sampleParts(app: App, { traces, trace }: InspectorSnapshot): readonly Child[] {
  const own = traces.filter(({ guest }) => !guest);
  if (own.length < 2 || !trace) return [];
  const at = trace.trace;
  const dots = own.length <= mostDots ? own : [];
  return [
    iconButton({
      id: "previous",
      icon: "back",
      label: "Previous sample (k)",
      press: () => app.openTrace(at - 1),
    }),
    el("span", { class: "figures", id: "place" }, `Sample ${at + 1} of ${count(own.length)}`),
    iconButton({ id: "next", icon: "chevron", label: "Next sample (j)", press: () => app.openTrace(at + 1) }),
    dots.length > 0 && el("span", { class: "dots" }, ...dots.map((row, i) => dot(app, row, { i, at }))),
  ];
}

function dot(app: App, row: TraceRow, { i, at }: { readonly i: number; readonly at: number }): HTMLElement {
  const [name, tone, word] = verdictSigns[row.verdict];
  const ppl = row.perplexity === null ? "" : `, PPL ${row.perplexity.toFixed(2)}`;
  return el(
    "button",
    {
      id: `sample-${i}`,
      type: "button",
      class: "iconButton",
      title: `Sample ${i + 1}: ${row.name}, ${word}${ppl}`,
      "aria-label": `Sample ${i + 1}: ${row.name}, ${word}${ppl}`,
      "aria-current": i === at ? "true" : null,
      on: { click: () => app.openTrace(i) },
    },
    icon(name, tone),
  );
}
