// The trace by steps, as text: whatever a model wrote is text. One element a step.
import type { FlagView, ItemView } from "../../src/protocol/labels.ts";
import { append, el, fill } from "../shared/dom.ts";
import { IdleSlices } from "../inspector/idleSlices.ts";
import { loadRendering, type Render } from "../inspector/rendering.ts";
import { icon } from "../shared/icons.ts";
import { noMarks } from "./stepMarks.ts";
import type { App, State } from "./state.ts";

/** Steps that are set between two frames; keys are answered in between. */
const sliceMs = 6;
/** Steps that stand at once, more than a tall view shows; the rest follows in idle time, so many a slice. */
const firstSteps = 300;
const sliceSteps = 400;

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
  private readonly putting = new IdleSlices(sliceSteps, 50);
  private marks: State["marks"] = noMarks;
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
    this.marks = marks;
    if (Math.max(marks.cursor, marks.firstWrong ?? 0) >= this.parts.length) this.putting.finish();
    for (const [i, part] of this.parts.entries()) this.markPart(part, i);
    this.element.setAttribute("aria-activedescendant", this.parts[marks.cursor]?.id ?? "");
    this.element.querySelector(".firstWrong")?.remove();
    if (marks.firstWrong !== null)
      this.parts[marks.firstWrong]?.append(
        el("div", { class: "firstWrong small" }, icon("flag", "bad"), "first wrong step"),
      );
  }

  private markPart(part: HTMLElement, i: number): void {
    const { cursor, firstWrong } = this.marks;
    part.classList.toggle("current", i === cursor);
    part.classList.toggle("after", firstWrong !== null && i > firstWrong);
    part.setAttribute("aria-selected", String(i === cursor));
  }

  /** Brings a step into view. */
  reveal(step: number): void {
    if (step >= this.parts.length) this.putting.finish();
    this.parts[step]?.scrollIntoView({ block: "nearest" });
  }

  textOf(step: number): string {
    return stepText(this.item, step);
  }

  private show(item: ItemView | null): void {
    this.item = item;
    this.shownMarks = "";
    this.shownFlags = null;
    this.parts = [];
    fill(this.element);
    const parts = this.partsOf(item);
    for (let i = 0; i < firstSteps && parts.next().done !== true; i++);
    this.putting.start(parts, () => undefined);
    this.element.scrollTop = 0;
    const first = this.app.state().marks.firstWrong;
    if (first !== null) this.reveal(first);
  }

  /** Puts step after step on the page. */
  private *partsOf(item: ItemView | null): Generator<number, void> {
    for (let i = 0; i < (item?.steps.length ?? 0); i++) {
      const part = el(
        "div",
        { id: `step-${i}`, class: "step", role: "option", "data-step": i },
        el("span", { class: "number", "aria-hidden": "true" }, i + 1),
        el("div", { class: "stepText" }, stepText(item, i)),
      );
      this.markPart(part, i);
      this.parts.push(part);
      this.element.append(part);
      yield 1;
    }
  }

  /** Markdown and LaTeX as nodes, from the first step on; or the text as it is. */
  private async setText(isSet: boolean): Promise<void> {
    this.isSet = isSet;
    this.putting.finish();
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
    if (flags !== null && flags.length > 0) this.putting.finish();
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
