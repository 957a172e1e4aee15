import * as vscode from "vscode";
import { type IntervalMethod, intervalMethods } from "../core/estimate/names.ts";
import { codeTimeLimits, isCodeTimeLimit } from "../core/verify/code/codeVerifierId.ts";
import { parseEndpointConfig, type EndpointConfig } from "../endpoints/config.ts";
import { messageOf } from "./report.ts";
import { readVerifierSettings, verifiersSetting, type VerifierSettings } from "./verifierSettings.ts";

const section = "rolloutLens";

export interface SamplingSettings {
  readonly samplesPerProblem: number;
  readonly temperature: number;
  readonly topP: number;
  readonly maxTokens: number;
  /** Name or file of a prompt template; empty: the endpoint's own. */
  readonly template: string;
}

export interface EndpointSetting {
  readonly config: EndpointConfig;
  /** The URL came with the workspace, so a key is sent there only after a question. */
  readonly fromWorkspace: boolean;
}

export interface EndpointSettings {
  readonly endpoints: readonly EndpointSetting[];
  /** One sentence for each entry that cannot be used, with the field. */
  readonly issues: readonly string[];
}

/** A setting with a value that cannot be used: said once, and the default is taken. */
export interface SettingIssue {
  readonly name: string;
  readonly message: string;
}

/** Whether samples are kept with the ids of their tokens. */
const tokenIdChoices = ["auto", "always", "never"] as const;
export type TokenIdChoice = (typeof tokenIdChoices)[number];

/** What runs a model's programs. */
export const codeEngines = ["pyodide", "cpython"] as const;
export type CodeEngineName = (typeof codeEngines)[number];

type Check<T> = (value: unknown) => value is T;
interface Rule<T> {
  readonly fallback: T;
  readonly holds: Check<T>;
  readonly expected: string;
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1;
const isText = (value: unknown): value is string => typeof value === "string";
const isWithin =
  (low: number, high: number) =>
  (value: unknown): value is number =>
    typeof value === "number" && value >= low && value <= high;

/** Every setting with its default and what it must be; the test compares names and defaults with package.json. */
export const settingRules = {
  samplesPerProblem: { fallback: 16, holds: isWhole, expected: "a whole number from 1" },
  temperature: { fallback: 0.6, holds: isWithin(0, 2), expected: "a number from 0 to 2" },
  topP: { fallback: 0.95, holds: isWithin(Number.MIN_VALUE, 1), expected: "a number above 0 and up to 1" },
  maxTokens: { fallback: 16_384, holds: isWhole, expected: "a whole number from 1" },
  template: { fallback: "", holds: isText, expected: "a text" },
  concurrency: { fallback: 64, holds: isWhole, expected: "a whole number from 1" },
  runsFolder: {
    fallback: ".rollout-lens/runs",
    holds: (value: unknown): value is string => isText(value) && value.trim() !== "",
    expected: "a path",
  },
  interval: {
    fallback: "jbb",
    holds: (value: unknown): value is IntervalMethod => intervalMethods.some((method) => method === value),
    expected: `one of ${intervalMethods.join(", ")}`,
  },
  tokenIds: {
    fallback: "auto",
    holds: (value: unknown): value is TokenIdChoice => tokenIdChoices.some((choice) => choice === value),
    expected: `one of ${tokenIdChoices.join(", ")}`,
  },
  scorer: { fallback: "", holds: isText, expected: "a text" },
  lowProbability: {
    fallback: 0.1,
    holds: isWithin(Number.MIN_VALUE, 1),
    expected: "a number above 0 and up to 1",
  },
  codeEngine: {
    fallback: "pyodide",
    holds: (value: unknown): value is CodeEngineName => codeEngines.some((engine) => engine === value),
    expected: `one of ${codeEngines.join(", ")}`,
  },
  codeJobs: {
    fallback: 0,
    holds: (value: unknown): value is number => value === 0 || isWhole(value),
    expected: "a whole number from 0",
  },
  /** Seconds; 0: what the benchmark says. */
  codeTimeLimit: {
    fallback: 0,
    holds: (value: unknown): value is number =>
      value === 0 || (typeof value === "number" && isCodeTimeLimit(value)),
    expected: `0, or a number of seconds from ${codeTimeLimits.least} to ${codeTimeLimits.most}`,
  },
  codePython: {
    fallback: "python3",
    holds: (value: unknown): value is string => isText(value) && value.trim() !== "",
    expected: "a program or a path",
  },
} as const satisfies Readonly<Record<string, Rule<unknown>>>;

export const endpointsSetting = "endpoints";

type SettingName = keyof typeof settingRules;
type SettingValue<N extends SettingName> = N extends "interval"
  ? IntervalMethod
  : N extends "codeEngine"
    ? CodeEngineName
    : N extends "tokenIds"
      ? TokenIdChoice
      : (typeof settingRules)[N]["fallback"] extends number
        ? number
        : string;

/** Typed settings. A value that does not fit is replaced by the default and told to `onIssue`. */
export class Settings implements vscode.Disposable {
  private readonly onIssue: (issue: SettingIssue) => void;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly watch: vscode.Disposable;
  readonly onDidChange = this.changed.event;

