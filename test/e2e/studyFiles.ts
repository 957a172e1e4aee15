import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Below the workspace folder. */
export const studies = ".rollout-lens/runs/studies";

export interface StudySample {
  readonly key: string;
  readonly i: number;
  readonly verdict: { readonly kind: string } | null;
}

/** Whole lines of a JSONL file in a study's folder, as it grows. */
export function studyLines(folder: string, ...path: readonly string[]): readonly unknown[] {
  const text = readFileSync(join(folder, studies, ...path), "utf8");
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
}

export const studySamples = (folder: string, study: string, run: string): readonly StudySample[] =>
  studyLines(folder, study, "runs", run, "samples.jsonl") as readonly StudySample[];

/** pass@1 where every problem has as many samples. */
export const shareCorrect = (samples: readonly StudySample[]): number =>
  samples.filter(({ verdict }) => verdict?.kind === "correct").length / samples.length;

/** The plan that a study's run was sampled by. */
export function studyPlan(folder: string, study: string, run: string) {
  const header = JSON.parse(readFileSync(join(folder, studies, study, "runs", run, "run.json"), "utf8")) as {
    readonly plan: { readonly metadata?: object; readonly protocol: { readonly temperature: number } };
  };
  return header.plan;
}
