// What is known of a trace under one scorer: readonly columns, so that 131,072 tokens with 20 alternatives each stay small.

/** `raw`: log-softmax of the model's own logits. `processed`: after temperature, top-p or penalties: not comparable. */
export type LogProbKind = "raw" | "processed" | "unknown";

/** How a server hands over the log-probs of given text; chosen by probe. `file`: they stood in the file. */
export type ScoringMethod =
  | "vllmPromptLogProbs"
  | "vllmChatPromptLogProbs"
  | "sglangGenerate"
  | "openAiEcho"
  | "togetherEcho"
  | "tgiPrefill"
  | "llamaCppForced"
  | "file";

/**
 * Tokens of the trace in columns of equal length. The prompt is not among them.
 * A log-prob in nats is finite, NaN (the server gave none: the first token of a text) or -Infinity (a floor such as
 * -9999 or -inf): neither of the last two is ever averaged, both are counted.
 */
export interface TokenColumns {
  /** -1 where the server does not say. */
  readonly ids: Int32Array;
  /** As the server wrote them: possibly "", U+FFFD or a name such as `<|im_end|>`. */
  readonly texts: readonly string[];
  readonly logProbs: Float64Array;
  /** 1-based rank in the vocabulary; 0 unknown; -k: beyond the first k. */
  readonly ranks: Int32Array;
  readonly alternatives: AlternativeColumns;
}

/**
 * The most probable tokens of each position, descending; those of token i are [offsets[i], offsets[i + 1]).
 * The token that stands in the trace is among them only where it belongs to them.
 */
export interface AlternativeColumns {
  readonly offsets: Uint32Array;
  readonly ids: Int32Array;
  readonly texts: readonly string[];
  readonly logProbs: Float64Array;
  /** 1 where they are certainly the most probable ones; 0 where one may be missing (two tokens of one text in a map). */
  readonly complete: Uint8Array;
}

/**
 * Display units: the smallest runs of tokens that begin and end between two characters. Their UTF-16 ranges tile the
 * text: starts[0] = 0, starts[i + 1] = ends[i], the last end is the text's length. A unit may be empty (a special token).
 */
export interface UnitColumns {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** One longer than the others: the tokens of unit i are [firstTokens[i], firstTokens[i + 1]). */
  readonly firstTokens: Uint32Array;
}

/** Whose log-probs these are, and what must be said beside them. */
export interface ScorerFacts {
  /** Scheme, host and port, or the file's name. */
  readonly source: string;
  readonly model: string;
  readonly method: ScoringMethod;
  readonly logProbKind: LogProbKind;
  /** `ids`: the sampled tokens themselves. `text`: the scorer's own tokenisation of the text ("re-tokenised"). */
  readonly tokenisation: "ids" | "text";
  /** Alternatives asked for with each token. */
  readonly top: number;
  /** Tokens in the vocabulary where known: bounds of entropy and of reachability above T = 1 need it. */
  readonly vocabularySize: number | null;
  /** Not `null`: the trace did not fit, and each token saw only so much before it. */
  readonly window: ScoringWindow | null;
  /** The first token holds the end of the prompt as well. */
  readonly boundaryMerged: boolean;
  /**
   * `detokenised`: the tokens do not tile the given text, so `text` is theirs, not the given one. `none`: a file with
   * numbers only; all tokens are one unit, and only what is said of the whole trace or of a token's number holds.
   */
  readonly alignment: "exact" | "detokenised" | "none";
  /** Sentences to be shown beside the scores. */
  readonly notes: readonly string[];
}

export interface ScoringWindow {
  readonly tokens: number;
  readonly stride: number;
}

/** One trace under one scorer. */
export interface ScoredTrace {
  readonly text: string;
  readonly tokens: TokenColumns;
  readonly units: UnitColumns;
  readonly scorer: ScorerFacts;
}
