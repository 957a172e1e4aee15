// One trace: its text with the heat, its map, and what the pointer finds in it. Two stand beside each other to compare.
import type { InspectorOptions } from "../../src/protocol/inspector.ts";
import type { TraceView } from "../../src/protocol/traceView.ts";
import { el, fill, region, type Child } from "../shared/dom.ts";
import { type Painted, paintedBy } from "./buckets.ts";
import { firstEndingAfter, Heat, type HeatLayers } from "./heat.ts";
import { offsetAt } from "./hit.ts";
import { Minimap } from "./minimap.ts";
import { loadRendering } from "./rendering.ts";
import { TraceText } from "./traceText.ts";

const hoverDelayMs = 300;
const mapDelayMs = 100;

export interface ColumnPorts {
  readonly name: "trace" | "beside";
  readonly layers: HeatLayers;
  /** The pointer rests on a unit, or on none (-1). */
  readonly onHover: (unit: number) => void;
  readonly onLeave: () => void;
  readonly onEnter: () => void;
}

export class Column {
  readonly text = new TraceText({
    grown: (block) => this.heat.watch(block),
    settled: () => this.repaint(),
  });
  readonly scroller: HTMLElement;
  readonly element: HTMLElement;
  /** The unit that is looked at, -1 for none. */
  unit = -1;
  private readonly ports: ColumnPorts;
  private readonly heat: Heat;
  private readonly minimap: Minimap;
  private readonly now = el("div", { class: "now", hidden: true, "aria-hidden": "true" });
  private readonly head = el("div", { class: "columnHead" });
  private readonly headRegion = region(this.head);
  private readonly rendered = el("div", { class: "rendered", hidden: true });
  private view: TraceView | null = null;
  private painted: Painted | null = null;
  private shownText = "";
  private shownHeat = "";
  private hoverTimer = 0;
  private mapTimer = 0;
  private mapIdle = 0;

  constructor(ports: ColumnPorts) {
    this.ports = ports;
    const label = ports.name === "trace" ? "Trace, scrolls" : "Trace beside it, scrolls";
    this.scroller = el("div", {
      id: ports.name === "trace" ? "scroll" : "scroll-beside",
      class: "traceScroll",
      role: "region",
      tabindex: 0,
      "aria-label": label,
    });
    if (ports.name === "beside") this.text.element.id = "trace-beside";
    this.scroller.append(this.text.element, this.rendered, this.now);
    this.heat = new Heat(this.scroller, ports.layers);
    this.minimap = new Minimap(this.scroller, this.text);
    this.element = el(
      "section",
      { class: "column", "data-column": ports.name },
      this.head,
      el("div", { class: "columnBody" }, this.scroller, this.minimap.element),
    );
    this.listen();
  }

  private listen(): void {
    const { scroller, ports } = this;
    scroller.addEventListener("pointermove", ({ clientX, clientY }) => this.hover(clientX, clientY));
    scroller.addEventListener("pointerleave", () => this.left());
    scroller.addEventListener("pointerdown", () => ports.onEnter());
    scroller.addEventListener("focus", () => ports.onEnter());
    scroller.addEventListener("scroll", () => this.left());
    this.text.element.addEventListener("toggle", () => this.moved(), true);
    new ResizeObserver(() => this.moved()).observe(scroller);
  }

  /** `head`: above the text where two traces are compared. */
  show(
    view: TraceView,
    options: InspectorOptions,
    head: { key: string; build: () => readonly Child[] },
  ): void {
    this.view = view;
    this.headRegion(head.key, head.build);
    this.head.hidden = this.head.childElementCount === 0;
    const means = view.steps.map(({ meanSurprisal }) => meanSurprisal);
    const textKey = JSON.stringify([view.trace, options.text, view.text.length, view.question, means]);
    const isNew = textKey !== this.shownText;
    if (isNew) {
      this.shownText = textKey;
      this.shownHeat = "";
      this.showText(view, options);
    }
    const { text: _, ...colours } = options;
    const { scores } = view;
    const heatKey = JSON.stringify([colours, scores?.facts, scores?.summary, scores?.logRatio?.summary]);
    if (heatKey !== this.shownHeat) {
      this.shownHeat = heatKey;
      const laid = scores !== null && scores.facts.alignment !== "none" && options.text !== "rendered";
      this.painted = laid ? paintedBy(scores, options) : null;
      this.heat.paint(this.painted, view.claims);
      this.repaint();
    }
    if (isNew || this.unit >= 0 || !this.now.hidden) this.mark();
  }

