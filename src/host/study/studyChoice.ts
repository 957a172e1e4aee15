import { isAbsolute, relative } from "node:path";
import type * as vscode from "vscode";
import type { DatasetFile } from "../../core/dataset/readDataset.ts";
import {
  decodeStudy,
  encodeStudy,
  type EntropyMatch,
  type GuessFilter,
  type StudyKind,
  type StudyModel,
  type StudyPlan,
  type StudySampling,
  type StudyScoring,
  type StudySpec,
} from "../../core/study/spec.ts";
import { demoFacets } from "../../demo/demoEndpoint.ts";
import { studyVerifierText } from "../../core/study/studyVerifier.ts";
import type { EndpointEntry } from "../endpoints.ts";

/** Everything a person decides about a study, filled with defaults. */
export interface StudyChoice {
  readonly kind: StudyKind;
  readonly name: string;
  readonly uri: vscode.Uri;
  readonly dataset: DatasetFile;
  /** Only the first problems. */
  readonly problems: number;
  /** The first is what the others are compared with. */
  readonly models: readonly EndpointEntry[];
  readonly sampling: StudySampling;
  readonly scoring: StudyScoring | null;
  /** Id of whoever judges the samples, and of the one that suits the dataset. */
  readonly verifier: string;
  readonly suitable: string;
  readonly temperatures: readonly number[];
  readonly match: EntropyMatch;
  readonly filter: GuessFilter;
}

/** The models that the study's kind uses, in its order. */
export function usedModels({ kind, models, match }: StudyChoice): readonly EndpointEntry[] {
  if (kind !== "matchEntropy") return models;
  return [match.target, match.model].flatMap(
    (name) => models.find(({ config }) => config.name === name) ?? [],
  );
}

/** Runs that are compared at the end. */
export const runCount = (choice: StudyChoice): number =>
  usedModels(choice).length * (choice.kind === "temperatureSweep" ? choice.temperatures.length : 1);

/**
 * As it is written. The dataset's path is relative to the study's folder, so that a workspace may move.
 * @throws LensError `badStudy` that names the field
 */
export function specOf(choice: StudyChoice, folder: string): StudySpec {
  const { name, uri, dataset, problems, sampling, scoring, verifier, suitable } = choice;
  const spec: StudySpec = {
    name,
    dataset: pathFrom(folder, uri.fsPath),
    problems: problems < dataset.problems.length ? problems : null,
    models: usedModels(choice).map(modelOf),
    sampling,
    verifier: studyVerifierText(verifier, suitable),
    plan: planOf(choice),
    scoring,
  };
  return decodeStudy(JSON.parse(encodeStudy(spec)), name);
}

/** Another drive has no relative path. */
function pathFrom(folder: string, file: string): string {
  const path = relative(folder, file);
  return isAbsolute(path) ? path : path.replaceAll("\\", "/");
}

const modelOf = ({ config, offered }: EndpointEntry): StudyModel => ({
  name: config.name,
  role: config.role,
  metadata: offered ? { ...demoFacets(config.model) } : {},
  endpoint: offered ? `demo:${config.model}` : config.name,
});

function planOf({ kind, temperatures, match, filter }: StudyChoice): StudyPlan {
  if (kind === "compareModels") return { kind };
  if (kind === "temperatureSweep") return { kind, temperatures };
  return kind === "matchEntropy" ? match : filter;
}
