import type { Features } from "../features.ts";
import type { LabelAction } from "../../protocol/labels.ts";
import { runsIn } from "../runRows.ts";
import { warmUp } from "./labelKeys.ts";

type Handler = (features: Features, args: readonly unknown[]) => Promise<unknown>;

/** Called with `warmUp` a key's command does nothing: see `Labels`. */
const press =
  (action: LabelAction): Handler =>
  ({ labels }, [argument]) =>
    argument === warmUp ? Promise.resolve() : labels.press(action);

/** Keys of problems beside the runs, as the curves panel names them. */
function problemsIn([first]: readonly unknown[]): readonly string[] | undefined {
  if (typeof first !== "object" || first === null || !("problems" in first)) return undefined;
  const { problems } = first;
  return Array.isArray(problems) && problems.every((key) => typeof key === "string") ? problems : undefined;
}

/** The commands of the Label view: its keys, and what is done with labels. */
export const labelCommands = {
  "rolloutLens.labelRuns": async (features, args) => {
    const { buildQueue } = await import("./queueBuilder.ts");
    const choice = await buildQueue(features, runsIn(args), problemsIn(args));
    if (choice !== null) await features.labels.open(choice);
  },
  "rolloutLens.exportLabels": async ({ labels, report }) => {
    const open = await labels.queue();
    if (open === null) return;
    const [{ exportLabels }, { everyonesLabels }] = await Promise.all([
      import("./exportLabels.ts"),
      import("./everyone.ts"),
    ]);
    const folders = open.runs.map(({ folder }) => folder);
    const { labels: all } = await everyonesLabels(folders, open.labels.logs, await labels.store.files());
    await exportLabels(open.runs, all, report);
  },
  "rolloutLens.importLabels": async ({ labels, report }) => {
    const open = await labels.queue();
    if (open === null) return;
    const { importLabels } = await import("./importLabels.ts");
    await importLabels(open, labels, report);
  },
  "rolloutLens.preLabel": async (features) => {
    const open = await features.labels.queue();
    if (open === null) return;
    const { preLabel } = await import("./preLabel.ts");
    await preLabel(features, open, features.labels.store);
  },
  "rolloutLens.labelWrong": press("wrong"),
  "rolloutLens.labelAmbiguous": press("ambiguous"),
  "rolloutLens.labelCorrect": press("correct"),
  "rolloutLens.labelMarkStep": press("markStep"),
  "rolloutLens.labelNextStep": press("nextStep"),
  "rolloutLens.labelPreviousStep": press("previousStep"),
  "rolloutLens.labelNote": press("note"),
  "rolloutLens.labelUndo": press("undo"),
  "rolloutLens.labelSkip": press("skip"),
  "rolloutLens.labelNextTrace": press("nextTrace"),
  "rolloutLens.labelPreviousTrace": press("previousTrace"),
  "rolloutLens.labelBlind": press("blind"),
  "rolloutLens.labelFlags": press("flags"),
  "rolloutLens.labelRendered": press("rendered"),
  "rolloutLens.labelProblem": press("problem"),
  "rolloutLens.labelInspect": press("inspect"),
  "rolloutLens.labelResults": press("results"),
  "rolloutLens.labelHelp": press("help"),
} as const satisfies Readonly<Record<string, Handler>>;
