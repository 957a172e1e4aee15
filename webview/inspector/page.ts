// Lays the page out, and draws again only what shows something else than before.
import type { TraceView } from "../../src/protocol/inspector.ts";
import { el, fill, placeKeeper, region } from "../shared/dom.ts";
import { button } from "../shared/controls.ts";
import { icon } from "../shared/icons.ts";
import { footParts, headParts, legendParts, noticeParts, toolParts } from "./bars.ts";
import { bucketsOf, lowUnits } from "./buckets.ts";
import { firstEndingAfter, Heat } from "./heat.ts";
import { lowestParts } from "./lowest.ts";
import { Minimap } from "./minimap.ts";
import type { App, State } from "./state.ts";
import { TokenCard } from "./tokenCard.ts";
import { TraceText } from "./traceText.ts";

const hoverDelayMs = 300;
const mapDelayMs = 100;

export class Page {
  readonly text = new TraceText();
  readonly scroller = el("div", {
    id: "scroll",
    class: "traceScroll",
    tabindex: 0,
    "aria-label": "Trace, scrolls",
  });
  private readonly app: App;
  private readonly heat = new Heat(this.scroller);
  private readonly minimap = new Minimap(this.scroller, this.text);
  private readonly card = new TokenCard();
  private readonly now = el("div", { class: "now", hidden: true, "aria-hidden": "true" });
  private readonly hosts = {
    head: el("header", { class: "bar" }),
    tools: el("div", { class: "bar" }),
    legend: el("div", { class: "legend", "aria-label": "Legend" }),
    notice: el("div", { class: "notice" }),
    question: el("div", {}),
    lowest: el("aside", { class: "lowest", "aria-label": "Lowest tokens" }),
    foot: el("footer", { class: "foot" }),
  };
  private readonly columns = el(
    "main",
    { class: "columns" },
    this.scroller,
    this.minimap.element,
    this.hosts.lowest,
  );
  private readonly root: HTMLElement;
  private readonly regions = Object.fromEntries(
    Object.entries(this.hosts).map(([name, host]) => [name, region(host)]),
  ) as Record<keyof Page["hosts"], ReturnType<typeof region>>;
  private readonly keep = placeKeeper();
  private shownText = "";
  private shownHeat = "";
  private buckets: Uint8Array = new Uint8Array();
  private timer = 0;
  private mapTimer = 0;
  private asked = 0;

  constructor(root: HTMLElement, app: App) {
    this.root = root;
    this.app = app;
    this.scroller.append(this.text.element, this.now);
    this.scroller.addEventListener("pointermove", ({ clientX, clientY }) => this.hover(clientX, clientY));
    this.scroller.addEventListener("pointerleave", () => this.hideCard());
    this.scroller.addEventListener("scroll", () => this.hideCard());
    this.text.element.addEventListener("toggle", () => this.moved(), true);
    new ResizeObserver(() => this.moved()).observe(this.scroller);
  }

  /** Units of at least the threshold, in order. */
  low(): readonly number[] {
    const { snapshot } = this.app.state();
    const scores = snapshot?.trace?.scores;
    return scores ? lowUnits(scores, snapshot.options.thresholdNats) : [];
  }

  draw(state: State): void {
    const { snapshot, failure } = state;
    const trace = snapshot?.trace ?? null;
    if (!snapshot || !trace) return this.drawEmpty(state);
    const { app, hosts, regions } = this;
    this.keep(() => {
      if (this.columns.parentElement !== this.root) {
        const { head, tools, legend, notice, question, foot } = hosts;
        fill(this.root, head, tools, legend, notice, question, this.columns, foot, this.card.element);
      }
      const of = JSON.stringify([trace.trace, snapshot.title]);
      const whose = JSON.stringify([
        of,
        snapshot.scorer,
        snapshot.scorers,
        snapshot.options,
        trace.scores?.summary,
      ]);
      regions.head(JSON.stringify([of, state.help, snapshot.traces[trace.trace]]), () =>
        headParts(app, snapshot),
      );
      regions.tools(whose, () => toolParts(app, snapshot));
      regions.legend(whose, () => legendParts(snapshot));
      regions.notice(JSON.stringify([whose, failure, state.scoring]), () => noticeParts(app, state));
      regions.question(of, () => [trace.question !== "" && question(trace.question)]);
      regions.foot(JSON.stringify([whose, state.help]), () => footParts(state));
      regions.lowest(JSON.stringify([whose, state.unit]), () =>
        lowestParts(app, trace, { low: this.low().length, unit: state.unit }),
      );
    });
    hosts.notice.hidden = hosts.notice.childElementCount === 0;
    hosts.legend.hidden = hosts.legend.childElementCount === 0;
    hosts.lowest.hidden = trace.scores === null;
    this.columns.classList.toggle("unscored", trace.scores === null);
    this.drawTrace(state, trace);
  }

