// Above each of two traces: whose it is, and its own numbers.
import type { InspectorSnapshot } from "../../src/protocol/inspector.ts";
import type { TraceView } from "../../src/protocol/traceView.ts";
import { button, iconButton } from "../shared/controls.ts";
import { el, type Child } from "../shared/dom.ts";
import { verdictMark } from "../shared/verdictMark.ts";
import type { App } from "./state.ts";
import { numberParts } from "./summary.ts";

export function compareHead(
  app: App,
  { traces, beside }: InspectorSnapshot,
  view: TraceView,
): readonly Child[] {
  const row = traces[view.trace];
  const right = view.trace === beside?.trace;
  return [
    el("b", { class: "compareName" }, row ? `${row.name}, sample ${row.index + 1}` : ""),
    row && verdictMark(row.verdict),
    row &&
      row.extracted !== null &&
      el("span", {}, el("span", { class: "dim" }, "extracted "), row.extracted),
    ...(view.scores
      ? [el("span", { class: "row compareNumbers" }, ...withoutIds(numberParts(view.scores)))]
      : []),
    right && el("span", { class: "space" }),
    right && button({ id: "compare-text", label: "Diff of the texts (d)", press: () => app.compareText() }),
    right &&
      iconButton({ id: "close-beside", icon: "close", label: "Close (c)", press: () => app.compare() }),
  ];
}

/** The same numbers stand in the summary of the first trace. */
function withoutIds(parts: readonly Child[]): readonly Child[] {
  for (const part of parts) if (part instanceof Element) part.removeAttribute("id");
  return parts;
}
