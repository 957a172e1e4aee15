// Lists of problems, in the Problems tab and behind every mark: per run c/n, a bar, an exact interval.
import type { ProblemCount } from "../../src/core/estimate/names.ts";
import { rateInterval } from "../../src/core/estimate/rateInterval.ts";
import { atMost, count, interval, percent, points } from "../../src/core/numberWords.ts";
import { el, type Child } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import { dot } from "../shared/marks.ts";
import type { Series } from "../../src/core/report/series.ts";
import { table, type Column, type Sort } from "../shared/table.ts";
import type { App } from "./app.ts";
import { miniBar } from "./miniBar.ts";
import { rate, setName, shortNames, type Pair, type ProblemRow } from "./pairModel.ts";
import { joined, valueAndInterval, type RateText } from "./rateText.ts";

/** Per-problem interval: Clopper-Pearson 95 %; with nothing right, the one-sided bound. */
export function rateEnds(count: ProblemCount): Ends {
  const key = `${count.c}/${count.n}/${count.stop?.r ?? ""}`;
  const known = ends.get(key);
  if (known) return known;
  const own = rateInterval(count);
  ends.set(key, own);
  return own;
}

interface Ends {
  readonly low: number;
  readonly high: number;
}

/** Few counts differ, and a list asks for the same ones at each drawing: the exact quantiles are its dearest part. */
const ends = new Map<string, Ends>();

export const ratioText = ({ n, c }: ProblemCount): string => `${count(c)}/${count(n)}`;

/** `46.1` and `[40.1, 52.2]`, `at most 1.2`, or empty without samples. */
function ratePieces(own: ProblemCount): RateText {
  const value = rate(own);
  if (own.n === 0) return { value: "", interval: "" };
  const { low, high } = rateEnds(own);
  // Stopped by its first right answer: no share says anything, the interval does.
  if (value === null) return { value: "", interval: interval(low, high) };
  if (own.c === 0) return { value: "", interval: atMost(high) };
  return { value: percent(value), interval: interval(low, high) };
}

/** Both pieces in one line. */
export const rateWords = (own: ProblemCount): string => joined(ratePieces(own));

/** A narrow table keeps the value alone; then the interval is in the tooltip. */
export const rateCell = (own: ProblemCount): HTMLElement =>
  el("span", { title: rateWords(own) }, ...valueAndInterval(ratePieces(own)));

/** A run's name in a head: long ones are cut, whole in the tooltip. */
export const headName = (name: string): HTMLElement => el("span", { class: "headName", title: name }, name);

/** 0 to 100 % linear, with the interval as a whisker. */
function rateBar(own: ProblemCount, series: Series): SVGElement {
  const width = 72;
  const { low, high } = rateEnds(own);
  const [left, right] = [width * low, Math.max(width * high, 1)];
  const ends = `${own.c > 0 ? `M${left + 0.5} 2v8` : ""}M${right - 0.5} 2v8`;
  const whisker = own.n > 0 ? `M${left} 6H${right}${ends}` : null;
  return miniBar({ look: series.style.look, width, from: 0, to: width * (rate(own) ?? 0), whisker });
}

type ProblemColumn = Column<ProblemRow>;

export const numberColumn: ProblemColumn = {
  id: "id",
  head: "#",
  numeric: true,
  className: "dim",
  cell: (row) => row.problem.id,
  sortBy: (row) => row.at,
};

export const previewColumn: ProblemColumn = {
  id: "problem",
  head: "Problem",
  className: "preview",
  flexible: true,
  cell: (row) => row.problem.preview,
  sortBy: (row) => row.problem.preview,
};

export const chevronColumn: ProblemColumn = {
  id: "open",
  head: null,
  className: "chevron",
  cell: () => icon("chevron", "mute"),
};

const ofRun = (row: ProblemRow, run: 0 | 1): ProblemCount =>
  (run === 0 ? row.first : row.second) ?? { n: 0, c: 0 };

/** Also where the coin ended it: then none of so many was right. */
const countWords = (row: ProblemRow, run: 0 | 1): string =>
  ratioText(row.notContinued[run] > 0 ? { n: row.notContinued[run], c: 0 } : ofRun(row, run));

/** `base c/n` */
export function ratioColumn(pair: Pair, run: 0 | 1): ProblemColumn {
  return {
    id: `ratio${run}`,
    head: () => [headName(shortNames(pair)[run]), " c/n"],
    numeric: true,
    cell: (row) => countWords(row, run),
    sortBy: (row) => rate(ofRun(row, run)),
    data: (row) => ({ n: ofRun(row, run).n, c: ofRun(row, run).c }),
  };
}

/** c/n with a bar, and accuracy with its interval. */
export function rateColumns(pair: Pair, run: 0 | 1): readonly ProblemColumn[] {
  const series = pair.series[run];
  if (!series) return [];
  return [
    {
      ...ratioColumn(pair, run),
      head: () => [el("span", { class: "figures" }, dot(series.style), " ", headName(series.name)), " c/n"],
      cell: (row) => [countWords(row, run), rateBar(ofRun(row, run), series)],
      className: "ratio",
    },
    {
      id: `rate${run}`,
      head: "accuracy, 95 %",
      numeric: true,
      className: "rateCell",
      cell: (row) => rateCell(ofRun(row, run)),
      data: (row) => ({ value: rate(ofRun(row, run)) ?? "" }),
    },
  ];
}

export const changeColumn = (head: string): ProblemColumn => ({
  id: "change",
  head,
  numeric: true,
  cell: (row) => (row.change === null ? "" : points(row.change)),
  sortBy: (row) => row.change,
});

export function setWords(pair: Pair, { set, notContinued }: ProblemRow): string {
  if (set !== null) return setName(pair, set);
  return notContinued.some((left) => left > 0) ? setName(pair, "notContinued") : "";
}

export const setColumn = (pair: Pair): ProblemColumn => ({
  id: "set",
  head: "Set",
  flexible: true,
  cell: (row) => setWords(pair, row),
  sortBy: (row) => row.set,
});

export const cutOffColumn: ProblemColumn = {
  id: "cutOff",
  head: "Cut off",
  numeric: true,
  className: "dim",
  cell: (row) => count(row.truncated),
  sortBy: (row) => row.truncated,
};

export interface ProblemTableOptions {
  readonly id: string;
  readonly label: string;
  readonly columns: readonly ProblemColumn[];
  readonly rows: readonly ProblemRow[];
  readonly sort: Sort;
}

/** Rows with bars and intervals are dear: 200 of them took a fifth of a second. */
const longList = 150;

/** Any list of problems: a row opens the problem's samples. */
export function problemTable(app: App, pair: Pair, options: ProblemTableOptions): HTMLElement {
  const { look } = app.state();
  return table<ProblemRow>({
    ...options,
    key: (row) => row.problem.key,
    rowData: (row) => ({ "problem-id": row.problem.id }),
    sort: look.sorts[options.id] ?? options.sort,
    onSort: (sort) => app.show({ sorts: { ...app.state().look.sorts, [options.id]: sort } }),
    selected: look.problemKey,
    onOpen: (row) => {
      const inFirst = row.first.n > 0 || row.notContinued[0] > 0;
      const run = inFirst || !pair.second ? pair.first : pair.second;
      const problemKey = row.problem.key;
      app.show({ problemKey, drill: { problemKey, runId: run.id, index: null } });
    },
    rowHeight: 24,
    windowFrom: longList,
  });
}

export const badge = (value: number): Child => el("span", { class: "badge" }, count(value));
