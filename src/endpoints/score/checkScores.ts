import { alignTokens } from "../../core/trace/alignTokens.ts";
import type { ReplyToken } from "../../core/trace/replyToken.ts";
import type { RawScores, Written } from "./adapter.ts";
import { ScoreRefusal } from "./scoreRefusal.ts";

/** Rounding of float32 may lift a certain token's log-prob over 0. */
const roundingNats = 1e-4;
/** Servers batch and round differently; an offset or a temperature shows as far more. */
const largestDeltaNats = 0.3;

/**
 * What every server's log-probs of an ordinary text are like: one entry a token of the text, the first without a
 * log-prob and no other, all others finite, not above 0, not all the same. Throws ScoreRefusal.
 */
export function checkScores({ tokens, counted }: RawScores, text: string): void {
  if (tokens.length === 0) throw new ScoreRefusal("ignored", "the reply has no log-probs of the prompt");
  const values = tokens.map((token) => token.logProb);
  const scored = values.filter((value) => value !== null);
  if (scored.length === 0) throw new ScoreRefusal("nulls", "every log-prob is null");
  const aligned = alignTokens(text, tokens);
  if (aligned.kind === "failed" && aligned.failure.code === "mismatch") {
    throw new ScoreRefusal(
      "misaligned",
      `the tokens are not those of the text sent (${aligned.failure.message})`,
    );
  }
  if (counted !== null && Math.abs(counted - tokens.length) > 1) {
    throw new ScoreRefusal("count", `${tokens.length} log-probs came for ${counted} prompt tokens`);
  }
  checkValues(values, scored);
}

function checkValues(values: readonly (number | null)[], scored: readonly number[]): void {
  const nulls = values.length - scored.length;
  if (nulls > 1) throw new ScoreRefusal("nulls", `${nulls} of ${values.length} log-probs are null`);
  if (values[0] !== null) {
    throw new ScoreRefusal(
      "nulls",
      "the first token has a log-prob, though nothing stands before it (off by one)",
    );
  }
  if (scored.includes(-Infinity)) {
    throw new ScoreRefusal("floor", "ordinary words are at -9999 or -inf, which is no log-prob");
  }
  const positive = scored.find((value) => value > roundingNats);
  if (positive !== undefined) throw new ScoreRefusal("positive", `a log-prob is ${positive}, above 0`);
  const [first = 0] = scored;
  if (scored.length > 1 && scored.every((value) => value === first)) {
    throw new ScoreRefusal("constant", `every log-prob is ${first}`);
  }
}

/**
 * The tokens that the server wrote, scored as given text, must have the log-probs that it wrote them with. Catches what
 * looks right and is not: rows off by one, a missing BOS, log-probs after a temperature.
 * @returns the largest difference in nats; throws ScoreRefusal
 */
export function checkConsistency(written: Written, scored: readonly ReplyToken[]): number {
  let largest = 0;
  for (const [i, token] of written.tokens.entries()) {
    const again = scored[i];
    const given = token.logProb;
    if (again?.logProb === null || again === undefined || given === null) {
      throw new ScoreRefusal("inconsistent", `token ${i + 1} that it wrote came back without a log-prob`);
    }
    const delta = Math.abs(again.logProb - given);
    if (!(delta < largestDeltaNats)) {
      throw new ScoreRefusal(
        "inconsistent",
        `it wrote ${JSON.stringify(token.text ?? token.id)} with log-prob ${given.toFixed(2)} and scores it ${again.logProb.toFixed(2)}`,
      );
    }
    largest = Math.max(largest, delta);
  }
  return largest;
}

/** By how much the mean log-prob of a sentence is above that of its words in another order; sound servers: 2 nats and more. */
export const leastOrderNats = 2;

export function meanLogProb(tokens: readonly ReplyToken[]): number {
  const scored = tokens
    .map((token) => token.logProb)
    .filter((value) => value !== null && Number.isFinite(value));
  return scored.reduce((sum: number, value) => sum + (value ?? 0), 0) / scored.length;
}
