import * as vscode from "vscode";
import { LensError } from "../../core/errors.ts";
import type { FileStore } from "../../core/ports.ts";
import type { ScoreCache } from "../../core/trace/scoreCache.ts";
import type { ScoredTrace } from "../../core/trace/scoredTrace.ts";
import type { ScoreRequest, TraceScorer } from "../../core/trace/scorer.ts";
import type { ScoringAbility } from "../../endpoints/score/scoringAbility.ts";
import { systemClock } from "../../node/clock.ts";
import type { ScorerView } from "../../protocol/inspector.ts";
import type { EndpointEntry, Endpoints } from "../endpoints.ts";
import { sha256 } from "../files.ts";
import type { Log } from "../log.ts";
import { messageOf } from "../report.ts";

const abilitiesName = "rolloutLens.scoring";
const abilitiesVersion = 1;

interface StoredAbilities {
  readonly version: number;
  readonly abilities: Readonly<Record<string, Trusted>>;
}

type Trusted = ScoringAbility & { readonly state: "ok" };

/** A trace with its prompt, as a server that scores chats takes it, or another one. */
export interface TracePrompt {
  readonly text: string;
  readonly context: (chat: boolean) => ScoreRequest["context"];
}

export interface TraceScoringPorts {
  readonly endpoints: Endpoints;
  readonly state: vscode.Memento;
  readonly files: () => Promise<FileStore>;
  /** Where scores are kept. */
  readonly folder: string;
  readonly mayRun: () => boolean;
  readonly log: Log;
}

export interface ScoringCall {
  readonly signal: AbortSignal;
  /** Also try what takes one request a token. */
  readonly slow: boolean;
  readonly onPhase: (phase: string) => void;
}

/** An endpoint that has passed its probe, opened for many traces. */
export interface OpenScoring {
  readonly name: string;
  readonly model: string;
  /** Whose answers these are, in every window. */
  readonly source: string;
  readonly ability: Trusted;
  /** Nothing it scores is kept: that is the caller's. */
  readonly scorer: TraceScorer;
  close(): void;
}

/** Alternatives with each token: what vLLM gives without a flag, and enough to decide reach nearly everywhere. */
const top = 20;

/** Scores traces under endpoints: each is probed once before its log-probs are trusted, each trace scored once. */
export class TraceScoring implements vscode.Disposable {
  private readonly ports: TraceScoringPorts;
  private readonly abilities: Map<string, ScoringAbility>;
  private cache: Promise<ScoreCache> | null = null;

  constructor(ports: TraceScoringPorts) {
    this.ports = ports;
    const stored = ports.state.get<StoredAbilities>(abilitiesName);
    this.abilities = new Map(stored?.version === abilitiesVersion ? Object.entries(stored.abilities) : []);
  }

  async views(): Promise<readonly ScorerView[]> {
    const list = await this.ports.endpoints.list();
    return list.map((entry) => {
      const ability = this.abilities.get(identityOf(entry));
      const refused = ability?.state === "no";
      return {
        id: entry.config.name,
        name: entry.config.name,
        state: ability?.state === "ok" ? "ready" : refused ? "refused" : "notProbed",
        reason: refused ? `${ability.reason}. ${ability.advice}` : "",
      };
    });
  }

  /**
   * Probes the endpoint where that was not done, then scores. Rejects with `noScoring` where its log-probs cannot be
   * trusted, `noEndpoint`, `untrusted`, or what the scorer rejects with.
   */
  async score(name: string, prompt: TracePrompt, call: ScoringCall): Promise<ScoredTrace> {
    const entry = await this.entryOf(name);
    const stored = await this.stored(name, prompt);
    if (stored !== null) return stored;
    if (!this.ports.mayRun())
      throw new LensError("untrusted", vscode.l10n.t("Scoring is off in a folder that is not trusted."));
    const apiKey = await this.ports.endpoints.keyOf(entry);
    const ability = await this.trusted(entry, prompt, { ...call, apiKey });
    call.onPhase(vscode.l10n.t("Scoring under {0}", name));
    const { openScorer } = await import("../../endpoints/score/openScorer.ts");
    const scorer = openScorer(entry.config, ability, { apiKey, clock: systemClock, random: Math.random });
    try {
      return await (await this.over(scorer, entry, ability)).score(requestOf(prompt, ability), call.signal);
    } finally {
      scorer.close();
    }
  }

  /** Starts what offers the endpoint of this name, where this window can: then it is among the scorers. */
  async wake(name: string): Promise<void> {
    await this.ports.endpoints.ofPlan({ endpointName: name }).catch(() => undefined);
  }

