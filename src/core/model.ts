// The readonly types that every layer shares. One place, no behaviour.

import type { StopPlan } from "./estimate/adaptive/stopPlan.ts";

/** What a model is in a comparison; a checkpoint is `rl` with `metadata.step`. */
export type Role = "base" | "rl" | "distilled" | "instruct" | "other";
export const roles: readonly Role[] = ["base", "rl", "distilled", "instruct", "other"];

/** One problem of a dataset. */
export interface Problem {
  /** Identity across files: see `problemKey`. Samples of two runs are paired by it. */
  readonly key: string;
  /** The dataset's own id where it has one, else the row number as text. */
  readonly id: string;
  /** 0-based row in the dataset. */
  readonly index: number;
  readonly question: string;
  readonly gold: string | null;
  /** 1-based line of the file, where the format has lines. */
  readonly line: number | null;
}

/** What the verifier says of one sample. Every kind is stored and shown; none is silently counted as wrong. */
export type Verdict =
  | { readonly kind: "correct"; readonly how: string; readonly extracted: string | null }
  | {
      readonly kind: "incorrect";
      readonly how: string;
      readonly extracted: string | null;
      /** Of a program. */
      readonly trial?: TrialDetail;
    }
  /** No answer was found in the text. */
  | { readonly kind: "unparsed" }
  | { readonly kind: "undecided"; readonly reason: string; readonly extracted: string | null }
  | { readonly kind: "error"; readonly reason: string };

/** What a program was called with, what had to come and what came: as Python writes them, shortened. */
export interface TrialDetail {
  readonly call: string | null;
  readonly expected: string | null;
  readonly got: string | null;
}

/** How one request for a sample ended. */
export type SampleOutcome =
  | { readonly kind: "ok" }
  /** finish_reason `length`, or the stream ended without a reason. */
  | { readonly kind: "truncated" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "failed"; readonly code: string; readonly message: string; readonly retryable: boolean };

export interface TokenUsage {
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly reasoningTokens: number | null;
}

/** The ids of a sample's tokens, as the server that wrote it said them. */
export interface TokenIds {
  /** Of all that stood before it, with what the server put there. */
  readonly prompt: readonly number[];
  /** With the token that ended it, which the text does not show. */
  readonly trace: readonly number[];
}

/** One sampled or imported completion with its verdict. */
export interface Sample {
  readonly problemKey: string;
  /** 0-based index among the samples of its problem. */
  readonly index: number;
  readonly seed: number | null;
  /** The text the model wrote, without the prompt. */
  readonly text: string;
  /** Text that the server returned in a separate reasoning field, if any. */
  readonly reasoning: string | null;
  readonly finishReason: string | null;
  readonly outcome: SampleOutcome;
  /** `null`: not graded (never counted as wrong). */
  readonly verdict: Verdict | null;
  /** Id of the verifier that gave the verdict; `null` where there is no verdict, or nobody wrote down whose it is. */
  readonly verifier: string | null;
  readonly usage: TokenUsage | null;
  /** Only where they were asked for, and the server gave them whole. */
  readonly tokenIds?: TokenIds;
}

/** Everything besides the model that makes two runs comparable or not. Stored with a run; compared by `parity`. */
export interface Protocol {
  readonly template: string;
  readonly api: "completions" | "chat";
  readonly system: string | null;
  readonly stop: readonly string[];
  readonly temperature: number;
  readonly topP: number;
  readonly maxTokens: number;
  readonly seed: number;
  /** Name and version, e.g. `math@1:standard`. */
  readonly verifier: string;
  /** sha256 of the dataset's problems (key and gold), hex. */
  readonly datasetHash: string;
  /** Vendor fields sent with every request. */
  readonly extraBody: Readonly<Record<string, unknown>>;
}

/** A group of samples with the same extracted answer; what majority voting needs. */
export interface AnswerGroup {
  readonly answer: string;
  readonly count: number;
  readonly correct: boolean;
}

/** What is beside a rate: never silently counted as wrong or dropped. */
export interface OutcomeCounts {
  readonly truncated: number;
  readonly refused: number;
  readonly unparsed: number;
  readonly undecided: number;
  readonly error: number;
  readonly failed: number;
  readonly ungraded: number;
  /** Samples whose text repeats that of an earlier sample of the problem (a server that ignores the seed). */
  readonly duplicates: number;
}

/**
 * One problem of one run, counted. `n` samples count, `c` of them are correct.
 * Truncated, refused and unparsed samples are inside n (the model gave no right answer) and are also counted here;
 * ungraded samples, `undecided` and `error` verdicts and failed requests are outside n.
 */
export interface ProblemTally extends OutcomeCounts {
  readonly problem: Problem;
  readonly n: number;
  readonly c: number;
  /** Samples that ended by themselves: the counts for pass@k "finished only". */
  readonly finishedN: number;
  readonly finishedC: number;
  /** Completion tokens of the n samples together; `null` or absent where one of them has no count. */
  readonly tokens?: number | null;
  /** Over the samples in n that have an extracted answer; `null` where none has. */
  readonly answers: readonly AnswerGroup[] | null;
  /**
   * Where a stop plan ended the sampling: n and c are those up to the stop, in order of the samples' index, and no plain
   * counts (`countOf` makes of them what an estimator may take).
   */
  readonly stopped?: StoppedProblem | undefined;
}

export interface StoppedProblem {
  /** The run's, one object for all its problems; nMax no larger than what the whole run reaches by now. */
  readonly plan: StopPlan;
  /** Samples answered, those behind the stop included. */
  readonly made: number;
  /** `false`: the plan would go on. */
  readonly over: boolean;
}

/** One run, counted: what curves, histogram, coverage and the Problems table are made of. */
export interface RunTally {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** The dataset's name: a file's base name, or what a run folder says. */
  readonly dataset: string;
  /** `null` for imported rollouts, whose protocol is not known. */
  readonly protocol: Protocol | null;
  /** Who judged: a verifier's name and version, or `file` when the scores stood in the file. */
  readonly verifier: string;
  /** What the file calls its own labels (a column's name), where some of the verdicts are those. */
  readonly labels?: string | null;
  readonly metadata: Readonly<Record<string, string | number>>;
  /** As the run was planned, where it samples where it matters; absent: n samples of every problem. */
  readonly stopPlan?: StopPlan | undefined;
  readonly problems: readonly ProblemTally[];
}

/** Something in an input that could not be read: named by file, line and field, with what to do. Data, not an exception. */
export interface InputIssue {
  readonly file: string;
  readonly line: number | null;
  readonly field: string | null;
  /** E.g. `expected string, got number`. */
  readonly message: string;
}
