import type { RolloutRun } from "../dataset/readRollouts.ts";
import type { Problem } from "../model.ts";
import type { ByteSource, CancelSignal } from "../ports.ts";
import type { RunItems } from "./model.ts";

export interface CollectOptions {
  /** For a run folder's `samples.jsonl`, whose lines name problems by key only. */
  readonly problems?: readonly Problem[];
  readonly signal?: CancelSignal;
  readonly onProgress?: (bytesRead: number, total: number) => void;
}

/**
 * The distinct texts of the runs of one rollout file, with the verdicts that `runs` have (also those of another judge):
 * one pass over the file for the hashes, no text is held. Samples outside n (see `ProblemTally`) and empty texts are no
 * items. Rejects with `cancelled`, `stale` (the file is another than was counted), or with what the source rejects with.
 */
export async function collectItems(
  source: ByteSource,
  runs: readonly RolloutRun[],
  options: CollectOptions = {},
): Promise<readonly RunItems[]> {
  throw new Error(`not there yet ${source.name} ${runs.length} ${options.problems?.length}`);
}
