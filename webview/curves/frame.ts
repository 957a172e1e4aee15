// The page around the tabs: head, tabs, live lines, tools, parity, footer, and the states without data.
import { relabel } from "../shared/controls.ts";
import { el, fill, placeKeeper, region } from "../shared/dom.ts";
import { rove } from "../shared/rove.ts";
import type { App, FootItem, Shown, State, TabView } from "./app.ts";
import type { DrillView } from "./drill.ts";
import { emptyPage, waiting } from "./emptyPage.ts";
import { headParts, subtitle } from "./head.ts";
import { failureLine, issueLines, parityLine } from "./notices.ts";
import { liveKey, liveLines, liveSummary, updateLive } from "./live.ts";
import { problemCountText } from "./problemsTab.ts";
import type { TabEntry } from "./tabTable.ts";
import { changedLines, judgingLines } from "./verdictNotices.ts";

export interface Frame {
  draw(state: State): void;
}

export interface FrameOptions {
  readonly root: HTMLElement;
  readonly app: App;
  readonly tabs: readonly TabEntry[];
  readonly drill: DrillView;
}

export function createFrame({ root, app, tabs, drill }: FrameOptions): Frame {
  const views = new Map(tabs.map(({ id, create }) => [id, create(app)]));
  // What an earlier build kept may name a tab that is not here.
  const place = (tab: string): number =>
    Math.max(
      0,
      tabs.findIndex(({ id }) => id === tab),
    );
  const viewOf = (tab: string): TabView => views.get(tabs[place(tab)]?.id ?? "") as TabView;
  const head = el("header", { class: "head" });
  const tabButtons = tabs.map((tab) => tabElement(app, tab));
  const tabList = el("div", { class: "tabs", role: "tablist", "aria-label": "Views" }, ...tabButtons);
  const live = el("div", { class: "live", id: "live" });
  const spoken = el("div", { class: "spoken", "aria-live": "polite", id: "live-readout" });
  const tools = el("div", { class: "tools", id: "tools" });
  const notices = el("div", { class: "notices" });
  const body = el("main", { class: "body", id: "body", role: "tabpanel", "data-scroll": "curve" });
  const foot = el("footer", { class: "foot", id: "foot" });
  const page = el("div", { class: "page" }, head, tabList, live, spoken, tools, notices, body, foot);
  const whole = el("div", { class: "wholePage" });
  const show = {
    head: region(head),
    live: region(live),
    tools: region(tools),
    notices: region(notices),
    foot: region(foot),
  };
  const inPlace = placeKeeper();
  let shownTab: string | null = null;
  let drilled = false;
  let parityOpen = false;

  tabList.addEventListener("keydown", (event) => walkTabs(event, app, tabs));

  const drawBody = (state: Shown): void => {
    const { tab } = state.look;
    const into = state.look.drill !== null;
    if (shownTab !== null && (shownTab !== tab || into !== drilled)) {
      if (drilled) drill.leave();
      else viewOf(shownTab).leave();
      fill(body);
    }
    if (shownTab !== null && shownTab === tab && drilled && !into) queueMicrotask(() => focusRow(body));
    if (into && !drilled) queueMicrotask(() => body.querySelector<HTMLElement>("#drill-back")?.focus());
    [shownTab, drilled] = [tab, into];
    body.dataset["scroll"] = into ? "drill" : tab;
    body.className = `body ${into ? "drilled" : tab}`;
    body.setAttribute("aria-labelledby", `tab-${tab}`);
    if (state.look.drill) drill.render(body, state, state.look.drill);
    else if (state.snapshot.runs.every((run) => run.samples === 0)) {
      viewOf(tab).leave();
      fill(body, waiting(state));
    } else viewOf(tab).render(body, state);
  };

  const drawNotices = (state: Shown): void => {
    const { snapshot, failure } = state;
    const toggle = (): void => {
      parityOpen = !parityOpen;
      drawNotices(state);
    };
    show.notices(
      JSON.stringify([
        snapshot.parity,
        snapshot.issues,
        failure,
        parityOpen,
        snapshot.runs.map(({ id, verdicts }) => [id, verdicts.changed, verdicts.shown]),
        state.look.tab === "verdicts",
        state.judging,
      ]),
      () => [
        failureLine(failure),
        ...issueLines(app, snapshot),
        ...parityLine(snapshot, parityOpen, toggle),
        ...judgingLines(snapshot, state.judging),
        ...(state.look.tab === "verdicts" ? [] : changedLines(app, snapshot)),
      ],
    );
  };

  const drawShown = (state: Shown): void => {
    const { look, snapshot } = state;
    const view = viewOf(look.tab);
    page.classList.toggle("inDrill", look.drill !== null);
    show.head(JSON.stringify([snapshot.title, look.tab, look.fullTable, look.drill !== null]), () =>
      headParts(app, state, view),
    );
    write(head.querySelector("#subtitle"), subtitle(state, view));
    tabButtons.forEach((button, at) => mark(button, at === place(look.tab)));
    show.live(liveKey(state.progress), () => liveLines(app, state));
    updateLive(live, state);
    write(spoken, liveSummary(state));
    const parts = view.tools(state);
    show.tools(look.tab + parts.key, parts.build);
    for (const [id, labels] of Object.entries(parts.labels ?? {})) relabel(id, labels);
    write(tools.querySelector("#problem-count"), problemCountText(state));
    drawNotices(state);
    drawBody(state);
    const items = view.foot(state);
    show.foot(JSON.stringify(items), () => footParts(items));
  };

  return {
    draw: (state) =>
      inPlace(() => {
        const { snapshot } = state;
        const empty = !snapshot || snapshot.error !== null || snapshot.runs.length === 0;
        const parent = empty ? whole : page;
        if (parent.parentElement !== root) fill(root, parent);
        if (empty) fill(whole, emptyPage(app, state));
        else drawShown({ ...state, snapshot });
      }),
  };
}

