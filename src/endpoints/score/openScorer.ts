import { LensError } from "../../core/errors.ts";
import { count } from "../../core/numberWords.ts";
import { FieldError } from "../../core/parse.ts";
import type { CancelSignal, Clock, Random } from "../../core/ports.ts";
import { EndpointError } from "../../core/run/generate.ts";
import { defaultRetryPolicy, retryDelayMs } from "../../core/run/retry.ts";
import {
  type BuiltTrace,
  type GivenFacts,
  traceAfterPrompt,
  traceOfTokens,
} from "../../core/trace/buildTrace.ts";
import { type ReplyToken, textOfTokens } from "../../core/trace/replyToken.ts";
import type { ScoredTrace, ScoringMethod } from "../../core/trace/scoredTrace.ts";
import type { ScoreRequest, TraceScorer } from "../../core/trace/scorer.ts";
import { originOf, type EndpointConfig } from "../config.ts";
import type { EndpointPorts } from "../endpoint.ts";
import { cancelled } from "../failure.ts";
import type { AdapterCall, RawScores, ScoreAdapter, ScoreInput } from "./adapter.ts";
import { adapterOf } from "./adapters.ts";
import { Limiter } from "./limiter.ts";
import { ScoreRefusal } from "./scoreRefusal.ts";
import { ScoreWire } from "./scoreWire.ts";
import type { ScoringAbility } from "./scoringAbility.ts";
import { scoringSpans } from "./windows.ts";

export interface ScorerPorts extends EndpointPorts {
  readonly clock: Clock;
  readonly random: Random;
  /** Requests in flight; default 3: each one fills the server's memory with logits of all its tokens. */
  readonly concurrency?: number;
}

export interface OpenScorer extends TraceScorer {
  close(): void;
}

const defaultConcurrency = 3;
const maxTries = 4;

/**
 * Scores traces with the method that a probe has accepted. Rejects with EndpointError; LensError `tooLong` (the trace
 * does not fit and was to be refused), `loneSurrogate`, `noScores` (the reply is not what the probe saw, or the request
 * cannot be sent this way).
 */
export function openScorer(
  config: EndpointConfig,
  ability: ScoringAbility & { readonly state: "ok" },
  ports: ScorerPorts,
): OpenScorer {
  const wire = new ScoreWire(config, ports);
  const limiter = new Limiter(ports.concurrency ?? defaultConcurrency);
  const session = new ScoringSession(config, ability, { wire, ports });
  return {
    score: (request, signal) => limiter.run(() => session.score(request, signal), signal, cancelled),
    close: () => wire.close(),
  };
}

interface SessionParts {
  readonly wire: ScoreWire;
  readonly ports: ScorerPorts;
}

class ScoringSession {
  private readonly config: EndpointConfig;
  private readonly ability: ScoringAbility & { readonly state: "ok" };
  private readonly parts: SessionParts;

  constructor(
    config: EndpointConfig,
    ability: ScoringAbility & { readonly state: "ok" },
    parts: SessionParts,
  ) {
    this.config = config;
    this.ability = ability;
    this.parts = parts;
  }

  async score(request: ScoreRequest, signal: CancelSignal): Promise<ScoredTrace> {
    if (/\p{Surrogate}/u.test(request.text)) {
      throw new LensError(
        "loneSurrogate",
        "The trace holds half of a surrogate pair, which no tokenizer can have seen.",
      );
    }
    const { adapter, input } = this.route(request);
    const top = Math.min(request.top, this.ability.top);
    const call: AdapterCall = { wire: this.parts.wire, signal, top };
    const work: Work = { adapter, input, request, call };
    try {
      const built = this.isTooLong(input) ? await this.longer(work) : await this.whole(work);
      if (built.kind === "built") return built.trace;
      throw new LensError(
        "noScores",
        `The tokens of ${this.config.name} are not those of the trace: ${built.failure.message}.`,
      );
    } catch (error) {
      throw explained(error, this.config.name);
    }
  }

