import * as vscode from "vscode";

/** The part of the log channel that features use. Prompts and completions go to `trace` only; keys go nowhere. */
export interface Log {
  trace(message: string): void;
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** The one output channel, "Rollout Lens"; every line passes `redact`. */
export class LensLog implements Log, vscode.Disposable {
  private readonly channel: vscode.LogOutputChannel;

  constructor() {
    this.channel = vscode.window.createOutputChannel("Rollout Lens", { log: true });
  }

  trace(message: string): void {
    this.channel.trace(redact(message));
  }
  debug(message: string): void {
    this.channel.debug(redact(message));
  }
  info(message: string): void {
    this.channel.info(redact(message));
  }
  warn(message: string): void {
    this.channel.warn(redact(message));
  }
  error(message: string): void {
    this.channel.error(redact(message));
  }

  show(): void {
    this.channel.show(true);
  }
  dispose(): void {
    this.channel.dispose();
  }
}

/**
 * The last net under messages that are made elsewhere (failures are redacted where they arise): credentials in
 * headers and URLs, and the query of a URL.
 */
export function redact(text: string): string {
  return text
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, "$1 [redacted]")
    .replace(
      /\b(authorization|x-api-key|api-key|api_key|apikey)(["']?\s*[:=]\s*["']?)[^\s"',;}]+/gi,
      keepScheme,
    )
    .replace(/\bsk-[\w-]{8,}/g, "[redacted]")
    .replace(/(https?:\/\/)[^\s/@"']+@/gi, "$1")
    .replace(/(https?:\/\/[^\s?"']+)\?[^\s"']*/gi, "$1");
}

/** `Authorization: Bearer [redacted]` was already made safe and still says which scheme was used. */
const keepScheme = (whole: string, header: string, separator: string): string =>
  /(bearer|basic)$/i.test(whole) ? whole : `${header}${separator}[redacted]`;
