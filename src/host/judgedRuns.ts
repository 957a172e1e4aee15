import type { RolloutRun } from "../core/dataset/readRollouts.ts";
import type { VerdictTable } from "../core/dataset/verdicts/verdictTable.ts";
import type { RunTally } from "../core/model.ts";

/** As far as showing needs it. */
export interface StoredVerdicts {
  readonly verifier: string;
  readonly table: Pick<VerdictTable, "find" | "length">;
  readonly stamp: string | null;
}

interface Judged {
  readonly of: RolloutRun;
  readonly by: StoredVerdicts;
  readonly value: Promise<RolloutRun>;
}

/** Judged runs that are held at a time. */
const mostJudged = 12;

/** Runs as other judges see them, counted once while neither the file nor the verdict set changes. */
export class JudgedRuns {
  private readonly judged = new Map<string, Judged>();

  by(runId: string, of: RolloutRun, by: StoredVerdicts): Promise<RolloutRun> {
    const key = `${by.verifier} ${runId}`;
    const known = this.judged.get(key);
    if (known?.of === of && known.by === by) return known.value;
    const { table, verifier } = by;
    const judge = { verifier, find: table.find.bind(table) };
    const value = of.judgedBy(judge, breathe);
    value.catch(() => this.judged.delete(key));
    this.judged.delete(key);
    this.judged.set(key, { of, by, value });
    for (const oldest of this.judged.keys()) {
      if (this.judged.size <= mostJudged) break;
      this.judged.delete(oldest);
    }
    return value;
  }
}

/** Lets messages and timers have their turn. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const noVerdicts = (verifier: string): StoredVerdicts => ({
  verifier,
  table: { length: 0, find: () => null },
  stamp: null,
});

/** The run is the same, also with problems that have no sample yet. */
export function judgedTally(own: RunTally, judged: RunTally): RunTally {
  const counted = new Map(judged.problems.map((tally) => [tally.problem.key, tally]));
  return {
    ...own,
    verifier: judged.verifier,
    labels: null,
    problems: own.problems.map((tally) => counted.get(tally.problem.key) ?? tally),
  };
}
