import { LensError } from "../../core/errors.ts";
import { atPath, FieldError, isRecord } from "../../core/parse.ts";
import type { CancelSignal } from "../../core/ports.ts";
import { EndpointError } from "../../core/run/generate.ts";
import { traceAfterPrompt } from "../../core/trace/buildTrace.ts";
import type { ReplyToken } from "../../core/trace/replyToken.ts";
import { textOfTokens } from "../../core/trace/replyToken.ts";
import type { EndpointConfig } from "../config.ts";
import type { EndpointPorts } from "../endpoint.ts";
import { type AdapterCall, type ScoreAdapter, type Written } from "./adapter.ts";
import { scoreAdapters } from "./adapters.ts";
import { checkConsistency, checkScores, leastOrderNats, meanLogProb } from "./checkScores.ts";
import { ScoreRefusal } from "./scoreRefusal.ts";
import type { ScoreFault, ScoringAbility, TriedMethod } from "./scoringAbility.ts";
import { scoringAdvice } from "./scoringAdvice.ts";
import { ScoreWire } from "./scoreWire.ts";

export interface ScoringProbeOptions extends EndpointPorts {
  /** Also try what takes one request a token. */
  readonly slow?: boolean;
  /** Alternatives that will be asked for. */
  readonly top?: number;
  /** A text of the kind to be scored, for a model whose vocabulary is not that of English. */
  readonly example?: { readonly prompt: string; readonly text: string };
}

/** Letters, digits, signs, ideographs and an emoji: what tokenizers treat differently. */
const ordinaryText = "The capital of France is Paris. 2+2=4 你好 😀";
const beginnings = ["The capital of France is", "1, 2, 3, 4,"];
const probeIdleTimeoutMs = 60_000;

/** These say nothing of what the server can do. */
const unreachable = new Set(["connection", "timeout", "unauthorized", "rateLimited"]);

/**
 * Finds out how an endpoint hands over log-probs of given text, by a few short requests, and whether they can be trusted:
 * the first way that passes every check of `checkScores` and the self-consistency check is taken, whatever the brand.
 * Rejects only with code `cancelled`.
 */
export async function probeScoring(
  config: EndpointConfig,
  options: ScoringProbeOptions,
  signal: CancelSignal,
): Promise<ScoringAbility> {
  const wire = new ScoreWire(config, options, config.idleTimeoutMs ?? probeIdleTimeoutMs);
  const call: AdapterCall = { wire, signal, top: options.top ?? 0 };
  const tried: TriedMethod[] = [];
  try {
    const candidates = scoreAdapters.filter(
      (adapter) => adapter.takes.includes("text") && (adapter.slow !== true || options.slow === true),
    );
    for (const adapter of candidates) {
      const found = await attempt(adapter, call, options);
      if (found.kind === "stopped") return { state: "unknown", reason: found.reason };
      if (found.kind === "refused") {
        tried.push({ method: adapter.method, fault: found.fault, reason: found.reason });
        continue;
      }
      return {
        state: "ok",
        method: adapter.method,
        chat: adapter.method === "vllmPromptLogProbs",
        takesIds: adapter.takes.includes("ids"),
        top: found.top,
        largestDelta: found.largestDelta,
        maxModelLength: await maxModelLength(call),
        tried,
      };
    }
    return { state: "no", ...scoringAdvice(tried), tried };
  } finally {
    wire.close();
  }
}

type Attempt =
  | { readonly kind: "accepted"; readonly largestDelta: number | null; readonly top: number }
  | {
      readonly kind: "refused";
      readonly fault: ScoreFault;
      readonly reason: string;
      /** The server knows the route and said no to the request. */
      readonly mayBeTop?: boolean;
    }
  | { readonly kind: "stopped"; readonly reason: string };

/** vLLM's default limit of alternatives, OpenAI's, and none. */
const smallerTops = [20, 5, 1, 0];

/** With as many alternatives as the server gives: more than that it refuses, and that is no reason to refuse it. */
async function attempt(
  adapter: ScoreAdapter,
  call: AdapterCall,
  options: ScoringProbeOptions,
): Promise<Attempt> {
  const tops = [call.top, ...smallerTops.filter((top) => top < call.top)];
  let first: Attempt | null = null;
  for (const top of tops) {
    const found = await attemptWith(adapter, { ...call, top }, options);
    if (found.kind !== "refused" || found.fault !== "refused") return found;
    first ??= found;
    // Another route than the server has fails alike with fewer.
    if (!found.mayBeTop) break;
  }
  return first as Attempt;
}

async function attemptWith(
  adapter: ScoreAdapter,
  call: AdapterCall,
  options: ScoringProbeOptions,
): Promise<Attempt> {
  try {
    const { text, tokens } = await scoreOrdinary(adapter, call, options);
    const given = tokens.reduce((most, token) => Math.max(most, token.top.length), 0);
    const largestDelta = await consistency(adapter, call, { text, options });
    return { kind: "accepted", largestDelta, top: Math.min(call.top, given) };
  } catch (error) {
    return refusalOf(error);
  }
}

