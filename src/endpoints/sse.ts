import { Utf8Stream } from "./utf8Stream.ts";

/** Who reads the events. */
export interface EventReader {
  /** One event's data. */
  event(data: string): void;
  /** May take the event that begins at `at` from the text itself: where the next one begins, or `at` to leave it. */
  take?(text: string, at: number): number;
}

/**
 * Server-sent events (WHATWG HTML, 9.2.6) from a body's bytes as they come, lines ending in LF or CRLF; `event`, `id`
 * and `retry` do not matter here. Own code rather than the client's `Stream`, which does not say whether `[DONE]` came,
 * so that a cut stream could not be told from a finished one, and costs three times the time.
 */
export class SseDecoder {
  private readonly reader: EventReader;
  private readonly utf8 = new Utf8Stream();
  /** The start of a line. */
  private rest = "";
  /** The data lines so far of an event begun. */
  private data: string | null = null;

  constructor(reader: EventReader) {
    this.reader = reader;
  }

  push(chunk: Uint8Array): void {
    this.read(this.utf8.push(chunk));
  }

  /** The body is over; an event that lacks its closing blank line is delivered too. */
  end(): void {
    this.read(this.utf8.end());
    const { rest } = this;
    this.rest = "";
    this.line(rest);
    this.line("");
  }

  private read(added: string): void {
    // A long line in many chunks is not searched again with each of them.
    if (this.rest !== "" && !added.includes("\n")) {
      this.rest += added;
      return;
    }
    const text = this.rest + added;
    let at = 0;
    for (;;) {
      if (this.data === null && this.reader.take !== undefined) {
        const next = this.reader.take(text, at);
        if (next > at) {
          at = next;
          continue;
        }
      }
      const end = text.indexOf("\n", at);
      if (end === -1) break;
      this.line(text.slice(at, end));
      at = end + 1;
    }
    this.rest = at === 0 ? text : text.slice(at);
  }

  private line(text: string): void {
    const clean = text.endsWith("\r") ? text.slice(0, -1) : text;
    if (clean === "") {
      const whole = this.data;
      this.data = null;
      if (whole !== null) this.reader.event(whole);
    } else if (clean.startsWith("data:")) {
      const value = clean.slice(clean.charCodeAt(5) === 32 ? 6 : 5);
      this.data = this.data === null ? value : `${this.data}\n${value}`;
    }
  }
}
