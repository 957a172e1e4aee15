import * as vscode from "vscode";
import { LensError } from "../core/errors.ts";
import type { RunPlan } from "../core/run/plan.ts";
import type { Capabilities } from "../endpoints/capabilities.ts";
import { originOf, type EndpointConfig } from "../endpoints/config.ts";
import type { Log } from "./log.ts";
import { codeOf, messageOf } from "./report.ts";
import type { OpenGenerator } from "./runs.ts";
import type { ApiKeys } from "./secrets.ts";
import type { EndpointSetting, Settings } from "./settings.ts";

const probesName = "rolloutLens.probes";
const probesVersion = 1;
const probeTimeoutMs = 60_000;
const silenceTimeoutMs = 15_000;

/** What is known of an endpoint besides its settings. */
export type EndpointState =
  | { readonly kind: "unknown" }
  | { readonly kind: "probing" }
  | { readonly kind: "probed"; readonly capabilities: Capabilities }
  /** `code` as in EndpointError; `at`: ms since the epoch. */
  | { readonly kind: "failed"; readonly code: string; readonly message: string; readonly at: number };

export interface EndpointEntry extends EndpointSetting {
  readonly origin: string;
  /** Whose answers these are, for what is kept of them: the origin, or what an offered endpoint says of itself. */
  readonly identity: string;
  readonly state: EndpointState;
  readonly hasKey: boolean;
  /** It is part of this window and in no settings; see `OfferedEndpoints`. */
  readonly offered: boolean;
}

/** Endpoints that live as long as this window: neither they nor their keys are written anywhere. */
export interface OfferedEndpoints {
  readonly configs: readonly EndpointConfig[];
  readonly keys: ReadonlyMap<string, string>;
  /** By the endpoint's name: what is the same in every window where it answers the same, as its address is not. */
  readonly identities: ReadonlyMap<string, string>;
}

export const noneOffered: OfferedEndpoints = { configs: [], keys: new Map(), identities: new Map() };

interface StoredProbes {
  readonly version: number;
  readonly states: Readonly<Record<string, EndpointState>>;
}

export interface EndpointsPorts {
  readonly settings: Settings;
  readonly keys: ApiKeys;
  readonly state: vscode.Memento;
  readonly log: Log;
  /** Something in `rolloutLens.endpoints` that cannot be used. */
  readonly onIssue: (message: string) => void;
  /** Starts what offers the endpoint of this name, where this window can. */
  readonly revive: (name: string) => Promise<void>;
}

