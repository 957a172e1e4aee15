import { percentileAmong } from "../../core/trace/traceSummary.ts";
import type { ScoreSet } from "../../core/trace/scoreSetFile.ts";
import type { OwnTracesView } from "../../protocol/inspector.ts";
import type { PercentileView } from "../../protocol/traceView.ts";
import type { RunCatalog } from "../catalog.ts";
import type { Endpoints } from "../endpoints.ts";
import type { Log } from "../log.ts";
import { messageOf } from "../report.ts";
import type { RunData } from "../runData.ts";
import type { RunEntry } from "../runEntry.ts";
import type { RunScores } from "../scores/runScores.ts";
import type { ProblemWatch, ScoreRuns } from "../scores/scoreRuns.ts";

export interface OwnTracesPorts {
  readonly catalog: RunCatalog;
  readonly data: RunData;
  readonly scores: RunScores;
  readonly scoreRuns: ScoreRuns;
  readonly endpoints: Endpoints;
  readonly log: Log;
}

/** Traces of one problem that the scorer's own model wrote, or, under a base, rollouts that were imported as a base's. */
export interface OwnProblem {
  readonly entry: RunEntry;
  readonly problemKey: string;
  readonly n: number;
  /** Perplexities under the scorer, of those that it has scored. */
  readonly perplexities: readonly number[];
}

/** Where a trace stands among those that its scorer's model wrote on the same problem. */
export class OwnTraces {
  private readonly ports: OwnTracesPorts;
  /** Name of the endpoint that a run was sampled from, by the run's id. */
  private readonly writers = new Map<string, string>();

  constructor(ports: OwnTracesPorts) {
    this.ports = ports;
  }

  /**
   * The run with most traces of the problem among those sampled from the endpoint; where there is none, and the endpoint
   * is a base, among the rollouts imported as a base's, of which nobody says who wrote them. `null` where there is none.
   */
  async find(scorer: string, problemKey: string): Promise<OwnProblem | null> {
    const { catalog, endpoints } = this.ports;
    await catalog.load();
    const sampled: RunEntry[] = [];
    for (const entry of catalog.all()) if ((await this.writerOf(entry)) === scorer) sampled.push(entry);
    const own = await this.largest(sampled, scorer, problemKey);
    if (own !== null || (await endpoints.named(scorer))?.config.role !== "base") return own;
    const imported = catalog
      .all()
      .filter(({ source, role }) => source.kind === "imported" && role === "base");
    return this.largest(imported, scorer, problemKey);
  }

  private async largest(
    entries: readonly RunEntry[],
    scorer: string,
    problemKey: string,
  ): Promise<OwnProblem | null> {
    const { data, log } = this.ports;
    let best: OwnProblem | null = null;
    for (const entry of entries) {
      if (entry.finished === 0) continue;
      try {
        const n = (await data.load(entry)).locate(problemKey).filter(isWhole).length;
        if (n <= (best?.n ?? 0)) continue;
        best = { entry, problemKey, n, perplexities: await this.perplexities(entry, scorer, problemKey) };
      } catch (error) {
        log.warn(`${entry.name}: ${messageOf(error)}`);
      }
    }
    return best;
  }

  /** Scores those that are not scored yet. Rejects as `ScoreRuns.scoreProblem`. */
  async score(scorer: string, { entry, problemKey }: OwnProblem, watch: ProblemWatch): Promise<void> {
    await this.ports.scoreRuns.scoreProblem(entry, { scorer, problemKey }, watch);
  }

  private async writerOf({ id, source }: RunEntry): Promise<string | null> {
    if (source.kind === "imported") return null;
    const known = this.writers.get(id);
    if (known !== undefined) return known;
    const writer = await this.ports.data.planIn(source.folder).then(
      ({ endpointName }) => endpointName,
      () => "",
    );
    this.writers.set(id, writer);
    return writer;
  }

  /** Of the set that has scored most of the problem. */
  private async perplexities(
    entry: RunEntry,
    scorer: string,
    problemKey: string,
  ): Promise<readonly number[]> {
    const held = await this.ports.scores.of(entry);
    const own = ({ head }: ScoreSet): boolean => head.texts === "samples" && head.scorer.name === scorer;
    const all = held.filter(({ set }) => own(set)).map(({ set }) => set.perplexities(problemKey));
    return all.sort((a, b) => b.length - a.length)[0] ?? [];
  }
}

const isWhole = ({ outcome }: { readonly outcome: { readonly kind: string } }): boolean =>
  outcome.kind === "ok" || outcome.kind === "truncated";

export const ownView = ({ entry, n, perplexities }: OwnProblem): OwnTracesView => ({
  model: entry.name,
  n,
  scored: perplexities.length,
});

/** `null` without a perplexity, or with nothing to compare it with. */
export function percentileView(
  perplexity: number | null,
  { entry, perplexities }: OwnProblem,
): PercentileView | null {
  const found = perplexity === null ? null : percentileAmong(perplexity, perplexities);
  return found === null ? null : { ...found, model: entry.name };
}
