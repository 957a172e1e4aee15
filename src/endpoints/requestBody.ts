import type { OpenAI } from "openai";
import type { GenerateRequest } from "../core/run/generate.ts";
import type { EndpointConfig } from "./config.ts";

type Streaming<T> = T & { readonly stream: true };
type Shared = Omit<Streaming<OpenAI.CompletionCreateParamsStreaming>, "prompt" | "seed">;

/** What identifies a sample wins over vendor fields of the same name. */
const ownFields = ["seed", "prompt", "messages"];

export interface BodyOptions {
  /** Ask for the ids of prompt and sample. A server that knows no such field may refuse the request. */
  readonly tokenIds?: boolean;
}

/** Bodies of requests as JSON. What the samples of a run have in common is written once. */
export class RequestBodies {
  private readonly config: EndpointConfig;
  private readonly options: BodyOptions;
  private last: GenerateRequest | null = null;
  /** Without its closing brace. */
  private shared = "";
  private input: GenerateRequest["input"] | null = null;
  private asked = "";

  constructor(config: EndpointConfig, options: BodyOptions = {}) {
    this.config = config;
    this.options = options;
  }

  of(request: GenerateRequest): string {
    if (this.last === null || !alike(this.last, request)) {
      this.last = request;
      this.shared = JSON.stringify({ ...sharedBody(this.config, request), ...this.vendor() }).slice(0, -1);
    }
    const { input, seed } = request;
    if (input !== this.input) {
      this.input = input;
      this.asked =
        input.api === "chat"
          ? `"messages":${JSON.stringify(input.messages)}`
          : `"prompt":${JSON.stringify(input.prompt)}`;
    }
    return `${this.shared},"seed":${JSON.stringify(seed)},${this.asked}}`;
  }

  private vendor(): Readonly<Record<string, unknown>> {
    return this.options.tokenIds === true ? { return_token_ids: true } : {};
  }
}

/** Lists and records by identity: a run's requests share them. */
function alike(a: GenerateRequest, b: GenerateRequest): boolean {
  return (
    a.temperature === b.temperature &&
    a.topP === b.topP &&
    a.maxTokens === b.maxTokens &&
    a.stop === b.stop &&
    a.extraBody === b.extraBody
  );
}

/** The fields that completions and chat share, but for the seed. */
function sharedBody(config: EndpointConfig, request: GenerateRequest): Shared {
  const all: Record<string, unknown> = { ...config.extraBody, ...request.extraBody };
  const vendor = Object.fromEntries(Object.entries(all).filter(([name]) => !ownFields.includes(name)));
  const stop = [...new Set([...request.stop, ...(config.stop ?? [])])];
  return {
    ...vendor,
    model: config.model,
    n: 1,
    temperature: request.temperature,
    top_p: request.topP,
    // Some hosts refuse `max_tokens` and name its successor; then the person's `extraBody` says how many.
    ...("max_completion_tokens" in vendor ? {} : { max_tokens: request.maxTokens }),
    ...(stop.length > 0 ? { stop } : {}),
    stream: true,
    stream_options: { include_usage: true },
  };
}
