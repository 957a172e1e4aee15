// A study: several runs of one dataset that belong together, written down before the first sample is drawn (`study.json`).
import { LensError } from "../errors.ts";
import { decodeStopRule } from "../run/header.ts";
import type { StopRule } from "../run/plan.ts";
import type { Role } from "../model.ts";
import { roles } from "../model.ts";
import {
  asBoolean,
  asInteger,
  asList,
  asNumber,
  asOneOf,
  asRecord,
  asString,
  FieldError,
  isRecord,
  type JsonRecord,
  orNull,
} from "../parse.ts";
import { decodeStudyVerifier } from "./studyVerifier.ts";

/** Grows when a field's meaning changes; readers refuse a newer one. */
const version = 1;

export interface StudySpec {
  readonly name: string;
  /** Path of the dataset; from a file it is relative to that file. */
  readonly dataset: string;
  /** Only the first problems; `null`: all. */
  readonly problems: number | null;
  /** Their names are distinct; the first is what the others are compared with. */
  readonly models: readonly StudyModel[];
  readonly sampling: StudySampling;
  /** Who judges the samples, as `decodeStudyVerifier` takes it; `null`: what suits the dataset. */
  readonly verifier: string | null;
  readonly plan: StudyPlan;
  /** Perplexity of the traces under one of the models; `null`: none. */
  readonly scoring: StudyScoring | null;
}

/** One model of a study. */
export interface StudyModel {
  readonly name: string;
  readonly role: Role;
  /** Facets, e.g. `{ step: 300 }`. */
  readonly metadata: Readonly<Record<string, string | number>>;
  /** Where it is reached: an endpoint's settings, its name in a window, or `demo`; read by who opens it. */
  readonly endpoint: unknown;
}

export interface StudySampling {
  readonly samplesPerProblem: number;
  /** Name of a template. */
  readonly template: string;
  readonly temperature: number;
  readonly topP: number;
  readonly maxTokens: number;
  readonly seed: number;
  /** Of the full runs: a problem ends at its r-th right sample, `samplesPerProblem` at the latest; absent: never. */
  readonly stop?: StopRule | undefined;
}

/** What is done with the models; the letters are those of the analyses of arXiv 2504.13837 in our documents. */
export type StudyPlan =
  /** Every model on the same problems by the same protocol. */
  | { readonly kind: "compareModels" }
  /** A9: every model at every temperature. */
  | { readonly kind: "temperatureSweep"; readonly temperatures: readonly number[] }
  /** A10: the temperature at which `model` has the mean token entropy of `target`, then both in full. */
  | EntropyMatch
  /** A13: problems that `model` sometimes guesses without reasoning are dropped, the others sampled in full. */
  | GuessFilter;

export interface EntropyMatch {
  readonly kind: "matchEntropy";
  readonly target: string;
  readonly model: string;
  /** Largest |H - target| / target. */
  readonly tolerance: number;
  /** Temperatures searched. */
  readonly from: number;
  readonly to: number;
  /** Texts of one measurement, and of all together. */
  readonly samplesEach: number;
  readonly budget: number;
}

export interface GuessFilter {
  readonly kind: "filterGuessable";
  readonly model: string;
  /** Asks for an answer without reasoning. */
  readonly template: string;
  readonly samplesPerProblem: number;
  /** Dropped is a problem with above < accuracy < below. */
  readonly above: number;
  readonly below: number;
}

export interface StudyScoring {
  /** Name of the model that scores. */
  readonly scorer: string;
  readonly correctOnly: boolean;
  /** Traces of each problem of each run; `null`: all. */
  readonly perProblem: number | null;
}

const kinds = ["compareModels", "temperatureSweep", "matchEntropy", "filterGuessable"] as const;
export type StudyKind = (typeof kinds)[number];

/** Reads a study from JSON. Throws `badStudy` that names file and field, `newerSchema`. */
export function decodeStudy(value: unknown, file: string): StudySpec {
  try {
    return decode(asRecord(value, ""));
  } catch (cause) {
    if (!(cause instanceof FieldError)) throw cause;
    const code = cause.field === "version" ? "newerSchema" : "badStudy";
    throw new LensError(code, `${file}: ${cause.message}`, { cause });
  }
}

/** `study.json`, as a person reads and changes it. */
export const encodeStudy = (spec: StudySpec): string => `${JSON.stringify({ version, ...spec }, null, 2)}\n`;

/** A misspelt field would be a setting that nobody sees missing. */
function onlyKnown(record: JsonRecord, known: readonly string[], place: string): void {
  const unknown = Object.keys(record).find((field) => !known.includes(field));
  if (unknown !== undefined)
    throw new FieldError(`${place}${unknown}`, `unknown field (known are ${known.join(", ")})`);
}

const fields = [
  "version",
  "name",
  "dataset",
  "problems",
  "models",
  "sampling",
  "verifier",
  "plan",
  "scoring",
];
const modelFields = ["name", "role", "metadata", "endpoint"];
const samplingFields = ["samplesPerProblem", "template", "temperature", "topP", "maxTokens", "seed", "stop"];
const planFields: Readonly<Record<StudyKind, readonly string[]>> = {
  compareModels: ["kind"],
  temperatureSweep: ["kind", "temperatures"],
  matchEntropy: ["kind", "target", "model", "tolerance", "from", "to", "samplesEach", "budget"],
  filterGuessable: ["kind", "model", "template", "samplesPerProblem", "above", "below"],
};

