import type { Problem, Sample, SampleOutcome, Verdict } from "../model.ts";
import { LensError } from "../errors.ts";
import type { CancelSignal } from "../ports.ts";
import type { Verifier, VerifyItem } from "../verify/verifier.ts";
import type { EndpointError, Generation } from "./generate.ts";

/** One sample to be asked for. */
export interface SampleTask {
  readonly problem: Problem;
  readonly index: number;
  readonly seed: number;
}

/** How a generation ended. A stream that ends without a reason was cut short, as was one the server aborted. */
export function outcomeOf(generation: Generation): SampleOutcome {
  switch (generation.finishReason) {
    case null:
    case "length":
    case "abort":
      return { kind: "truncated" };
    case "content_filter":
    case "refusal":
      return { kind: "refused", reason: generation.finishReason };
    default:
      return { kind: "ok" };
  }
}

/** A verdict and the id of the verifier that gave it. */
export type Judged = Pick<Sample, "verdict" | "verifier">;

/** What is stored of a task that was answered. */
export function finishedSample(task: SampleTask, generation: Generation, judged: Judged): Sample {
  return {
    problemKey: task.problem.key,
    index: task.index,
    seed: task.seed,
    text: generation.text,
    reasoning: generation.reasoning,
    finishReason: generation.finishReason,
    outcome: outcomeOf(generation),
    ...judged,
    usage: generation.usage,
    ...(generation.tokenIds === undefined ? {} : { tokenIds: generation.tokenIds }),
  };
}

/** A sample given up. It is written, so that it is seen, and asked for again when the run is resumed. */
export function failedSample(task: SampleTask, error: EndpointError): Sample {
  return {
    problemKey: task.problem.key,
    index: task.index,
    seed: task.seed,
    text: "",
    reasoning: null,
    finishReason: null,
    outcome: { kind: "failed", code: error.code, message: error.message, retryable: error.retryable },
    verdict: null,
    verifier: null,
    usage: null,
  };
}

/**
 * The verifier's word, or an `error` verdict where it failed; `null` where there is no gold answer to judge by, or it
 * was cancelled.
 */
export async function judge(
  verifier: Verifier,
  { problem, response }: { readonly problem: Problem; readonly response: string },
  signal: CancelSignal,
): Promise<Judged> {
  const { question, gold } = problem;
  if (gold === null) return notJudged;
  const verdict = await verdictOf(verifier, { question, gold, response }, signal);
  return verdict === null ? notJudged : { verdict, verifier: verifier.id };
}

const notJudged: Judged = { verdict: null, verifier: null };

/** `null`: it was cancelled. */
async function verdictOf(
  verifier: Verifier,
  item: VerifyItem,
  signal: CancelSignal,
): Promise<Verdict | null> {
  try {
    return await verifier.verify(item, signal);
  } catch (error) {
    if (error instanceof LensError && error.code === "cancelled") return null;
    const detail = error instanceof Error ? error.message : String(error);
    return { kind: "error", reason: `${verifier.id} failed: ${detail}` };
  }
}
