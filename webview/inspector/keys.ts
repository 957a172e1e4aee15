import type { Page } from "./page.ts";
import type { App } from "./state.ts";

/** Single keys, off while one types or a list is open. */
export function pressed(event: KeyboardEvent, app: App, page: Page): void {
  const target = event.target as HTMLElement;
  const typing = target.closest("vscode-text-field, vscode-dropdown, input, textarea") !== null;
  if (event.defaultPrevented || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const action = actions[event.key];
  if (action === undefined) return;
  action(app, page);
  event.preventDefault();
}

const actions: Readonly<Record<string, (app: App, page: Page) => void>> = {
  j: (app) => app.openTrace(traceOf(app) + 1),
  k: (app) => app.openTrace(traceOf(app) - 1),
  n: (app, page) => toLow(app, page, 1),
  N: (app, page) => toLow(app, page, -1),
  "]": (_, page) => toStep(page, 1),
  "[": (_, page) => toStep(page, -1),
  r: (app) => app.setOptions({ text: app.state().snapshot?.options.text === "raw" ? "plain" : "raw" }),
  z: (_, page) => void page.text.fold(),
  o: (app) => app.run(app.client.call("openSource", { trace: traceOf(app) })),
  s: (app) => {
    const { snapshot } = app.state();
    if (snapshot?.scorer && !snapshot.trace?.scores) app.score(snapshot.scorer, false);
    else app.chooseScorer();
  },
  "?": (app) => app.set({ help: !app.state().help }),
  Escape: (app, page) => {
    page.hideCard();
    app.set({ help: false, unit: -1 });
  },
};

const traceOf = (app: App): number => app.state().snapshot?.trace?.trace ?? 0;

/** The next or the last low unit before the one that is looked at, round the end. */
function toLow(app: App, page: Page, direction: 1 | -1): void {
  const low = page.low();
  const { unit } = app.state();
  const found =
    direction === 1
      ? (low.find((one) => one > unit) ?? low[0])
      : (low.findLast((one) => one < unit) ?? low.at(-1));
  if (found !== undefined) app.goTo(found);
}

function toStep(page: Page, direction: 1 | -1): void {
  const top = page.scroller.getBoundingClientRect().top;
  const steps = [...page.text.element.querySelectorAll<HTMLElement>(".step")];
  const places = steps.map((step) => step.getBoundingClientRect().top - top);
  const found = direction === 1 ? places.find((place) => place > 12) : places.findLast((place) => place < 4);
  if (found !== undefined) page.scroller.scrollTop += found - 8;
}
