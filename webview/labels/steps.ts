// The trace by steps, as text: whatever a model wrote is text. One element a step.
import type { FlagView, ItemView } from "../../src/protocol/labels.ts";
import { append, el, fill } from "../shared/dom.ts";
import { loadRendering, type Render } from "../inspector/rendering.ts";
import { icon } from "../shared/icons.ts";
import type { App, State } from "./state.ts";

/** Steps that are set between two frames; keys are answered in between. */
const sliceMs = 6;

export class Steps {
  readonly element = el("div", {
    id: "steps",
    class: "steps",
    role: "listbox",
    tabindex: 0,
    "aria-label": "Steps of the trace",
  });
  private readonly app: App;
  private parts: HTMLElement[] = [];
  private item: ItemView | null = null;
  private shownMarks = "";
  private shownFlags: readonly FlagView[] | null = null;
  private isSet = false;

  constructor(app: App) {
    this.app = app;
    this.element.addEventListener("click", ({ target }) => {
      const step = (target as HTMLElement).closest<HTMLElement>(".step")?.dataset["step"];
      if (step !== undefined) app.goToStep(Number(step));
    });
    this.element.addEventListener("keydown", (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      app.goToStep(app.state().marks.cursor + by);
      event.preventDefault();
    });
  }

  draw({ snapshot, marks, flags, rendered }: State): void {
    const item = snapshot?.item ?? null;
    const isOther = item?.item !== this.item?.item || item?.text !== this.item?.text;
    if (isOther) this.show(item);
    if (rendered !== this.isSet || (rendered && isOther)) void this.setText(rendered);
    if (flags !== this.shownFlags) this.showFlags(flags);
    const key = JSON.stringify([item?.item, marks]);
    if (key === this.shownMarks) return;
    this.shownMarks = key;
    for (const [i, part] of this.parts.entries()) {
      part.classList.toggle("current", i === marks.cursor);
      part.classList.toggle("after", marks.firstWrong !== null && i > marks.firstWrong);
      part.setAttribute("aria-selected", String(i === marks.cursor));
    }
    this.element.setAttribute("aria-activedescendant", this.parts[marks.cursor]?.id ?? "");
    this.element.querySelector(".firstWrong")?.remove();
    if (marks.firstWrong !== null)
      this.parts[marks.firstWrong]?.append(
        el("div", { class: "firstWrong small" }, icon("flag", "bad"), "first wrong step"),
      );
  }

  /** Brings a step into view. */
  reveal(step: number): void {
    this.parts[step]?.scrollIntoView({ block: "nearest" });
  }

  textOf(step: number): string {
    return stepText(this.item, step);
  }

  private show(item: ItemView | null): void {
    this.item = item;
    this.shownMarks = "";
    this.shownFlags = null;
    this.parts = (item?.steps ?? []).map((_, i) =>
      el(
        "div",
        { id: `step-${i}`, class: "step", role: "option", "data-step": i },
        el("span", { class: "number", "aria-hidden": "true" }, i + 1),
        el("div", { class: "stepText" }, stepText(item, i)),
      ),
    );
    fill(this.element, ...this.parts);
    this.element.scrollTop = 0;
    const first = this.app.state().marks.firstWrong;
    if (first !== null) this.reveal(first);
  }

  /** Markdown and LaTeX as nodes, from the first step on; or the text as it is. */
  private async setText(isSet: boolean): Promise<void> {
    this.isSet = isSet;
    const { item, parts } = this;
    if (!isSet) {
      for (const [i, host] of this.texts()) host.textContent = stepText(item, i);
      return;
    }
    try {
      const render = await loadRendering();
      if (this.isSet && this.parts === parts) this.renderFrom(render, 0);
    } catch (error) {
      this.isSet = false;
      this.app.run(Promise.reject(error));
      this.app.set({ rendered: false });
    }
  }

  private renderFrom(render: Render, first: number): void {
    const { item, parts } = this;
    const untilMs = performance.now() + sliceMs;
    for (const [i, host] of this.texts().slice(first)) {
      render(host, stepText(item, i));
      if (performance.now() < untilMs) continue;
      requestAnimationFrame(() => {
        if (this.isSet && this.parts === parts) this.renderFrom(render, i + 1);
      });
      return;
    }
  }

  private texts(): readonly (readonly [number, HTMLElement])[] {
    return this.parts.flatMap((part, i) => {
      const host = part.querySelector<HTMLElement>(".stepText");
      return host === null ? [] : [[i, host] as const];
    });
  }

  private showFlags(flags: readonly FlagView[] | null): void {
    this.shownFlags = flags;
    for (const old of this.element.querySelectorAll(".flag")) old.remove();
    const { steps = [] } = this.item ?? {};
    for (const { start, message } of flags ?? []) {
      const part = this.parts[steps.findIndex((step) => start >= step.start && start < step.end)];
      if (part !== undefined)
        append(part, [el("div", { class: "flag small" }, icon("warn", "error"), el("span", {}, message))]);
    }
  }
}

function stepText(item: ItemView | null, step: number): string {
  const { start, end } = item?.steps[step] ?? { start: 0, end: 0 };
  return item?.text.slice(start, end).trim() ?? "";
}