/** The endpoints of the settings with what their probes found. Makes no request before it is asked to. */
export class Endpoints implements vscode.Disposable {
  private readonly ports: EndpointsPorts;
  private readonly states: Map<string, EndpointState>;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];
  private offered: OfferedEndpoints = noneOffered;
  readonly onDidChange = this.changed.event;

  constructor(ports: EndpointsPorts) {
    this.ports = ports;
    const stored = ports.state.get<StoredProbes>(probesName);
    this.states = new Map(stored?.version === probesVersion ? Object.entries(stored.states) : []);
    const fire = (): void => this.changed.fire();
    this.subscriptions = [this.changed, ports.settings.onDidChange(fire), ports.keys.onDidChange(fire)];
  }

  async list(): Promise<readonly EndpointEntry[]> {
    const { endpoints, issues } = this.ports.settings.endpoints();
    for (const issue of issues) this.ports.onIssue(issue);
    const own = new Set(endpoints.map(({ config }) => config.name));
    const offered = this.offered.configs.filter(({ name }) => !own.has(name));
    return Promise.all([
      ...endpoints.map((setting) => this.entryOf(setting, false)),
      ...offered.map((config) => this.entryOf({ config, fromWorkspace: false }, true)),
    ]);
  }

  /** Takes the place of what was offered before; it stands after the endpoints of the settings. */
  offer(offered: OfferedEndpoints): void {
    this.offered = offered;
    this.changed.fire();
  }

  async named(name: string): Promise<EndpointEntry | null> {
    return (await this.list()).find(({ config }) => config.name === name) ?? null;
  }

  /** Asks what an endpoint can do and remembers it. A failure is a state, not an exception. */
  async probe(entry: EndpointEntry, signal?: AbortSignal): Promise<EndpointState> {
    this.keep(entry.config, { kind: "probing" });
    const keys = await this.keysOf(entry);
    const state = await findOut(entry.config, (origin) => keys.get(origin) ?? null, limited(signal));
    this.ports.log.info(`Probe of ${entry.config.name} at ${entry.origin}: ${JSON.stringify(state)}`);
    this.keep(entry.config, state);
    await this.remember();
    return state;
  }

  /** What a URL offers, for an endpoint that is not in the settings yet. */
  look(config: EndpointConfig, key: string | null, signal?: AbortSignal): Promise<EndpointState> {
    return findOut(config, () => key, limited(signal));
  }

  /** The endpoint that a plan names. Rejects with `noEndpoint` when the settings have no such endpoint any more. */
  async ofPlan({ endpointName }: Pick<RunPlan, "endpointName">): Promise<EndpointEntry> {
    const known = await this.named(endpointName);
    if (known !== null) return known;
    await this.ports.revive(endpointName);
    const entry = await this.named(endpointName);
    if (entry !== null) return entry;
    const words =
      "The endpoint {0} is not in the settings any more. Everything finished is kept; add it again to resume.";
    throw new LensError("noEndpoint", vscode.l10n.t(words, endpointName));
  }

  /** Opens the endpoint of a plan. Rejects as `ofPlan`, and with `otherModel` when its model is another one now. */
  async openFor(plan: RunPlan): Promise<OpenGenerator> {
    const entry = await this.ofPlan(plan);
    if (entry.config.model !== plan.model) {
      const words =
        "The endpoint {0} has the model {1} now, the run was sampled from {2}. Everything finished is kept.";
      throw new LensError(
        "otherModel",
        vscode.l10n.t(words, plan.endpointName, entry.config.model, plan.model),
      );
    }
    return this.open(entry);
  }

  /** To generate by it, with its keys; asks before one goes where a workspace's settings point. */
  async open(entry: EndpointEntry): Promise<OpenGenerator> {
    const keys = await this.keysOf(entry);
    const { openEndpoint } = await import("../endpoints/endpoint.ts");
    const concurrency = entry.config.maxConcurrency ?? this.ports.settings.get("concurrency");
    const config = { ...entry.config, maxConcurrency: concurrency };
    const tokenIds = await this.asksForIds(entry);
    const endpoint = openEndpoint(config, { apiKey: (origin) => keys.get(origin) ?? null, tokenIds });
    return { generator: endpoint, concurrency, close: () => endpoint.close() };
  }

  /** By itself only where the server gives ids, and a base model is there that may score them. */
  async asksForIds({ state, offered }: EndpointEntry): Promise<boolean> {
    const choice = this.ports.settings.get("tokenIds");
    if (choice !== "auto") return choice === "always";
    const gives = offered || (state.kind === "probed" && state.capabilities.tokenIds?.state === "ok");
    return gives && (await this.list()).some(({ config }) => config.role === "base");
  }

  /** The key for each of the endpoint's origins; asks before one goes where a workspace's settings point. */
  async keyOf(entry: EndpointEntry): Promise<(origin: string) => string | null> {
    const keys = await this.keysOf(entry);
    return (origin) => keys.get(origin) ?? null;
  }

  /** One that stands in a file of the workspace instead of the settings: no key goes there without a question. */
  unlisted(config: EndpointConfig): Promise<EndpointEntry> {
    return this.entryOf({ config, fromWorkspace: true }, false);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private async entryOf(setting: EndpointSetting, offered: boolean): Promise<EndpointEntry> {
    const origin = originOf(setting.config);
    return {
      ...setting,
      origin,
      identity: (offered ? this.offered.identities.get(setting.config.name) : undefined) ?? origin,
      offered,
      state: this.states.get(identityOf(setting.config)) ?? { kind: "unknown" },
      hasKey: offered || (await this.ports.keys.has(origin)),
    };
  }

  private async keysOf({
    config,
    fromWorkspace,
    offered,
  }: EndpointEntry): Promise<ReadonlyMap<string, string>> {
    if (offered) return this.offered.keys;
    const origins = config.baseUrls.map((url) => new URL(url).origin);
    return this.ports.keys.keysFor(origins, { fromWorkspace });
  }

  private keep(config: EndpointConfig, state: EndpointState): void {
    this.states.set(identityOf(config), state);
    this.changed.fire();
  }

  private async remember(): Promise<void> {
    // What is offered has another address in the next window.
    const passing = new Set(this.offered.configs.map(identityOf));
    const states = Object.fromEntries(
      [...this.states].filter(([identity, { kind }]) => kind !== "probing" && !passing.has(identity)),
    );
    await this.ports.state.update(probesName, { version: probesVersion, states } satisfies StoredProbes);
  }
}

type KeyOf = (origin: string) => string | null;

async function findOut(config: EndpointConfig, apiKey: KeyOf, signal: AbortSignal): Promise<EndpointState> {
  const { probeEndpoint } = await import("../endpoints/probe.ts");
  const capabilities = await probeEndpoint(config, { apiKey }, signal);
  const silent = [capabilities.models, capabilities.completions, capabilities.chat].every(
    ({ state }) => state !== "ok",
  );
  const failure = silent ? await whyNothing(config, apiKey, signal) : null;
  return failure === null ? { kind: "probed", capabilities } : { ...failure, kind: "failed", at: Date.now() };
}

/** Failures of the server as a whole; others, such as a wrong model, are findings of the probe. */
const wholeFailures = ["unauthorized", "connection", "timeout", "rateLimited", "cancelled"];

/** One plain request, for a code: findings hold words only. */
async function whyNothing(
  config: EndpointConfig,
  apiKey: KeyOf,
  signal: AbortSignal,
): Promise<{ readonly code: string; readonly message: string } | null> {
  const { openEndpoint } = await import("../endpoints/endpoint.ts");
  const endpoint = openEndpoint({ ...config, idleTimeoutMs: silenceTimeoutMs }, { apiKey });
  const settings = {
    seed: 0,
    temperature: 1,
    topP: 1,
    maxTokens: 1,
    stop: [],
    extraBody: {},
    stickyKey: "probe",
  };
  try {
    await endpoint.generate({ ...settings, input: { api: "completions", prompt: "1" } }, signal);
    return null;
  } catch (error) {
    const code = codeOf(error) ?? "failed";
    return wholeFailures.includes(code) ? { code, message: messageOf(error) } : null;
  } finally {
    endpoint.close();
  }
}

/** Another URL or model is another endpoint: what was found of the old one does not hold for it. */
const identityOf = ({ name, baseUrls, model }: EndpointConfig): string =>
  JSON.stringify([name, baseUrls, model]);

/** A probe is short: what has not answered after a minute is said not to answer. */
const limited = (signal?: AbortSignal): AbortSignal => {
  const timeout = AbortSignal.timeout(probeTimeoutMs);
  return signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
};
