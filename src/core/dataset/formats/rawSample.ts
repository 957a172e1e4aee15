import type { SampleOutcome, TokenUsage, Verdict } from "../../model.ts";
import type { RawSample } from "./rolloutFormat.ts";
import { FieldError, isRecord, kindOf } from "../../parse.ts";
import { responseText } from "../questionText.ts";

/** What a file says of one sample, as it stands there. */
export interface SampleFields {
  readonly run?: string | null;
  readonly response: unknown;
  readonly score?: unknown;
  readonly extracted?: unknown;
  readonly finish?: unknown;
  readonly reasoning?: unknown;
  readonly seed?: unknown;
  readonly tokens?: unknown;
}

/** Throws a FieldError with `field` when the response is no text. */
export function rawSample(fields: SampleFields, field: string): RawSample {
  const text = responseText(fields.response);
  if (text === null) throw new FieldError(field, `expected string, got ${kindOf(fields.response)}`);
  const finishReason = textOrNull(fields.finish);
  const tokens = typeof fields.tokens === "number" && fields.tokens >= 0 ? Math.round(fields.tokens) : null;
  return {
    run: fields.run ?? null,
    text,
    reasoning: textOrNull(fields.reasoning),
    seed: typeof fields.seed === "number" && Number.isSafeInteger(fields.seed) ? fields.seed : null,
    finishReason,
    outcome: outcomeOf(finishReason),
    verdict: scoreVerdict(fields.score, answerText(fields.extracted)),
    verifier: null,
    usage: tokens === null ? null : usageOf(tokens),
  };
}

/**
 * A score as a verdict: `true` and numbers from 1 up are correct, `false` and numbers up to 0 incorrect, so are their
 * texts and C/I, pass/fail. A number strictly between 0 and 1 is a shaped reward, not a judgement: ungraded, as are
 * null and NaN. A list is the sum of its numbers (rewards token by token), an object its `r`, `score` or `value`.
 */
export function scoreVerdict(score: unknown, extracted: string | null): Verdict | null {
  const right = isRight(score);
  if (right === null) return null;
  if (!right && extracted === "") return { kind: "unparsed" };
  return {
    kind: right ? "correct" : "incorrect",
    how: "file",
    extracted: extracted === "" ? null : extracted,
  };
}

const rightWords: ReadonlySet<string> = new Set(["true", "c", "correct", "pass", "passed", "yes"]);
const wrongWords: ReadonlySet<string> = new Set(["false", "i", "incorrect", "wrong", "fail", "failed", "no"]);

function isRight(score: unknown): boolean | null {
  if (typeof score === "boolean") return score;
  if (typeof score === "number") return score >= 1 ? true : score <= 0 ? false : null;
  if (typeof score === "string") {
    const word = score.trim().toLowerCase();
    if (rightWords.has(word)) return true;
    if (wrongWords.has(word)) return false;
    return word === "" || Number.isNaN(Number(word)) ? null : isRight(Number(word));
  }
  if (Array.isArray(score)) return score.length === 1 ? isRight(score[0]) : isRight(sumOf(score));
  if (isRecord(score)) return isRight(score["r"] ?? score["score"] ?? score["value"]);
  return null;
}

function sumOf(values: readonly unknown[]): number | null {
  if (values.length === 0 || !values.every((value) => typeof value === "number")) return null;
  return values.reduce((sum, value) => sum + value, 0);
}

const truncatedWords: ReadonlySet<string> = new Set([
  "length",
  "max_tokens",
  "max_length",
  "truncated",
  "max_output_tokens",
]);
const refusedWords: ReadonlySet<string> = new Set(["content_filter", "refusal", "safety"]);

/** A file that says nothing of the end is taken at its word: the sample ended by itself. */
export function outcomeOf(finishReason: string | null): SampleOutcome {
  if (finishReason === null) return ended;
  const word = finishReason.toLowerCase();
  if (truncatedWords.has(word)) return { kind: "truncated" };
  return refusedWords.has(word) ? { kind: "refused", reason: word } : ended;
}

const ended: SampleOutcome = { kind: "ok" };

export function usageOf(completionTokens: number): TokenUsage {
  return { promptTokens: null, completionTokens, reasoningTokens: null };
}

/** `null` and absent: the file has no extracted answers; "": it has none for this sample. */
function answerText(value: unknown): string | null {
  if (typeof value === "string") return value.trim();
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
