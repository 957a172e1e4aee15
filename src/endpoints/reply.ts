import type { Generation } from "../core/run/generate.ts";
import type { TokenUsage } from "../core/model.ts";
import { isRecord } from "../core/parse.ts";
import { DeltaTemplate, type DeltaField } from "./deltaTemplate.ts";
import { CutReply, ErrorReply, MalformedReply } from "./failure.ts";
import { IdReader } from "./idReader.ts";
import { SseDecoder } from "./sse.ts";
import { Utf8Stream } from "./utf8Stream.ts";

/** What one API calls its text: the pieces of one choice, streamed (`delta`) or whole (`message`). */
export type PieceOf = (choice: Readonly<Record<string, unknown>>) => {
  readonly text: string;
  readonly reasoning: string;
};

/** Templates learned from a stream beyond those that proved useful. */
const mostIdleTemplates = 4;
/** Of chunks whose pieces the texts may still point into. */
const mostHeldBytes = 65_536;
/** A regular expression reads flat strings only: V8 copies the pieces together for it, and lets them go. */
const flat = /^/;

/**
 * Reads one generation from a reply's body: server-sent events, or one JSON body from a server that does not stream.
 * `push` and `end` throw MalformedReply and ErrorReply, `end` CutReply too.
 */
export class ReplyReader {
  /** `[DONE]` came, or a whole body. */
  done = false;
  private text = "";
  private reasoning = "";
  private finishReason: string | null = null;
  private usage: TokenUsage | null = null;
  private readonly ids = new IdReader();
  private readonly pieceOf: PieceOf;
  private readonly events: SseDecoder | null;
  /** Of a body that is no event stream by its type. */
  private readonly utf8 = new Utf8Stream();
  private body = "";
  private texts: DeltaTemplate | null = null;
  private thoughts: DeltaTemplate | null = null;
  private heldBytes = 0;
  /** Templates learned, and how often one was of use. */
  private learned = 0;
  private used = 0;

  constructor(pieceOf: PieceOf, contentType: string) {
    this.pieceOf = pieceOf;
    this.events = contentType.includes("event-stream") ? new SseDecoder(this) : null;
  }

  /** Nothing of the sample is missing, whatever becomes of the connection. */
  get complete(): boolean {
    return this.done || this.finishReason !== null;
  }

  push(chunk: Uint8Array): void {
    if (this.events === null) {
      this.body += this.utf8.push(chunk);
      return;
    }
    this.events.push(chunk);
    this.heldBytes += chunk.length;
    if (this.heldBytes > mostHeldBytes) this.letGo();
  }

  /** The body has ended. */
  end(): Generation {
    if (this.events === null) this.addWhole(this.body + this.utf8.end());
    else this.events.end();
    return this.generation();
  }

  /** What was read so far. */
  generation(): Generation {
    if (!this.complete) throw new CutReply();
    const { text, reasoning, finishReason, usage } = this;
    const tokenIds = this.ids.all();
    return {
      text,
      reasoning: reasoning === "" ? null : reasoning,
      finishReason,
      usage,
      ...(tokenIds === null ? {} : { tokenIds }),
    };
  }

  /** For the decoder: one event's data. */
  event(data: string): void {
    if (this.done) return;
    if (data.trim() === "[DONE]") this.done = true;
    else this.addEvent(data);
  }

  /** For the decoder: events that a template covers are read here. */
  take(text: string, at: number): number {
    return this.done ? at : this.takeBy(this.texts, text, at) || this.takeBy(this.thoughts, text, at) || at;
  }

  /** Makes the texts of their pieces: as cuts out of the chunks, they keep all that came in memory. */
  private letGo(): void {
    for (const text of [this.text, this.reasoning]) flat.test(text);
    this.heldBytes = 0;
  }

  /** 0 where it was not taken: an event is never empty. */
  private takeBy(template: DeltaTemplate | null, text: string, at: number): number {
    if (template === null) return 0;
    const next = template.take(text, at);
    if (next === at) return 0;
    this[template.field] += template.taken;
    this.used += 1;
    return next;
  }

  private addEvent(data: string): void {
    const event = parseJson(data);
    const delta = this.add(event);
    if (delta === null || this.learned > this.used + mostIdleTemplates) return;
    const template = DeltaTemplate.of(data, delta, (other) => this.soleDelta(other, delta.field));
    if (template === null) return;
    this.learned += 1;
    if (delta.field === "text") this.texts = template;
    else this.thoughts = template;
  }

  /** A body that is not an event stream by its type: JSON, or events all the same. */
  private addWhole(body: string): void {
    if (/^\s*(data|event|id|retry)?:/.test(body)) {
      const decoder = new SseDecoder(this);
      decoder.push(new TextEncoder().encode(body));
      return decoder.end();
    }
    const value = parseJson(body);
    if (Array.isArray(value["choices"]) && value["choices"].length === 0)
      throw new MalformedReply("a reply without choices");
    this.add(value);
    this.done = true;
  }

  /** Returns what the event added, where that was a single string and nothing else. */
  private add(event: Readonly<Record<string, unknown>>): Delta | null {
    if ((event["error"] !== undefined && event["error"] !== null) || event["object"] === "error")
      throw new ErrorReply(event);
    const { choices, usage } = event;
    if (isRecord(usage)) this.usage = usageOf(usage);
    if (!Array.isArray(choices)) {
      if (isRecord(usage)) return null;
      throw new MalformedReply(
        `expected choices, got ${Object.keys(event).slice(0, 5).join(", ") || "an empty object"}`,
      );
    }
    this.ids.addPrompt(event);
    let delta: Delta | null = null;
    for (const choice of choices as readonly unknown[]) delta = this.addChoice(choice);
    return choices.length === 1 && !isRecord(usage) ? delta : null;
  }

  private addChoice(choice: unknown): Delta | null {
    if (!isRecord(choice)) throw new MalformedReply("expected a choice object");
    // One choice was asked for; a server that sends more gets its first read.
    if (typeof choice["index"] === "number" && choice["index"] !== 0) return null;
    const piece = this.pieceOf(choice);
    const said = this.ids.add(choice, piece.text + piece.reasoning);
    this.text += piece.text;
    this.reasoning += piece.reasoning;
    const reason = choice["finish_reason"];
    if (typeof reason === "string" && reason !== "") {
      this.finishReason = reason;
      return null;
    }
    // Events of one text differ in their ids: a template would read past them.
    if (said || (piece.text !== "" && piece.reasoning !== "")) return null;
    return piece.reasoning === ""
      ? { field: "text", value: piece.text }
      : { field: "reasoning", value: piece.reasoning };
  }

  /** What another event of the same shape would add to one field; `null` where it is none. */
  private soleDelta(data: string, field: DeltaField): string | null {
    try {
      const { choices } = JSON.parse(data) as {
        readonly choices: readonly Readonly<Record<string, unknown>>[];
      };
      return choices[0] === undefined ? null : this.pieceOf(choices[0])[field];
    } catch {
      return null;
    }
  }
}

interface Delta {
  readonly field: DeltaField;
  readonly value: string;
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
