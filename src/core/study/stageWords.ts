import type { Stage } from "./stages.ts";

/** What a stage does, for the person. */
export function stageWords(stage: Stage): string {
  if (stage.kind === "sample") return `Sampling ${stage.name}`;
  if (stage.kind === "score") return `Scoring ${stage.run} under ${stage.scorer}`;
  return `Entropy of ${stage.model} at T = ${stage.temperature.toFixed(4)} from ${stage.samples} texts`;
}
