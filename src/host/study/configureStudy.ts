import * as vscode from "vscode";
import { count } from "../../core/numberWords.ts";
import { askForNumber, between, type NumberRule, shownNumber, wholeFrom } from "../askNumber.ts";
import { askTemplate } from "../askTemplate.ts";
import { askVerifier } from "../askVerifier.ts";
import type { EndpointEntry } from "../endpoints.ts";
import { datasetName } from "../files.ts";
import { type VerifierChoice, verifierWords } from "../verifierWords.ts";
import { askName, askTemperatures } from "./askStudyTexts.ts";
import { pickModel, pickModels } from "./pickModels.ts";
import { pickScoring } from "./pickScoring.ts";
import { type StudyChoice, usedModels } from "./studyChoice.ts";
import { amountWords, scoringWords, searchWords, studyTitle } from "./studyWords.ts";

interface Row extends vscode.QuickPickItem {
  /** The changed choice; `null` when the person went back. */
  readonly change?: () => Promise<StudyChoice | null>;
}

export interface StudyOffer {
  /** Every endpoint there is now. */
  readonly endpoints: () => Promise<readonly EndpointEntry[]>;
  readonly verifiers: () => Promise<readonly VerifierChoice[]>;
  /** Starts the demo models, which then are among the endpoints. */
  readonly startDemo: () => Promise<void>;
}

/** Shows all options in one list until the person starts (or leaves: `null`). Every option opens its own small input. */
export async function configureStudy(first: StudyChoice, offer: StudyOffer): Promise<StudyChoice | null> {
  let choice = first;
  for (;;) {
    const chosen = await vscode.window.showQuickPick<Row>(rowsOf(choice, offer), {
      title: `${studyTitle(choice.kind)}: ${datasetName(choice.uri)}`,
      placeHolder: vscode.l10n.t("Start, or choose what to change"),
      ignoreFocusOut: true,
    });
    if (chosen === undefined) return null;
    if (chosen.change === undefined) return choice;
    choice = (await chosen.change()) ?? choice;
  }
}

function rowsOf(choice: StudyChoice, offer: StudyOffer): Row[] {
  const before = searchWords(choice);
  return [
    {
      label: vscode.l10n.t("$(play) Start"),
      description: amountWords(choice),
      ...(before === null ? {} : { detail: before }),
    },
    { label: vscode.l10n.t("Options"), kind: vscode.QuickPickItemKind.Separator },
    ...modelRows(choice, offer),
    ...kindRows(choice, offer),
    problemsRow(choice),
    samplingNumber(choice, "samplesPerProblem", vscode.l10n.t("Samples per problem"), wholeFrom(1)),
    ...(choice.kind === "temperatureSweep" ? [] : [temperatureRow(choice)]),
    samplingNumber(choice, "topP", vscode.l10n.t("Top-p"), between(0.001, 1)),
    samplingNumber(choice, "maxTokens", vscode.l10n.t("Max tokens"), wholeFrom(1)),
    templateRow(choice),
    verifierRow(choice, offer),
    samplingNumber(choice, "seed", vscode.l10n.t("Seed"), wholeFrom(0)),
    {
      label: vscode.l10n.t("Perplexity"),
      description: scoringWords(choice.scoring),
      change: async () => {
        const scoring = await pickScoring(usedModels(choice));
        return scoring === undefined ? null : { ...choice, scoring };
      },
    },
    {
      label: vscode.l10n.t("Name"),
      description: choice.name,
      change: async () => {
        const name = await askName(choice.name);
        return name === null ? null : { ...choice, name };
      },
    },
  ];
}

function modelRows(choice: StudyChoice, offer: StudyOffer): Row[] {
  const { kind, models, match } = choice;
  if (kind === "matchEntropy") {
    const one = (label: string, field: "target" | "model"): Row => ({
      label,
      description: match[field],
      change: async () => {
        const picked = await pickModel(label, offer);
        if (picked === null) return null;
        const known = models.filter(({ config }) => config.name !== picked.config.name);
        return scoringKept({
          ...choice,
          models: [...known, picked],
          match: { ...match, [field]: picked.config.name },
        });
      },
    });
    return [
      one(vscode.l10n.t("Target, at its temperature"), "target"),
      one(vscode.l10n.t("Model to match it"), "model"),
    ];
  }
  return [
    {
      label: vscode.l10n.t("Models"),
      description: models.map(({ config }) => config.name).join(", "),
      change: async () => {
        const picked = await pickModels(models, offer);
        if (picked === null) return null;
        const guesser = picked.find(({ config }) => config.name === choice.filter.model) ?? picked[0]!;
        return scoringKept({
          ...choice,
          models: picked,
          filter: { ...choice.filter, model: guesser.config.name },
        });
      },
    },
  ];
}