  /** Probes the endpoint with an example where that was not done, and opens it. Rejects as `score`. */
  async open(name: string, example: TracePrompt, call: ScoringCall): Promise<OpenScoring> {
    const entry = await this.entryOf(name);
    if (!this.ports.mayRun())
      throw new LensError("untrusted", vscode.l10n.t("Scoring is off in a folder that is not trusted."));
    const apiKey = await this.ports.endpoints.keyOf(entry);
    const ability = await this.trusted(entry, example, { ...call, apiKey });
    const { openScorer } = await import("../../endpoints/score/openScorer.ts");
    const scorer = openScorer(entry.config, ability, { apiKey, clock: systemClock, random: Math.random });
    const { model } = entry.config;
    return { name, model, source: entry.identity, ability, scorer, close: () => scorer.close() };
  }

  /** The scores that are kept; `null` where the trace was not scored yet. Makes no request. */
  async stored(name: string, prompt: TracePrompt): Promise<ScoredTrace | null> {
    const entry = await this.ports.endpoints.named(name);
    const ability = entry === null ? undefined : this.abilities.get(identityOf(entry));
    if (entry === null || ability?.state !== "ok") return null;
    const never: TraceScorer = { score: () => Promise.reject(new LensError("notStored", "Not scored yet.")) };
    try {
      const reader = await this.over(never, entry, ability);
      return await reader.score(requestOf(prompt, ability), new AbortController().signal);
    } catch (error) {
      if (error instanceof LensError && error.code === "notStored") return null;
      throw error;
    }
  }

  dispose(): void {
    void this.closed();
  }

  /** Resolves when another window may write: the lock of the folder goes with the cache. */
  async closed(): Promise<void> {
    try {
      await (await this.cache)?.close();
    } catch (error) {
      this.ports.log.warn(`scores: ${messageOf(error)}`);
    }
  }

  private async entryOf(name: string): Promise<EndpointEntry> {
    return this.ports.endpoints.ofPlan({ endpointName: name });
  }

  private async trusted(
    entry: EndpointEntry,
    { context, text }: TracePrompt,
    call: ScoringCall & { readonly apiKey: (origin: string) => string | null },
  ): Promise<Trusted> {
    const known = this.abilities.get(identityOf(entry));
    if (known?.state === "ok") return known;
    const { name } = entry.config;
    call.onPhase(vscode.l10n.t("Checking whether {0} can score", name));
    const { probeScoring } = await import("../../endpoints/score/probeScoring.ts");
    const before = context(false);
    const example = { prompt: before.api === "completions" ? before.prompt : "", text: text.slice(0, 400) };
    const { apiKey, slow, signal } = call;
    const ability = await probeScoring(entry.config, { apiKey, slow, top, example }, signal);
    this.ports.log.info(`Scoring of ${name} at ${entry.origin}: ${JSON.stringify(ability)}`);
    this.abilities.set(identityOf(entry), ability);
    if (ability.state === "unknown")
      throw new LensError("noScores", vscode.l10n.t("{0} was not reached: {1}.", name, ability.reason));
    if (ability.state === "no") {
      const words = "No perplexity from {0}: {1}. {2}";
      throw new LensError("noScoring", vscode.l10n.t(words, name, ability.reason, ability.advice));
    }
    await this.remember();
    return ability;
  }

  private async remember(): Promise<void> {
    const trusted = [...this.abilities].flatMap(([id, ability]) =>
      ability.state === "ok" ? [[id, ability] as const] : [],
    );
    await this.ports.state.update(abilitiesName, {
      version: abilitiesVersion,
      abilities: Object.fromEntries(trusted),
    } satisfies StoredAbilities);
  }

  private async over(scorer: TraceScorer, entry: EndpointEntry, { method }: Trusted): Promise<TraceScorer> {
    this.cache ??= this.openCache();
    const { model } = entry.config;
    return (await this.cache).over(scorer, { source: entry.identity, model, method });
  }

  private async openCache(): Promise<ScoreCache> {
    const { ScoreCache: Cache } = await import("../../core/trace/scoreCache.ts");
    const { folder } = this.ports;
    return Cache.open({ files: await this.ports.files(), sha256, folder, owner: "inspector" });
  }
}

const requestOf = ({ context, text }: TracePrompt, ability: Trusted): ScoreRequest => ({
  context: context(ability.chat),
  text,
  ids: null,
  top: Math.min(top, ability.top),
  tooLong: "window",
});

/** What is part of this window has another address in the next one. */
const identityOf = ({ config, identity, offered }: EndpointEntry): string =>
  JSON.stringify([config.name, offered ? identity : config.baseUrls, config.model]);