function decode(record: JsonRecord): StudySpec {
  // Editors know by it what may stand in the file.
  onlyKnown(record, [...fields, "$schema"], "");
  const found = asInteger(record["version"] ?? version, "version", 1);
  if (found > version) throw new FieldError("version", `expected at most ${version}, got ${found}`);
  const models = asList(record["models"], "models").map(decodeModel);
  if (models.length === 0) throw new FieldError("models", "expected at least one, got none");
  const names = models.map(({ name }) => name);
  const ids = names.map(idOf);
  const twice = ids.findIndex((id, at) => ids.indexOf(id) !== at);
  if (twice !== -1)
    throw new FieldError(
      `models[${twice}].name`,
      `${names[twice]}: another has this name, but for its signs`,
    );
  return {
    name: asString(record["name"], "name"),
    dataset: asString(record["dataset"], "dataset"),
    problems: orNull(record["problems"], "problems", (count, field) => asInteger(count, field, 1)),
    models,
    sampling: decodeSampling(asRecord(record["sampling"], "sampling")),
    verifier: orNull(record["verifier"], "verifier", decodeStudyVerifier),
    plan: decodePlan(asRecord(record["plan"] ?? { kind: "compareModels" }, "plan"), names),
    scoring: orNull(record["scoring"], "scoring", (scoring) => decodeScoring(scoring, names)),
  };
}

function decodeModel(value: unknown, at: number): StudyModel {
  const field = (key: string): string => `models[${at}].${key}`;
  const model = asRecord(value, `models[${at}]`);
  onlyKnown(model, modelFields, field(""));
  const metadata = asRecord(model["metadata"] ?? {}, field("metadata"));
  for (const [key, facet] of Object.entries(metadata))
    if (typeof facet !== "string" && typeof facet !== "number")
      throw new FieldError(field(`metadata.${key}`), "expected string or number");
  return {
    name: asString(model["name"], field("name")),
    role: asOneOf(model["role"] ?? "other", roles, field("role")),
    metadata: metadata as StudyModel["metadata"],
    endpoint: isRecord(model["endpoint"])
      ? model["endpoint"]
      : asString(model["endpoint"], field("endpoint")),
  };
}

function decodeSampling(sampling: JsonRecord): StudySampling {
  onlyKnown(sampling, samplingFields, "sampling.");
  const at = (key: string): string => `sampling.${key}`;
  const number = (key: string, least: number, most: number): number =>
    between(asNumber(sampling[key], at(key)), [least, most], at(key));
  return {
    samplesPerProblem: asInteger(sampling["samplesPerProblem"], at("samplesPerProblem"), 1),
    template: asString(sampling["template"], at("template")),
    temperature: number("temperature", 0, 10),
    topP: number("topP", Number.MIN_VALUE, 1),
    maxTokens: asInteger(sampling["maxTokens"], at("maxTokens"), 1),
    seed: asInteger(sampling["seed"] ?? 0, at("seed")),
    ...(sampling["stop"] === undefined || sampling["stop"] === null
      ? {}
      : { stop: decodeStopRule(sampling["stop"], at("stop")) }),
  };
}

function decodePlan(plan: JsonRecord, names: readonly string[]): StudyPlan {
  const kind = asOneOf(plan["kind"], kinds, "plan.kind");
  onlyKnown(plan, planFields[kind], "plan.");
  const count = (key: string): number => asInteger(plan[key], `plan.${key}`, 1);
  const share = (key: string, otherwise: number): number =>
    between(asNumber(plan[key] ?? otherwise, `plan.${key}`), [0, 1], `plan.${key}`);
  const model = (key: string): string => asOneOf(plan[key], names, `plan.${key}`);
  if (kind === "compareModels") return { kind };
  if (kind === "temperatureSweep") return { kind, temperatures: decodeTemperatures(plan["temperatures"]) };
  if (kind === "matchEntropy")
    return {
      kind,
      target: model("target"),
      model: model("model"),
      tolerance: share("tolerance", 0.02),
      from: asNumber(plan["from"] ?? 0.1, "plan.from"),
      to: asNumber(plan["to"] ?? 2, "plan.to"),
      samplesEach: count("samplesEach"),
      budget: count("budget"),
    };
  return {
    kind,
    model: model("model"),
    template: asString(plan["template"] ?? "direct", "plan.template"),
    samplesPerProblem: count("samplesPerProblem"),
    above: share("above", 0),
    below: share("below", 0.05),
  };
}

function decodeTemperatures(value: unknown): readonly number[] {
  const field = "plan.temperatures";
  const all = asList(value, field).map((one, at) =>
    between(asNumber(one, `${field}[${at}]`), [0, 10], `${field}[${at}]`),
  );
  if (all.length === 0) throw new FieldError(field, "expected at least one, got none");
  if (new Set(all).size < all.length) throw new FieldError(field, "one stands there twice");
  return all;
}

function decodeScoring(value: unknown, names: readonly string[]): StudyScoring {
  const scoring = asRecord(value, "scoring");
  onlyKnown(scoring, ["scorer", "correctOnly", "perProblem"], "scoring.");
  return {
    scorer: asOneOf(scoring["scorer"], names, "scoring.scorer"),
    correctOnly: asBoolean(scoring["correctOnly"] ?? false, "scoring.correctOnly"),
    perProblem: orNull(scoring["perProblem"], "scoring.perProblem", (count, field) =>
      asInteger(count, field, 1),
    ),
  };
}

function between(value: number, [least, most]: readonly [number, number], field: string): number {
  if (value >= least && value <= most) return value;
  throw new FieldError(field, `expected a number from ${least} to ${most}, got ${value}`);
}

/** A model's name as that of a folder, on every system. */
export const idOf = (name: string): string => name.replaceAll(/[^\w.-]+/g, "-");