  constructor({ onIssue }: { readonly onIssue: (issue: SettingIssue) => void }) {
    this.onIssue = onIssue;
    this.watch = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(section)) this.changed.fire();
    });
  }

  /** @param scope the file or folder the setting is asked for */
  get<N extends SettingName>(name: N, scope?: vscode.Uri): SettingValue<N> {
    const rule: Rule<unknown> = settingRules[name];
    const value: unknown = vscode.workspace.getConfiguration(section, scope).get(name);
    if (value === undefined || rule.holds(value)) return (value ?? rule.fallback) as SettingValue<N>;
    const message = `${section}.${name}: expected ${rule.expected}, got ${JSON.stringify(value)}. ${JSON.stringify(rule.fallback)} is used.`;
    this.onIssue({ name, message });
    return rule.fallback as SettingValue<N>;
  }

  sampling(scope?: vscode.Uri): SamplingSettings {
    return {
      samplesPerProblem: this.get("samplesPerProblem", scope),
      temperature: this.get("temperature", scope),
      topP: this.get("topP", scope),
      maxTokens: this.get("maxTokens", scope),
      template: this.get("template", scope),
    };
  }

  /** Endpoints that can be used, and what is wrong with the others. Names are made distinct. */
  endpoints(): EndpointSettings {
    const found = vscode.workspace.getConfiguration(section).inspect<unknown>(endpointsSetting);
    const workspaceValue = found?.workspaceFolderValue ?? found?.workspaceValue;
    // VS Code does not join lists of several scopes: the narrowest one is the value.
    const fromWorkspace = vscode.workspace.isTrusted && workspaceValue !== undefined;
    const value = fromWorkspace ? workspaceValue : (found?.globalValue ?? found?.defaultValue ?? []);
    if (!Array.isArray(value)) return { endpoints: [], issues: [`${section}.endpoints: expected a list`] };
    return readEndpoints(value, fromWorkspace);
  }

  /** The person's own verifiers, and what is wrong with the others. */
  customVerifiers(): VerifierSettings {
    return readVerifierSettings(vscode.workspace.getConfiguration(section).get<unknown>(verifiersSetting));
  }

  /** Adds an endpoint to the person's own settings. */
  async addEndpoint(config: Readonly<Record<string, unknown>>): Promise<void> {
    const configuration = vscode.workspace.getConfiguration(section);
    const own = configuration.inspect<unknown>(endpointsSetting)?.globalValue;
    const list: readonly unknown[] = Array.isArray(own) ? own : [];
    await configuration.update(endpointsSetting, [...list, config], vscode.ConfigurationTarget.Global);
  }

  dispose(): void {
    this.watch.dispose();
    this.changed.dispose();
  }
}

function readEndpoints(list: readonly unknown[], fromWorkspace: boolean): EndpointSettings {
  const endpoints: EndpointSetting[] = [];
  const issues: string[] = [];
  const names = new Set<string>();
  for (const [index, value] of list.entries()) {
    try {
      const config = parseEndpointConfig(value, `${section}.endpoints[${index}]`);
      if (names.has(config.name)) {
        issues.push(`${section}.endpoints[${index}].name: "${config.name}" is taken by another endpoint`);
        continue;
      }
      names.add(config.name);
      endpoints.push({ config, fromWorkspace });
    } catch (error) {
      issues.push(messageOf(error));
    }
  }
  return { endpoints, issues };
}
