import { LensError } from "../core/errors.ts";
import type { RunEvent, RunProgress } from "../core/run/events.ts";
import { meterWords } from "../core/estimate/stoppedRun.ts";
import { count } from "../core/numberWords.ts";
import { systemClock } from "../node/clock.ts";
import type { CommandContext } from "./command.ts";

export type LastEvent = Extract<RunEvent, { type: "done" | "stopped" }>;

/** A line at most every so often. */
const noteEveryMs = 2000;

/** Tells stderr how a run goes; resolves with its last event. */
export async function followSampling(
  events: AsyncIterable<RunEvent>,
  context: CommandContext,
): Promise<LastEvent> {
  let notedMs = 0;
  let toldOfRepeats = false;
  for await (const event of events) {
    if (event.type === "duplicates") {
      if (!toldOfRepeats) {
        toldOfRepeats = true;
        const pair = event.indexes.join(" and ");
        context.note(
          `Samples ${pair} of ${event.problemKey} are the same text: the endpoint may ignore the seed.`,
        );
      }
    } else if (event.type === "progress" && systemClock.now() - notedMs >= noteEveryMs) {
      notedMs = systemClock.now();
      context.note(progressLine(event.progress));
    } else if (event.type === "done" || event.type === "stopped") {
      context.note(progressLine(event.progress));
      return event;
    }
  }
  throw new Error("the run ended without a last event");
}

function progressLine(progress: RunProgress): string {
  const { stopping } = progress;
  const most = stopping && progress.finished < progress.total ? "at most " : "";
  const parts = [`${count(progress.finished)}/${most}${count(progress.total)} samples`];
  if (stopping) {
    parts.push(`${count(stopping.problemsOver)}/${count(stopping.problems)} problems over`);
    if (stopping.problemsOver > 0) parts.push(meterWords(stopping));
  }
  // Of problems that end at right answers the share of right ones is too high.
  if (progress.graded > 0 && !stopping)
    parts.push(`${((100 * progress.correct) / progress.graded).toFixed(1)} % correct`);
  for (const key of ["truncated", "failed", "duplicates"] as const) {
    if (progress[key] > 0) parts.push(`${count(progress[key])} ${key}`);
  }
  if (progress.waiting !== null) parts.push(`waiting: ${progress.waiting.reason}`);
  return parts.join(", ");
}

/** What `--json` prints. */
export function samplingSummary(folder: string, end: LastEvent): Record<string, unknown> {
  const { finished, finishedNow, total, failed, truncated, correct, graded, duplicates, elapsedMs } =
    end.progress;
  return {
    folder,
    status: end.type,
    reason: end.type === "stopped" ? end.reason.code : null,
    finished,
    finishedNow,
    total,
    failed,
    truncated,
    correct,
    graded,
    duplicates,
    elapsedMs,
    ...(end.progress.stopping ? { stopping: end.progress.stopping } : {}),
  };
}

/** Rejects where samples are missing: a script must see that. */
export function concludeSampling(end: LastEvent, folder: string, context: CommandContext): void {
  if (end.type === "stopped") {
    if (end.reason.code === "cancelled") context.note(end.reason.message);
    // Codes of the endpoint are failures at run time here, not bad input.
    throw new LensError(end.reason.code === "cancelled" ? "cancelled" : "runStopped", end.reason.message);
  }
  const { failed } = end.progress;
  if (failed === 0) return;
  throw new LensError(
    "samplesFailed",
    `${failed} samples failed; why stands in ${folder}/samples.jsonl. Sample again to retry them.`,
  );
}
