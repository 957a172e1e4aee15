// Entry of the Label view: wires the wire, the state and the page.
import type { CotVerdict } from "../../src/core/label/model.ts";
import type { FlagView, LabelAction, LabelsContract, LabelsSnapshot } from "../../src/protocol/labels.ts";
import "../shared/base.css";
import "../shared/controls.css";
import "../shared/table.css";
import "../inspector/rendered.css";
import "./labels.css";
import { createClient, RequestError } from "../shared/client.ts";
import { registerControls } from "../shared/controls.ts";
import { watchKeys } from "./keys.ts";
import { Page } from "./page.ts";
import { mark, moveTo, noMarks } from "./stepMarks.ts";
import { firstState, labelledWords, verdictWords, type App, type State } from "./state.ts";

registerControls();
start(document.getElementById("app") ?? document.body);

function start(root: HTMLElement): void {
  const client = createClient<LabelsContract>(acquireVsCodeApi(), window);
  let state = firstState;
  let shownAt = performance.now();
  /** Presses that came while one was at work: each is meant for what is shown when its turn comes. */
  let waiting: (() => void | Promise<void>)[] = [];
  let working = false;

  const set = (patch: Partial<State>): void => {
    state = { ...state, ...patch };
    page.draw(state);
    document.body.dataset["ready"] = state.snapshot || state.failure !== null ? "1" : "0";
  };
  const take = (snapshot: LabelsSnapshot): void => {
    const { item } = snapshot;
    if (item?.item === state.snapshot?.item?.item) return set({ snapshot, failure: null });
    const firstWrong = item?.label?.firstWrongStep ?? null;
    page.setNote(item?.label?.note ?? "");
    set({ snapshot, failure: null, flags: null, marks: { ...noMarks, firstWrong, cursor: firstWrong ?? 0 } });
    shownAt = performance.now();
    // After the label a false sum cannot sway it any more.
    if (item && item.label !== null) void readFlags(item.item).then((flags) => flags && set({ flags }));
  };
  const readFlags = async (item: number): Promise<readonly FlagView[] | null> => {
    const flags = await client.call("readFlags", { item }).catch(() => null);
    return state.snapshot?.item?.item === item ? flags : null;
  };
  const fail = (error: unknown): void => {
    if (error instanceof RequestError && (error.code === "cancelled" || error.code === "closed")) return;
    waiting = [];
    const code = error instanceof RequestError ? error.code : "bug";
    set({ failure: { code, message: error instanceof Error ? error.message : String(error) } });
  };

  const judge = async (verdict: CotVerdict): Promise<void> => {
    const item = state.snapshot?.item;
    if (!item || state.page !== "label") return;
    const seconds = (performance.now() - shownAt) / 1000;
    const { firstWrong: firstWrongStep } = state.marks;
    const note = page.note();
    take(await client.call("judge", { item: item.item, verdict, firstWrongStep, note, seconds }));
    set({ said: `${verdictWords[verdict]}. ${labelledWords(state)}` });
    if (item.conflict !== null) await showResults();
  };
  const showResults = async (): Promise<void> => {
    set({ page: "results" });
    set({ results: await client.call("readResults", {}) });
  };
  const toggleFlags = async (): Promise<void> => {
    const item = state.snapshot?.item;
    if (!item) return;
    if (state.flags !== null) return set({ flags: null, said: "Sums hidden." });
    const flags = await readFlags(item.item);
    if (flags === null) return;
    set({ flags, said: flags.length === 0 ? "No false sum found." : `${flags.length} false sums.` });
  };
  const go = async (by: 1 | -1): Promise<void> => {
    const before = state.snapshot?.item?.item;
    take(await client.call("go", { by }));
    const { item } = state.snapshot ?? {};
    if (!item || item.item === before) return;
    const label =
      item.label === null ? "not labelled" : `labelled ${verdictWords[item.label.verdict].toLowerCase()}`;
    set({ said: `${by === 1 ? "Forward" : "Back"} at a trace that is ${label}.` });
  };
  const step = (by: number): void => app.goToStep(state.marks.cursor + by);

  const actions: Readonly<Record<LabelAction, () => void | Promise<void>>> = {
    wrong: () => judge("wrong"),
    ambiguous: () => judge("ambiguous"),
    correct: () => judge("correct"),
    undo: async () => {
      take(await client.call("undo", {}));
      set({ page: "label", said: "Taken back." });
    },
    skip: async () => {
      const item = state.snapshot?.item;
      if (!item || state.page !== "label") return;
      take(await client.call("skip", { item: item.item }));
      set({ said: `Skipped. ${labelledWords(state)}` });
    },
    nextTrace: () => go(1),
    previousTrace: () => go(-1),
    blind: async () => {
      take(await client.call("setBlind", { blind: state.snapshot?.blind !== true }));
      set({
        page: "label",
        results: null,
        said: state.snapshot?.blind === true ? "Blind mode on." : "Blind mode off.",
      });
    },
    markStep: () => {
      if (!state.snapshot?.item) return;
      const marks = mark(state.marks);
      const { firstWrong } = marks;
      set({ marks, said: firstWrong === null ? "No wrong step." : `First wrong step: ${firstWrong + 1}.` });
    },
    nextStep: () => step(1),
    previousStep: () => step(-1),
    note: () => page.focusNote(),
    flags: toggleFlags,
    rendered: () => set({ rendered: !state.rendered, said: state.rendered ? "Plain text." : "Text is set." }),
    problem: () => set({ problemOpen: !state.problemOpen }),
    inspect: async () => {
      const item = state.snapshot?.item;
      if (item) await client.call("inspect", { item: item.item });
    },
    results: async () => {
      if (state.page === "results") set({ page: "label" });
      else await showResults();
    },
    help: () => set({ help: !state.help }),
  };

  const work = async (): Promise<void> => {
    working = true;
    for (let act = waiting.shift(); act !== undefined; act = waiting.shift()) {
      try {
        await act();
      } catch (error) {
        fail(error);
      }
    }
    working = false;
  };
  const enqueue = (act: () => void | Promise<void>): void => {
    waiting.push(act);
    if (!working) void work();
  };
  const app: App = {
    client,
    state: () => state,
    set,
    press: (action) => enqueue(actions[action]),
    saveNote: () => {
      const item = state.snapshot?.item;
      const note = page.note();
      if (!item || item.label === null || item.conflict !== null || item.label.note === note.trim()) return;
      enqueue(async () => {
        take(await client.call("saveNote", { item: item.item, note }));
        set({ said: "Note saved." });
      });
    },
    goToStep: (wanted) => {
      const steps = state.snapshot?.item?.steps.length ?? 0;
      if (steps === 0) return;
      set({ marks: moveTo(state.marks, wanted, steps) });
      page.showStep(state.marks.cursor);
      const { cursor } = state.marks;
      const words = page.stepWords(cursor);
      if (words !== null) set({ said: `Step ${cursor + 1} of ${steps}. ${words}` });
    },
    openConflict: (conflict) => {
      client.call("openConflict", { conflict }).then((snapshot) => {
        take(snapshot);
        set({ page: "label" });
      }, fail);
    },
    retry: () => void client.call("ready", {}).then(take, fail),
    run: (request) => void request.catch(fail),
  };
  const page = new Page(root, app);

  client.on("snapshot", take);
  client.on("press", (action) => app.press(action));
  client.on("summary", (summary) => {
    if (state.snapshot && !state.snapshot.blind) set({ snapshot: { ...state.snapshot, summary } });
  });
  watchKeys((free) => {
    client.call("setKeys", { free }).then(
      () => (document.body.dataset["keys"] = free ? "on" : "off"),
      () => undefined,
    );
  });
  page.draw(state);
  client.call("ready", {}).then(take, fail);
}
