import * as vscode from "vscode";
import { count } from "../core/numberWords.ts";
import { askForNumber, between, type NumberRule, shownNumber, wholeFrom } from "./askNumber.ts";
import { askStopRule, stopRuleWords } from "./askStopRule.ts";
import { askTemplate } from "./askTemplate.ts";
import { askVerifier } from "./askVerifier.ts";
import type { EndpointEntry } from "./endpoints.ts";
import { templateOf, type RunChoice } from "./runChoice.ts";
import { verifierWords, type VerifierChoice } from "./verifierWords.ts";

interface Row extends vscode.QuickPickItem {
  /** The changed choice; `null` when the person went back. */
  readonly change?: () => Promise<RunChoice | null>;
}

export interface Offered {
  readonly endpoints: readonly EndpointEntry[];
  readonly verifiers: readonly VerifierChoice[];
}

/** Shows all options in one list until the person starts (or leaves: `null`). Every option opens its own small input. */
export async function configureRun(first: RunChoice, offered: Offered): Promise<RunChoice | null> {
  let choice = first;
  for (;;) {
    const chosen = await vscode.window.showQuickPick<Row>(rowsOf(choice, offered), {
      title: vscode.l10n.t("Quick pass@k: {0}", choice.dataset.name),
      placeHolder: vscode.l10n.t("Start, or choose what to change"),
      ignoreFocusOut: true,
    });
    if (chosen === undefined) return null;
    if (chosen.change === undefined) return choice;
    choice = (await chosen.change()) ?? choice;
  }
}

function rowsOf(choice: RunChoice, { endpoints, verifiers }: Offered): Row[] {
  const total = choice.problems.length * choice.samplesPerProblem;
  const number = (field: NumberField, title: string, rule: NumberRule): Row => ({
    label: title,
    description: shownNumber(choice[field]),
    change: () => askNumber(choice, field, { title, ...rule }),
  });
  return [
    {
      label: vscode.l10n.t("$(play) Start"),
      description: vscode.l10n.t(
        "{0} problems x {1} samples = {2} on {3}",
        count(choice.problems.length),
        count(choice.samplesPerProblem),
        count(total),
        choice.endpoint.config.name,
      ),
    },
    { label: vscode.l10n.t("Options"), kind: vscode.QuickPickItemKind.Separator },
    endpointRow(choice, endpoints),
    number("samplesPerProblem", vscode.l10n.t("Samples per problem"), wholeFrom(1)),
    problemsRow(choice),
    stopRow(choice),
    number("temperature", vscode.l10n.t("Temperature"), between(0, 2)),
    number("topP", vscode.l10n.t("Top-p"), between(0.001, 1)),
    number("maxTokens", vscode.l10n.t("Max tokens"), wholeFrom(1)),
    templateRow(choice),
    verifierRow(choice, verifiers),
    number("seed", vscode.l10n.t("Seed"), wholeFrom(0)),
  ];
}

const endpointRow = (choice: RunChoice, endpoints: readonly EndpointEntry[]): Row => ({
  label: vscode.l10n.t("Endpoint"),
  description: `${choice.endpoint.config.name} · ${choice.endpoint.config.model}`,
  change: async () => {
    const items = endpoints.map((endpoint) => ({
      label: endpoint.config.name,
      description: `${endpoint.config.role} · ${endpoint.config.model}`,
      endpoint,
    }));
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t("Endpoint"),
      ignoreFocusOut: true,
    });
    return chosen === undefined ? null : { ...choice, endpoint: chosen.endpoint };
  },
});

const stopRow = (choice: RunChoice): Row => ({
  label: vscode.l10n.t("Sample where it matters"),
  description: stopRuleWords(choice.stopRule),
  change: async () => {
    const stopRule = await askStopRule(choice.stopRule, choice.samplesPerProblem);
    return stopRule === undefined ? null : { ...choice, stopRule };
  },
});

const templateRow = (choice: RunChoice): Row => ({
  label: vscode.l10n.t("Prompt template"),
  description: templateOf(choice),
  change: async () => {
    const template = await askTemplate();
    return template === null ? null : { ...choice, template };
  },
});

const verifierRow = (choice: RunChoice, verifiers: readonly VerifierChoice[]): Row => ({
  label: vscode.l10n.t("Verifier"),
  description: verifierWords(choice.verifier),
  change: async () => {
    const verifier = await askVerifier(verifiers, choice.dataset.code !== null);
    return verifier === null ? null : { ...choice, verifier };
  },
});

/** The first N problems: a look before the whole run. */
const problemsRow = (choice: RunChoice): Row => ({
  label: vscode.l10n.t("Problems"),
  description: vscode.l10n.t(
    "{0} of {1}",
    count(choice.problems.length),
    count(choice.dataset.problems.length),
  ),
  change: async () => {
    const all = choice.dataset.problems;
    const rule = { title: vscode.l10n.t("Problems, from the first"), ...wholeFrom(1, all.length) };
    const count = await askForNumber(choice.problems.length, rule);
    return count === null ? null : { ...choice, problems: all.slice(0, count) };
  },
});

type NumberField = "samplesPerProblem" | "temperature" | "topP" | "maxTokens" | "seed";

async function askNumber(
  choice: RunChoice,
  field: NumberField,
  rule: NumberRule & { readonly title: string },
): Promise<RunChoice | null> {
  const value = await askForNumber(choice[field], rule);
  return value === null ? null : { ...choice, [field]: value };
}