  /** Brings a unit into view and shows its numbers. */
  async goTo(unit: number): Promise<void> {
    const trace = this.app.state().snapshot?.trace;
    const start = trace?.scores?.starts[unit];
    if (!trace?.scores || start === undefined) return;
    const find = (): Range | null => this.text.rangeOf(start, trace.scores?.ends[unit] ?? start);
    if (find()?.getClientRects().length === 0) this.text.fold(false);
    const box = find()?.getBoundingClientRect();
    const view = this.scroller.getBoundingClientRect();
    if (box && (box.top < view.top + 24 || box.bottom > view.bottom - 120))
      this.scroller.scrollTop += box.top - view.top - view.height / 3;
    this.mark(unit);
    // The scroll that was caused here would close the card.
    await new Promise(requestAnimationFrame);
    await this.showCard(unit);
  }

  hideCard(): void {
    clearTimeout(this.timer);
    this.asked++;
    this.card.hide();
  }

  /** The map follows when the text stands: it asks for the place of every paragraph. */
  repaint(): void {
    clearTimeout(this.mapTimer);
    this.mapTimer = window.setTimeout(() => {
      const trace = this.app.state().snapshot?.trace;
      if (trace) this.minimap.draw(trace.scores, this.buckets, trace.claims);
    }, mapDelayMs);
  }

  private drawTrace({ snapshot, unit }: State, trace: TraceView): void {
    const options = snapshot?.options;
    if (!options) return;
    const means = trace.steps.map(({ meanSurprisal }) => meanSurprisal);
    const textKey = JSON.stringify([trace.trace, options.text, trace.text.length, means]);
    if (textKey !== this.shownText) {
      this.shownText = textKey;
      this.shownHeat = "";
      this.text.show(trace, options.text);
      this.heat.setBlocks(this.text.blocks);
    }
    const heatKey = JSON.stringify([textKey, options.colour, options.thresholdNats, snapshot?.scorer]);
    if (heatKey !== this.shownHeat) {
      this.shownHeat = heatKey;
      const { scores } = trace;
      const laid = scores !== null && scores.facts.alignment !== "none";
      this.buckets = laid ? bucketsOf(scores, options.colour, options.thresholdNats) : new Uint8Array();
      this.heat.setScores(laid ? scores : null, this.buckets, trace.claims);
      this.repaint();
    }
    this.mark(unit);
  }

  private drawEmpty({ snapshot, failure }: State): void {
    const message = snapshot?.error ?? failure?.message ?? null;
    this.shownText = "";
    fill(
      this.root,
      message === null
        ? el("div", { class: "state", id: "loading" }, el("p", { class: "dim" }, "Reading the trace"))
        : el(
            "div",
            { class: "state", id: "error", role: "alert" },
            el("p", {}, icon("fail", "error"), ` ${message}`),
            el(
              "p",
              { class: "row" },
              button({ id: "retry", label: "Try again", press: () => this.app.openTrace(0) }),
              button({
                id: "show-log",
                label: "Show log",
                press: () => this.app.run(this.app.client.call("showLog", {})),
              }),
            ),
          ),
    );
  }

  private moved(): void {
    this.mark(this.app.state().unit);
    this.repaint();
  }

  private mark(unit: number): void {
    const scores = this.app.state().snapshot?.trace?.scores;
    const start = scores?.starts[unit];
    const range = start === undefined ? null : this.text.rangeOf(start, scores?.ends[unit] ?? start);
    const box = range?.getClientRects()[0];
    this.now.hidden = !box;
    for (const step of this.text.element.querySelectorAll(".step.current")) step.classList.remove("current");
    if (!box || !range) return;
    range.startContainer.parentElement?.closest(".step")?.classList.add("current");
    const origin = this.scroller.getBoundingClientRect();
    this.now.style.left = `${box.left - origin.left + this.scroller.scrollLeft - 2}px`;
    this.now.style.top = `${box.top - origin.top + this.scroller.scrollTop - 1}px`;
    this.now.style.width = `${box.width + 4}px`;
    this.now.style.height = `${box.height + 2}px`;
  }

  private hover(x: number, y: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      const scores = this.app.state().snapshot?.trace?.scores;
      if (!scores || scores.facts.alignment === "none") return;
      const offset = this.text.offsetAt(x, y);
      if (offset === -1) return this.hideCard();
      void this.showCard(firstEndingAfter(scores.ends, offset));
    }, hoverDelayMs);
  }

  private async showCard(unit: number): Promise<void> {
    const trace = this.app.state().snapshot?.trace;
    const [start, end] = [trace?.scores?.starts[unit], trace?.scores?.ends[unit]];
    if (!trace || start === undefined || end === undefined) return;
    const turn = ++this.asked;
    const detail = await this.app.client.call("readUnit", { trace: trace.trace, unit }).catch(() => null);
    const box = this.text.rangeOf(start, end)?.getClientRects()[0];
    if (turn !== this.asked || detail === null || !box) return;
    this.card.element.dataset["unit"] = String(unit);
    this.card.show(detail, box);
  }
}

const question = (text: string): HTMLElement =>
  el("details", { class: "question" }, el("summary", {}, "Problem"), el("pre", {}, text));
