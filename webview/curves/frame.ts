// The page around the tabs: head, tabs, live lines, tools, parity, footer, and the states without data.
import type { CurvesSnapshot } from "../../src/protocol/curves.ts";
import { button, iconButton, linkButton } from "../shared/controls.ts";
import { el, fill, placeKeeper, region, type Child } from "../shared/dom.ts";
import { count, counted } from "../shared/format.ts";
import { icon } from "../shared/icons.ts";
import { openMenu, type MenuItem } from "../shared/menu.ts";
import { table } from "../shared/table.ts";
import type { App, FootItem, Shown, State, TabView } from "./app.ts";
import type { DrillView } from "./drill.ts";
import { exportItems } from "./exports.ts";
import { nText } from "./foot.ts";
import { liveKey, liveLines, liveSummary, updateLive } from "./live.ts";
import { tabs, type Tab } from "./look.ts";
import { pairModel } from "./pairModel.ts";
import { problemCountText } from "./problemsTab.ts";

const tabNames: Readonly<Record<Tab, string>> = {
  curve: "Curve",
  histogram: "Histogram",
  coverage: "Coverage",
  problems: "Problems",
};

export interface Frame {
  draw(state: State): void;
}

export interface FrameOptions {
  readonly root: HTMLElement;
  readonly app: App;
  readonly views: Readonly<Record<Tab, TabView>>;
  readonly drill: DrillView;
}

