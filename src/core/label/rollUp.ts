import { clopperPearson } from "../estimate/clopperPearson.ts";
import { difficultyBins } from "../estimate/cot/cotBins.ts";
import type { Bounds } from "../estimate/meanInterval.ts";
import type { LabelSet } from "./labelSet.ts";
import type { ProblemItems, QueueSpec, RunItems } from "./model.ts";
import { plainItems } from "./plainItems.ts";
import { isInWindow } from "./queueUnits.ts";

/** Problems of one run (or of one difficulty bin of it) by what was said of their right answers. */
export interface ProblemRollUp {
  /** With a right answer in the window. */
  readonly solved: number;
  /** With at least one correct chain of thought. */
  readonly right: number;
  /** All read, none correct. */
  readonly wrong: number;
  /** Some read and wrong, none correct, some not read yet: may still become right. */
  readonly open: number;
  /** None correct and some ambiguous or in conflict: left out. */
  readonly ambiguous: number;
  /** Without any label. */
  readonly unlabelled: number;
  /** right + wrong + open: the denominator. */
  readonly labelled: number;
  /** right / labelled with the 95 % interval of Clopper and Pearson; `null` where nothing is labelled. */
  readonly share: ({ readonly value: number } & Bounds) | null;
  /** The paper's form, e.g. `24/25`. */
  readonly form: string;
}

export interface BinRollUp extends ProblemRollUp {
  /** Accuracy c/n: above < a <= upTo. */
  readonly above: number;
  readonly upTo: number;
}

export interface RunRollUp extends ProblemRollUp {
  readonly runId: string;
  readonly name: string;
  readonly bins: readonly BinRollUp[];
  /** Distinct right-answer texts in the window by what humans say of them. */
  readonly texts: {
    readonly all: number;
    readonly correct: number;
    readonly wrong: number;
    readonly ambiguous: number;
    readonly conflict: number;
  };
}

/**
 * Per run, over the right answers of the problems in the window. Human labels only; adjudications win. Runs that stopped
 * their problems early are left out (stoppedLabelsRefusal says why): what they did not sample would count as not right.
 */
export function rollUp(
  runs: readonly RunItems[],
  labels: LabelSet,
  window: Pick<QueueSpec, "above" | "below"> = { above: 0, below: 0.05 },
): readonly RunRollUp[] {
  return plainItems(runs).map(({ runId, name, problems }) => {
    const solved = problems.filter((problem) => problem.c > 0 && isInWindow(problem, window));
    const read = solved.map((problem) => ({ share: problem.c / problem.n, ...said(problem, labels) }));
    const bins = difficultyBins.map(({ above, upTo }) => ({
      above,
      upTo,
      ...counted(read.filter(({ share }) => share > above && share <= upTo)),
    }));
    const sum = (key: keyof Said) => read.reduce((all, problem) => all + problem[key], 0);
    const texts = {
      all: sum("all"),
      correct: sum("correct"),
      wrong: sum("wrong"),
      ambiguous: sum("ambiguous"),
      conflict: sum("conflict"),
    };
    return { runId, name, ...counted(read), bins, texts };
  });
}

/** Right-answer texts of one problem by what humans say of them; the rest of `all` is not read. */
interface Said {
  readonly all: number;
  readonly correct: number;
  readonly wrong: number;
  readonly ambiguous: number;
  readonly conflict: number;
}

function said({ items }: ProblemItems, labels: LabelSet): Said {
  const counts = { all: 0, correct: 0, wrong: 0, ambiguous: 0, conflict: 0 };
  for (const { id, correct } of items) {
    if (correct === 0) continue;
    counts.all++;
    const agreed = labels.agreed(id);
    if (agreed.kind === "conflict") counts.conflict++;
    else if (agreed.kind === "agreed") counts[agreed.verdict]++;
  }
  return counts;
}

type Status = "right" | "wrong" | "open" | "ambiguous" | "unlabelled";

function statusOf({ all, correct, wrong, ambiguous, conflict }: Said): Status {
  if (correct > 0) return "right";
  if (ambiguous + conflict > 0) return "ambiguous";
  if (wrong === 0) return "unlabelled";
  return wrong === all ? "wrong" : "open";
}

function counted(read: readonly Said[]): ProblemRollUp {
  const counts: Record<Status, number> = { right: 0, wrong: 0, open: 0, ambiguous: 0, unlabelled: 0 };
  for (const problem of read) counts[statusOf(problem)]++;
  const labelled = counts.right + counts.wrong + counts.open;
  const share =
    labelled === 0 ? null : { value: counts.right / labelled, ...clopperPearson(counts.right, labelled) };
  return { solved: read.length, ...counts, labelled, share, form: `${counts.right}/${labelled}` };
}