  /** Ids where the adapter takes them: nothing is tokenised twice. */
  private route(request: ScoreRequest): { readonly adapter: ScoreAdapter; readonly input: ScoreInput } {
    const { context, text, ids } = request;
    const adapter = adapterOf(this.ability.method);
    if (ids !== null && adapter.takes.includes("ids") && ids.prompt.length > 0) {
      const all = [...ids.prompt, ...ids.trace];
      return { adapter, input: { kind: "ids", ids: all, promptTokens: ids.prompt.length } };
    }
    if (context.api === "completions")
      return { adapter, input: { kind: "text", prompt: context.prompt, text } };
    if (this.ability.chat) {
      return {
        adapter: adapterOf("vllmChatPromptLogProbs"),
        input: { kind: "chat", messages: context.messages, text },
      };
    }
    throw new LensError(
      "noScores",
      `${this.config.name} cannot score a chat: only vLLM's chat route returns log-probs of given text. Sample through completions.`,
    );
  }

  private isTooLong(input: ScoreInput): boolean {
    const most = this.ability.maxModelLength;
    return input.kind === "ids" && most !== null && input.ids.length > most - 1;
  }

  private async whole(work: Work): Promise<BuiltTrace> {
    try {
      const raw = await this.patiently(() => work.adapter.score(work.input, work.call), work.call.signal);
      return this.build(work, raw, null);
    } catch (error) {
      if (!(error instanceof EndpointError) || error.code !== "contextLength") throw error;
      return this.longer(work);
    }
  }

  /** A trace that does not fit: refused, or by windows of ids. */
  private async longer(work: Work): Promise<BuiltTrace> {
    const { input, request, adapter, call } = work;
    const most = this.ability.maxModelLength;
    const room = most === null ? "the model's context" : `the ${count(most)} tokens of the model's context`;
    const refuse = (why: string): LensError =>
      new LensError("tooLong", `The trace does not fit into ${room}. ${why}`);
    if (request.tooLong === "refuse")
      throw refuse("Score it by windows, or serve the model with a longer context.");
    if (most === null || !adapter.takes.includes("ids")) {
      throw refuse(
        "It cannot be scored by windows here: the server does not say how long its context is, or takes no token ids.",
      );
    }
    const ids = input.kind === "ids" ? input : await this.idsOf(input, work);
    if (ids === null)
      throw refuse("It cannot be scored by windows here: the server does not say its token ids.");
    const first = ids.promptTokens;
    const window = most - 1;
    const tokens: ReplyToken[] = [];
    for (const span of scoringSpans(ids.ids.length, Math.max(1, first), window)) {
      const part = {
        kind: "ids",
        ids: ids.ids.slice(span.start, span.end),
        promptTokens: span.from - span.start,
      } as const;
      const raw = await this.patiently(() => adapter.score(part, call), call.signal);
      tokens.push(...raw.tokens.slice(raw.skip ?? 0));
    }
    const skip = input.kind === "ids" ? 0 : null;
    return this.build({ ...work, input: ids }, { tokens, skip, prompt: null, counted: null }, window);
  }

  /** The scorer's own ids of prompt and text; the trace begins where those of the prompt alone end. */
  private async idsOf(
    input: ScoreInput,
    { adapter, call }: Work,
  ): Promise<(ScoreInput & { kind: "ids" }) | null> {
    if (input.kind !== "text" || adapter.tokenize === undefined) return null;
    const [all, prompt] = await Promise.all([
      adapter.tokenize(input.prompt + input.text, call),
      adapter.tokenize(input.prompt, call),
    ]);
    if (all === null || prompt === null) return null;
    let shared = 0;
    while (shared < prompt.length && all[shared] === prompt[shared]) shared += 1;
    return { kind: "ids", ids: all, promptTokens: shared };
  }

