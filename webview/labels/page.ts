// Lays the view out, and draws again only what shows something else than before.
import type { LabelsSnapshot } from "../../src/protocol/labels.ts";
import { button, linkButton } from "../shared/controls.ts";
import { append, el, fill, placeKeeper, region } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import { choiceParts, footParts, helpParts, keyParts, markParts } from "./dock.ts";
import { noticeParts, problemParts, queueParts } from "./head.ts";
import { resultsParts } from "./results.ts";
import { Steps } from "./steps.ts";
import type { App, State } from "./state.ts";

export class Page {
  private readonly root: HTMLElement;
  private readonly app: App;
  private readonly steps: Steps;
  private readonly noteField: HTMLInputElement;
  private readonly said = el("div", { class: "spoken", role: "status", "aria-live": "polite" });
  private readonly hosts = {
    queue: el("header", { class: "queue" }),
    notice: el("div", { class: "notice" }),
    problem: el("section", { class: "problem", "aria-label": "Problem" }),
    marks: el("div", { class: "markLine" }),
    choices: el("div", { class: "choices", role: "group", "aria-label": "Is the reasoning right?" }),
    keys: el("div", { class: "keyLine" }),
    help: el("div", { class: "help", id: "help" }),
    foot: el("footer", { class: "foot" }),
  };
  private readonly regions = Object.fromEntries(
    Object.entries(this.hosts).map(([name, host]) => [name, region(host)]),
  ) as Record<keyof Page["hosts"], ReturnType<typeof region>>;
  private readonly label: HTMLElement;
  private readonly results = el("main", { class: "results", id: "results" });
  private readonly drawResults = region(this.results);
  private readonly keep = placeKeeper();
  private shown: "label" | "results" | "other" | null = null;

  constructor(root: HTMLElement, app: App) {
    this.root = root;
    this.app = app;
    this.steps = new Steps(app);
    this.noteField = el("input", {
      id: "note",
      type: "text",
      placeholder: "Add a note",
      "aria-label": "Note, saved with the label",
      autocomplete: "off",
      spellcheck: "false",
      on: { change: () => app.saveNote() },
    });
    const { queue, notice, problem, marks, choices, keys, help, foot } = this.hosts;
    const note = el(
      "div",
      { class: "noteLine" },
      this.noteField,
      el("kbd", { "aria-hidden": "true" }, "space"),
    );
    this.label = el(
      "div",
      { class: "page" },
      queue,
      notice,
      problem,
      this.steps.element,
      el("div", { class: "dock" }, marks, choices, note, keys, help),
      foot,
    );
  }

  note(): string {
    return this.noteField.value;
  }

  setNote(text: string): void {
    this.noteField.value = text;
  }

  focusNote(): void {
    this.noteField.focus();
    this.noteField.select();
  }

  showStep(step: number): void {
    this.steps.reveal(step);
  }

  /** To be said where the list of steps does not have the focus; there it says so itself (`null`). */
  stepWords(step: number): string | null {
    return document.activeElement === this.steps.element ? null : this.steps.textOf(step);
  }

  draw(state: State): void {
    const { snapshot, failure } = state;
    if (this.said.textContent !== state.said) this.said.textContent = state.said;
    if (!snapshot || snapshot.queue === null) return this.drawOther(snapshot, failure);
    this.keep(() => {
      if (state.page === "results") this.drawResultsPage(state);
      else this.drawLabel(state, snapshot);
    });
  }

  private drawLabel(state: State, snapshot: LabelsSnapshot): void {
    const { app, regions, hosts } = this;
    const { queue, item, blind, keys, summary } = snapshot;
    if (this.shown !== "label") {
      fill(this.root, this.label, this.said);
      this.shown = "label";
    }
    const of = item?.item ?? null;
    regions.queue(JSON.stringify([queue, blind, summary?.agreement]), () => queueParts(snapshot));
    regions.notice(JSON.stringify([state.failure, snapshot.error, of, item === null]), () =>
      noticeParts(app, state),
    );
    regions.problem(JSON.stringify([of, blind, item?.facts, item?.conflict, state.problemOpen]), () =>
      problemParts(app, state),
    );
    this.steps.draw(state);
    const { marks } = state;
    regions.marks(JSON.stringify([marks.firstWrong, marks.marking, keys]), () => markParts(app, state));
    regions.choices(JSON.stringify([item?.label?.verdict, of === null, keys]), () =>
      choiceParts(app, snapshot),
    );
    regions.keys(JSON.stringify([keys, blind, snapshot.canUndo, state.flags?.length, state.rendered]), () =>
      keyParts(app, state),
    );
    regions.help(JSON.stringify([state.help, keys]), () => (state.help ? helpParts(app, snapshot) : []));
    regions.foot(JSON.stringify([summary, blind]), () => footParts(app, snapshot));
    hosts.notice.hidden = hosts.notice.childElementCount === 0;
    hosts.problem.hidden = item === null;
    this.noteField.disabled = item === null;
    hosts.help.hidden = !state.help;
  }

  private drawResultsPage(state: State): void {
    if (this.shown !== "results") {
      fill(this.root, this.results, this.said);
      this.shown = "results";
    }
    this.drawResults(JSON.stringify([state.results, state.failure, state.snapshot?.keys.results]), () =>
      resultsParts(this.app, state),
    );
  }

  /** Nothing to label yet, being read, or why not. */
  private drawOther(snapshot: LabelsSnapshot | null, failure: State["failure"]): void {
    const { app } = this;
    this.shown = "other";
    const error = failure ?? snapshot?.error ?? null;
    fill(this.root, this.said);
    const state = el("div", { class: "state" });
    this.root.append(state);
    if (error !== null) {
      state.id = "error";
      state.setAttribute("role", "alert");
      append(state, [
        el("p", {}, icon("fail", "error"), ` ${error.message}`),
        el(
          "p",
          { class: "row wrap" },
          button({ id: "retry", label: "Try again", primary: true, press: () => app.retry() }),
          button({
            id: "build-queue",
            label: "Build a queue",
            press: () => app.run(app.client.call("buildQueue", {})),
          }),
          linkButton({
            id: "show-log",
            label: "Show log",
            press: () => app.run(app.client.call("showLog", {})),
          }),
        ),
      ]);
    } else if (snapshot === null || snapshot.reading !== null) {
      const share = Math.round(100 * (snapshot?.reading ?? 0));
      state.id = "loading";
      append(state, [el("p", { class: "dim", role: "status" }, `Reading the rollouts, ${share} %`)]);
    } else {
      state.id = "empty";
      append(state, [
        el("p", {}, "A queue holds traces to judge: right answers on problems the model rarely solves."),
        el(
          "p",
          { class: "row wrap" },
          button({
            id: "build-queue",
            label: "Build a queue",
            primary: true,
            press: () => app.run(app.client.call("buildQueue", {})),
          }),
          linkButton({
            id: "import-rollouts",
            label: "Import rollouts",
            press: () => app.run(app.client.call("importRollouts", {})),
          }),
        ),
      ]);
    }
  }
}
