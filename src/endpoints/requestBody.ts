import type { GenerateRequest } from "../core/run/generate.ts";
import type { EndpointConfig } from "./config.ts";

/** The fields that completions and chat share. What identifies a sample wins over vendor fields. */
export interface SharedBody {
  readonly model: string;
  readonly n: 1;
  readonly seed: number;
  readonly temperature: number;
  readonly top_p: number;
  readonly stream: true;
  readonly stream_options: { readonly include_usage: true };
}

export function sharedBody(config: EndpointConfig, request: GenerateRequest): SharedBody {
  const vendor = { ...config.extraBody, ...request.extraBody };
  const stop = [...new Set([...request.stop, ...(config.stop ?? [])])];
  return {
    ...vendor,
    model: config.model,
    n: 1,
    seed: request.seed,
    temperature: request.temperature,
    top_p: request.topP,
    // Some hosts refuse `max_tokens` and name its successor; then the person's `extraBody` says how many.
    ...("max_completion_tokens" in vendor ? {} : { max_tokens: request.maxTokens }),
    ...(stop.length > 0 ? { stop } : {}),
    stream: true,
    stream_options: { include_usage: true },
  };
}
