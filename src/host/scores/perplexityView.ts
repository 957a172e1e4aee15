import type { SampleRef } from "../../core/dataset/readRollouts.ts";
import { perplexityBox, type ScoredTraces } from "../../core/estimate/perplexityBox.ts";
import type { RunTally } from "../../core/model.ts";
import { perplexityOf, type ScoreLine, scoreSetId } from "../../core/trace/scoreSet.ts";
import type { ScoreSet } from "../../core/trace/scoreSetFile.ts";
import type { PerplexitySetView, RunScorerView, ScoresBesideView } from "../../protocol/perplexity.ts";

/** A run with what scorers said of it. */
export interface RunWithScores {
  readonly tally: RunTally;
  /** The model that wrote its traces; `null` where nobody says. */
  readonly model: string | null;
  readonly locate: (problemKey: string) => readonly SampleRef[];
}

/** Problems by their keys, numbered in the order in which they are first met. */
export class ProblemNumbers {
  readonly refs: { readonly key: string; readonly id: string }[] = [];
  private readonly numbers = new Map<string, number>();

  of(key: string, id: string): number {
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    this.numbers.set(key, this.refs.length);
    this.refs.push({ key, id });
    return this.refs.length - 1;
  }
}

export const scorerView = ({ head }: ScoreSet): RunScorerView => ({
  id: scorerId(head),
  ...head.scorer,
  prompt: head.prompt,
});

/** One scorer may have scored traces and reference solutions of several runs. */
const scorerId = (head: ScoreSet["head"]): string => scoreSetId({ ...head, texts: "samples" });

interface Row {
  readonly problem: number;
  readonly sample: number;
  readonly tokens: number;
  readonly perplexity: number;
  readonly surprisal: number;
  readonly verdict: 0 | 1 | 2;
}

/** One set's traces as columns, with a box for each verdict. */
export function perplexitySet(run: RunWithScores, set: ScoreSet, numbers: ProblemNumbers): PerplexitySetView {
  const rows: Row[] = [];
  const beside = new Beside();
  let [of, found, byIds] = [0, 0, 0];
  for (const { problem } of run.tally.problems) {
    const number = numbers.of(problem.key, problem.id);
    for (const { line, verdict } of linesOf(run, set, problem.key)) {
      of += 1;
      if (line === null) continue;
      found += 1;
      if (line.kind === "refused") {
        beside.refuse(line.reason);
        continue;
      }
      beside.count(line.numbers);
      const perplexity = perplexityOf(line.numbers);
      if (perplexity === null) continue;
      const { tokens, sum } = line.numbers;
      if (line.byIds) byIds += 1;
      rows.push({ problem: number, sample: line.index, tokens, perplexity, surprisal: -sum, verdict });
    }
  }
  const columns = columnsOf(rows);
  return {
    runId: run.tally.id,
    scorerId: scorerId(set.head),
    texts: set.head.texts,
    own: run.model !== null && run.model === set.head.scorer.model && set.head.texts === "samples",
    ...columns,
    boxes: {
      all: perplexityBox(columns),
      correct: perplexityBox(columnsOf(rows.filter(({ verdict }) => verdict === 1))),
      wrong: perplexityBox(columnsOf(rows.filter(({ verdict }) => verdict === 0))),
    },
    beside: beside.view(set.length - found),
    byIds,
    of,
  };
}

interface FoundLine {
  /** `null`: not scored. */
  readonly line: ScoreLine | null;
  readonly verdict: Row["verdict"];
}

/** A run's samples with what was said of each; of reference solutions what was scored, as nobody judges them. */
function linesOf(run: RunWithScores, set: ScoreSet, key: string): readonly FoundLine[] {
  if (set.head.texts === "gold") return set.of(key).map((line) => ({ line, verdict: 2 }));
  return run.locate(key).map((ref) => {
    const { problemKey, index, fingerprint: print } = ref;
    return { line: set.find({ problemKey, index, print }), verdict: verdictOf(ref) };
  });
}

/** Refused samples and those without an answer are not correct, as everywhere. */
const verdictOf = ({ verdict }: SampleRef): 0 | 1 | 2 =>
  verdict?.kind === "correct" ? 1 : verdict?.kind === "incorrect" || verdict?.kind === "unparsed" ? 0 : 2;

type Columns = ScoredTraces & Pick<PerplexitySetView, "samples" | "tokens" | "verdicts">;

const columnsOf = (rows: readonly Row[]): Columns => ({
  problems: Uint32Array.from(rows, ({ problem }) => problem),
  samples: Uint32Array.from(rows, ({ sample }) => sample),
  tokens: Uint32Array.from(rows, ({ tokens }) => tokens),
  perplexities: Float64Array.from(rows, ({ perplexity }) => perplexity),
  surprisals: Float64Array.from(rows, ({ surprisal }) => surprisal),
  verdicts: Uint8Array.from(rows, ({ verdict }) => verdict),
});

/** What is counted and never averaged in. */
class Beside {
  private readonly reasons = new Map<string, number>();
  private nullTokens = 0;
  private floorTokens = 0;
  private empty = 0;

  refuse(reason: string): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
  }

  count(numbers: { readonly tokens: number; readonly nullCount: number; readonly floorCount: number }): void {
    this.nullTokens += numbers.nullCount;
    this.floorTokens += numbers.floorCount;
    if (numbers.tokens === 0) this.empty += 1;
  }

  view(stale: number): ScoresBesideView {
    const [first] = [...this.reasons].sort((a, b) => b[1] - a[1]);
    return {
      refused: [...this.reasons.values()].reduce((sum, count) => sum + count, 0),
      refusedWhy: first?.[0] ?? "",
      nullTokens: this.nullTokens,
      floorTokens: this.floorTokens,
      empty: this.empty,
      stale,
    };
  }
}
