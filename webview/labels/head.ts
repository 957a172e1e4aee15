// What stands over the trace: the queue and how far it is, the problem, what went wrong.
import { count, decimal, interval, percent } from "../../src/core/numberWords.ts";
import type { ItemView, LabelsSnapshot, OtherLabel } from "../../src/protocol/labels.ts";
import { linkButton } from "../shared/controls.ts";
import { el, type Child } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import { verdictWords, type App, type State } from "./state.ts";

export function queueParts({ queue, blind, summary }: LabelsSnapshot): readonly Child[] {
  if (queue === null) return [];
  const { done, total, secondsEach, title, skipped } = queue;
  const { agreement = null } = summary ?? {};
  const share = total === 0 ? 0 : done / total;
  const bar = el("i", {});
  bar.style.width = `${100 * share}%`;
  return [
    el(
      "div",
      { class: "row" },
      el(
        "b",
        { class: "clipped", id: "queue-title", title: title === "" ? null : title },
        blind ? "Queue" : title,
      ),
      el("span", { class: "space" }),
      blind && el("span", { class: "chip small", id: "blind" }, icon("eye"), "blind"),
    ),
    el(
      "div",
      { class: "sum" },
      el("span", {}, el("b", { id: "progress" }, `${count(done)} of ${count(total)}`), " labelled"),
      agreement?.kappa !== null && agreement !== null
        ? el(
            "span",
            { id: "kappa", title: "Cohen's kappa with the other rater, on what both labelled" },
            "\u03ba ",
            el("b", {}, decimal(agreement.kappa, 2)),
            ` on ${count(agreement.items)} shared`,
          )
        : el("span", { id: "pace" }, pace(secondsEach, total - done, skipped)),
    ),
    el(
      "div",
      {
        class: "progress",
        role: "progressbar",
        "aria-label": "Labelled",
        "aria-valuemin": 0,
        "aria-valuemax": total,
        "aria-valuenow": done,
      },
      bar,
    ),
  ];
}

/** `18 s each, 14 min left` */
function pace(secondsEach: number | null, left: number, skipped: number): string {
  if (skipped > 0) return `${count(skipped)} skipped`;
  if (secondsEach === null || left === 0) return "";
  const minutes = (secondsEach * left) / 60;
  const rest =
    minutes < 1.5 ? "1 min" : minutes < 90 ? `${minutes.toFixed(0)} min` : `${(minutes / 60).toFixed(0)} h`;
  return `${secondsEach < 9.5 ? decimal(secondsEach, 1) : secondsEach.toFixed(0)} s each, ${rest} left`;
}

/** Problem and gold, collapsed; in blind mode nothing else. */
export function problemParts(app: App, { snapshot, problemOpen }: State): readonly Child[] {
  const item = snapshot?.item;
  if (!item) return [];
  const { facts, gold, question, conflict } = item;
  const answer = el("span", { class: "answer" }, "answer ");
  const head = el(
    "button",
    {
      id: "problem-head",
      type: "button",
      class: "problemHead",
      "aria-expanded": String(problemOpen),
      "aria-controls": "question",
      on: { click: () => app.press("problem") },
    },
    icon("chevron"),
    el("b", { class: "clipped" }, facts?.problem ?? "Problem"),
    el("span", { class: "space" }),
    gold !== null && el("span", { class: "small figures gold" }, el("span", { class: "dim" }, "gold "), gold),
    facts?.answerRight === true && el("span", { class: "verdict ok small" }, icon("pass"), answer, "right"),
    facts?.answerRight === false && el("span", { class: "verdict bad small" }, icon("fail"), answer, "wrong"),
  );
  return [
    head,
    facts !== null &&
      el(
        "div",
        { class: "sum under", id: "source" },
        el("span", { class: "clipped", title: facts.source }, facts.source),
        el(
          "span",
          { class: "figures" },
          el("b", {}, `${count(facts.c)}/${count(facts.n)}`),
          ` ${interval(facts.low, facts.high, (value) => percent(value, 0))} %`,
        ),
      ),
    problemOpen &&
      el(
        "pre",
        { id: "question", class: "question", role: "region", "aria-label": "Question", tabindex: 0 },
        question,
      ),
    ...othersParts(app, item, conflict),
  ];
}

function othersParts(
  app: App,
  { facts }: ItemView,
  conflict: readonly OtherLabel[] | null,
): readonly Child[] {
  const others = conflict ?? facts?.others ?? [];
  if (others.length === 0) return [];
  return [
    el(
      "div",
      { class: "others small", id: "others" },
      conflict !== null && el("b", {}, "To be settled: what holds?"),
      ...others.map((other) => el("div", {}, otherWords(other))),
      conflict !== null &&
        linkButton({ id: "back-to-queue", label: "Back to the queue", press: () => app.openConflict(null) }),
    ),
  ];
}

export function otherWords({ rater, kind, verdict, firstWrongStep, note }: OtherLabel): string {
  const who = kind === "model" ? `${rater} (model)` : rater;
  const step = firstWrongStep === null ? "" : `, step ${firstWrongStep + 1}`;
  return `${who}: ${verdictWords[verdict].toLowerCase()}${step}${note === "" ? "" : `, "${note}"`}`;
}

/** What went wrong with the last step, or that all is done. */
export function noticeParts(app: App, { snapshot, failure }: State): readonly Child[] {
  const error = failure ?? snapshot?.error ?? null;
  if (error !== null)
    return [
      icon("fail", "error"),
      el("p", { role: "alert", id: "failure" }, error.message),
      (snapshot?.error ?? null) !== null &&
        linkButton({ id: "skip", label: "Skip", press: () => app.press("skip") }),
      linkButton({ id: "show-log", label: "Show log", press: () => app.run(app.client.call("showLog", {})) }),
    ];
  if (!snapshot || snapshot.item !== null || snapshot.reading !== null) return [];
  const total = snapshot.queue?.total ?? 0;
  return [
    icon(total === 0 ? "info" : "pass", total === 0 ? "info" : "ok"),
    el(
      "p",
      { id: "all-done", role: "status" },
      total === 0
        ? "No trace is in this queue. Widen the accuracy window, or take another run."
        : `All ${count(total)} traces are labelled.`,
    ),
    !snapshot.blind &&
      total > 0 &&
      linkButton({ id: "to-results", label: "Results", press: () => app.press("results") }),
    linkButton({
      id: "build-queue",
      label: "Build a queue",
      press: () => app.run(app.client.call("buildQueue", {})),
    }),
  ];
}