/** A model that is no longer in the study does not score for it. */
function scoringKept(choice: StudyChoice): StudyChoice {
  const { scoring } = choice;
  const isThere = usedModels(choice).some(({ config }) => config.name === scoring?.scorer);
  return isThere ? choice : { ...choice, scoring: null };
}

/** What only this kind of study asks for. */
function kindRows(choice: StudyChoice, offer: StudyOffer): Row[] {
  const { kind, match, filter, temperatures } = choice;
  const matchNumber = (field: "budget" | "samplesEach" | "tolerance", label: string, rule: NumberRule): Row =>
    numberRow(label, match[field], rule, (value) => ({ ...choice, match: { ...match, [field]: value } }));
  const filterNumber = (field: "samplesPerProblem" | "below", label: string, rule: NumberRule): Row =>
    numberRow(label, filter[field], rule, (value) => ({ ...choice, filter: { ...filter, [field]: value } }));
  if (kind === "temperatureSweep")
    return [
      {
        label: vscode.l10n.t("Temperatures"),
        description: temperatures.join(", "),
        change: async () => {
          const asked = await askTemperatures(temperatures);
          return asked === null ? null : { ...choice, temperatures: asked };
        },
      },
    ];
  if (kind === "matchEntropy")
    return [
      matchNumber("budget", vscode.l10n.t("Budget of the search, texts"), wholeFrom(3)),
      matchNumber("samplesEach", vscode.l10n.t("Texts of one measurement"), wholeFrom(1)),
      matchNumber(
        "tolerance",
        vscode.l10n.t("Largest difference of the entropies, as a share"),
        between(0, 1),
      ),
    ];
  if (kind !== "filterGuessable") return [];
  return [
    {
      label: vscode.l10n.t("Model that guesses"),
      description: filter.model,
      change: async () => {
        const picked = await pickModel(vscode.l10n.t("Model that guesses"), {
          ...offer,
          endpoints: () => Promise.resolve(choice.models),
        });
        return picked === null ? null : { ...choice, filter: { ...filter, model: picked.config.name } };
      },
    },
    {
      label: vscode.l10n.t("Prompt of the guesses"),
      description: filter.template,
      change: async () => {
        const template = await askTemplate(vscode.l10n.t("Prompt of the guesses"));
        return template === null ? null : { ...choice, filter: { ...filter, template } };
      },
    },
    filterNumber("samplesPerProblem", vscode.l10n.t("Guesses per problem"), wholeFrom(1)),
    filterNumber("below", vscode.l10n.t("Dropped if right more than never and less than"), between(0, 1)),
  ];
}

const numberRow = (
  label: string,
  now: number,
  rule: NumberRule,
  changed: (value: number) => StudyChoice,
): Row => ({
  label,
  description: shownNumber(now),
  change: async () => {
    const value = await askForNumber(now, { title: label, ...rule });
    return value === null ? null : changed(value);
  },
});

const samplingNumber = (
  choice: StudyChoice,
  field: "samplesPerProblem" | "topP" | "maxTokens" | "seed" | "temperature",
  label: string,
  rule: NumberRule,
): Row =>
  numberRow(label, choice.sampling[field], rule, (value) => ({
    ...choice,
    sampling: { ...choice.sampling, [field]: value },
  }));

const temperatureRow = (choice: StudyChoice): Row =>
  samplingNumber(
    choice,
    "temperature",
    choice.kind === "matchEntropy"
      ? vscode.l10n.t("Temperature of the target")
      : vscode.l10n.t("Temperature"),
    between(0, 2),
  );

/** The first N problems: a look before the whole study. */
function problemsRow(choice: StudyChoice): Row {
  const { problems, dataset } = choice;
  const all = dataset.problems.length;
  return {
    label: vscode.l10n.t("Problems"),
    description: vscode.l10n.t("{0} of {1}", count(problems), count(all)),
    change: async () => {
      const rule = { title: vscode.l10n.t("Problems, from the first"), ...wholeFrom(1, all) };
      const count = await askForNumber(problems, rule);
      return count === null ? null : { ...choice, problems: count };
    },
  };
}

const templateRow = (choice: StudyChoice): Row => ({
  label: vscode.l10n.t("Prompt template"),
  description: choice.sampling.template,
  change: async () => {
    const template = await askTemplate();
    return template === null ? null : { ...choice, sampling: { ...choice.sampling, template } };
  },
});

const verifierRow = (choice: StudyChoice, { verifiers }: StudyOffer): Row => ({
  label: vscode.l10n.t("Verifier"),
  description: verifierWords(choice.verifier),
  change: async () => {
    const verifier = await askVerifier(await verifiers(), choice.dataset.code !== null);
    return verifier === null ? null : { ...choice, verifier };
  },
});
