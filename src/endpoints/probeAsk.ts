import type { CancelSignal } from "../core/ports.ts";
import { EndpointError, type EndpointErrorCode } from "../core/run/generate.ts";
import type { Finding } from "./capabilities.ts";
import { chatPiece } from "./chat.ts";
import { completionPiece } from "./completions.ts";
import { failureOf } from "./failure.ts";
import type { Redact } from "./redact.ts";
import { isRecord } from "../core/parse.ts";
import type { WireClient } from "./wireClient.ts";

export const ok = (reason: string): Finding => ({ state: "ok", reason });
export const no = (reason: string): Finding => ({ state: "no", reason });
export const unknown = (reason: string): Finding => ({ state: "unknown", reason });

/** One question's outcome; `refused`: the server understood and said no, so the ability is not there. */
export type Asked =
  | {
      readonly kind: "said";
      readonly body: unknown;
      readonly choices: readonly Readonly<Record<string, unknown>>[];
      /** Reasoning and text of the first choice. */
      readonly text: string;
    }
  | { readonly kind: "failed"; readonly refused: boolean; readonly reason: string };

/** Open-ended, so that two seeds do not agree by chance. */
const prompt = "Random words and numbers, in no order: ";
const refusals: readonly EndpointErrorCode[] = ["badRequest", "notFound", "contextLength"];
const mostShown = 160;

interface AskOptions {
  readonly client: WireClient;
  readonly model: string;
  readonly redact: Redact;
  readonly signal: CancelSignal;
}

/** Short unstreamed requests whose failures are data. */
export class ProbeAsk {
  private readonly options: AskOptions;
  constructor(options: AskOptions) {
    this.options = options;
  }

  /** @param path below the base URL, or a whole URL of the same origin (the key goes there too) */
  get(path: string): Promise<Asked> {
    return this.ask(path, (client, options) => client.get(path, options).asResponse());
  }

  write(route: "completions" | "chat", body: Readonly<Record<string, unknown>>): Promise<Asked> {
    return route === "chat" ? this.converse(body) : this.complete(body);
  }

  complete(body: Readonly<Record<string, unknown>>): Promise<Asked> {
    const whole = { ...body, model: this.options.model, prompt, stream: false };
    const path = "/completions";
    return this.ask(path, (client, options) => client.post(path, { ...options, body: whole }).asResponse());
  }

  converse(body: Readonly<Record<string, unknown>>): Promise<Asked> {
    const messages = [{ role: "user", content: prompt }];
    const whole = { ...body, model: this.options.model, messages, stream: false };
    const path = "/chat/completions";
    return this.ask(path, (client, options) => client.post(path, { ...options, body: whole }).asResponse());
  }

  private async ask(
    path: string,
    send: (client: WireClient, options: { readonly signal: AbortSignal }) => Promise<Response>,
  ): Promise<Asked> {
    const { client, redact, signal } = this.options;
    if (signal.aborted) return { kind: "failed", refused: false, reason: "cancelled" };
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    signal.addEventListener("abort", abort);
    try {
      const response = await send(client, { signal: controller.signal });
      return read(path, await response.text());
    } catch (error) {
      if (signal.aborted) return { kind: "failed", refused: false, reason: "cancelled" };
      const url = /^https?:/.test(path) ? path : client.shownUrl + path;
      const failure = failureOf(error, { url, redact });
      if (!(failure instanceof EndpointError)) throw failure;
      return { kind: "failed", refused: refusals.includes(failure.code), reason: cutTo(failure.message) };
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }
}

function read(path: string, text: string): Asked {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { kind: "failed", refused: false, reason: `${path} did not answer with JSON` };
  }
  if (!path.endsWith("completions")) return { kind: "said", body, choices: [], text: "" };
  const choices =
    isRecord(body) && Array.isArray(body["choices"]) ? body["choices"].filter((one) => isRecord(one)) : [];
  const [first] = choices;
  if (first === undefined)
    return { kind: "failed", refused: false, reason: `${path} answered without choices` };
  return { kind: "said", body, choices, text: textOf(path, first) };
}

function textOf(path: string, choice: Readonly<Record<string, unknown>>): string {
  try {
    const piece = path.includes("chat") ? chatPiece(choice) : completionPiece(choice);
    return piece.reasoning + piece.text;
  } catch {
    return "";
  }
}

const cutTo = (text: string): string => (text.length > mostShown ? `${text.slice(0, mostShown)}...` : text);
