// What is known of other judges of the runs that are shown: calm lines, each the way to a list.
import { count } from "../../src/core/numberWords.ts";
import type { CurvesSnapshot, RunView } from "../../src/protocol/curves.ts";
import { linkButton } from "../shared/controls.ts";
import { el } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import type { App } from "./app.ts";
import { countsText, shareText } from "./verdictWords.ts";

/** Shows where judges differ over a run. */
export function showVerdicts(app: App, runId: string, judges: readonly string[]): void {
  app.show({ tab: "verdicts", drill: null, judgedRunId: runId, judges, kinds: null });
  // The link that was pressed is gone with its tab.
  queueMicrotask(() => document.getElementById("tab-verdicts")?.focus());
}

/** Until another judge is done, the curves show what was judged before. */
export function judgingLines({ judges }: CurvesSnapshot, judging: string | null): readonly HTMLElement[] {
  if (judging === null || judging === "own") return [];
  const words = judges.find(({ id }) => id === judging)?.words ?? judging;
  return [
    el(
      "div",
      { class: "parity", id: "judging-runs", role: "status" },
      icon("info", "info"),
      el(
        "span",
        {},
        el("b", {}, `Verifying by ${words}.`),
        " Until it is done, the verdicts shown are those given before.",
      ),
    ),
  ];
}

/** For runs whose shown verdicts are not their own: how many of them changed. */
export function changedLines(app: App, { runs }: CurvesSnapshot): readonly HTMLElement[] {
  return runs.flatMap((run) => {
    const { changed, own, shown } = run.verdicts;
    if (!changed) return [];
    const lead = runs.length > 1 ? `${run.name}, judged by ${shown.words}.` : `Judged by ${shown.words}.`;
    const same = `No verdict of ${count(changed.samples)} differs from ${own.words}.`;
    const differs = `${shareText(changed.differ, changed.samples)} ${changed.differ === 1 ? "differs" : "differ"} from ${own.words}: ${countsText(changed)}.`;
    return [
      el(
        "div",
        { class: "parity", id: `changed-${run.id}`, role: "status", "data-changed": changed.differ },
        changed.differ === 0 ? icon("pass", "ok") : icon("info", "info"),
        el("span", {}, el("b", {}, lead), ` ${changed.differ === 0 ? same : differs}`),
        el("span", { class: "space" }),
        changed.differ > 0 &&
          linkButton({
            id: `show-changed-${run.id}`,
            label: "Show them",
            press: () => showVerdicts(app, run.id, [own.id, shown.id]),
          }),
      ),
    ];
  });
}

/** How much hangs on the verifier's mode. */
export function modeLines(app: App, { runs }: CurvesSnapshot): readonly HTMLElement[] {
  return runs.flatMap((run) => {
    const line = modeWords(run);
    if (!line) return [];
    const { modes } = run.verdicts;
    const judges = modes?.judges.map(({ id }) => id) ?? [];
    return [
      el(
        "p",
        { class: "notice", id: `modes-${run.id}`, "data-dependent": modes?.dependent ?? "" },
        icon("info", "info"),
        el(
          "span",
          {},
          el("b", {}, `${runs.length > 1 ? `${run.name}: ` : ""}${line.lead}`),
          ` ${line.rest} `,
          line.link !== null &&
            linkButton({
              id: `show-modes-${run.id}`,
              label: line.link,
              press: () => showVerdicts(app, run.id, judges),
            }),
        ),
      ),
    ];
  });
}

interface ModeWords {
  readonly lead: string;
  readonly rest: string;
  readonly link: string | null;
}

function modeWords({ verdicts: { modes } }: RunView): ModeWords | null {
  if (!modes) return null;
  const names = modes.judges.map(({ words }) => words.split(", ").at(-1) ?? words);
  const listed = `The modes ${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  if (modes.dependent === null) {
    if (!modes.onRequest)
      return {
        lead: "Counting how many verdicts depend on the mode.",
        rest: `${listed} are compared.`,
        link: null,
      };
    const rest = "This run is large: it takes a while.";
    return { lead: "How many verdicts depend on the mode is not counted yet.", rest, link: "Count them" };
  }
  if (modes.dependent === 0)
    return {
      lead: `No verdict of ${count(modes.samples)} depends on the mode.`,
      rest: `${listed} agree.`,
      link: null,
    };
  const verb = modes.dependent === 1 ? "depends" : "depend";
  const lead = `${shareText(modes.dependent, modes.samples)} ${verb} on the mode.`;
  return {
    lead,
    rest: `${listed} do not agree on ${modes.dependent === 1 ? "it" : "them"}.`,
    link: "Show them",
  };
}
