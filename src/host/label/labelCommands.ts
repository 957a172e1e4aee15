import type { Features } from "../features.ts";
import { runsIn } from "../runRows.ts";

type Handler = (features: Features, args: readonly unknown[]) => Promise<unknown>;

/** The commands of the Label view: its keys, and what is done with labels. */
export const labelCommands = {
  "rolloutLens.labelRuns": async (features, args) => {
    const { buildQueue } = await import("./queueBuilder.ts");
    const choice = await buildQueue(features, runsIn(args));
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
  "rolloutLens.labelWrong": ({ labels }) => labels.press("wrong"),
  "rolloutLens.labelAmbiguous": ({ labels }) => labels.press("ambiguous"),
  "rolloutLens.labelCorrect": ({ labels }) => labels.press("correct"),
  "rolloutLens.labelMarkStep": ({ labels }) => labels.press("markStep"),
  "rolloutLens.labelNextStep": ({ labels }) => labels.press("nextStep"),
  "rolloutLens.labelPreviousStep": ({ labels }) => labels.press("previousStep"),
  "rolloutLens.labelNote": ({ labels }) => labels.press("note"),
  "rolloutLens.labelUndo": ({ labels }) => labels.press("undo"),
  "rolloutLens.labelSkip": ({ labels }) => labels.press("skip"),
  "rolloutLens.labelNextTrace": ({ labels }) => labels.press("nextTrace"),
  "rolloutLens.labelPreviousTrace": ({ labels }) => labels.press("previousTrace"),
  "rolloutLens.labelBlind": ({ labels }) => labels.press("blind"),
  "rolloutLens.labelFlags": ({ labels }) => labels.press("flags"),
  "rolloutLens.labelProblem": ({ labels }) => labels.press("problem"),
  "rolloutLens.labelInspect": ({ labels }) => labels.press("inspect"),
  "rolloutLens.labelResults": ({ labels }) => labels.press("results"),
  "rolloutLens.labelHelp": ({ labels }) => labels.press("help"),
} as const satisfies Readonly<Record<string, Handler>>;
