import { LensError } from "../errors.ts";
import { asInteger, asNumber, asOneOf, asRecord, asString, orNull } from "../parse.ts";
import { type Protocol, roles } from "../model.ts";
import { isCodeVerifierId } from "../verify/code/codeVerifierId.ts";
import { verifierSpec } from "../verify/verifierSpec.ts";
import type { RunPlan, StopRule } from "./plan.ts";
import type { PromptTemplate } from "./templates.ts";

/** Grows when the meaning of a run folder changes; a newer one is never written to. */
export const schemaVersion = 2;

/** The version a plan needs: whoever knows no stop rule would take its samples for plain ones. */
export const versionOf = ({ stopRule }: Pick<RunPlan, "stopRule">): number =>
  stopRule === undefined ? 1 : schemaVersion;

/** `run.json`: the plan without the problems, which have a file of their own. */
export interface RunHeader {
  readonly schemaVersion: number;
  /** ISO time of the run's creation. */
  readonly createdAt: string;
  readonly problemCount: number;
  readonly plan: Omit<RunPlan, "problems">;
}

/** `run.json`, as a person reads it. */
export function encodeHeader(header: RunHeader): string {
  return `${JSON.stringify(header, null, 2)}\n`;
}

/** Throws `newerSchema` for a version this build does not know, `brokenRun` for anything else it cannot read. */
export function decodeHeader(bytes: Uint8Array, name: string): RunHeader {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
    const header = asRecord(value, "");
    const version = asInteger(header["schemaVersion"], "schemaVersion");
    if (version < 1 || version > schemaVersion) {
      throw new LensError(
        "newerSchema",
        `${name} has schema version ${version}; this build knows versions up to ${schemaVersion}. ` +
          "Nothing was changed. Update Rollout Lens to go on with this run.",
      );
    }
    return {
      schemaVersion: version,
      createdAt: asString(header["createdAt"], "createdAt"),
      problemCount: asInteger(header["problemCount"], "problemCount"),
      plan: decodePlan(asRecord(header["plan"], "plan")),
    };
  } catch (cause) {
    if (cause instanceof LensError && cause.code === "newerSchema") throw cause;
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new LensError("brokenRun", `${name}: ${detail}. Nothing was changed.`, { cause });
  }
}

function decodePlan(plan: Readonly<Record<string, unknown>>): RunHeader["plan"] {
  const dataset = asRecord(plan["dataset"], "plan.dataset");
  const text = (key: string): string => asString(plan[key], `plan.${key}`);
  return {
    id: text("id"),
    name: text("name"),
    role: asOneOf(plan["role"], roles, "plan.role"),
    dataset: {
      name: asString(dataset["name"], "plan.dataset.name"),
      path: orNull(dataset["path"], "plan.dataset.path", asString),
    },
    metadata: asRecord(plan["metadata"], "plan.metadata") as RunPlan["metadata"],
    samplesPerProblem: asInteger(plan["samplesPerProblem"], "plan.samplesPerProblem", 1),
    ...(plan["stopRule"] === undefined
      ? {}
      : { stopRule: decodeStopRule(plan["stopRule"], "plan.stopRule") }),
    protocol: decodeProtocol(asRecord(plan["protocol"], "plan.protocol")),
    template: decodeTemplate(asRecord(plan["template"], "plan.template")),
    endpointName: text("endpointName"),
    origin: text("origin"),
    model: text("model"),
  };
}

/** Throws a FieldError that names what is below `field`. */
export function decodeStopRule(value: unknown, field: string): StopRule {
  const rule = asRecord(value, field);
  const r = asInteger(rule["r"], `${field}.r`, 1);
  if (rule["tail"] === undefined || rule["tail"] === null) return { r };
  const tail = asRecord(rule["tail"], `${field}.tail`);
  return {
    r,
    tail: {
      n0: asInteger(tail["n0"], `${field}.tail.n0`, 1),
      probability: asNumber(tail["probability"], `${field}.tail.probability`),
    },
  };
}

function decodeProtocol(protocol: Readonly<Record<string, unknown>>): Protocol {
  const at = (key: string): string => `plan.protocol.${key}`;
  return {
    template: asString(protocol["template"], at("template")),
    api: asOneOf(protocol["api"], ["completions", "chat"], at("api")),
    system: orNull(protocol["system"], at("system"), asString),
    stop: asTexts(protocol["stop"], at("stop")),
    temperature: asNumber(protocol["temperature"], at("temperature")),
    topP: asNumber(protocol["topP"], at("topP")),
    maxTokens: asInteger(protocol["maxTokens"], at("maxTokens"), 1),
    seed: asInteger(protocol["seed"], at("seed"), Number.MIN_SAFE_INTEGER),
    verifier: asString(protocol["verifier"], at("verifier")),
    datasetHash: asString(protocol["datasetHash"], at("datasetHash")),
    extraBody: asRecord(protocol["extraBody"], at("extraBody")),
  };
}

function decodeTemplate(template: Readonly<Record<string, unknown>>): PromptTemplate {
  const text = (key: string): string => asString(template[key], `plan.template.${key}`);
  return {
    id: text("id"),
    title: text("title"),
    system: orNull(template["system"], "plan.template.system", asString),
    user: text("user"),
    prompt: text("prompt"),
    stop: asTexts(template["stop"], "plan.template.stop"),
  };
}

function asTexts(value: unknown, field: string): readonly string[] {
  if (!Array.isArray(value)) return [asString(value, field)];
  return value.map((item, at) => asString(item, `${field}[${at}]`));
}

/**
 * In what two plans would give samples that do not belong together, in words; empty when nothing. Neither the number of
 * samples nor the address of the server is among them: a run may grow, and a server may come back on another port.
 */
export function planDifferences(stored: RunHeader["plan"], wanted: RunPlan): readonly string[] {
  const differences: string[] = [];
  const compare = (field: string, there: unknown, here: unknown): void => {
    const [a, b] = [canonical(there), canonical(here)];
    if (a !== b) differences.push(`${field} there ${shorten(a)}, here ${shorten(b)}`);
  };
  compare("model", stored.model, wanted.model);
  const keys = Object.keys({ ...stored.protocol, ...wanted.protocol }) as (keyof Protocol)[];
  for (const key of keys)
    if (key !== "verifier" || !isRetiredVerifier(stored.protocol.verifier))
      compare(key, stored.protocol[key], wanted.protocol[key]);
  compare("stop rule", stored.stopRule ?? "none", wanted.stopRule ?? "none");
  compare("template text", promptTexts(stored.template), promptTexts(wanted.template));
  return differences;
}

/** A verifier of ours that this build no longer has. Its run goes on with another: every verdict names its own. */
export function isRetiredVerifier(id: string): boolean {
  return !id.startsWith("custom:") && !isCodeVerifierId(id) && verifierSpec(id) === null;
}

const promptTexts = (template: PromptTemplate): readonly string[] => [template.prompt, template.user];

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);

/** JSON with sorted keys: equal texts for equal values. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
