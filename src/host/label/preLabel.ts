import * as vscode from "vscode";
import { LensError } from "../../core/errors.ts";
import type { LabelItem } from "../../core/label/model.ts";
import { prelabel, type PrelabelItem, type PrelabelPlan } from "../../core/label/prelabel/prelabel.ts";
import { defaultPrelabelPrompt } from "../../core/label/prelabel/prompt.ts";
import { count } from "../../core/numberWords.ts";
import { systemClock } from "../../node/clock.ts";
import { endpointOf } from "../endpointChoice.ts";
import type { EndpointEntry } from "../endpoints.ts";
import type { Features } from "../features.ts";
import { apiOf } from "../runChoice.ts";
import { readItem } from "./labelledRuns.ts";
import type { OpenQueue } from "./openQueue.ts";
import { openRaterLabels, type RaterLogsPorts } from "./raterLogs.ts";

const promptName = "rolloutLens.prelabelPrompt";

/** Traces that are asked about at a time. */
const mostTogether = 16;

interface Choice {
  readonly endpoint: EndpointEntry;
  readonly prompt: string;
  readonly votes: number;
  readonly most: number;
}

/**
 * Lets a model label the queue's traces, as a rater of its own kind: its labels are never counted as a human's. Rejects
 * with `untrusted` where nothing may be sent.
 */
export async function preLabel(features: Features, open: OpenQueue, ports: RaterLogsPorts): Promise<void> {
  if (!vscode.workspace.isTrusted)
    throw new LensError(
      "untrusted",
      vscode.l10n.t("Viewing and labelling work. Sampling and code verifiers are off in this folder."),
    );
  const choice = await choose(features, open);
  if (choice === null) return;
  await features.state.update(promptName, choice.prompt);
  const title = vscode.l10n.t("{0} labels traces", choice.endpoint.config.name);
  const location = vscode.ProgressLocation.Notification;
  const said = await vscode.window.withProgress({ location, title, cancellable: true }, (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    const report = (message: string): void => progress.report({ message });
    return labelAll(features, open, { ...ports, choice, signal: abort.signal, report });
  });
  void features.report.tell(
    vscode.l10n.t(
      "{0} labelled {1} traces; {2} got no majority. A model's labels are not counted as a human's.",
      choice.endpoint.config.name,
      count(said.labelled),
      count(said.open),
    ),
    { severity: "information" },
  );
}

/** A list of what will be asked, until the person starts or leaves. The prompt is shown and edited in an editor. */
async function choose(features: Features, { queue }: OpenQueue): Promise<Choice | null> {
  const endpoint = await endpointOf(features, []);
  if (endpoint === null) return null;
  const prompt = features.state.get<string>(promptName) ?? defaultPrelabelPrompt;
  let choice: Choice = { endpoint, prompt, votes: 3, most: Math.min(200, queue.total) };
  const title = vscode.l10n.t("Pre-label with a model");
  for (;;) {
    const { config } = choice.endpoint;
    const rows = [
      {
        label: vscode.l10n.t("$(play) Start"),
        description: vscode.l10n.t(
          "{0} traces x {1} votes = {2} requests to {3}",
          count(choice.most),
          choice.votes,
          count(choice.most * choice.votes),
          config.name,
        ),
        act: null,
      },
      { label: vscode.l10n.t("Endpoint"), description: `${config.name} · ${config.model}`, act: "endpoint" },
      {
        label: vscode.l10n.t("Prompt"),
        description:
          choice.prompt === defaultPrelabelPrompt ? vscode.l10n.t("the usual one") : vscode.l10n.t("changed"),
        detail: choice.prompt.split("\n", 1)[0] ?? "",
        act: "prompt",
      },
      { label: vscode.l10n.t("Votes"), description: String(choice.votes), act: "votes" },
      { label: vscode.l10n.t("Traces at most"), description: count(choice.most), act: "most" },
    ] as const;
    const chosen = await vscode.window.showQuickPick(rows, { title, ignoreFocusOut: true });
    if (chosen === undefined) return null;
    if (chosen.act === null) return choice;
    choice = (await changed(features, choice, chosen.act)) ?? choice;
  }
}

