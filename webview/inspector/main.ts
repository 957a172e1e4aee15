// Entry of the trace inspector: wires the wire, the state and the page.
import type { InspectorContract, InspectorSnapshot } from "../../src/protocol/inspector.ts";
import "../shared/base.css";
import "../shared/controls.css";
import "../shared/table.css";
import "./inspector.css";
import { createClient, RequestError } from "../shared/client.ts";
import { registerControls } from "../shared/controls.ts";
import { onThemeChange } from "../shared/theme.ts";
import { pressed } from "./keys.ts";
import { Page } from "./page.ts";
import type { App, State } from "./state.ts";

registerControls();
start(document.getElementById("app") ?? document.body);

function start(root: HTMLElement): void {
  const host = acquireVsCodeApi();
  const client = createClient<InspectorContract>(host, window);
  let state: State = { snapshot: null, failure: null, scoring: null, unit: -1, help: false };
  let scoring: AbortController | null = null;

  const set = (patch: Partial<State>): void => {
    state = { ...state, ...patch };
    page.draw(state);
    document.body.dataset["ready"] = state.snapshot || state.failure !== null ? "1" : "0";
  };
  const take = (snapshot: InspectorSnapshot): void => {
    const same =
      snapshot.trace?.trace === state.snapshot?.trace?.trace && snapshot.scorer === state.snapshot?.scorer;
    set({ snapshot, failure: null, unit: same ? state.unit : -1 });
  };
  const fail = (scorer: string | null) => (error: unknown) => {
    if (error instanceof RequestError && (error.code === "cancelled" || error.code === "closed")) return;
    const code = error instanceof RequestError ? error.code : "bug";
    set({ failure: { code, message: error instanceof Error ? error.message : String(error), scorer } });
  };
  const app: App = {
    client,
    state: () => state,
    set,
    setOptions: (patch) => {
      const { snapshot } = state;
      if (!snapshot) return;
      const options = { ...snapshot.options, ...patch };
      set({ snapshot: { ...snapshot, options } });
      client.call("setOptions", options).then(take, fail(null));
    },
    openTrace: (trace) => {
      const last = (state.snapshot?.traces.length ?? 1) - 1;
      if (trace < 0 || trace > Math.max(0, last)) return;
      app.cancel();
      page.hideCard();
      client.call("openTrace", { trace }).then((snapshot) => {
        take(snapshot);
        page.scroller.scrollTop = 0;
      }, fail(null));
    },
    chooseScorer: () => {
      const trace = state.snapshot?.trace?.trace;
      if (trace === undefined) return;
      client
        .call("chooseScorer", { trace })
        .then((scorer) => scorer !== null && app.score(scorer, false), fail(null));
    },
    score: (scorer, slow) => {
      const trace = state.snapshot?.trace?.trace;
      if (trace === undefined) return;
      scoring?.abort();
      const own = new AbortController();
      scoring = own;
      set({ failure: null, scoring: { scorer, phase: "Scoring" } });
      client
        .call("scoreTrace", { trace, scorer, slow, against: false }, own.signal)
        .then(take, fail(scorer))
        .finally(() => {
          if (scoring !== own) return;
          scoring = null;
          set({ scoring: null });
        });
    },
    cancel: () => scoring?.abort(),
    goTo: (unit) => {
      set({ unit });
      void page.goTo(unit);
    },
    run: (request) => void request.catch(fail(null)),
  };
  const page = new Page(root, app);

  client.on("snapshot", take);
  client.on("progress", ({ scorer, phase }) => state.scoring && set({ scoring: { scorer, phase } }));
  onThemeChange(() => page.repaint());
  window.addEventListener("keydown", (event) => pressed(event, app, page));
  page.draw(state);
  client.call("ready", {}).then(take, fail(null));
}
