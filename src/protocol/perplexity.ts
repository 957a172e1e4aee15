// What the Perplexity and Checkpoints tabs of the curves panel are told.
import type { PerplexityBox } from "../core/estimate/perplexityBox.ts";

/** Who scored traces of these runs. */
export interface RunScorerView {
  /** Tells two of them apart, also where they have one name. */
  readonly id: string;
  /** As its endpoint is called. */
  readonly name: string;
  readonly model: string;
  /** Scheme, host and port, or what stands for it. */
  readonly source: string;
  /** How the log-probs came, e.g. `vllmPromptLogProbs`. */
  readonly method: string;
  /** Id of the template before the traces. */
  readonly prompt: string;
}

export interface PerplexityView {
  readonly version: number;
  readonly scorers: readonly RunScorerView[];
  /** What the sets' columns number. */
  readonly problems: readonly { readonly key: string; readonly id: string }[];
  readonly sets: readonly PerplexitySetView[];
  /** Why traces cannot be scored here at all (a folder that is not trusted); `null` where they can. */
  readonly refusal: string | null;
  /** Scoring under way. */
  readonly scoring: ScoringRunView | null;
}

export interface ScoringRunView {
  readonly runId: string;
  readonly scorer: string;
  readonly done: number;
  readonly total: number;
}

/** The traces of one run under one scorer, or the reference solutions of its dataset. Columns are of equal length. */
export interface PerplexitySetView {
  readonly runId: string;
  readonly scorerId: string;
  readonly texts: "samples" | "gold";
  /** The scorer is the model that wrote the traces. */
  readonly own: boolean;
  /** Place in the view's `problems`. */
  readonly problems: Uint32Array;
  /** Index of the sample of its problem. */
  readonly samples: Uint32Array;
  readonly perplexities: Float64Array;
  readonly tokens: Uint32Array;
  /** -sum of the log-probs, nats. */
  readonly surprisals: Float64Array;
  /** 1 correct, 0 not, 2 neither (not graded, undecided); of the verdicts that are shown. */
  readonly verdicts: Uint8Array;
  /** `null` without such a trace. */
  readonly boxes: {
    readonly all: PerplexityBox | null;
    readonly correct: PerplexityBox | null;
    readonly wrong: PerplexityBox | null;
  };
  /** What is beside the box and never averaged in. */
  readonly beside: ScoresBesideView;
  /** Of the columns' traces, those whose tokens were scored as they were sampled; the scorer cut the others anew. */
  readonly byIds: number;
  /** Samples of the run: how many of them are scored says the columns' length. */
  readonly of: number;
}

export interface ScoresBesideView {
  /** Traces that the scorer refused: too long, half a character, not the tokens of the text. */
  readonly refused: number;
  /** The most frequent reason; "" for none. */
  readonly refusedWhy: string;
  /** Tokens without a log-prob, and at a floor (-inf): left out of their traces' means. */
  readonly nullTokens: number;
  readonly floorTokens: number;
  /** Traces with no scored token. */
  readonly empty: number;
  /** Scores of a text that the run does not have any more. */
  readonly stale: number;
}

/** Where a run stands in training, with what the counts of the snapshot do not say. */
export interface CheckpointsView {
  readonly version: number;
  readonly runs: readonly CheckpointFactsView[];
}

export interface CheckpointFactsView {
  readonly runId: string;
  /** Mean completion tokens over samples that say theirs; `null` where none does. */
  readonly meanTokens: MeanView | null;
  /** Mean token entropy of the model's own traces under itself, nats: bounds where only the likeliest tokens are known. */
  readonly entropy: { readonly low: number; readonly high: number | null; readonly traces: number } | null;
}

/** A mean over samples, with its 95 % interval over problems. */
export interface MeanView {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly samples: number;
}