  /** The text is gone from the page: what comes next is new. */
  forget(): void {
    this.shownText = "";
    this.heat.forget();
  }

  /** Brings a unit into view; its box in the window where it is drawn. */
  async goTo(unit: number): Promise<void> {
    this.unit = unit;
    const find = (): Range | null => this.rangeOf(unit);
    if (find()?.getClientRects().length === 0) this.text.fold(false);
    const box = find()?.getBoundingClientRect();
    const view = this.scroller.getBoundingClientRect();
    if (box && (box.top < view.top + 24 || box.bottom > view.bottom - 120))
      this.scroller.scrollTop += box.top - view.top - view.height / 3;
    this.mark();
    this.repaint();
    // The scroll that was caused here would close the card.
    await new Promise(requestAnimationFrame);
  }

  boxOf(unit: number): DOMRect | null {
    return this.rangeOf(unit)?.getClientRects()[0] ?? null;
  }

  /** To the next step's beginning, or the last one before the top. */
  toStep(direction: 1 | -1): void {
    this.text.finish();
    const top = this.scroller.getBoundingClientRect().top;
    const steps = [...this.text.element.querySelectorAll<HTMLElement>("[data-number]")];
    const places = steps.map((step) => step.getBoundingClientRect().top - top);
    const found =
      direction === 1 ? places.find((place) => place > 12) : places.findLast((place) => place < 4);
    if (found !== undefined) this.scroller.scrollTop += found - 8;
  }

  /** The map follows when the text stands: it asks for the place of every paragraph. */
  repaint(): void {
    clearTimeout(this.mapTimer);
    cancelIdleCallback(this.mapIdle);
    this.mapTimer = window.setTimeout(() => {
      this.mapIdle = requestIdleCallback(() => this.drawMap(), { timeout: 400 });
    }, mapDelayMs);
  }

  private drawMap(): void {
    if (!this.view || !this.text.whole) return;
    const start = this.view.scores?.starts[this.unit] ?? null;
    this.minimap.draw(this.painted, this.view.claims, start);
  }

  mark(): void {
    const range = this.rangeOf(this.unit);
    const box = range?.getClientRects()[0];
    this.now.hidden = !box;
    for (const part of this.text.element.querySelectorAll(".current")) part.classList.remove("current");
    if (!box || !range) return;
    const step = range.startContainer.parentElement?.closest<HTMLElement>("[data-step]")?.dataset["step"];
    if (step !== undefined)
      for (const part of this.text.element.querySelectorAll(`[data-step="${step}"]`))
        part.classList.add("current");
    const origin = this.scroller.getBoundingClientRect();
    this.now.style.left = `${box.left - origin.left + this.scroller.scrollLeft - 2}px`;
    this.now.style.top = `${box.top - origin.top + this.scroller.scrollTop - 1}px`;
    this.now.style.width = `${box.width + 4}px`;
    this.now.style.height = `${box.height + 2}px`;
  }

  private showText(view: TraceView, options: InspectorOptions): void {
    const rendered = options.text === "rendered";
    this.text.element.hidden = rendered;
    this.rendered.hidden = !rendered;
    this.minimap.element.hidden = rendered;
    if (!rendered) {
      fill(this.rendered);
      this.heat.forget();
      this.text.show(view, options.text);
      return;
    }
    this.heat.forget();
    fill(this.rendered, el("p", { class: "dim", role: "status" }, "Reading the Markdown"));
    const key = this.shownText;
    void loadRendering().then(
      (render) => this.shownText === key && render(this.rendered, view.text),
      () => {
        if (this.shownText !== key) return;
        const words = "The Markdown view did not load. Plain text and raw text are one key (r) away.";
        fill(this.rendered, el("p", { role: "alert" }, words));
      },
    );
  }

  private rangeOf(unit: number): Range | null {
    const scores = this.view?.scores;
    const start = scores?.starts[unit];
    return start === undefined ? null : this.text.rangeOf(start, scores?.ends[unit] ?? start);
  }

  private moved(): void {
    if (this.unit >= 0) this.mark();
    this.repaint();
  }

  private left(): void {
    clearTimeout(this.hoverTimer);
    this.ports.onLeave();
  }

  private hover(x: number, y: number): void {
    clearTimeout(this.hoverTimer);
    this.hoverTimer = window.setTimeout(() => {
      const scores = this.view?.scores;
      if (!scores || scores.facts.alignment === "none") return;
      const offset = offsetAt(this.text, x, y);
      this.ports.onHover(offset === -1 ? -1 : firstEndingAfter(scores.ends, offset));
    }, hoverDelayMs);
  }
}
