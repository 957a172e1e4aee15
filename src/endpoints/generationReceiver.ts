import type { IncomingMessage } from "node:http";
import type { Generation } from "../core/run/generate.ts";
import { CutReply, StatusReply } from "./failure.ts";
import { ReplyReader, type PieceOf } from "./reply.ts";
import { headerOf } from "./socketPool.ts";
import type { Receiver } from "./transport.ts";
import { Utf8Stream } from "./utf8Stream.ts";

/** How a generation's promise is settled. */
export interface Settle {
  readonly resolve: (generation: Generation) => void;
  /** With MalformedReply, ErrorReply, StatusReply, CutReply, or what broke the connection while nothing was lost by it. */
  readonly reject: (error: unknown) => void;
}

/** Reads the reply to one request for a sample as it arrives. */
export class GenerationReceiver implements Receiver {
  private readonly pieceOf: PieceOf;
  private readonly settle: Settle;
  /** Of a reply with status 2xx. */
  private reader: ReplyReader | null = null;
  private refusal: Refusal | null = null;
  private settled = false;

  constructor(pieceOf: PieceOf, settle: Settle) {
    this.pieceOf = pieceOf;
    this.settle = settle;
  }

  head(message: IncomingMessage): void {
    const { statusCode = 0 } = message;
    const body =
      statusCode >= 200 && statusCode <= 299
        ? (this.reader = new ReplyReader(this.pieceOf, headerOf(message, "content-type") ?? ""))
        : (this.refusal = new Refusal(message));
    message.on("data", (chunk: Uint8Array) => {
      try {
        body.push(chunk);
      } catch (error) {
        this.reject(error);
        message.destroy();
      }
    });
    message.on("end", () => this.ended());
  }

  failed(error: Error): void {
    if (this.settled) return;
    if (this.refusal !== null) this.reject(this.refusal.error());
    // Everything was said before the connection broke.
    else if (this.reader?.complete === true) this.resolve(this.reader.generation());
    else this.reject(this.reader === null ? error : asCut(error));
  }

  closed(): void {
    if (!this.settled) this.failed(new CutReply());
  }

  served(): boolean {
    if (this.reader?.done !== true) return false;
    if (!this.settled) this.resolve(this.reader.generation());
    return true;
  }

  private ended(): void {
    if (this.settled) return;
    try {
      if (this.refusal !== null) this.reject(this.refusal.error());
      else if (this.reader !== null) this.resolve(this.reader.end());
    } catch (error) {
      this.reject(error);
    }
  }

  private resolve(generation: Generation): void {
    this.settled = true;
    this.settle.resolve(generation);
  }

  private reject(error: unknown): void {
    this.settled = true;
    this.settle.reject(error);
  }
}

/** A reply with a status that is none of success: its body says why. */
class Refusal {
  private readonly message: IncomingMessage;
  private readonly utf8 = new Utf8Stream();
  private text = "";

  constructor(message: IncomingMessage) {
    this.message = message;
  }

  push(chunk: Uint8Array): void {
    this.text += this.utf8.push(chunk);
  }

  error(): StatusReply {
    const { message } = this;
    return new StatusReply(message.statusCode ?? 0, this.text, (name) => headerOf(message, name));
  }
}

/** The connection's end inside a body is a cut reply; a timeout, an abort and our own complaints stay what they are. */
const asCut = (error: Error): Error =>
  "code" in error && typeof error.code === "string" ? new CutReply() : error;
