import type { Generation } from "../core/run/generate.ts";
import type { TokenUsage } from "../core/model.ts";
import { CutReply, ErrorReply, MalformedReply } from "./failure.ts";
import { NodeResponse } from "./nodeResponse.ts";
import { createSseDecoder } from "./sse.ts";

/** What one API calls its text: the pieces of one choice, streamed (`delta`) or whole (`message`). */
export type PieceOf = (choice: Readonly<Record<string, unknown>>) => {
  readonly text: string;
  readonly reasoning: string;
};

/** After `[DONE]` the body should end; a server that keeps it open loses the connection. */
const afterDoneMs = 1_000;

/**
 * Reads one generation: server-sent events, or one JSON body from a server that does not stream.
 * Rejects with CutReply, MalformedReply, ErrorReply, or what broke the connection while nothing was lost by it.
 */
export async function readReply(response: Response, pieceOf: PieceOf): Promise<Generation> {
  const reply = new ReplyBuilder(pieceOf);
  const type = response.headers.get("content-type") ?? "";
  if (type.includes("event-stream")) await readEvents(response, reply);
  else reply.addWhole(await readText(response));
  return reply.finish();
}

function readEvents(response: Response, reply: ReplyBuilder): Promise<void> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | null = null;
    const decoder = createSseDecoder((data) => {
      if (reply.done) return;
      reply.addEvent(data);
      if (!reply.done) return;
      timer = setTimeout(() => abandon(response), afterDoneMs);
      resolve();
    });
    const ended = (): void => {
      if (timer !== null) clearTimeout(timer);
    };
    readBody(response, (chunk) => decoder.push(chunk))
      .then(
        () => {
          ended();
          decoder.end();
          resolve();
        },
        (error: unknown) => {
          ended();
          // Everything was said before the connection broke.
          if (reply.complete) resolve();
          else reject(asCut(error));
        },
      )
      .catch(reject);
  });
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    await readBody(response, (chunk) => {
      text += decoder.decode(chunk, { stream: true });
    });
  } catch (error) {
    throw asCut(error);
  }
  return text + decoder.decode();
}

/** The connection's end inside a body is a cut reply; a timeout, an abort and our own complaints stay what they are. */
const asCut = (error: unknown): unknown =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? new CutReply() : error;

async function readBody(response: unknown, onChunk: (chunk: Uint8Array) => void): Promise<void> {
  if (response instanceof NodeResponse) return response.read(onChunk);
  for await (const chunk of (response as Response).body ?? []) onChunk(chunk as Uint8Array);
}

function abandon(response: unknown): void {
  if (response instanceof NodeResponse)
    response.fail(new Error("the server kept the reply open after its end"));
}

class ReplyBuilder {
  /** `[DONE]` came. */
  done = false;
  private text = "";
  private reasoning = "";
  private finishReason: string | null = null;
  private usage: TokenUsage | null = null;
  private readonly pieceOf: PieceOf;

  constructor(pieceOf: PieceOf) {
    this.pieceOf = pieceOf;
  }

  get complete(): boolean {
    return this.done || this.finishReason !== null;
  }

  addEvent(data: string): void {
    if (data.trim() === "[DONE]") this.done = true;
    else this.add(parseJson(data));
  }

  /** A body that is not an event stream by its type: JSON, or events all the same. */
  addWhole(body: string): void {
    if (/^\s*(data|event|id|retry)?:/.test(body)) {
      const decoder = createSseDecoder((data) => this.addEvent(data));
      decoder.push(new TextEncoder().encode(body));
      return decoder.end();
    }
    const value = parseJson(body);
    if (Array.isArray(value["choices"]) && value["choices"].length === 0)
      throw new MalformedReply("a reply without choices");
    this.add(value);
    this.done = true;
  }

  finish(): Generation {
    if (!this.complete) throw new CutReply();
    const { text, reasoning, finishReason, usage } = this;
    return { text, reasoning: reasoning === "" ? null : reasoning, finishReason, usage };
  }

  private add(event: Readonly<Record<string, unknown>>): void {
    if ((event["error"] !== undefined && event["error"] !== null) || event["object"] === "error")
      throw new ErrorReply(event);
    const { choices, usage } = event;
    if (isRecord(usage)) this.usage = usageOf(usage);
    if (!Array.isArray(choices)) {
      if (isRecord(usage)) return;
      throw new MalformedReply(
        `expected choices, got ${Object.keys(event).slice(0, 5).join(", ") || "an empty object"}`,
      );
    }
    for (const choice of choices as readonly unknown[]) this.addChoice(choice);
  }

  private addChoice(choice: unknown): void {
    if (!isRecord(choice)) throw new MalformedReply("expected a choice object");
    // One choice was asked for; a server that sends more gets its first read.
    if (typeof choice["index"] === "number" && choice["index"] !== 0) return;
    const piece = this.pieceOf(choice);
    this.text += piece.text;
    this.reasoning += piece.reasoning;
    const reason = choice["finish_reason"];
    if (typeof reason === "string" && reason !== "") this.finishReason = reason;
  }
}

function parseJson(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MalformedReply(
      /^\s*</.test(text) ? "expected JSON, got an HTML page" : "expected JSON, got something else",
    );
  }
  if (!isRecord(value)) throw new MalformedReply("expected a JSON object");
  return value;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function usageOf(usage: Readonly<Record<string, unknown>>): TokenUsage {
  const details = usage["completion_tokens_details"];
  const reasoning = isRecord(details) ? details["reasoning_tokens"] : usage["reasoning_tokens"];
  return {
    promptTokens: countIn(usage["prompt_tokens"]),
    completionTokens: countIn(usage["completion_tokens"]),
    reasoningTokens: countIn(reasoning),
  };
}

const countIn = (value: unknown): number | null => (typeof value === "number" && value >= 0 ? value : null);
