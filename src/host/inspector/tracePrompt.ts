import * as vscode from "vscode";
import type { Protocol } from "../../core/model.ts";
import { type PromptTemplate, renderPrompt, templateNamed } from "../../core/run/templates.ts";
import type { OpenTrace } from "./traceSource.ts";

/** Of rollouts that do not say how they were sampled. */
export const usualTemplate = "qwen-boxed";

export interface PromptFacts {
  /** "" where it is not known: then nothing stands before the trace. */
  readonly question: string;
  /** As the run was sampled; without it the usual template's text. */
  readonly run?: { readonly template: PromptTemplate; readonly protocol: Pick<Protocol, "api" | "system"> };
}

/** What stands before a trace when it is scored, and a sentence that says so. */
export function promptOf({ question, run }: PromptFacts): Pick<OpenTrace, "context" | "promptNote"> {
  if (question === "" && run === undefined) {
    return {
      context: () => ({ api: "completions", prompt: "" }),
      promptNote: vscode.l10n.t("Scored without a prompt: none is known."),
    };
  }
  const template = run?.template ?? templateNamed(usualTemplate);
  const { api, system } = run?.protocol ?? { api: "completions", system: null };
  return {
    // A server that scores no chats gets the template's whole text instead.
    context: (chat) => renderPrompt(template, question, { api: chat ? api : "completions", system }),
    promptNote:
      run === undefined
        ? vscode.l10n.t("Prompt: {0}; the file does not say which one was used.", template.id)
        : vscode.l10n.t("Prompt: {0}.", template.id),
  };
}
