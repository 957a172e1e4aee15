import type * as vscode from "vscode";
import type { TokenIds } from "../../core/model.ts";
import type { CancelSignal } from "../../core/ports.ts";
import type { TokenizerComparison } from "../../endpoints/score/sameTokenizer.ts";
import type { EndpointEntry, Endpoints } from "../endpoints.ts";
import type { Log } from "../log.ts";

const comparisonsName = "rolloutLens.tokenizers";
const version = 1;

interface StoredComparisons {
  readonly version: number;
  readonly byPair: Readonly<Record<string, TokenizerComparison>>;
}

/** The tokens of a trace as they were sampled, and by which endpoint of the settings. */
export interface SampledTokens {
  readonly ids: TokenIds;
  readonly endpointName: string;
  readonly model: string;
}

/** Ids that another model may score, or why none go to it. */
export interface UsableIds {
  readonly ids: TokenIds | null;
  /** "" where they are used. */
  readonly reason: string;
}

export interface SharedTokenizersPorts {
  readonly endpoints: Endpoints;
  readonly state: vscode.Memento;
  readonly log: Log;
}

/** Ids that one endpoint sampled go to another only where the two cut texts alike: asked once for each pair. */
export class SharedTokenizers {
  private readonly ports: SharedTokenizersPorts;
  private readonly byPair: Map<string, TokenizerComparison>;

  constructor(ports: SharedTokenizersPorts) {
    this.ports = ports;
    const stored = ports.state.get<StoredComparisons>(comparisonsName);
    this.byPair = new Map(stored?.version === version ? Object.entries(stored.byPair) : []);
  }

  /** Makes no request: ids are used where an earlier comparison found the two alike. */
  async known(scorer: EndpointEntry, tokens: SampledTokens): Promise<UsableIds> {
    return this.usable(scorer, tokens, (pair) => this.byPair.get(pair) ?? null);
  }

  /** Compares the two where that was not done. Rejects only with `cancelled`. */
  async compared(scorer: EndpointEntry, tokens: SampledTokens, signal: CancelSignal): Promise<UsableIds> {
    return this.usable(
      scorer,
      tokens,
      async (pair, writer) => this.byPair.get(pair) ?? this.compare(pair, [writer, scorer], signal),
    );
  }

  private async usable(
    scorer: EndpointEntry,
    { ids, endpointName, model }: SampledTokens,
    find: (
      pair: string,
      writer: EndpointEntry,
    ) => TokenizerComparison | null | Promise<TokenizerComparison | null>,
  ): Promise<UsableIds> {
    const none = (reason: string): UsableIds => ({ ids: null, reason });
    const writer = await this.ports.endpoints.named(endpointName);
    if (writer === null) return none(`${endpointName} is not there to compare tokenizers with`);
    if (writer.config.model !== model) return none(`${endpointName} has another model now`);
    if (identityOf(writer) === identityOf(scorer)) return { ids, reason: "" };
    const comparison = await find(JSON.stringify([identityOf(writer), identityOf(scorer)]), writer);
    if (comparison === null) return none("the tokenizers were not compared yet");
    return comparison.state === "same" ? { ids, reason: "" } : none(comparison.reason);
  }

  private async compare(
    pair: string,
    [writer, scorer]: readonly [EndpointEntry, EndpointEntry],
    signal: CancelSignal,
  ): Promise<TokenizerComparison> {
    const { endpoints, log, state } = this.ports;
    const keys = await Promise.all([endpoints.keyOf(writer), endpoints.keyOf(scorer)]);
    const apiKey = (origin: string): string | null => keys[0](origin) ?? keys[1](origin);
    const { sameTokenizer } = await import("../../endpoints/score/sameTokenizer.ts");
    const comparison = await sameTokenizer([writer.config, scorer.config], { apiKey }, signal);
    const names = `${writer.config.name} and ${scorer.config.name}`;
    log.info(`Tokenizers of ${names}: ${comparison.state}, ${comparison.reason}`);
    // A server that did not answer may answer the next time.
    if (comparison.state !== "unknown") {
      this.byPair.set(pair, comparison);
      const byPair = Object.fromEntries(this.byPair);
      await state.update(comparisonsName, { version, byPair } satisfies StoredComparisons);
    }
    return comparison;
  }
}

const identityOf = ({ config, identity, offered }: EndpointEntry): string =>
  JSON.stringify([offered ? identity : config.baseUrls, config.model]);
