import type { Answer } from "./answers.ts";

/** The parts of a request body that the server reads. */
export interface GenerationBody {
  readonly model?: string;
  readonly prompt?: unknown;
  readonly messages?: readonly { readonly role: string; readonly content: unknown }[];
  readonly n?: number;
  readonly seed?: number;
  readonly temperature?: number;
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly stop?: string | readonly string[];
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  /** Completions: how many alternatives; chat: whether. */
  readonly logprobs?: number | boolean | null;
  readonly top_logprobs?: number;
}

/** One choice as it goes over the wire: the text cut into tokens, each with the white space before it. */
export interface Choice {
  readonly index: number;
  readonly tokens: readonly string[];
  readonly reasoning: string | null;
  readonly finishReason: string | null;
}

export interface Reply {
  readonly chat: boolean;
  readonly model: string;
  readonly created: number;
  readonly id: string;
  readonly choices: readonly Choice[];
  readonly promptTokens: number;
  readonly reasoningField: "reasoning" | "reasoning_content";
  /** Alternatives a token, `null` for none asked. */
  readonly topLogProbs: number | null;
}

/** White space goes with the word after it; a tail of white space is a token of its own. */
export const tokenize = (text: string): string[] => text.match(/\s*\S+|\s+$/g) ?? [];

/** Applies `stop` and `max_tokens` as an engine would. */
export function choiceOf(answer: Answer, body: GenerationBody, index: number): Choice {
  const stops = typeof body.stop === "string" ? [body.stop] : (body.stop ?? []);
  const cuts = stops.map((stop) => answer.text.indexOf(stop)).filter((at) => at !== -1);
  const text = cuts.length > 0 ? answer.text.slice(0, Math.min(...cuts)) : answer.text;
  const limit = body.max_completion_tokens ?? body.max_tokens ?? 16;
  const all = tokenize(text);
  const tokens = all.length > limit ? all.slice(0, limit) : all;
  const finishReason = all.length > limit ? "length" : cuts.length > 0 ? "stop" : answer.finishReason;
  return { index, tokens, reasoning: answer.reasoning ?? null, finishReason };
}

/** The prompt's text: raw, or the last messages of a chat joined. */
export const promptOf = (body: GenerationBody): string =>
  body.messages === undefined
    ? String(body.prompt)
    : body.messages.map((message) => String(message.content)).join("\n");

function usageOf(reply: Reply): string {
  const reasoning = reply.choices.reduce(
    (sum, c) => sum + (c.reasoning === null ? 0 : tokenize(c.reasoning).length),
    0,
  );
  const completion = reply.choices.reduce((sum, choice) => sum + choice.tokens.length, reasoning);
  const details = reasoning > 0 ? `,"completion_tokens_details":{"reasoning_tokens":${reasoning}}` : "";
  return `{"prompt_tokens":${reply.promptTokens},"total_tokens":${reply.promptTokens + completion},"completion_tokens":${completion},"prompt_tokens_details":null${details}}`;
}

const headOf = (reply: Reply, object: string): string =>
  `{"id":"${reply.id}","object":"${object}","created":${reply.created},"model":${JSON.stringify(reply.model)},`;

/** The whole reply as vLLM sends it without streaming. */
export function jsonReply(reply: Reply): string {
  const choices = reply.choices.map((choice) => {
    const text = JSON.stringify(choice.tokens.join(""));
    const end = `"finish_reason":${JSON.stringify(choice.finishReason)},"stop_reason":null`;
    const logProbs = logProbsOf(reply, choice);
    if (!reply.chat)
      return `{"index":${choice.index},"text":${text},"logprobs":${logProbs},${end},"prompt_logprobs":null}`;
    const thought =
      choice.reasoning === null ? "" : `"${reply.reasoningField}":${JSON.stringify(choice.reasoning)},`;
    return `{"index":${choice.index},"message":{"role":"assistant",${thought}"content":${text},"refusal":null,"tool_calls":[]},"logprobs":${logProbs},${end}}`;
  });
  const object = reply.chat ? "chat.completion" : "text_completion";
  return `${headOf(reply, object)}"choices":[${choices.join(",")}],"usage":${usageOf(reply)}}`;
}