export function createFrame({ root, app, views, drill }: FrameOptions): Frame {
  const head = el("header", { class: "head" });
  const tabList = el("div", { class: "tabs", role: "tablist", "aria-label": "Views" });
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
    tabs: region(tabList),
    live: region(live),
    tools: region(tools),
    notices: region(notices),
    foot: region(foot),
  };
  const inPlace = placeKeeper();
  let shownTab: Tab | null = null;
  let drilled = false;
  let parityOpen = false;

  tabList.addEventListener("keydown", (event) => walkTabs(event, app));

  const drawBody = (state: Shown): void => {
    const { tab } = state.look;
    const into = state.look.drill !== null;
    if (shownTab !== null && (shownTab !== tab || into !== drilled)) {
      if (drilled) drill.leave();
      else views[shownTab].leave();
      fill(body);
    }
    if (shownTab !== null && shownTab === tab && drilled && !into) queueMicrotask(() => focusRow(body));
    if (into && !drilled) queueMicrotask(() => body.querySelector<HTMLElement>("#drill-back")?.focus());
    [shownTab, drilled] = [tab, into];
    body.dataset["scroll"] = into ? "drill" : tab;
    body.className = `body ${into ? "drilled" : tab}`;
    body.setAttribute("aria-labelledby", `tab-${tab}`);
    if (state.look.drill) drill.render(body, state, state.look.drill);
    else views[tab].render(body, state);
  };

  const drawNotices = (state: Shown): void => {
    const { snapshot, failure } = state;
    const toggle = (): void => {
      parityOpen = !parityOpen;
      drawNotices(state);
    };
    show.notices(
      JSON.stringify([snapshot.parity, snapshot.issues, failure, parityOpen, snapshot.runs.length]),
      () => [
        failure !== null &&
          el("div", { class: "parity lit", role: "alert" }, icon("fail", "error"), el("span", {}, failure)),
        ...issueLines(app, snapshot),
        ...parityLine(snapshot, parityOpen, toggle),
      ],
    );
  };

  const drawShown = (state: Shown): void => {
    const { look, snapshot } = state;
    const view = views[look.tab];
    page.classList.toggle("inDrill", look.drill !== null);
    show.head(
      JSON.stringify([snapshot.title, subtitle(state), look.tab, look.fullTable, look.drill !== null]),
      () => headParts(app, state, view),
    );
    show.tabs(look.tab, () => tabs.map((tab) => tabElement(app, tab, look.tab)));
    show.live(liveKey(state.progress), () => liveLines(app, state));
    updateLive(live, state);
    spokenChange(spoken, liveSummary(state));
    const parts = view.tools(state);
    show.tools(look.tab + parts.key, parts.build);
    const counted = tools.querySelector("#problem-count");
    if (counted) counted.textContent = problemCountText(state);
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

function spokenChange(host: HTMLElement, words: string): void {
  if (host.textContent !== words) host.textContent = words;
}

/** Back in the list, the row that was opened has the focus again. */
function focusRow(body: HTMLElement): void {
  const row =
    body.querySelector<HTMLElement>("tr.selected") ?? body.querySelector<HTMLElement>("tr[tabindex='0']");
  row?.focus({ preventScroll: true });
}

function subtitle(state: Shown): string {
  const { snapshot, look } = state;
  const { runs } = snapshot;
  const pair = look.tab === "curve" ? null : pairModel(snapshot, look);
  const looked = pair ? [pair.first, ...(pair.second ? [pair.second] : [])] : runs;
  const share =
    looked.length < runs.length
      ? `${looked.length} of ${counted(runs.length, "run")}`
      : counted(runs.length, "run");
  return `${share} · ${counted(snapshot.problems.length, "problem")} · n = ${nText(looked)}`;
}

function headParts(app: App, state: Shown, view: TabView): readonly HTMLElement[] {
  const { snapshot, look } = state;
  const current = (): Shown => ({ ...app.state(), snapshot: app.state().snapshot ?? snapshot });
  const menu = (label: string, items: () => readonly MenuItem[]) => (event: MouseEvent) =>
    openMenu(event.currentTarget as HTMLElement, label, items());
  const charted = (look.tab === "curve" || look.tab === "histogram") && look.drill === null;
  return [
    el("h1", { title: snapshot.title }, snapshot.title),
    el("span", { class: "dim subtitle" }, subtitle(state)),
    el("span", { class: "space" }),
    iconButton({
      id: "add-runs",
      icon: "plus",
      label: "Add a run to compare",
      press: () => app.take(app.client.call("addRuns", {})),
    }),
    ...(charted
      ? [
          iconButton({
            id: "show-table",
            icon: "table",
            label: look.tab === "curve" ? "Show every k as a table" : "Show the bins as a table",
            pressed: look.fullTable,
            press: () => app.show({ fullTable: !app.state().look.fullTable }),
          }),
        ]
      : []),
    iconButton({
      id: "export",
      icon: "export",
      label: "Export",
      menu: true,
      press: menu("Export", () => exportItems(app, current(), view)),
    }),
    iconButton({
      id: "more",
      icon: "more",
      label: "More actions",
      menu: true,
      press: menu("More actions", () => moreItems(app, current())),
    }),
  ];
}

function moreItems(app: App, { look, narrow }: Shown): readonly MenuItem[] {
  const bands: MenuItem = {
    id: "more-bands",
    label: "95 % bands",
    checked: look.bands,
    run: () => app.show({ bands: !look.bands }),
  };
  return [
    ...(narrow && look.tab === "curve" ? [bands] : []),
    { id: "more-log", label: "Show log", run: () => app.run(app.client.call("showLog", {})) },
  ];
}

function tabElement(app: App, tab: Tab, chosen: Tab): HTMLElement {
  const on = tab === chosen;
  return el(
    "button",
    {
      type: "button",
      role: "tab",
      id: `tab-${tab}`,
      class: on ? "tab on" : "tab",
      "aria-selected": String(on),
      "aria-controls": "body",
      tabindex: on ? 0 : -1,
      on: { click: () => app.show({ tab, drill: null }) },
    },
    tabNames[tab],
  );
}

function walkTabs(event: KeyboardEvent, app: App): void {
  const at = tabs.indexOf(app.state().look.tab);
  const steps: Record<string, number> = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: tabs.length - 1,
  };
  const next = steps[event.key];
  if (next === undefined) return;
  const tab = tabs[(next + tabs.length) % tabs.length] ?? "curve";
  app.show({ tab, drill: null });
  queueMicrotask(() => document.getElementById(`tab-${tab}`)?.focus());
  event.preventDefault();
}

const shownIssues = 3;

