// The page without data: still loading, nothing there yet, or why not.
import { count, counted, percent } from "../../src/core/numberWords.ts";
import { button, linkButton } from "../shared/controls.ts";
import { el } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import type { ReadingView } from "../../src/protocol/curves.ts";
import type { App, State } from "./app.ts";

export function emptyPage(app: App, { snapshot, failure, reading }: State): HTMLElement {
  const error = failure ?? snapshot?.error ?? null;
  const log = linkButton({
    id: "show-log",
    label: "Show log",
    press: () => app.run(app.client.call("showLog", {})),
  });
  if (error !== null) {
    return el(
      "div",
      { class: "refusal", role: "alert", id: "error" },
      icon("warn", "warn"),
      el(
        "div",
        {},
        el("h2", {}, "Nothing to show"),
        el("p", {}, error),
        el(
          "div",
          { class: "row" },
          button({
            id: "retry",
            label: "Try again",
            primary: true,
            press: () => app.take(app.client.call("ready", {})),
          }),
          log,
        ),
      ),
    );
  }
  if (!snapshot) {
    return el(
      "div",
      { class: "loading", id: "loading" },
      el("p", { role: "status" }, "Reading the samples"),
      reading !== null && readingLine(reading),
      ...["wide", "short", "middle"].map((width) => el("div", { class: `bone ${width}` })),
    );
  }
  return el(
    "div",
    { class: "refusal", id: "empty" },
    icon("info", "info"),
    el(
      "div",
      {},
      el("h2", {}, "No run here yet"),
      el(
        "p",
        {},
        "Open a JSONL or Parquet dataset to sample it, or import rollouts that your trainer wrote.",
      ),
      el(
        "div",
        { class: "row" },
        button({
          id: "add-first",
          label: "Add a run",
          primary: true,
          press: () => app.take(app.client.call("addRuns", {})),
        }),
      ),
    ),
  );
}

/** `model-3: run 4 of 20, 35 %`: not spoken, as it changes ten times a second. */
function readingLine({ run, done, runs, share }: ReadingView): HTMLElement {
  const file = `${percent(share, 0)} %`;
  const words = runs === 1 ? file : `run ${count(done + 1)} of ${count(runs)}, ${file}`;
  return el("p", { class: "dim", id: "reading" }, `${run}: ${words}`);
}

/** Runs that have no sample yet: on their way, or stopped before the first. */
export function waiting({ progress, snapshot }: Pick<State, "progress" | "snapshot">): HTMLElement {
  const total = [...progress.values()].reduce((sum, run) => sum + run.total, 0);
  const known = [...progress.values()];
  const atRest = known.length > 0 && known.every(({ state }) => state !== "running" && state !== "queued");
  const words = atRest ? withoutVerdicts(snapshot) : null;
  if (words !== null) return el("div", { id: "waiting" }, el("p", {}, words));
  if (atRest) return el("div", { id: "waiting" }, el("p", {}, `No samples yet, 0 of ${count(total)}`));
  return el(
    "div",
    { class: "loading", id: "waiting" },
    el("p", {}, `Sampling, 0 of ${count(total)}`),
    ...["wide", "short", "middle"].map((width) => el("div", { class: `bone ${width}` })),
  );
}

/** Samples are there, but the verifier told none of them right from wrong. */
function withoutVerdicts(snapshot: State["snapshot"]): string | null {
  const runs = snapshot?.runs ?? [];
  const errors = runs.reduce((sum, { counts }) => sum + counts.error, 0);
  const ungraded = runs.reduce((sum, { counts }) => sum + counts.ungraded, 0);
  if (errors + ungraded === 0) return null;
  const parts = [
    errors > 0 ? `the verifier failed on ${counted(errors, "sample")}` : "",
    ungraded > 0 ? `${counted(ungraded, "sample")} not judged yet` : "",
  ].filter(Boolean);
  return `No sample has a verdict: ${parts.join(", ")}. Choose another verifier, or verify again.`;
}
