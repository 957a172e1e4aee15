import type { StudyKind } from "../../core/study/spec.ts";
import type { Features } from "../features.ts";

type Handler = (features: Features, args: readonly unknown[]) => Promise<unknown>;

/** Studies and reports: loaded with the first one. */
const start =
  (kind: StudyKind): Handler =>
  async (features, args) =>
    (await import("./startStudy.ts")).startStudy(features, kind, args);

export const studyCommands = {
  "rolloutLens.studyCompareModels": start("compareModels"),
  "rolloutLens.studyTemperatureSweep": start("temperatureSweep"),
  "rolloutLens.studyMatchEntropy": start("matchEntropy"),
  "rolloutLens.studyFilterGuessable": start("filterGuessable"),
  "rolloutLens.resumeStudy": async (features, args) =>
    (await import("./resumeStudy.ts")).resumeStudy(features, args),
  "rolloutLens.writeReport": async (features, args) =>
    (await import("./writeReport.ts")).writeReport(features, args),
} as const satisfies Readonly<Record<string, Handler>>;
