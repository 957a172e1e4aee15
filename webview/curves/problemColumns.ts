// What can stand beside a problem besides the two runs: every run's counts, or what training would get from it.
import type { ProblemCount } from "../../src/core/estimate/names.ts";
import { trainingSignal, type TrainingSignal } from "../../src/core/estimate/trainingSignal.ts";
import { decimal, percent } from "../../src/core/numberWords.ts";
import { seriesOf } from "../../src/core/report/series.ts";
import type { RunView } from "../../src/protocol/curves.ts";
import { el } from "../shared/dom.ts";
import { dot } from "../shared/marks.ts";
import type { Column } from "../shared/table.ts";
import { rate, rawCountAt, type Pair, type ProblemRow } from "./pairModel.ts";
import { headName, ratioColumn, rateCell, rateEnds, ratioText } from "./problemTable.ts";

type ProblemColumn = Column<ProblemRow>;

export const groupSizes = [4, 8, 16, 32, 64] as const;

const countIn = (run: RunView, { at }: ProblemRow): ProblemCount => rawCountAt(run, at);

/** c/n and accuracy with its interval, of every run of the panel. */
export function everyRunColumns({ runs }: Pair): readonly ProblemColumn[] {
  const styles = seriesOf(runs);
  return runs.flatMap((run): ProblemColumn[] => {
    const style = styles.get(run.id)?.style;
    return [
      {
        id: `every-${run.id}`,
        head: () => [style && dot(style), " ", headName(run.name), " c/n"],
        numeric: true,
        cell: (row) => (countIn(run, row).n === 0 ? "" : ratioText(countIn(run, row))),
        sortBy: (row) => rate(countIn(run, row)),
        data: (row) => ({ n: countIn(run, row).n, c: countIn(run, row).c }),
      },
      {
        id: `every-rate-${run.id}`,
        head: "accuracy, 95 %",
        numeric: true,
        className: "rateCell",
        cell: (row) => rateCell(countIn(run, row)),
      },
    ];
  });
}

/** Sampling that ended at right answers says nothing of groups of one size. */
const signalOf = (own: ProblemCount | null, groupSize: number): TrainingSignal =>
  trainingSignal(own === null || own.stop !== undefined ? { n: 0, c: 0 } : own, groupSize);

const own = (row: ProblemRow, run: number): ProblemCount | null => (run === 0 ? row.first : row.second);

/** c/n, the variance of a 0/1 reward, and the share of groups that have both rewards, for each of the two runs. */
export function signalColumns(pair: Pair, groupSize: number): readonly ProblemColumn[] {
  return pair.series.flatMap(({ style, name }, run): ProblemColumn[] => {
    const signal = (row: ProblemRow): TrainingSignal => signalOf(own(row, run), groupSize);
    return [
      {
        ...ratioColumn(pair, run as 0 | 1),
        head: () => [dot(style), " ", headName(name), " c/n"],
      },
      {
        id: `variance${run}`,
        head: () => [
          el(
            "span",
            { title: "Unbiased variance of a 0/1 reward: c (n \u2212 c) / (n (n \u2212 1))" },
            "p(1 \u2212 p)",
          ),
        ],
        numeric: true,
        cell: (row) => textOf(signal(row).rewardVariance, (value) => decimal(value, 3)),
        sortBy: (row) => signal(row).rewardVariance,
        data: (row) => ({ value: signal(row).rewardVariance ?? "" }),
      },
      {
        id: `mixed${run}`,
        head: () => [el("span", { title: mixedTitle(groupSize) }, `mixed groups of ${groupSize}, %`)],
        numeric: true,
        cell: (row) => textOf(signal(row).mixedGroups, percent),
        sortBy: (row) => signal(row).mixedGroups,
        data: (row) => ({ value: signal(row).mixedGroups ?? "" }),
      },
    ];
  });
}

const mixedTitle = (groupSize: number): string =>
  `Chance that ${groupSize} samples are neither all right nor all wrong: other groups have no advantage and train nothing (GRPO)`;

const textOf = (value: number | null, write: (value: number) => string): string =>
  value === null ? "" : write(value);

/** Mean over the problems that can tell: the share of all groups that would train. `null` where none can. */
export function meanMixedGroups(rows: readonly ProblemRow[], run: number, groupSize: number): number | null {
  const values = rows.flatMap((row) => signalOf(own(row, run), groupSize).mixedGroups ?? []);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

type Cells = readonly (number | null)[];

/** For the export: c, n, accuracy and its ends of every run. */
export const everyRunHead = ({ runs }: Pair): readonly string[] =>
  runs.flatMap(({ name }) => ["c", "n", "accuracy", "low", "high"].map((part) => `${name} ${part}`));

export const everyRunCells = ({ runs }: Pair, row: ProblemRow): Cells =>
  runs.flatMap((run) => countCells(countIn(run, row)));

export function countCells(count: ProblemCount): Cells {
  const ends = count.n > 0 ? rateEnds(count) : null;
  return [count.c, count.n, rate(count), ends?.low ?? null, ends?.high ?? null];
}

export const signalHead = ({ series }: Pair, groupSize: number): readonly string[] =>
  series.flatMap(({ name }) => [`${name} reward_variance`, `${name} mixed_groups_of_${groupSize}`]);

export const signalCells = ({ series }: Pair, row: ProblemRow, groupSize: number): Cells =>
  series.flatMap((_, run) => {
    const { rewardVariance, mixedGroups } = signalOf(own(row, run), groupSize);
    return [rewardVariance, mixedGroups];
  });
