import type * as vscode from "vscode";
import type { DatasetFile } from "../../core/dataset/readDataset.ts";
import type { StudyKind, StudySampling, StudyScoring } from "../../core/study/spec.ts";
import type { EndpointEntry } from "../endpoints.ts";
import { demoMaxTokens } from "../demoModels.ts";
import { codeTemplateOf, defaultTemplate } from "../runChoice.ts";
import type { SamplingSettings } from "../settings.ts";
import { baseFirst } from "./pickModels.ts";
import type { StudyChoice } from "./studyChoice.ts";

export interface StudyFacts {
  readonly kind: StudyKind;
  readonly name: string;
  readonly uri: vscode.Uri;
  readonly dataset: DatasetFile;
  /** At least one. */
  readonly models: readonly EndpointEntry[];
  readonly usual: SamplingSettings;
  /** Id of the verifier that suits the dataset. */
  readonly suitable: string;
}

/** Those of the sweep in arXiv 2504.13837. */
const usualTemperatures: readonly number[] = [0.6, 1, 1.2];
/** Fewer seldom suffice to be sure of 2 %. */
const usualBudget = 9000;
const usualTextsEach = 200;
/** Answers without reasoning; problems with 0 < accuracy < 5 % are dropped, as it does with AIME24. */
const usualGuesses = 128;

/** The study that one click starts. */
export function usualChoice(facts: StudyFacts): StudyChoice {
  const { kind, name, uri, dataset, models: given, usual, suitable } = facts;
  const models = baseFirst(given);
  const isDemo = models.every(({ offered }) => offered);
  const base = models[0]!;
  const matched = models.findLast((model) => model.config.role === "rl") ?? models.at(-1) ?? base;
  const sampling = isDemo ? demoSampling(usual) : ownSampling(dataset, base, usual);
  return {
    kind,
    name,
    uri,
    dataset,
    problems: dataset.problems.length,
    models,
    sampling,
    scoring: kind === "compareModels" ? usualScoring(base) : null,
    verifier: suitable,
    suitable,
    temperatures: usualTemperatures,
    match: {
      kind: "matchEntropy",
      target: base.config.name,
      model: matched.config.name,
      tolerance: 0.02,
      from: 0.1,
      to: 2,
      samplesEach: usualTextsEach,
      budget: usualBudget,
    },
    filter: {
      kind: "filterGuessable",
      model: base.config.name,
      // The demo models know no other words than their task's.
      template: isDemo ? sampling.template : "direct",
      samplesPerProblem: usualGuesses,
      above: 0,
      below: 0.05,
    },
  };
}

/** Whole distributions of a model with a vocabulary this small: top-p 1, temperature 1, as it was trained. */
const demoSampling = ({ samplesPerProblem }: SamplingSettings): StudySampling => ({
  samplesPerProblem,
  template: "verbatim",
  temperature: 1,
  topP: 1,
  maxTokens: demoMaxTokens,
  seed: 0,
});

function ownSampling(
  { code }: DatasetFile,
  base: EndpointEntry,
  { samplesPerProblem, temperature, topP, maxTokens, template }: SamplingSettings,
): StudySampling {
  const named = template === "" ? (base.config.template ?? defaultTemplate) : template;
  return {
    samplesPerProblem,
    template: code === null ? named : codeTemplateOf(code, template, base),
    temperature,
    topP,
    maxTokens,
    seed: 0,
  };
}

/** One trace of each problem under the base model, where it is known to give log-probs. */
function usualScoring({ config, offered, state }: EndpointEntry): StudyScoring | null {
  const gives = offered || (state.kind === "probed" && state.capabilities.logProbs.state === "ok");
  return gives && config.role === "base" ? { scorer: config.name, correctOnly: false, perProblem: 1 } : null;
}

/** All with a role of the comparison; where none has one, all. Demo models only where there is no other. */
export function usualModels(entries: readonly EndpointEntry[]): readonly EndpointEntry[] {
  const own = entries.filter(({ offered }) => !offered);
  const all = own.length > 0 ? own : entries;
  const withRole = all.filter(({ config }) => config.role !== "other");
  return withRole.length > 0 ? withRole : all;
}