/** Numbers that a live run moves are written into what is there: nothing is rebuilt under the person's hands. */
function write(host: Element | null, words: string): void {
  if (host && host.textContent !== words) host.textContent = words;
}

/** Back in the list, the row that was opened has the focus again. */
function focusRow(body: HTMLElement): void {
  const row =
    body.querySelector<HTMLElement>("tr.selected") ?? body.querySelector<HTMLElement>("tr[tabindex='0']");
  row?.focus({ preventScroll: true });
}

function tabElement(app: App, { id, name }: TabEntry): HTMLElement {
  return el(
    "button",
    {
      type: "button",
      role: "tab",
      id: `tab-${id}`,
      "aria-controls": "body",
      on: { click: () => app.show({ tab: id, drill: null }) },
    },
    name,
  );
}

/** The tab stays the same element: the focus that stands on it is not lost and sought again. */
function mark(tab: HTMLElement, on: boolean): void {
  tab.className = on ? "tab on" : "tab";
  tab.ariaSelected = String(on);
  tab.tabIndex = on ? 0 : -1;
}

function walkTabs(event: KeyboardEvent, app: App, tabs: readonly TabEntry[]): void {
  const at = tabs.findIndex(({ id }) => id === app.state().look.tab);
  const next = rove(event.key, Math.max(0, at), tabs.length, "across");
  const tab = next === null ? undefined : tabs[next];
  if (!tab) return;
  app.show({ tab: tab.id, drill: null });
  queueMicrotask(() => document.getElementById(`tab-${tab.id}`)?.focus());
  event.preventDefault();
}

function footParts(items: readonly FootItem[]): readonly HTMLElement[] {
  return items.map(({ label, value, title, mono }) =>
    el(
      "span",
      { title: title ?? null, class: mono ? "atEnd" : null },
      `${label} `,
      el("b", { class: mono ? "mono" : null }, value),
    ),
  );
}
