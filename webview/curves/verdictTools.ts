// Which run and judges the Verdicts tab looks at, and the controls that choose them.
import { count } from "../../src/core/numberWords.ts";
import type { RunView } from "../../src/protocol/curves.ts";
import type { VerdictsView } from "../../src/protocol/verdicts.ts";
import { dropdown, type Choice } from "../shared/controls.ts";
import type { App, Shown, TabTools } from "./app.ts";
import { kindsKey, kindsText } from "./verdictWords.ts";

/** Stands for the verifier in each of its modes among the choices. */
const everyMode = "every mode";

export interface JudgeChoice {
  readonly run: RunView;
  readonly judges: readonly string[];
}

/** What is looked at: what was chosen, else how the shown verdicts differ from the run's own. */
export function choiceOf({ snapshot, look }: Shown): JudgeChoice | null {
  const { runs } = snapshot;
  const run =
    runs.find(({ id }) => id === look.judgedRunId) ??
    runs.find(({ verdicts }) => verdicts.changed) ??
    runs[0];
  if (!run) return null;
  const { own, shown } = run.verdicts;
  if (run.id === look.judgedRunId && look.judges) return { run, judges: look.judges };
  return { run, judges: shown.id === own.id ? [own.id] : [own.id, shown.id] };
}

export function verdictTools(app: App, state: Shown, view: VerdictsView | null): TabTools {
  const { snapshot, look } = state;
  const choice = choiceOf(state);
  if (!choice) return { key: "", build: () => [] };
  const { run, judges } = choice;
  const { modes } = run.verdicts;
  const isModes = judges.length > 2;
  const all: readonly Choice<string>[] = [run.verdicts.own, ...snapshot.judges].map(({ id, words }) => ({
    value: id,
    label: words,
  }));
  const show = (next: readonly string[]): void =>
    app.show({ judgedRunId: run.id, judges: next, kinds: null });
  const [first = "own", second = ""] = judges;
  const chooseFirst = (value: string): void => {
    if (value === everyMode) show(modes?.judges.map(({ id }) => id) ?? judges);
    else show(value === second || isModes || second === "" ? [value] : [value, second]);
  };
  const firstChoices = [
    ...all,
    ...(modes ? [{ value: everyMode, label: "every mode of the verifier" }] : []),
  ];
  const none: Choice<string> = { value: "", label: "choose" };
  return {
    key: JSON.stringify([
      run.id,
      judges,
      all,
      modes !== null,
      look.kinds,
      view?.counts,
      snapshot.runs.length,
    ]),
    build: () => [
      snapshot.runs.length > 1 &&
        dropdown({
          id: "judged-run",
          label: "Run",
          choices: snapshot.runs.map(({ id, name }) => ({ value: id, label: name })),
          value: run.id,
          change: (judgedRunId) => app.show({ judgedRunId, judges: null, kinds: null }),
        }),
      dropdown({
        id: "first-judge",
        label: "Verdicts of",
        choices: firstChoices,
        value: isModes ? everyMode : first,
        change: chooseFirst,
      }),
      !isModes &&
        dropdown({
          id: "second-judge",
          label: "and",
          choices: [...(second === "" ? [none] : []), ...all.filter(({ value }) => value !== first)],
          value: second,
          change: (value) => value !== "" && show([first, value]),
        }),
      view !== null && view.counts.length > 1 && kindsTool(app, view, look.kinds),
    ],
  };
}

const kindsTool = (app: App, { counts, differ }: VerdictsView, kinds: string | null): HTMLElement =>
  dropdown({
    id: "kinds",
    label: "Kind",
    choices: [
      { value: "", label: `all ${count(differ)}` },
      ...counts.map((one) => ({
        value: kindsKey(one.kinds),
        label: `${kindsText(one.kinds)} ${count(one.count)}`,
      })),
    ],
    value: kinds ?? "",
    change: (value) => app.show({ kinds: value === "" ? null : value }),
  });
