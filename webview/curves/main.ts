// Entry of the curves panel: wires the wire, the state and the page.
import type {
  CurvesContract,
  CurvesOptions,
  CurvesSnapshot,
  RunProgress,
  TabFocus,
} from "../../src/protocol/curves.ts";
import type { VerdictsFocus } from "../../src/protocol/verdicts.ts";
import "../shared/base.css";
import "../shared/controls.css";
import "../shared/table.css";
import "./page.css";
import "./charts.css";
import "./lists.css";
import "./histogram.css";
import "./coverage.css";
import "./drill.css";
import "./verdicts.css";
import "./perplexity.css";
import "./states.css";
import { createClient, RequestError } from "../shared/client.ts";
import { registerControls } from "../shared/controls.ts";
import { onThemeChange, readTheme } from "../shared/theme.ts";
import type { App, State } from "./app.ts";
import { createDrill } from "./drill.ts";
import { createFrame } from "./frame.ts";
import { firstLook, restoredLook, type Look } from "./look.ts";
import { tabTable } from "./tabTable.ts";

registerControls();
start(document.getElementById("app") ?? document.body);

function start(root: HTMLElement): void {
  const host = acquireVsCodeApi();
  const client = createClient<CurvesContract>(host, window);
  const narrow = matchMedia("(max-width: 699px)");
  let state: State = {
    snapshot: null,
    failure: null,
    progress: new Map(),
    reading: null,
    look: keptLook(host.getState()),
    judging: null,
    theme: readTheme(),
    narrow: narrow.matches,
  };
  let counting: AbortController | null = null;

  const set = (patch: Partial<State>): void => {
    state = { ...state, ...patch };
    frame.draw(state);
    document.body.dataset["ready"] = state.snapshot || state.failure !== null ? "1" : "0";
  };
  const take = (snapshot: CurvesSnapshot): void => {
    const progress = byRun(snapshot.runs.map((run) => run.progress));
    const look = focused(onTab(state.look, snapshot.tabFocus ?? null), snapshot.focus);
    if (look !== state.look) host.setState(look);
    set({ snapshot, failure: null, progress, look, reading: null });
  };
  const fail = (error: unknown): void => {
    if (error instanceof RequestError && (error.code === "cancelled" || error.code === "closed")) return;
    set({ failure: error instanceof Error ? error.message : String(error) });
  };
  const app: App = {
    client,
    state: () => state,
    show: (patch) => {
      const look = { ...state.look, ...patch };
      host.setState(look);
      set({ look });
    },
    setOptions: (patch: Partial<CurvesOptions>) => {
      if (!state.snapshot) return;
      counting?.abort();
      counting = new AbortController();
      client.call("setOptions", { ...state.snapshot.options, ...patch }, counting.signal).then(take, fail);
    },
    judge: (judge) => {
      if (judge === state.judging) return;
      const runIds = state.snapshot?.runs.map(({ id }) => id) ?? [];
      set({ judging: judge });
      void client
        .call("judgeRuns", { judge, runIds })
        .then(take, fail)
        .finally(() => set({ judging: null }));
    },
    run: (request) => void request.then(() => state.failure !== null && set({ failure: null }), fail),
    take: (request) => void request.then(take, fail),
  };
  const frame = createFrame({
    root,
    app,
    tabs: tabTable,
    drill: createDrill(app),
  });

  client.on("snapshot", take);
  client.on("progress", (runs) => set({ progress: byRun([...state.progress.values(), ...runs]) }));
  client.on("reading", (reading) => state.snapshot === null && set({ reading }));
  onThemeChange(() => set({ theme: readTheme() }));
  narrow.addEventListener("change", () => set({ narrow: narrow.matches }));
  window.addEventListener("keydown", (event) => globalKeys(event, app));
  frame.draw(state);
  app.take(client.call("ready", {}));
}

const byRun = (runs: readonly RunProgress[]): ReadonlyMap<string, RunProgress> =>
  new Map(runs.map((run) => [run.runId, run]));

/** What the host wants to be looked at, once. */
function focused(look: Look, focus: VerdictsFocus | null): Look {
  if (!focus || focus.number <= look.focus) return look;
  const { runId, judges, number } = focus;
  return { ...look, tab: "verdicts", drill: null, judgedRunId: runId, judges, kinds: null, focus: number };
}

/** What an earlier page kept, on a tab that is there. */
function keptLook(kept: unknown): Look {
  const look = restoredLook(kept);
  return tabTable.some(({ id }) => id === look.tab) ? look : firstLook;
}

function onTab(look: Look, focus: TabFocus | null): Look {
  if (!focus || focus.number <= look.focus) return look;
  return { ...look, tab: focus.tab, drill: null, focus: focus.number };
}

/** Escape leaves a problem, `/` goes to the filter; neither while one types or a menu is open. */
function globalKeys(event: KeyboardEvent, app: App): void {
  const target = event.target as HTMLElement;
  const typing = target.closest("vscode-text-field, vscode-dropdown, input, [role='menu']") !== null;
  if (event.defaultPrevented || typing) return;
  const { look } = app.state();
  if (event.key === "Escape" && look.drill) app.show({ drill: null });
  else if (event.key === "/" && look.tab === "problems" && !look.drill)
    document.getElementById("filter-text")?.focus();
  else return;
  event.preventDefault();
}
