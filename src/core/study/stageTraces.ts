import { readRollouts, type RolloutRun, type SampleRef } from "../dataset/readRollouts.ts";
import { readSample } from "../dataset/readSample.ts";
import { LensError } from "../errors.ts";
import type { ByteSource, FileStore } from "../ports.ts";
import { samplesFileName } from "../run/files.ts";
import { readingOf } from "../run/plan.ts";
import { readRun, type StoredRun } from "../run/store.ts";
import { renderPrompt } from "../run/templates.ts";
import type { ScoreRequest } from "../trace/scorer.ts";
import type { ScoredPlace } from "../trace/scoreSet.ts";
import { wholeText } from "../trace/traceRecord.ts";

/** A trace of a stage's run, with the prompt it was sampled with. */
export interface StageTrace extends ScoredPlace {
  readonly correct: boolean;
  /** With the token ids, where they were kept. A scorer that takes no chats (`chat` false) gets the template's whole text. */
  read(chat: boolean): Promise<Pick<ScoreRequest, "context" | "text" | "ids">>;
}

interface StageRun {
  readonly run: RolloutRun;
  readonly stored: StoredRun;
  readonly source: ByteSource;
}

/** A run's folder, counted. Throws `brokenRun`, and as `readRun`. */
export async function readStageRun(folder: string, files: FileStore): Promise<StageRun> {
  const stored = await readRun(folder, files);
  const source = await files.open(`${folder}/${samplesFileName}`);
  const file =
    source === null ? null : await readRollouts(source, readingOf(stored.header.plan, stored.problems));
  const run = file?.runs[0];
  if (run === undefined || source === null)
    throw new LensError(
      "brokenRun",
      `${folder} holds no samples. Remove the folder, then go on with the study.`,
    );
  return { run, stored, source };
}

/** All finished traces of a run that are not empty. Throws as `readStageRun`. */
export async function tracesOf(folder: string, files: FileStore): Promise<readonly StageTrace[]> {
  const { run, stored, source } = await readStageRun(folder, files);
  const { template, protocol } = stored.header.plan;
  const traceOf = (ref: SampleRef, problemKey: string): StageTrace => ({
    problemKey,
    index: ref.index,
    print: ref.fingerprint,
    correct: ref.verdict?.kind === "correct",
    read: async (chat) => {
      const sample = await readSample(source, ref, stored.problems);
      const { api, system } = protocol;
      const context = renderPrompt(template, sample.question, { api: chat ? api : "completions", system });
      return { context, text: wholeText(sample.text, sample.reasoning), ids: sample.tokenIds ?? null };
    },
  });
  return run.tally.problems.flatMap(({ problem: { key } }) =>
    run
      .locate(key)
      .filter(({ outcome, fingerprint }) => fingerprint !== null && outcome.kind !== "failed")
      .map((ref) => traceOf(ref, key)),
  );
}
