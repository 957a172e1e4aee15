// Entry of the trace inspector: wires the wire, the state and the page.
import type { InspectorContract, InspectorSnapshot } from "../../src/protocol/inspector.ts";
import "../shared/base.css";
import "../shared/controls.css";
import "../shared/table.css";
import "./inspector.css";
import "./cards.css";
import "./inputs.css";
import "./trace.css";
import "./rendered.css";
import { createClient } from "../shared/client.ts";
import { registerControls } from "../shared/controls.ts";
import { onThemeChange } from "../shared/theme.ts";
import { inspectorApp } from "./app.ts";
import { act, pressed } from "./keys.ts";
import { Page } from "./page.ts";
import type { State } from "./state.ts";

registerControls();
start(document.getElementById("app") ?? document.body);

function start(root: HTMLElement): void {
  const client = createClient<InspectorContract>(acquireVsCodeApi(), window);
  let state: State = {
    snapshot: null,
    failure: null,
    scoring: null,
    unit: -1,
    help: false,
    problems: null,
    listed: false,
  };
  const app = inspectorApp({
    client,
    state: () => state,
    set: (patch) => {
      state = { ...state, ...patch };
      page.draw(state);
      document.body.dataset["ready"] = state.snapshot || state.failure !== null ? "1" : "0";
    },
    page: () => page,
  });
  const page = new Page(root, app);

  client.on("snapshot", (snapshot: InspectorSnapshot) => app.take(snapshot));
  client.on("progress", ({ scorer, phase }) => state.scoring && app.set({ scoring: { scorer, phase } }));
  client.on("act", (action) => act(action, app, page));
  onThemeChange(() => page.repaint());
  window.addEventListener("keydown", (event) => pressed(event, app, page));
  page.draw(state);
  app.begin();
}
