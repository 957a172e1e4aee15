import * as vscode from "vscode";
import type { LensLog } from "./log.ts";

/** A button of a message. */
export interface ReportAction {
  readonly title: string;
  readonly run: () => unknown;
}

export interface ReportOptions {
  readonly actions?: readonly ReportAction[];
  /** Messages with the same cause are shown once until `forget`, e.g. `run-7:unauthorized`. */
  readonly cause?: string;
  readonly severity?: "error" | "warning" | "information";
}

export interface Question {
  readonly message: string;
  readonly detail: string;
  /** The button that means yes; Cancel is added by the window. */
  readonly yes: string;
}

/** The only one who speaks to the person: what failed, what is kept, what to do. */
export class Report {
  private readonly log: LensLog;
  private readonly told = new Set<string>();

  constructor({ log }: { readonly log: LensLog }) {
    this.log = log;
  }

  /** Resolves when the message was answered or closed; callers need not wait for it. */
  async tell(message: string, options: ReportOptions = {}): Promise<void> {
    const severity = options.severity ?? "error";
    this.log[severity === "information" ? "info" : severity === "warning" ? "warn" : "error"](message);
    if (options.cause !== undefined) {
      if (this.told.has(options.cause)) return;
      this.told.add(options.cause);
    }
    const actions = [
      ...(options.actions ?? []),
      ...(severity === "information" ? [] : [this.showLogAction()]),
    ];
    const show = {
      error: vscode.window.showErrorMessage,
      warning: vscode.window.showWarningMessage,
      information: vscode.window.showInformationMessage,
    }[severity];
    const chosen = await show(message, ...actions.map((action) => action.title));
    await actions.find((action) => action.title === chosen)?.run();
  }

  /** A failure that was caught. Cancellation is silent; what has no code is a bug and goes to the log with its stack. */
  async failure(what: string, error: unknown, options: ReportOptions = {}): Promise<void> {
    if (isCancellation(error)) return;
    if (codeOf(error) === null) this.log.error(stackOf(error));
    await this.tell(`${what} ${messageOf(error)}`.trim(), options);
  }

  /** A modal question; `false` when the person cancelled. */
  async confirm({ message, detail, yes }: Question): Promise<boolean> {
    return (await vscode.window.showWarningMessage(message, { modal: true, detail }, yes)) === yes;
  }

  /** A run starts again: what was said about it may be said again. */
  forget(prefix: string): void {
    for (const cause of this.told) if (cause.startsWith(prefix)) this.told.delete(cause);
  }

  private showLogAction(): ReportAction {
    return { title: vscode.l10n.t("Show log"), run: () => this.log.show() };
  }
}

/** The `code` of a failure that callers may match on, or `null` for a bug. */
export function codeOf(error: unknown): string | null {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
  return typeof code === "string" ? code : null;
}

export const isCancellation = (error: unknown): boolean =>
  codeOf(error) === "cancelled" ||
  error instanceof vscode.CancellationError ||
  (error instanceof Error && error.name === "AbortError");

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