/** The ordinary text, or the example where the model does not know such words or refuses them. */
async function scoreOrdinary(
  adapter: ScoreAdapter,
  call: AdapterCall,
  { example }: ScoringProbeOptions,
): Promise<{ readonly text: string; readonly tokens: readonly ReplyToken[] }> {
  const texts = example === undefined ? [ordinaryText] : [ordinaryText, example.prompt + example.text];
  let refusal: unknown = null;
  for (const text of texts) {
    try {
      const scores = await adapter.score({ kind: "text", prompt: "", text }, call);
      checkScores(scores, text);
      return { text, tokens: scores.tokens };
    } catch (error) {
      if (refusalOf(error).kind !== "refused") throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

/** @returns the largest difference, or `null` where the server gives no log-probs of what it writes: then by shuffled words */
async function consistency(
  adapter: ScoreAdapter,
  call: AdapterCall,
  { text, options }: { readonly text: string; readonly options: ScoringProbeOptions },
): Promise<number | null> {
  const prompts = options.example === undefined ? beginnings : [...beginnings, options.example.prompt];
  for (const prompt of prompts) {
    const written = await adapter.write(prompt, call).catch((error: unknown) => {
      if (refusalOf(error).kind !== "refused") throw error;
      return null;
    });
    if (written === null || written.tokens.length === 0) continue;
    if (written.tokens.some((token) => token.logProb === null || !Number.isFinite(token.logProb))) continue;
    const scored = await scoredAgain(adapter, written, call);
    if (scored !== null) return checkConsistency(written, scored);
  }
  await checkOrder(adapter, text, call);
  return null;
}

/** The written tokens as given text; `null` where the scorer cuts it into other tokens, which says nothing. */
async function scoredAgain(
  adapter: ScoreAdapter,
  { prompt, tokens, promptIds }: Written,
  call: AdapterCall,
): Promise<readonly ReplyToken[] | null> {
  const ids = tokens.map((token) => token.id);
  if (promptIds !== null && adapter.takes.includes("ids") && ids.every((id) => id !== null)) {
    const full = [...promptIds, ...ids];
    const input = { kind: "ids", ids: full, promptTokens: promptIds.length } as const;
    const { tokens: scored, skip } = await adapter.score(input, call);
    return scored.slice(skip ?? 0);
  }
  const text = textOfTokens(tokens);
  if (text === "" || text.includes("\uFFFD")) return null;
  const input = { kind: "text", prompt, text } as const;
  const { tokens: scored } = await adapter.score(input, call);
  const built = traceAfterPrompt({ prompt, text }, scored, probeFacts);
  if (built.kind === "failed") return null;
  const own = scored.slice(scored.length - built.trace.tokens.texts.length);
  const same =
    own.length === tokens.length && own.every((token, i) => sameToken(token, tokens[i] as ReplyToken));
  return same ? own : null;
}

const sameToken = (a: ReplyToken, b: ReplyToken): boolean =>
  a.id !== null && b.id !== null ? a.id === b.id : a.text?.trim() === b.text?.trim();

const probeFacts = {
  source: "",
  model: "",
  method: "file",
  logProbKind: "unknown",
  tokenisation: "text",
  top: 0,
  vocabularySize: null,
  window: null,
  notes: [],
} as const;

async function checkOrder(adapter: ScoreAdapter, text: string, call: AdapterCall): Promise<void> {
  const words = text.split(" ");
  const shuffled = [...words.filter((_, i) => i % 2 === 1).reverse(), ...words.filter((_, i) => i % 2 === 0)];
  const [natural, mixed] = await Promise.all(
    [text, shuffled.join(" ")].map((one) => adapter.score({ kind: "text", prompt: "", text: one }, call)),
  );
  const difference = meanLogProb(natural?.tokens ?? []) - meanLogProb(mixed?.tokens ?? []);
  if (difference >= leastOrderNats) return;
  throw new ScoreRefusal(
    "unordered",
    `shuffled words score like the sentence (${difference.toFixed(2)} nats apart), and it gives no log-probs of its own words to compare with`,
  );
}

/** Throws what is a bug of ours, and `cancelled`. */
function refusalOf(error: unknown): Attempt {
  if (error instanceof ScoreRefusal) return { kind: "refused", fault: error.fault, reason: error.message };
  if (error instanceof FieldError) return { kind: "refused", fault: "malformed", reason: error.message };
  if (!(error instanceof EndpointError)) throw error;
  if (error.code === "cancelled") throw new LensError("cancelled", "cancelled");
  if (unreachable.has(error.code)) return { kind: "stopped", reason: error.message };
  const fault = error.code === "malformed" ? "malformed" : "refused";
  const mayBeTop = error.code === "badRequest";
  return { kind: "refused", fault, reason: error.message, mayBeTop };
}

const lengthFields = ["max_model_len", "context_length", "max_context_length"];

async function maxModelLength({ wire, signal }: AdapterCall): Promise<number | null> {
  const list = await wire.get("/models", signal).catch(() => null);
  const data = atPath(list, "data");
  const entries = Array.isArray(data) ? data.filter(isRecord) : [];
  const entry = entries.find((one) => one["id"] === wire.model);
  const found = lengthFields.map((field) => entry?.[field]).find((value) => typeof value === "number");
  return typeof found === "number" ? found : null;
}
