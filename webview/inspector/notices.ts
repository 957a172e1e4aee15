// What is under way, went wrong, or is not there yet, and what can be done about it.
import type { InspectorSnapshot } from "../../src/protocol/inspector.ts";
import { button, linkButton } from "../shared/controls.ts";
import { el, type Child } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import { type App, scorerName, type State } from "./state.ts";

export function noticeParts(app: App, { snapshot, failure, scoring }: State): readonly Child[] {
  if (scoring)
    return [
      el("progress", { "aria-label": "Scoring" }),
      el("p", { id: "phase" }, scoring.phase),
      button({ id: "cancel", label: "Cancel", press: () => app.cancel() }),
    ];
  if (failure) return failureParts(app, failure);
  if (!snapshot?.trace) return [];
  const { scores, text } = snapshot.trace;
  if (text === "")
    return said(
      "This sample has no text in the file: there is nothing to read or to score. Its verdict counts in the curves all the same.",
      "no-text",
    );
  if (scores === null)
    return [
      ...unscoredParts(app, snapshot),
      ...(isUnscored(snapshot.beside) ? besideParts(app, snapshot) : []),
    ];
  if (scores.facts.alignment === "none")
    return said("The tokens came without their texts: the numbers hold, the text has no heat.");
  if (snapshot.options.colour === "logRatio" && scores.logRatio === null) return againstParts(app, snapshot);
  return isUnscored(snapshot.beside) ? besideParts(app, snapshot) : [];
}

const isUnscored = (beside: InspectorSnapshot["beside"]): boolean =>
  beside !== null && beside.scores === null;

/** As the host calls the log-probs that stand in the trace's file. */
const fileScorer = "file:";

const said = (sentence: string, id: string | null = null): readonly Child[] => [
  icon("info", "info"),
  el("p", { id }, sentence),
];

function failureParts(app: App, { code, message, scorer }: NonNullable<State["failure"]>): readonly Child[] {
  return [
    icon("fail", "error"),
    el("p", { role: "alert", id: "failure" }, message),
    button({ id: "another-scorer", label: "Choose another scorer", press: () => app.chooseScorer(false) }),
    code === "noScoring" &&
      scorer !== null &&
      button({
        id: "score-slow",
        label: "Score token by token (slow, one request a token)",
        press: () => app.score({ scorer, slow: true }),
      }),
    linkButton({ id: "show-log", label: "Show log", press: () => app.run(app.client.call("showLog", {})) }),
  ];
}

function unscoredParts(app: App, snapshot: InspectorSnapshot): readonly Child[] {
  const { scorer } = snapshot;
  const name = scorerName(snapshot, scorer);
  return [
    ...said(
      name === null
        ? "No log-probs in the file. Score the trace under a model to see its unlikely tokens."
        : `Not scored under ${name} yet.`,
      "unscored",
    ),
    button({
      id: "score",
      label: name === null ? "Score under..." : `Score under ${name}`,
      primary: true,
      press: () => (scorer === null ? app.chooseScorer(false) : app.score({ scorer })),
    }),
  ];
}

function againstParts(app: App, snapshot: InspectorSnapshot): readonly Child[] {
  const { against } = snapshot.options;
  const name = scorerName(snapshot, against);
  return [
    ...said(
      name === null
        ? "A log-ratio compares two scorers on the same text."
        : `Not scored under ${name} yet, so there is no log-ratio.`,
      "no-ratio",
    ),
    button({
      id: "score-against",
      label: name === null ? "Choose the second scorer" : `Score under ${name}`,
      primary: true,
      press: () =>
        against === null ? app.chooseScorer(true) : app.score({ scorer: against, against: true }),
    }),
  ];
}

function besideParts(app: App, snapshot: InspectorSnapshot): readonly Child[] {
  const { scorer, beside } = snapshot;
  if (scorer === null || beside === null) return [];
  const row = snapshot.traces[beside.trace];
  const which = row ? `${row.name}, sample ${row.index + 1}, on the right,` : "The trace on the right";
  // Log-probs in the file cannot be asked for.
  if (scorer === fileScorer)
    return said(`${which} has no log-probs in its file. Choose a scorer above for both.`, "beside-unscored");
  const name = scorerName(snapshot, scorer) ?? "";
  return [
    ...said(`${which} is not scored under ${name} yet.`, "beside-unscored"),
    button({
      id: "score-beside",
      label: "Score this one",
      primary: snapshot.trace?.scores !== null,
      press: () => app.score({ scorer, trace: beside.trace }),
    }),
  ];
}
