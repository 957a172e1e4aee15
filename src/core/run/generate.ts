import type { CancelSignal } from "../ports.ts";
import type { TokenIds, TokenUsage } from "../model.ts";
import { LensError } from "../errors.ts";

/** One request for one sample. `prompt` for raw completions, `messages` for chat. */
export interface GenerateRequest {
  readonly input:
    | { readonly api: "completions"; readonly prompt: string }
    | { readonly api: "chat"; readonly messages: readonly ChatMessage[] };
  readonly seed: number;
  readonly temperature: number;
  readonly topP: number;
  readonly maxTokens: number;
  readonly stop: readonly string[];
  readonly extraBody: Readonly<Record<string, unknown>>;
  /** Same value for all samples of a problem, so that routers keep its prefix on one server. */
  readonly stickyKey: string;
}

export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

export interface Generation {
  readonly text: string;
  readonly reasoning: string | null;
  /** As the server said it; `null` when the stream ended without one (counts as truncated). */
  readonly finishReason: string | null;
  readonly usage: TokenUsage | null;
  /** Only where the server gave all of them. */
  readonly tokenIds?: TokenIds;
}

/** An endpoint that can write a sample. Rejects with `EndpointError`; aborting rejects with code `cancelled`. */
export interface Generator {
  generate(request: GenerateRequest, signal: CancelSignal): Promise<Generation>;
}

export type EndpointErrorCode =
  | "cancelled"
  | "connection" // refused, reset, DNS
  | "timeout" // no byte for too long
  | "rateLimited" // 429
  | "server" // 408, 409, 425, 5xx
  | "unauthorized" // 401, 403
  | "notFound" // 404
  | "badRequest" // 400, 422
  | "contextLength" // 400 that says the prompt or max_tokens does not fit: fails this sample alone
  | "malformed" // a reply that is not what the API promises
  | "cutStream"; // the stream broke before its end

/** What an endpoint did wrong, redacted where it is made: no key, no query string. */
export class EndpointError extends LensError {
  declare readonly code: EndpointErrorCode;
  readonly status: number | null;
  readonly retryable: boolean;
  /** What `Retry-After` or `retry-after-ms` asked for; any length. */
  readonly retryAfterMs: number | null;
  constructor(
    code: EndpointErrorCode,
    message: string,
    facts: { status?: number; retryable: boolean; retryAfterMs?: number; cause?: unknown },
  ) {
    super(code, message, { cause: facts.cause });
    this.name = "EndpointError";
    this.status = facts.status ?? null;
    this.retryable = facts.retryable;
    this.retryAfterMs = facts.retryAfterMs ?? null;
  }
}
