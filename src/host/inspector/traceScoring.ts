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
import { sha256 } from "../../node/sha256.ts";
import type { SampledTokens, SharedTokenizers, UsableIds } from "./sharedTokenizers.ts";
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
  /** As they were sampled, where they were kept: scored untouched by a model that cuts texts alike. */
  readonly tokens?: SampledTokens | null;
}

export interface TraceScoringPorts {
  readonly endpoints: Endpoints;
  readonly tokenizers: SharedTokenizers;
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
  /** The sampled ids where the scorer may be given them; writers and scorer are compared once, not for each trace. */
  idsOf(tokens: SampledTokens | null): Promise<ScoreRequest["ids"]>;
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
    const stored = await this.storedAfterComparing(entry, prompt, call.signal);
    if (stored !== null) return stored;
    if (!this.ports.mayRun())
      throw new LensError("untrusted", vscode.l10n.t("Scoring is off in a folder that is not trusted."));
    const apiKey = await this.ports.endpoints.keyOf(entry);
    const ability = await this.trusted(entry, prompt, { ...call, apiKey });
    const usable = await this.idsOf(entry, ability, prompt, call.signal);
    call.onPhase(vscode.l10n.t("Scoring under {0}", name));
    const { openScorer } = await import("../../endpoints/score/openScorer.ts");
    const scorer = openScorer(entry.config, ability, { apiKey, clock: systemClock, random: Math.random });
    try {
      const kept = await this.over(scorer, entry, ability);
      return saying(await kept.score(requestOf(prompt, ability, usable), call.signal), usable);
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
    const idsOf = this.idsFor(entry, ability, call.signal);
    return { name, model, source: entry.identity, ability, scorer, idsOf, close: () => scorer.close() };
  }

  private idsFor(entry: EndpointEntry, ability: Trusted, signal: AbortSignal): OpenScoring["idsOf"] {
    const byWriter = new Map<string, Promise<boolean>>();
    return async (tokens) => {
      if (tokens === null) return null;
      const writer = JSON.stringify([tokens.endpointName, tokens.model]);
      let usable = byWriter.get(writer);
      if (usable === undefined) {
        usable = this.idsOf(entry, ability, { tokens }, signal).then(
          (found) => (found?.ids ?? null) !== null,
        );
        byWriter.set(writer, usable);
      }
      return (await usable) ? tokens.ids : null;
    };
  }

  /** The scores that are kept; `null` where the trace was not scored yet. Makes no request. */
  async stored(name: string, prompt: TracePrompt): Promise<ScoredTrace | null> {
    const entry = await this.ports.endpoints.named(name);
    return entry === null ? null : this.storedOf(entry, prompt, null);
  }

  /** Text-scored ones do not stand for those by ids, which may be possible by now. */
  private async storedAfterComparing(
    entry: EndpointEntry,
    prompt: TracePrompt,
    signal: AbortSignal,
  ): Promise<ScoredTrace | null> {
    return this.storedOf(entry, prompt, this.ports.mayRun() ? signal : null);
  }

  /** @param signal of the comparison of tokenizers; `null`: only what is known of them counts */
  private async storedOf(
    entry: EndpointEntry,
    prompt: TracePrompt,
    signal: AbortSignal | null,
  ): Promise<ScoredTrace | null> {
    const ability = this.abilities.get(identityOf(entry));
    if (ability?.state !== "ok") return null;
    const usable = await this.idsOf(entry, ability, prompt, signal);
    const never: TraceScorer = { score: () => Promise.reject(new LensError("notStored", "Not scored yet.")) };
    try {
      const reader = await this.over(never, entry, ability);
      const request = requestOf(prompt, ability, usable);
      return saying(await reader.score(request, new AbortController().signal), usable);
    } catch (error) {
      if (error instanceof LensError && error.code === "notStored") return null;
      throw error;
    }
  }

  /** The sampled tokens where the endpoint may be given them; `null`: there are none. */
  private async idsOf(
    entry: EndpointEntry,
    ability: Trusted,
    { tokens = null }: Pick<TracePrompt, "tokens">,
    signal: AbortSignal | null,
  ): Promise<UsableIds | null> {
    if (tokens === null) return null;
    if (!ability.takesIds) return { ids: null, reason: `${entry.config.name} takes no token ids` };
    const { tokenizers } = this.ports;
    return signal === null ? tokenizers.known(entry, tokens) : tokenizers.compared(entry, tokens, signal);
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

const requestOf = (
  { context, text }: TracePrompt,
  ability: Trusted,
  usable: UsableIds | null,
): ScoreRequest => ({
  context: context(ability.chat),
  text,
  ids: usable?.ids ?? null,
  top: Math.min(top, ability.top),
  tooLong: "window",
});

/** Says why sampled tokens that are there were not used. */
const saying = (trace: ScoredTrace, usable: UsableIds | null): ScoredTrace =>
  usable === null || usable.ids !== null
    ? trace
    : {
        ...trace,
        scorer: {
          ...trace.scorer,
          notes: [...trace.scorer.notes, `The sampled token ids were not used: ${usable.reason}.`],
        },
      };

/** What is part of this window has another address in the next one. */
const identityOf = ({ config, identity, offered }: EndpointEntry): string =>
  JSON.stringify([config.name, offered ? identity : config.baseUrls, config.model]);