async function changed(
  features: Features,
  choice: Choice,
  what: "endpoint" | "prompt" | "votes" | "most",
): Promise<Choice | null> {
  if (what === "endpoint") {
    const endpoint = await endpointOf(features, []);
    return endpoint === null ? null : { ...choice, endpoint };
  }
  if (what === "prompt") {
    const prompt = await editPrompt(choice.prompt);
    return prompt === null ? null : { ...choice, prompt };
  }
  const text = await vscode.window.showInputBox({
    title: what === "votes" ? vscode.l10n.t("Votes, an odd number") : vscode.l10n.t("Traces at most"),
    value: String(choice[what]),
    ignoreFocusOut: true,
    validateInput: (input) =>
      Number.isSafeInteger(Number(input)) && Number(input) >= 1
        ? null
        : vscode.l10n.t("A whole number from {0}", 1),
  });
  return text === undefined ? null : { ...choice, [what]: Number(text) };
}

/** In an editor of its own, until a button says that it is done. */
async function editPrompt(content: string): Promise<string | null> {
  const document = await vscode.workspace.openTextDocument({ content, language: "markdown" });
  await vscode.window.showTextDocument(document);
  const use = vscode.l10n.t("Use this prompt");
  const usual = vscode.l10n.t("Use the usual one");
  const words = vscode.l10n.t("Edit the prompt. {question}, {gold} and {steps} stand for what is judged.");
  const chosen = await vscode.window.showInformationMessage(words, use, usual);
  if (chosen === usual) return defaultPrelabelPrompt;
  return chosen === use ? document.getText() : null;
}

interface Labelling extends RaterLogsPorts {
  readonly choice: Choice;
  readonly signal: AbortSignal;
  readonly report: (message: string) => void;
}

/** What the model has labelled already is not asked for again; a cancel keeps what is done. */
async function labelAll(
  { endpoints, settings }: Features,
  { queue, runs }: OpenQueue,
  { choice, signal, report, files, clock }: Labelling,
): Promise<{ readonly labelled: number; readonly open: number }> {
  const { endpoint, prompt, votes, most } = choice;
  const state = endpoint.state.kind === "probed" ? endpoint.state : await endpoints.probe(endpoint);
  const opened = await endpoints.open(endpoint);
  const { generator } = opened;
  const labels = await openRaterLabels({ name: endpoint.config.model, kind: "model" }, runs, {
    files,
    clock,
  });
  const wanted = [...queue.items.values()].filter(({ id }) => labels.of(id) === null).slice(0, most);
  const { temperature, topP, maxTokens } = settings.sampling();
  const api = apiOf(endpoint, state);
  const plan: PrelabelPlan = { prompt, votes, api, temperature, topP, maxTokens, seed: 1, extraBody: {} };
  const counts = { labelled: 0, open: 0 };
  const one = async (item: LabelItem): Promise<void> => {
    const text: PrelabelItem = { ...(await readItem(runs, item)), item: item.id };
    for await (const { entry } of prelabel([text], plan, {
      generator,
      clock: systemClock,
      random: Math.random,
      signal,
    })) {
      if (entry === null) counts.open++;
      else {
        await labels.set(item, entry);
        counts.labelled++;
      }
      report(`${count(counts.labelled + counts.open)} / ${count(wanted.length)}`);
    }
  };
  const left = wanted.values();
  const worker = async (): Promise<void> => {
    for (const item of left) {
      if (signal.aborted) return;
      await one(item);
    }
  };
  try {
    const together = Math.max(1, Math.min(mostTogether, Math.floor(opened.concurrency / votes)));
    await Promise.all(Array.from({ length: together }, worker));
  } finally {
    await labels.close();
    opened.close();
  }
  return counts;
}
