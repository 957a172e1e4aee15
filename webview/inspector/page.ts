// Lays the page out, and draws again only what shows something else than before.
import type { InspectorSnapshot } from "../../src/protocol/inspector.ts";
import type { TraceView } from "../../src/protocol/traceView.ts";
import { el, fill, placeKeeper, region } from "../shared/dom.ts";
import { Column } from "./column.ts";
import { compareHead } from "./compare.ts";
import { footParts } from "./foot.ts";
import { headParts } from "./head.ts";
import { HeatLayers } from "./heat.ts";
import { legendParts } from "./legend.ts";
import { markedParts, showTotals } from "./lowest.ts";
import { markedLists, markedUnits } from "./marked.ts";
import { noticeParts } from "./notices.ts";
import { problemParts } from "./problems.ts";
import type { App, State } from "./state.ts";
import { Spoken } from "./spoken.ts";
import { emptyParts } from "./states.ts";
import { summaryParts } from "./summary.ts";
import { TokenCard } from "./tokenCard.ts";
import { syncTools, toolParts } from "./tools.ts";

export class Page {
  readonly main: Column;
  private readonly beside: Column;
  /** Where keys go: the column that was touched last. */
  private active: Column;
  private readonly app: App;
  private readonly card = new TokenCard();
  private readonly spoken = new Spoken();
  private readonly hosts = {
    head: el("header", { class: "bar" }),
    tools: el("div", { class: "bar toolBar" }),
    summary: el("div", { class: "bar summary", "aria-label": "The trace in numbers" }),
    legend: el("div", { class: "legend", "aria-label": "Legend" }),
    notice: el("div", { class: "notice" }),
    question: el("div", {}),
    problems: el("nav", { class: "problems", "aria-label": "Problems" }),
    lowest: el("aside", { class: "lowest", "aria-label": "Marked tokens" }),
    foot: el("footer", { class: "foot" }),
  };
  private readonly columns: HTMLElement;
  private readonly root: HTMLElement;
  private readonly regions = Object.fromEntries(
    Object.entries(this.hosts).map(([name, host]) => [name, region(host)]),
  ) as Record<keyof Page["hosts"], ReturnType<typeof region>>;
  private readonly keep = placeKeeper();
  private asked = 0;

  constructor(root: HTMLElement, app: App) {
    this.root = root;
    this.app = app;
    const layers = new HeatLayers();
    this.main = this.column("trace", layers);
    this.beside = this.column("beside", layers);
    this.active = this.main;
    const { problems, lowest } = this.hosts;
    this.columns = el("main", { class: "columns" }, problems, this.main.element, this.beside.element, lowest);
  }

  /** What keys act on: its trace and where it is drawn. */
  get shown(): { readonly column: Column; readonly trace: TraceView | null } {
    const { snapshot } = this.app.state();
    const beside = this.active === this.beside ? snapshot?.beside : null;
    return beside
      ? { column: this.beside, trace: beside }
      : { column: this.main, trace: snapshot?.trace ?? null };
  }

  draw(state: State): void {
    const { snapshot } = state;
    const trace = snapshot?.trace ?? null;
    if (!snapshot || !trace) return this.drawEmpty(state);
    this.keep(() => this.drawBars(state, snapshot, trace));
    this.spoken.draw(state);
    const { beside, options } = snapshot;
    this.columns.classList.toggle("compared", beside !== null);
    this.beside.element.hidden = beside === null;
    const head = (view: TraceView) => ({
      key:
        beside === null
          ? ""
          : JSON.stringify([view.trace, view.scores?.summary, snapshot.traces[view.trace]]),
      build: () => (beside === null ? [] : compareHead(this.app, snapshot, view)),
    });
    this.main.show(trace, options, head(trace));
    if (beside) this.beside.show(beside, options, head(beside));
    else this.beside.forget();
  }

  /** Brings a unit of the column that keys act on into view and shows its numbers. */
  async goTo(unit: number): Promise<void> {
    const { column, trace } = this.shown;
    if (!trace?.scores || trace.scores.starts[unit] === undefined) return;
    await column.goTo(unit);
    await this.showCard(column, trace, unit);
  }

  /** Of the column that keys act on, in the order of its text. */
  marked(): ArrayLike<number> {
    const scores = this.shown.trace?.scores;
    const options = this.app.state().snapshot?.options;
    return scores && options ? markedUnits(scores, options) : [];
  }

  hideCard(): void {
    this.asked++;
    this.card.hide();
  }

  unmark(): void {
    for (const column of [this.main, this.beside]) {
      column.unit = -1;
      column.mark();
    }
  }

  /** All text stands on the page, unfolded: what is sought may lie anywhere in it. Seeking begins with the trace. */
  openAll(): void {
    // Words that nobody sees would be found too.
    this.spoken.hush();
    for (const { text } of [this.main, this.beside]) {
      text.finish();
      text.fold(false);
    }
    const question = this.hosts.question.querySelector("details");
    if (question) question.open = true;
    const { scroller } = this.shown.column;
    const selection = getSelection();
    if (!scroller.contains(selection?.anchorNode ?? null)) selection?.collapse(scroller, 0);
  }

