import { textOfTokens } from "./replyToken.ts";
import { type BuiltTrace, traceOfTokens } from "./buildTrace.ts";
import { fileScores } from "./fileScores.ts";
import { recordedReplies } from "./replies/recordedReply.ts";
import type { ReplyToken } from "./replyToken.ts";
import type { ScoringMethod } from "./scoredTrace.ts";

/** Scored texts of one record of a file, without any endpoint. */
export interface RecordScore {
  /** `given`: text that was sent to the scorer; `generated`: what the model wrote, under itself. */
  readonly scope: "given" | "generated";
  /** Where in the record, and by whom: `generation_logprobs (engine)`, `choices`. */
  readonly label: string;
  readonly built: BuiltTrace;
}

/**
 * Log-probs that stand in a record, laid over its text: a recorded reply of a scoring server, or a rollout.
 * @param source the file's name, for the scorer's facts
 * Throws a FieldError that names the field which is not as it should be.
 */
export function recordScores(record: unknown, source: string): readonly RecordScore[] {
  const replies = recordedReplies(record);
  if (replies.length > 0) {
    return replies.map(({ scope, model, method, text, tokens }) => ({
      scope,
      label: method === "file" ? "logprobs" : method,
      built: built({ source, model, method, text, tokens, notes: [] }),
    }));
  }
  return fileScores(record).map(({ field, by, text, tokens, notes }) => ({
    scope: "generated",
    label: by === null ? field : `${field} (${by})`,
    built: built({ source, model: null, method: "file", text, tokens, notes }),
  }));
}

interface Found {
  readonly source: string;
  readonly model: string | null;
  readonly method: ScoringMethod;
  readonly text: string | null;
  readonly tokens: readonly ReplyToken[];
  readonly notes: readonly string[];
}

function built({ source, model, method, text, tokens, notes }: Found): BuiltTrace {
  return traceOfTokens(text ?? textOfTokens(tokens), tokens, {
    source,
    model: model ?? "",
    method,
    // A file does not say how its server was set up.
    logProbKind: "unknown",
    tokenisation: tokens.every((token) => token.id !== null) ? "ids" : "text",
    top: tokens.reduce((most, token) => Math.max(most, token.top.length), 0),
    vocabularySize: null,
    window: null,
    notes,
  });
}
