import type { ChatMessage } from "../run/generate.ts";
import type { CancelSignal } from "../ports.ts";
import type { ScoredTrace } from "./scoredTrace.ts";

/** A trace to be scored, with all that stood before it. */
export interface ScoreRequest {
  readonly context:
    | { readonly api: "completions"; readonly prompt: string }
    | { readonly api: "chat"; readonly messages: readonly ChatMessage[] };
  /** What the model wrote. */
  readonly text: string;
  /** The ids of prompt and trace, where they were kept when sampling and the tokenizers are the same. */
  readonly ids: { readonly prompt: readonly number[]; readonly trace: readonly number[] } | null;
  /** Alternatives to ask for with each token; 0 for none. */
  readonly top: number;
  /** What happens to a trace that is longer than the model's context: `refuse` it, or score it by overlapping windows. */
  readonly tooLong: "refuse" | "window";
}

/** Scores given text. Rejects with `EndpointError`, or LensError `tooLong`, `loneSurrogate`, `noScores`. */
export interface TraceScorer {
  score(request: ScoreRequest, signal: CancelSignal): Promise<ScoredTrace>;
}
