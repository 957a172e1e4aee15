// What stands under the trace: the mark, the three buttons, the keys.
import { type CotVerdict, cotVerdicts } from "../../src/core/label/model.ts";
import { count, interval, percent } from "../../src/core/numberWords.ts";
import { type LabelAction, labelActions, type LabelsSnapshot } from "../../src/protocol/labels.ts";
import { linkButton } from "../shared/controls.ts";
import { el, type Child } from "../shared/dom.ts";
import { icon, type IconName, type IconTone } from "../shared/icons.ts";
import { verdictWords, type App, type State } from "./state.ts";

const looks: Readonly<Record<CotVerdict, readonly [IconName, IconTone]>> = {
  wrong: ["fail", "bad"],
  ambiguous: ["question", "ambiguous"],
  correct: ["pass", "ok"],
};

const key = (keys: LabelsSnapshot["keys"], action: LabelAction): Child =>
  keys[action] !== undefined && el("kbd", {}, keys[action]);

export function markParts(app: App, { snapshot, marks }: State): readonly Child[] {
  const { keys = {} } = snapshot ?? {};
  const { firstWrong, marking } = marks;
  return [
    el(
      "span",
      {
        id: "first-wrong",
        class: firstWrong === null ? "dim" : marking ? "marking" : null,
        title: marking ? "Moves with the step until you label or press the key again" : null,
      },
      firstWrong === null ? "First wrong step" : `First wrong step: ${firstWrong + 1}`,
    ),
    el("span", { class: "space" }),
    el("span", {}, key(keys, "previousStep"), key(keys, "nextStep"), " step"),
    el(
      "button",
      {
        id: "mark-step",
        type: "button",
        class: "link plain",
        "aria-pressed": String(firstWrong !== null),
        on: { click: () => app.press("markStep") },
      },
      key(keys, "markStep"),
      " mark",
    ),
  ];
}

export function choiceParts(app: App, { item, keys }: LabelsSnapshot): readonly Child[] {
  return cotVerdicts.map((verdict) => {
    const [name, tone] = looks[verdict];
    return el(
      "button",
      {
        id: `label-${verdict}`,
        type: "button",
        class: "choice",
        "aria-pressed": String(item?.label?.verdict === verdict),
        "aria-keyshortcuts": keys[verdict] ?? null,
        disabled: item === null,
        on: { click: () => app.press(verdict) },
      },
      el("span", { class: "row" }, icon(name, tone), key(keys, verdict)),
      el("span", {}, verdictWords[verdict]),
    );
  });
}

export function keyParts(app: App, { snapshot, flags, rendered }: State): readonly Child[] {
  if (!snapshot) return [];
  const { keys, blind } = snapshot;
  const small = (action: LabelAction, word: string, pressed: boolean | null = null): Child =>
    el(
      "button",
      {
        id: `do-${action}`,
        type: "button",
        class: "link plain",
        "aria-pressed": pressed === null ? null : String(pressed),
        on: { click: () => app.press(action) },
      },
      key(keys, action),
      ` ${word}`,
    );
  return [
    small("undo", "undo"),
    small("skip", "skip"),
    el("span", {}, key(keys, "nextTrace"), key(keys, "previousTrace"), " trace"),
    small("blind", "blind", blind),
    small("flags", flags === null ? "sums" : `sums: ${count(flags.length)}`, flags !== null),
    small("rendered", "math", rendered),
    small("help", "keys"),
    el("span", { class: "space" }),
    !blind && linkButton({ id: "inspect", label: "Inspect", press: () => app.press("inspect") }),
  ];
}

const words: Readonly<Record<LabelAction, string>> = {
  wrong: "wrong",
  ambiguous: "ambiguous: steps are skipped",
  correct: "correct",
  markStep: "first wrong step: here, or where you go next",
  nextStep: "next step",
  previousStep: "previous step",
  note: "note; Enter leaves and keeps it",
  undo: "take the last label back",
  skip: "not now: comes again at the end",
  nextTrace: "forward again",
  previousTrace: "back, to look or to correct",
  blind: "blind mode: no model, score, order, others",
  flags: "check the sums",
  rendered: "LaTeX and Markdown set, or as plain text",
  problem: "the problem",
  inspect: "the inspector beside, which goes along",
  results: "results",
  help: "these keys",
};

export function helpParts(app: App, { keys }: LabelsSnapshot): readonly Child[] {
  const list = labelActions.flatMap((action) =>
    keys[action] === undefined
      ? []
      : [el("dt", {}, el("kbd", {}, keys[action])), el("dd", {}, words[action])],
  );
  return [
    el("div", { class: "keyList", role: "region", "aria-label": "Keys", tabindex: 0 }, el("dl", {}, ...list)),
    el(
      "p",
      { class: "small dim" },
      "These are the keys it comes with; VS Code does not tell which ones you bound instead. ",
      linkButton({
        id: "show-keys",
        label: "Change keys",
        press: () => app.run(app.client.call("showKeys", {})),
      }),
    ),
  ];
}

export function footParts(app: App, { summary, blind }: LabelsSnapshot): readonly Child[] {
  if (blind || summary === null) return [];
  const { right, labelled, share } = summary;
  return [
    linkButton({ id: "to-results", label: "Problems with a right CoT", press: () => app.press("results") }),
    el(
      "span",
      { class: "figures", id: "right-share" },
      el("b", {}, `${count(right)} of ${count(labelled)}`),
      share === null ? "" : ` ${interval(share.low, share.high, (value) => percent(value, 0))} %`,
    ),
  ];
}
