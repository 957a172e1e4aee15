import { el } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import type { App } from "./app.ts";

/** In place of something that compares: `Coverage`, `The gap`. */
export function onlyOneRun(app: App, what: string): HTMLElement {
  return el(
    "div",
    { class: "empty", id: "only-one-run" },
    icon("info", "info"),
    el(
      "div",
      {},
      el("p", {}, el("b", {}, `${what} compares two runs.`), " There is one here."),
      el(
        "button",
        {
          type: "button",
          class: "link",
          id: "coverage-add",
          on: { click: () => app.take(app.client.call("addRuns", {})) },
        },
        "Add a run to compare",
      ),
    ),
  );
}
