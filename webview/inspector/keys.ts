import type { InspectorAction } from "../../src/protocol/inspector.ts";
import { nextText } from "./head.ts";
import type { Page } from "./page.ts";
import type { App } from "./state.ts";

const keys: Readonly<Record<string, InspectorAction>> = {
  j: "nextSample",
  k: "previousSample",
  J: "nextProblem",
  K: "previousProblem",
  "]": "nextStep",
  "[": "previousStep",
  n: "nextToken",
  N: "previousToken",
  r: "nextText",
  z: "foldThinking",
  o: "openSource",
  f: "follow",
  "/": "find",
  s: "score",
  c: "compare",
  d: "compareText",
  "?": "help",
};

/** Single keys, off while one types or a list is open. */
export function pressed(event: KeyboardEvent, app: App, page: Page): void {
  // The workbench hears this key after the page, and finds what is there to be seen.
  if ((event.ctrlKey || event.metaKey) && event.key === "f") page.openAll();
  const target = event.target as HTMLElement;
  const typing = target.closest("vscode-text-field, vscode-dropdown, input, textarea") !== null;
  if (event.defaultPrevented || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const action = keys[event.key];
  if (event.key === "Escape") {
    page.hideCard();
    page.unmark();
    app.set({ help: false, unit: -1 });
  } else if (action === undefined) return;
  else act(action, app, page);
  event.preventDefault();
}

/** Of a key or of a command of the workbench. */
export function act(action: InspectorAction, app: App, page: Page): void {
  actions[action](app, page);
}

const actions: Readonly<Record<InspectorAction, (app: App, page: Page) => void>> = {
  nextSample: (app) => app.openTrace(traceOf(app) + 1),
  previousSample: (app) => app.openTrace(traceOf(app) - 1),
  nextProblem: (app) => app.openProblem(1),
  previousProblem: (app) => app.openProblem(-1),
  nextToken: (app, page) => toMarked(app, page, 1),
  previousToken: (app, page) => toMarked(app, page, -1),
  nextStep: (_, page) => page.shown.column.toStep(1),
  previousStep: (_, page) => page.shown.column.toStep(-1),
  nextText: (app) => app.setOptions({ text: nextText[app.state().snapshot?.options.text ?? "raw"] }),
  foldThinking: (_, page) => void page.shown.column.text.fold(),
  openSource: (app, page) =>
    app.run(app.client.call("openSource", { trace: page.shown.trace?.trace ?? traceOf(app) })),
  follow: (app) => app.follow(),
  find: (app, page) => {
    page.openAll();
    app.run(app.client.call("showFind", {}));
  },
  score: (app) => {
    const { snapshot } = app.state();
    if (snapshot?.scorer && !snapshot.trace?.scores) app.score({ scorer: snapshot.scorer });
    else app.chooseScorer(false);
  },
  compare: (app) => app.compare(),
  compareText: (app) => app.compareText(),
  help: (app) => app.set({ help: !app.state().help }),
};

const traceOf = (app: App): number => app.state().snapshot?.trace?.trace ?? 0;

/** The next or the last marked unit before the one that is looked at, round the end. */
function toMarked(app: App, page: Page, direction: 1 | -1): void {
  const marked = Array.from(page.marked());
  const { unit } = page.shown.column;
  const found =
    direction === 1
      ? (marked.find((one) => one > unit) ?? marked[0])
      : (marked.findLast((one) => one < unit) ?? marked.at(-1));
  if (found !== undefined) app.goTo(found);
}