  private build({ input, request }: Work, raw: RawScores, window: number | null): BuiltTrace {
    const { text } = request;
    const facts = this.facts(request, { input, window });
    if (raw.skip !== null || input.kind === "ids") {
      const tokens = raw.tokens.slice(raw.skip ?? 0);
      return facts.tokenisation === "ids"
        ? traceOfSampled(text, tokens, facts)
        : traceOfTokens(text, tokens, facts);
    }
    const prompt = raw.prompt ?? (input.kind === "text" ? input.prompt : "");
    return traceAfterPrompt({ prompt, text }, raw.tokens, facts);
  }

  private facts(
    { ids, context, ...request }: ScoreRequest,
    { input, window }: { readonly input: ScoreInput; readonly window: number | null },
  ): GivenFacts {
    const method: ScoringMethod = input.kind === "chat" ? "vllmChatPromptLogProbs" : this.ability.method;
    const own = ids !== null && input.kind === "ids";
    const notes: string[] = [];
    if (!own) notes.push("Re-tokenised: the scorer cut the text into tokens of its own.");
    if (context.api === "chat" && input.kind === "chat")
      notes.push("Scored inside the server's chat template.");
    if (window !== null) {
      notes.push(
        `Longer than the model's context: each token saw between ${Math.floor(window / 2)} and ${window} tokens before it.`,
      );
    }
    return {
      source: originOf(this.config),
      model: this.config.model,
      method,
      // Accepted only where scored and generated log-probs agree.
      logProbKind: this.ability.largestDelta === null ? "unknown" : "raw",
      tokenisation: own ? "ids" : "text",
      top: Math.min(request.top, this.ability.top),
      vocabularySize: this.config.vocabularySize ?? null,
      window: window === null ? null : { tokens: window, stride: Math.floor(window / 2) },
      notes,
    };
  }

  /** Tries again what may pass: a busy server, a lost connection. */
  private async patiently<T>(ask: () => Promise<T>, signal: CancelSignal): Promise<T> {
    const { clock, random } = this.parts.ports;
    for (let tries = 1; ; tries += 1) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof EndpointError) || !error.retryable || tries >= maxTries) throw error;
        const delayMs = retryDelayMs(error, tries, random);
        if (delayMs > defaultRetryPolicy.maxRetryAfterMs) throw error;
        await clock.sleep(delayMs, signal);
        if (signal.aborted) throw cancelled();
      }
    }
  }
}

/** Sampled tokens go on where a stop string was cut off the text: those behind the text's end are left out. */
function traceOfSampled(text: string, tokens: readonly ReplyToken[], facts: GivenFacts): BuiltTrace {
  const built = traceOfTokens(text, tokens, facts);
  if (built.kind === "failed" || built.trace.scorer.alignment !== "detokenised") return built;
  let [count, length] = [0, 0];
  while (count < tokens.length && length < text.length) length += tokens[count++]?.text?.length ?? 0;
  const own = tokens.slice(0, count);
  if (own.length === tokens.length || textOfTokens(own) !== text) return built;
  const note = `${tokens.length - count} sampled tokens after the text's end (a stop string) were left out.`;
  return traceOfTokens(text, own, { ...facts, notes: [...facts.notes, note] });
}

interface Work {
  readonly adapter: ScoreAdapter;
  readonly input: ScoreInput;
  readonly request: ScoreRequest;
  readonly call: AdapterCall;
}

const memoryHint =
  "If the server ended while scoring, it ran out of memory for the logits: start vLLM with --max-num-batched-tokens 2048 " +
  "and --gpu-memory-utilization 0.85, or score fewer traces at a time.";

function explained(error: unknown, name: string): unknown {
  if (error instanceof ScoreRefusal || error instanceof FieldError) {
    return new LensError("noScores", `${name} did not return log-probs of the trace: ${error.message}.`, {
      cause: error,
    });
  }
  if (!(error instanceof EndpointError) || error.code !== "connection") return error;
  return new EndpointError("connection", `${error.message}. ${memoryHint}`, { retryable: error.retryable });
}
