/** One alternative at a position. */
export interface ReplyAlternative {
  readonly id: number | null;
  readonly text: string;
  /** Nats; -Infinity for a floor. */
  readonly logProb: number;
}

/** One token as a server's reply or a file has it, before it is laid over the text. */
export interface ReplyToken {
  readonly id: number | null;
  /** Decoded text, a string of the vocabulary, or `null` where the reply gives only ids. */
  readonly text: string | null;
  /** The token's bytes where the reply has them. */
  readonly bytes: readonly number[] | null;
  /** The server says that it is a special token. */
  readonly special: boolean;
  /** Nats; `null` where the server gave none; -Infinity for a floor. */
  readonly logProb: number | null;
  readonly rank: number | null;
  /** Descending; without the token itself where it is not one of the most probable. */
  readonly top: readonly ReplyAlternative[];
  readonly topComplete: boolean;
}

/** From here down servers mean "no probability at all": vLLM writes -9999, others -inf. */
const floorLogProb = -9990;

/**
 * A log-prob as it stands in a reply: -Infinity for floors, `null` for null and whatever is not a number.
 * A positive one is handed through: it is the probe's to refuse.
 */
export function readLogProb(value: unknown): number | null {
  if (value === "-inf" || value === "-Infinity") return -Infinity;
  if (typeof value !== "number" || Number.isNaN(value)) return null;
  return value <= floorLogProb ? -Infinity : value;
}

/** What the tokens spell, each as the server wrote it. */
export function textOfTokens(tokens: readonly ReplyToken[]): string {
  return tokens.map((token) => token.text ?? "").join("");
}
