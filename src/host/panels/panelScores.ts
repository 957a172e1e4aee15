import type {
  CheckpointFactsView,
  CheckpointsView,
  PerplexitySetView,
  PerplexityView,
} from "../../protocol/perplexity.ts";
import { breathe } from "../judgedRuns.ts";
import type { LoadedRun, RunData } from "../runData.ts";
import type { RunEntry } from "../runEntry.ts";
import type { HeldScores, RunScores } from "../scores/runScores.ts";
import type { ScoreRuns } from "../scores/scoreRuns.ts";
import type { PanelRuns } from "./panelRuns.ts";

export interface PanelScoresPorts {
  readonly data: RunData;
  readonly panelRuns: PanelRuns;
  readonly scores: RunScores;
  readonly scoreRuns: ScoreRuns;
}

interface Loaded {
  readonly entry: RunEntry;
  readonly run: LoadedRun;
  readonly model: string | null;
  readonly sets: readonly HeldScores[];
}

interface Kept<T> {
  readonly key: string;
  readonly value: T;
}

/** What a panel reads of its runs' scores. Counted once while neither samples, verdicts nor scores change. */
export class PanelScores {
  private readonly ports: PanelScoresPorts;
  private readonly facts = new Map<string, Kept<CheckpointFactsView>>();
  private last: Kept<Omit<PerplexityView, "version" | "refusal" | "scoring">> | null = null;
  private version = 0;

  constructor(ports: PanelScoresPorts) {
    this.ports = ports;
  }

  async perplexity(ids: readonly string[]): Promise<PerplexityView> {
    const { refusal, current } = this.ports.scoreRuns;
    const loaded = await this.load(ids);
    const key = JSON.stringify(loaded.map(keyOf));
    if (this.last?.key !== key) this.last = { key, value: await setsOf(loaded) };
    const scoring = current !== null && ids.includes(current.runId) ? current : null;
    return { version: ++this.version, ...this.last.value, refusal, scoring };
  }

  async checkpoints(ids: readonly string[]): Promise<CheckpointsView> {
    const { checkpointFacts } = await import("../scores/checkpointFacts.ts");
    const runs: CheckpointFactsView[] = [];
    for (const one of await this.load(ids)) {
      const key = JSON.stringify(keyOf(one));
      let kept = this.facts.get(one.entry.id);
      if (kept?.key !== key) {
        const { run, model, sets } = one;
        const withScores = { tally: run.tally, model, locate: (problem: string) => run.locate(problem) };
        const value = checkpointFacts(
          withScores,
          sets.map(({ set }) => set),
        );
        kept = { key, value };
        this.facts.set(one.entry.id, kept);
        await breathe();
      }
      runs.push(kept.value);
    }
    return { version: ++this.version, runs };
  }

  /** Runs that cannot be read are said to be so by the snapshot. */
  private async load(ids: readonly string[]): Promise<readonly Loaded[]> {
    const { data, panelRuns, scores } = this.ports;
    const loaded: Loaded[] = [];
    for (const id of ids) {
      try {
        const { entry, run } = await panelRuns.loaded(id);
        const { source } = entry;
        const model = source.kind === "sampled" ? (await data.planIn(source.folder)).model : null;
        loaded.push({ entry, run, model, sets: await scores.of(entry) });
      } catch {
        continue;
      }
    }
    return loaded;
  }
}

const keyOf = ({ entry, run, model, sets }: Loaded): readonly unknown[] => [
  entry.id,
  run.stamp,
  run.tally.verifier,
  model,
  sets.map(({ set, stamp }) => [set.head, stamp]),
];

async function setsOf(
  loaded: readonly Loaded[],
): Promise<Omit<PerplexityView, "version" | "refusal" | "scoring">> {
  const { perplexitySet, ProblemNumbers, scorerView } = await import("../scores/perplexityView.ts");
  const numbers = new ProblemNumbers();
  const sets: PerplexitySetView[] = [];
  const scorers = new Map<string, PerplexityView["scorers"][number]>();
  for (const { run, model, sets: own } of loaded) {
    for (const { set } of own) {
      const locate = (problem: string) => run.locate(problem);
      sets.push(perplexitySet({ tally: run.tally, model, locate }, set, numbers));
      const scorer = scorerView(set);
      scorers.set(scorer.id, scorer);
      await breathe();
    }
  }
  return { scorers: [...scorers.values()], problems: numbers.refs, sets };
}
