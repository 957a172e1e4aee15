// The Perplexity tab without boxes, and the lines around them: nothing scored, at work, refused, and what is never averaged in.
import { count, counted } from "../../src/core/numberWords.ts";
import type { PerplexityView, ScoringRunView } from "../../src/protocol/perplexity.ts";
import { button, linkButton } from "../shared/controls.ts";
import { el, type Child } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import type { App, Shown } from "./app.ts";
import type { PerplexityModel } from "./perplexityModel.ts";

/** Why scoring ended before its time. */
export interface ScoringFailure {
  readonly code: string;
  readonly message: string;
}

interface Scoring {
  readonly view: PerplexityView;
  readonly failure: ScoringFailure | null;
  readonly score: (runIds: readonly string[]) => void;
}

export const loadingScores = (): HTMLElement =>
  el(
    "div",
    { class: "loading", id: "reading-scores", role: "status" },
    el("p", {}, "Reading the scores"),
    ...["wide", "short", "middle"].map((width) => el("div", { class: `bone ${width}` })),
  );

export const unreadScores = (message: string, again: () => void): HTMLElement =>
  el(
    "div",
    { class: "empty", id: "scores-unread", role: "alert" },
    icon("fail", "error"),
    el("div", {}, el("p", {}, message), linkButton({ id: "read-again", label: "Try again", press: again })),
  );

/** No trace of these runs is scored yet: what perplexity needs, and the way there. */
export function notScored(
  app: App,
  { snapshot, progress }: Shown,
  { view, scoring, failure, score }: Scoring & { readonly scoring: ScoringRunView | null },
): HTMLElement {
  if (scoring !== null) return el("div", { id: "not-scored" }, scoringLine({ snapshot }, scoring));
  if (failure !== null) return refused(app, snapshot, { view, failure, score });
  const ready = snapshot.runs.filter(
    ({ id, samples }) => samples > 0 && progress.get(id)?.state !== "running",
  );
  const words =
    "Perplexity says how likely a model finds a text. It needs an endpoint that returns the log-probs of " +
    "text it is given: vLLM, SGLang, TGI or llama-cpp-python, usually serving the base model. The demo models can.";
  return el(
    "div",
    { class: "refusal", id: "not-scored" },
    icon("info", "info"),
    el(
      "div",
      {},
      el("h2", {}, "No trace is scored yet"),
      el("p", {}, words),
      view.refusal !== null && el("p", { class: "warnWords" }, view.refusal),
      el(
        "div",
        { class: "row" },
        view.refusal === null &&
          ready.length > 0 &&
          button({
            id: "score-all",
            label: ready.length === 1 ? "Score under..." : `Score ${count(ready.length)} runs under...`,
            primary: true,
            press: () => score(ready.map(({ id }) => id)),
          }),
        ...(ready.length > 1 && view.refusal === null
          ? ready.map(({ id, name }, i) =>
              linkButton({ id: `score-run-${i}`, label: `Only ${name}`, press: () => score([id]) }),
            )
          : []),
      ),
    ),
  );
}

function refused(
  app: App,
  { runs }: Shown["snapshot"],
  { failure, score }: Scoring & { readonly failure: ScoringFailure },
): HTMLElement {
  const unfit = failure.code === "noScoring";
  return el(
    "div",
    { class: "refusal", id: "scoring-refused", role: "alert" },
    icon("warn", "warn"),
    el(
      "div",
      {},
      el("h2", {}, unfit ? "This endpoint cannot score" : "Scoring stopped"),
      el("p", {}, failure.message),
      el(
        "p",
        {},
        unfit
          ? "Curves, histogram, coverage and labels do not need it."
          : "Everything scored is kept; scoring again goes on from there.",
      ),
      el(
        "div",
        { class: "row" },
        button({
          id: "score-all",
          label: unfit ? "Choose another scorer" : "Go on",
          primary: true,
          press: () => score(runs.filter(({ samples }) => samples > 0).map(({ id }) => id)),
        }),
        linkButton({
          id: "scoring-log",
          label: unfit ? "Show the probe log" : "Show log",
          press: () => app.run(app.client.call("showLog", {})),
        }),
      ),
    ),
  );
}

export function scoringLine({ snapshot }: Pick<Shown, "snapshot">, scoring: ScoringRunView | null): Child {
  if (scoring === null) return null;
  const { runId, scorer, done, total } = scoring;
  const name = snapshot.runs.find(({ id }) => id === runId)?.name ?? "";
  const bar = el("span", {});
  bar.style.width = `${total === 0 ? 0 : (100 * done) / total}%`;
  return el(
    "div",
    { class: "liveLine", id: "scoring", role: "status", "data-done": done, "data-total": total },
    icon("sync", "info"),
    el("span", { class: "liveWords" }, `Scoring ${name} under ${scorer}, ${count(done)} of ${count(total)}`),
    el("span", { class: "progress" }, bar),
  );
}

/** Runs of the panel that this scorer did not score; after a failure, why. */
export function missingLine(
  app: App,
  { missing }: PerplexityModel,
  { view, failure, score }: Scoring,
): Child {
  if (failure !== null)
    return el(
      "div",
      { class: "parity lit inBody", id: "scoring-failed", role: "alert" },
      icon("fail", "error"),
      el("span", {}, failure.message),
      el("span", { class: "space" }),
      linkButton({
        id: "scoring-log",
        label: "Show log",
        press: () => app.run(app.client.call("showLog", {})),
      }),
    );
  if (missing.length === 0 || view.refusal !== null) return null;
  const names = missing.map(({ name }) => name).join(", ");
  return el(
    "div",
    { class: "parity inBody", id: "not-all-scored" },
    icon("info", "info"),
    el("span", {}, el("b", {}, `${names}:`), " not scored here yet."),
    el("span", { class: "space" }),
    linkButton({
      id: "score-missing",
      label: missing.length === 1 ? "Score it under..." : "Score them under...",
      press: () => score(missing.map(({ id }) => id)),
    }),
  );
}

/** Of each set what is counted and never averaged in. */
export function besideLines({ rows }: PerplexityModel): readonly HTMLElement[] {
  const seen = new Set<string>();
  return rows.flatMap(({ set, name, scorer, first }) => {
    const { refused: none, refusedWhy, nullTokens, floorTokens, empty, stale } = set.beside;
    const key = `${set.runId} ${set.scorerId} ${set.texts}`;
    if (!first || seen.has(key)) return [];
    seen.add(key);
    const parts = [
      none > 0 ? `${counted(none, "trace")} could not be scored (${refusedWhy})` : "",
      nullTokens > 0 ? `${counted(nullTokens, "token")} without a log-prob` : "",
      floorTokens > 0 ? `${counted(floorTokens, "token")} at a floor of probability 0` : "",
      empty > 0 ? `${counted(empty, "trace")} without a scored token` : "",
      stale > 0 ? `${counted(stale, "score")} of texts that have changed since` : "",
    ].filter(Boolean);
    if (parts.length === 0) return [];
    return [
      el(
        "p",
        { class: "notice beside", "data-run-id": set.runId },
        icon("info", "info"),
        el(
          "span",
          {},
          el("b", {}, `${name} under ${scorer.name}:`),
          ` ${parts.join(", ")}. Left out of the boxes.`,
        ),
      ),
    ];
  });
}
