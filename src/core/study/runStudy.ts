import { LensError } from "../errors.ts";
import type { CancelSignal } from "../ports.ts";
import {
  type EntropyStage,
  nextStage,
  type SampleStage,
  type ScoreStage,
  type Stage,
  type StageResult,
} from "./stages.ts";
import type { StudyLog } from "./studyLog.ts";

/** Who does the work of a stage. Each goes on where an earlier session was stopped, and rejects with `cancelled` when it is. */
export interface StudyPorts {
  sample(stage: SampleStage, signal: CancelSignal): Promise<Extract<StageResult, { kind: "sample" }>>;
  measureEntropy(
    stage: EntropyStage,
    signal: CancelSignal,
  ): Promise<Extract<StageResult, { kind: "entropy" }>>;
  score(stage: ScoreStage, signal: CancelSignal): Promise<Extract<StageResult, { kind: "score" }>>;
  /** Before a stage begins; `after` are done. */
  readonly onStage?: (stage: Stage, after: number) => void;
}

/**
 * Does what the study still lacks, stage by stage, each on disk before the next begins. Rejects with what a stage rejects
 * with; opened again it goes on there.
 */
export async function runStudy(log: StudyLog, ports: StudyPorts, signal: CancelSignal): Promise<void> {
  for (;;) {
    const stage = nextStage(log.spec, log.results);
    if (stage === null) return;
    if (signal.aborted) throw new LensError("cancelled", "Cancelled.");
    ports.onStage?.(stage, log.results.length);
    await log.add(await work(stage, ports, signal));
  }
}

function work(stage: Stage, ports: StudyPorts, signal: CancelSignal): Promise<StageResult> {
  if (stage.kind === "sample") return ports.sample(stage, signal);
  return stage.kind === "entropy" ? ports.measureEntropy(stage, signal) : ports.score(stage, signal);
}