/** Skipped lines of the inputs: what, where, and the way there. */
function issueLines(app: App, { issues }: CurvesSnapshot): readonly HTMLElement[] {
  if (issues.length === 0) return [];
  const go = ({ file, line }: (typeof issues)[number], i: number): HTMLElement =>
    linkButton({
      id: `issue-${i}`,
      label: line === null ? `Open ${baseName(file)}` : `Go to line ${count(line)}`,
      press: () => app.run(app.client.call("openIssue", { file, line })),
    });
  const lead = `${counted(issues.length, "line")} ${issues.length === 1 ? "was" : "were"} skipped.`;
  const first = issues[0];
  const where = first
    ? `${baseName(first.file)}${first.line === null ? "" : ` line ${count(first.line)}`}: ${first.message}`
    : "";
  return [
    el(
      "div",
      { class: "parity lit", id: "issues", role: "status" },
      icon("warn", "warn"),
      el(
        "span",
        {
          title: issues
            .map(
              (issue) => `${issue.file}${issue.line === null ? "" : ` line ${issue.line}`}: ${issue.message}`,
            )
            .join("\n"),
        },
        el("b", {}, lead),
        ` ${where}. The rest is shown.`,
      ),
      el("span", { class: "space" }),
      ...issues.slice(0, shownIssues).map(go),
    ),
  ];
}

const baseName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

function parityLine(
  { parity, runs }: CurvesSnapshot,
  open: boolean,
  toggle: () => void,
): readonly HTMLElement[] {
  if (runs.length < 2 || parity.sentence === "") return [];
  const lit = !parity.same;
  const mark = lit ? icon("warn", "warn") : parity.known ? icon("pass", "ok") : icon("info", "info");
  const link =
    parity.rows.length > 0 &&
    linkButton({ id: "parity-rows", label: open ? "Hide settings" : "Show settings", press: toggle });
  const line = el(
    "div",
    { class: lit ? "parity lit" : "parity", id: "parity", role: "status", "data-same": String(parity.same) },
    mark,
    el(
      "span",
      {},
      ...boldNames(
        parity.sentence,
        runs.map((run) => run.name),
      ),
    ),
    el("span", { class: "space" }),
    link,
  );
  if (!open || parity.rows.length === 0) return [line];
  return [
    line,
    table<CurvesSnapshot["parity"]["rows"][number]>({
      id: "parity-table",
      label: "Settings that differ",
      columns: [
        { id: "setting", head: "Setting", cell: (row) => row.setting },
        ...runs.map((run, i) => ({
          id: run.id,
          head: run.name,
          cell: (row: { values: readonly string[] }) => row.values[i] ?? "",
        })),
      ],
      rows: parity.rows,
      key: (row) => row.setting,
    }),
  ];
}

/** The runs' names stand out in the sentence. */
function boldNames(sentence: string, names: readonly string[]): readonly Child[] {
  const found = names
    .flatMap((name) => (name && sentence.includes(name) ? [{ name, at: sentence.indexOf(name) }] : []))
    .sort((a, b) => a.at - b.at || b.name.length - a.name.length);
  const parts: Child[] = [];
  let from = 0;
  for (const { name, at } of found) {
    if (at < from) continue;
    parts.push(sentence.slice(from, at), el("b", {}, name));
    from = at + name.length;
  }
  return [...parts, sentence.slice(from)];
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

function emptyPage(app: App, { snapshot, failure }: State): HTMLElement {
  const error = failure ?? snapshot?.error ?? null;
  const log = linkButton({
    id: "show-log",
    label: "Show log",
    press: () => app.run(app.client.call("showLog", {})),
  });
  if (error !== null) {
    return el(
      "div",
      { class: "refusal", role: "alert", id: "error" },
      icon("warn", "warn"),
      el(
        "div",
        {},
        el("h2", {}, "Nothing to show"),
        el("p", {}, error),
        el(
          "div",
          { class: "row" },
          button({
            id: "retry",
            label: "Try again",
            primary: true,
            press: () => app.take(app.client.call("ready", {})),
          }),
          log,
        ),
      ),
    );
  }
  if (!snapshot) {
    return el(
      "div",
      { class: "loading", id: "loading", role: "status" },
      el("p", {}, "Reading the samples"),
      ...["wide", "short", "middle"].map((width) => el("div", { class: `bone ${width}` })),
    );
  }
  return el(
    "div",
    { class: "refusal", id: "empty" },
    icon("info", "info"),
    el(
      "div",
      {},
      el("h2", {}, "No run here yet"),
      el(
        "p",
        {},
        "Open a JSONL or Parquet dataset to sample it, or import rollouts that your trainer wrote.",
      ),
      el(
        "div",
        { class: "row" },
        button({
          id: "add-first",
          label: "Add a run",
          primary: true,
          press: () => app.take(app.client.call("addRuns", {})),
        }),
      ),
    ),
  );
}
