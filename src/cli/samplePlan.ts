import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { LensError } from "../core/errors.ts";
import { roles } from "../core/model.ts";
import { codeTemplateFor } from "../core/run/codeTemplates.ts";
import { type PlanOptions, type RunPlan, type StopRule, planRun, usualTail } from "../core/run/plan.ts";
import { type PromptTemplate, customTemplate, promptTemplates } from "../core/run/templates.ts";
import { codeVerifierId } from "../core/verify/code/codeVerifierId.ts";
import { verifierFor } from "../core/verify/verifierFor.ts";
import { verifierId } from "../core/verify/verifierSpec.ts";
import { sha256 } from "../node/sha256.ts";
import { type EndpointConfig, parseEndpointConfig } from "../endpoints/config.ts";
import { type ParsedArgs, usageError } from "./args.ts";
import type { CommandContext } from "./command.ts";
import { loadProblems } from "./loadProblems.ts";
import { chosenVerifier, timeLimitFrom } from "./openVerifier.ts";

/** The endpoint of `--url`. Throws `usage`. */
export function endpointFrom(parsed: ParsedArgs): EndpointConfig {
  const concurrency = parsed.whole("concurrency", 1);
  try {
    return parseEndpointConfig(
      {
        name: parsed.text("name") ?? required(parsed, "model"),
        role: parsed.oneOf("role", roles) ?? "other",
        baseUrls: [required(parsed, "url")],
        model: required(parsed, "model"),
        ...(concurrency === undefined ? {} : { maxConcurrency: concurrency }),
      },
      "--url",
    );
  } catch (error) {
    if (error instanceof LensError && error.code !== "usage") throw usageError(error.message);
    throw error;
  }
}

/** The plan of the arguments; reads dataset and template. Throws `usage`, `badPlan`, or what the dataset rejects with. */
export async function planFrom(
  parsed: ParsedArgs,
  config: EndpointConfig,
  context: CommandContext,
): Promise<RunPlan> {
  const [file, ...more] = parsed.files;
  if (file === undefined || more.length > 0) throw usageError("sample: expected one dataset.");
  const samplesPerProblem = parsed.whole("n", 1);
  if (samplesPerProblem === undefined) throw usageError("-n: expected the number of samples per problem.");
  const dataset = await loadProblems(file, parsed, context);
  const { code } = dataset;
  const usual = code === null ? "qwen-boxed" : codeTemplateFor(code).id;
  const template = await templateFrom(parsed.text("template") ?? usual);
  const chosen = chosenVerifier(parsed);
  if (code !== null && chosen !== undefined)
    throw usageError("--verifier: programs are judged by their tests. Leave it out.");
  const limitSeconds = timeLimitFrom(parsed);
  if (code === null && limitSeconds !== null)
    throw usageError("--time-limit: the dataset holds no programs. Leave it out.");
  const step = parsed.whole("step", 0);
  const plan: PlanOptions = {
    id: randomUUID(),
    name: config.name,
    role: config.role,
    dataset: { name: dataset.name, path: file },
    problems: dataset.problems,
    samplesPerProblem,
    endpointName: config.name,
    origin: config.baseUrls[0]!,
    model: config.model,
    api: parsed.oneOf("api", ["completions", "chat"] as const) ?? "completions",
    template,
    verifier:
      code === null
        ? verifierId(chosen ?? verifierFor(dataset.problems))
        : codeVerifierId("pyodide", limitSeconds),
    ...given("metadata", step === undefined ? undefined : { step }),
    ...given("temperature", parsed.number("temperature")),
    ...given("topP", parsed.number("top-p")),
    ...given("maxTokens", parsed.whole("max-tokens", 1)),
    ...given("seed", parsed.whole("seed", 0)),
    ...given("stopRule", stopRuleFrom(parsed, samplesPerProblem)),
  };
  return planRun(plan, sha256);
}

/** Where `--look-at` is not given: when the window looks. */
function stopRuleFrom(parsed: ParsedArgs, samplesPerProblem: number): StopRule | undefined {
  const r = parsed.whole("stop-after", 1);
  const probability = parsed.number("continue-unsolved");
  const n0 = parsed.whole("look-at", 1);
  if (r === undefined) {
    if (probability !== undefined || n0 !== undefined)
      throw usageError("--continue-unsolved and --look-at go with --stop-after.");
    return undefined;
  }
  if (probability === undefined && n0 !== undefined)
    throw usageError("--look-at goes with --continue-unsolved.");
  if (probability === undefined) return { r };
  return { r, tail: { n0: n0 ?? usualTail(samplesPerProblem).n0, probability } };
}

function given<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}

/** The value of an option that must be there. */
export function required(parsed: ParsedArgs, name: string): string {
  const value = parsed.text(name);
  if (value === undefined || value === "") throw usageError(`--${name}: expected a value.`);
  return value;
}

/** The API key from the environment: never from the arguments, which every process can see. */
export function keyFrom(variable: string | undefined): string | null {
  if (variable === undefined) return null;
  const key = process.env[variable] ?? "";
  if (key === "") throw usageError(`--key-env: the environment variable ${variable} is not set.`);
  return key;
}

/** A template by name, or the text of a file. Throws `usage`. */
export async function templateFrom(nameOrFile: string): Promise<PromptTemplate> {
  const named = promptTemplates.find(({ id }) => id === nameOrFile);
  if (named !== undefined) return named;
  let text: string;
  try {
    text = await readFile(nameOrFile, "utf8");
  } catch {
    const known = promptTemplates.map(({ id }) => id).join(", ");
    throw usageError(`--template: ${nameOrFile} is neither a file nor one of ${known}.`);
  }
  try {
    return customTemplate(text, sha256(new TextEncoder().encode(text)).slice(0, 12));
  } catch (error) {
    throw usageError(`--template ${nameOrFile}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