  repaint(): void {
    this.main.repaint();
    this.beside.repaint();
  }

  private column(name: "trace" | "beside", layers: HeatLayers): Column {
    const column: Column = new Column({
      name,
      layers,
      onEnter: () => (this.active = column),
      onLeave: () => this.hideCard(),
      onHover: (unit) => {
        const { snapshot } = this.app.state();
        const trace = name === "trace" ? snapshot?.trace : snapshot?.beside;
        if (unit === -1 || !trace) this.hideCard();
        else void this.showCard(column, trace, unit);
      },
    });
    return column;
  }

  private drawBars(state: State, snapshot: InspectorSnapshot, trace: TraceView): void {
    const { app, hosts, regions } = this;
    if (this.columns.parentElement !== this.root) {
      const { head, tools, summary, legend, notice, question, foot } = hosts;
      const bars = [head, tools, summary, legend, notice, question];
      fill(this.root, ...bars, this.columns, foot, this.card.element, this.spoken.element);
    }
    const { options, scorer, scorers, beside, problem, own } = snapshot;
    const { scores } = trace;
    const of = [trace.trace, snapshot.title, problem];
    const whose = [of, scorer, scorers, scores?.summary ?? null, scores?.logRatio?.summary ?? null];
    const key = (...parts: readonly unknown[]): string => JSON.stringify(parts);
    regions.head(key(of, state.help, snapshot.traces, beside?.trace, options.text, snapshot.follow), () =>
      headParts(app, snapshot),
    );
    const mode = [options.colour, options.against];
    regions.tools(key(scorer, scorers, scores === null, trace.text === "", mode), () =>
      toolParts(app, snapshot),
    );
    syncTools(hosts.tools, options);
    regions.summary(
      key(whose, options.colour, scores?.reachSummary, scores?.percentile, own, state.scoring),
      () => summaryParts(app, snapshot),
    );
    const { thresholdNats: _, ...legend } = options;
    regions.legend(key(of, scorer, scorers, scores === null, scores?.logRatio === null, legend), () =>
      legendParts(app, snapshot),
    );
    const lacking = beside !== null && beside.scores === null ? beside.trace : null;
    regions.notice(key(whose, mode, lacking, state.failure, state.scoring), () => noticeParts(app, state));
    regions.question(key(of, trace.question), () => [trace.question !== "" && question(trace.question)]);
    regions.foot(key(whose, state.help), () => footParts(state));
    regions.problems(key(state.problems, problem, state.listed), () => problemParts(app, state));
    const lists = scores && !beside ? markedLists(scores, options) : [];
    const rows = lists.map((list) => ({ ...list, total: 0 }));
    regions.lowest(key(of, rows, state.unit), () => markedParts(app, trace, { lists, unit: state.unit }));
    showTotals(hosts.lowest, lists);
    hosts.problems.hidden = hosts.problems.childElementCount === 0;
    hosts.tools.hidden = hosts.tools.childElementCount === 0;
    hosts.summary.hidden = beside !== null || hosts.summary.childElementCount === 0;
    hosts.notice.hidden = hosts.notice.childElementCount === 0;
    hosts.legend.hidden = hosts.legend.childElementCount === 0;
    hosts.lowest.hidden = lists.length === 0;
  }

  private drawEmpty(state: State): void {
    this.main.forget();
    this.beside.forget();
    fill(this.root, ...emptyParts(this.app, state));
  }

  private async showCard(column: Column, trace: TraceView, unit: number): Promise<void> {
    const { starts, ends } = trace.scores ?? {};
    const [start, end] = [starts?.[unit], ends?.[unit]];
    if (start === undefined || end === undefined) return;
    const turn = ++this.asked;
    const detail = await this.app.client.call("readUnit", { trace: trace.trace, unit }).catch(() => null);
    const box = column.boxOf(unit);
    if (turn !== this.asked || detail === null || !box) return;
    this.card.element.dataset["unit"] = String(unit);
    const { snapshot } = this.app.state();
    this.card.show(detail, box, cardNames(snapshot));
  }
}

/** The scorers' names, where two are compared. */
function cardNames(snapshot: InspectorSnapshot | null): readonly [string, string] | null {
  const { options, scorers = [], scorer } = snapshot ?? {};
  if (options?.colour !== "logRatio" || options.against === null) return null;
  const name = (id: string | null | undefined): string =>
    scorers.find((one) => one.id === id)?.name ?? id ?? "";
  return [name(scorer), name(options.against)];
}

const question = (text: string): HTMLElement =>
  el("details", { class: "question" }, el("summary", {}, "Problem"), el("pre", {}, text));