/** Server-sent events of a streamed reply, `tokensPerEvent` at a time; the last one is `[DONE]`. */
export function sseEvents(reply: Reply, tokensPerEvent: number, withUsage: boolean): string[] {
  const head = headOf(reply, reply.chat ? "chat.completion.chunk" : "text_completion");
  const events: string[] = [];
  for (const choice of reply.choices) {
    const send = (delta: string, finish: string | null): void => {
      const piece = reply.chat ? `"delta":${delta}` : `"text":${delta}`;
      const end = `"finish_reason":${JSON.stringify(finish)}${finish === null ? "" : `,"stop_reason":null`}`;
      events.push(`data: ${head}"choices":[{"index":${choice.index},${piece},"logprobs":null,${end}}]}\n\n`);
    };
    if (reply.chat) send(`{"role":"assistant","content":""}`, null);
    if (choice.reasoning !== null && reply.chat)
      for (const piece of tokenize(choice.reasoning))
        send(`{"${reply.reasoningField}":${JSON.stringify(piece)}}`, null);
    for (let at = 0; at < choice.tokens.length; at += tokensPerEvent) {
      const text = JSON.stringify(choice.tokens.slice(at, at + tokensPerEvent).join(""));
      const last = at + tokensPerEvent >= choice.tokens.length;
      send(reply.chat ? `{"content":${text}}` : text, last ? choice.finishReason : null);
    }
    if (choice.tokens.length === 0) send(reply.chat ? `{"content":""}` : `""`, choice.finishReason);
  }
  if (withUsage) events.push(`data: ${head}"choices":[],"usage":${usageOf(reply)}}\n\n`);
  events.push("data: [DONE]\n\n");
  return events;
}

/** Made-up but stable: the same token always has the same log-prob, alternatives follow below it. */
function logProbsOf(reply: Reply, choice: Choice): string {
  const top = reply.topLogProbs;
  if (top === null) return "null";
  const scored = choice.tokens.map((token) => ({
    token,
    logprob: -((token.length * 37 + token.charCodeAt(0)) % 100) / 50,
  }));
  const others = (logprob: number): { token: string; logprob: number }[] =>
    Array.from({ length: top }, (_, i) => ({ token: ` alt${i}`, logprob: logprob - 0.5 - i }));
  if (reply.chat) {
    const content = scored.map(({ token, logprob }) => {
      const bytes = [...Buffer.from(token)];
      return {
        token,
        logprob,
        bytes,
        top_logprobs: others(logprob).map((o) => ({ ...o, bytes: [...Buffer.from(o.token)] })),
      };
    });
    return JSON.stringify({ content });
  }
  let offset = 0;
  return JSON.stringify({
    text_offset: scored.map(({ token }) => (offset += token.length) - token.length),
    token_logprobs: scored.map(({ logprob }) => logprob),
    tokens: choice.tokens,
    top_logprobs: scored.map(({ token, logprob }) =>
      Object.fromEntries([[token, logprob], ...others(logprob).map((o) => [o.token, o.logprob])] as [
        string,
        number,
      ][]),
    ),
  });
}

/** vLLM's older flat form, or OpenAI's (and newer vLLM's) nested one. */
export function errorBody(shape: "vllm" | "openai", status: number, message: string): string {
  const type =
    status === 404
      ? "NotFoundError"
      : status === 401
        ? "AuthenticationError"
        : status >= 500
          ? "InternalServerError"
          : "BadRequestError";
  return shape === "vllm"
    ? JSON.stringify({ object: "error", message, type, param: null, code: status })
    : JSON.stringify({ error: { message, type, param: null, code: status } });
}
