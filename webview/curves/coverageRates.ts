// The four rates drawn from the 2x2, with intervals, and what "not solved" can still mean.
import { coverageIntervals, type CoverageIntervals } from "../../src/core/estimate/coverageInterval.ts";
import { unsolvedBound } from "../../src/core/estimate/unsolvedBound.ts";
import { count, counted, decimal, interval, percent } from "../../src/core/numberWords.ts";
import { el } from "../shared/dom.ts";
import { linkButton } from "../shared/controls.ts";
import { table } from "../shared/table.ts";
import type { App } from "./app.ts";
import { noFilter, type Threshold } from "./look.ts";
import { shortNames, type Pair } from "./pairModel.ts";

interface RateRow {
  readonly name: string;
  readonly value: number | null;
  readonly ends: CoverageIntervals[keyof CoverageIntervals];
  readonly reading: string;
}

export function rateRows(pair: Pair): readonly RateRow[] {
  const known = drawnRows.get(pair) ?? countedRows(pair);
  drawnRows.set(pair, known);
  return known;
}

/** The intervals are drawn: once for a pair, not at each look. */
const drawnRows = new WeakMap<Pair, readonly RateRow[]>();

function countedRows(pair: Pair): readonly RateRow[] {
  const { coverage } = pair;
  if (!coverage) return [];
  const ends = coverageIntervals(coverage);
  const [kept, lost, gained] = [coverage.both.length, coverage.aOnly.length, coverage.bOnly.length];
  const [first] = shortNames(pair);
  return [
    {
      name: "Retention, SRR",
      value: coverage.srr,
      ends: ends.srr,
      reading: `${count(kept)} of the ${count(kept + lost)} of ${first} kept`,
    },
    {
      name: "New solved, NDR",
      value: coverage.ndr,
      ends: ends.ndr,
      reading: `${count(gained)} of ${count(kept + gained)} ${gained === 1 ? "is" : "are"} new`,
    },
    { name: "Harmonic mean, SDS", value: coverage.sds, ends: ends.sds, reading: "of SRR and NDR" },
    {
      name: "Net change, NSCR",
      value: coverage.nscr,
      ends: ends.nscr,
      reading: "(new \u2212 lost) / either",
    },
  ];
}

export function ratesTable(pair: Pair): HTMLElement {
  const three = (value: number): string => decimal(value, 3);
  return table<RateRow>({
    id: "coverage-rates",
    label: "Rates",
    columns: [
      { id: "rate", head: "Rate", cell: (row) => row.name },
      {
        id: "value",
        head: "Value",
        numeric: true,
        cell: (row) => (row.value === null ? "none solved" : three(row.value)),
        data: (row) => ({ value: row.value ?? "" }),
      },
      {
        id: "interval",
        head: "95 % interval",
        numeric: true,
        className: "dim",
        cell: (row) => (row.ends ? interval(row.ends.low, row.ends.high, three) : ""),
      },
      { id: "reading", head: "Reading", className: "dim", flexible: true, cell: (row) => row.reading },
    ],
    rows: rateRows(pair),
    key: (row) => row.name.split(" ").at(-1) ?? row.name,
  });
}

export function boundNote(pair: Pair, threshold: Threshold): HTMLElement {
  // Who is unsolved under a plan has its largest n: the others ended before at right answers, or by their coin.
  const ns = [pair.first, ...(pair.second ? [pair.second] : [])]
    .map((run) => run.stopped?.plan.nMax ?? run.nMin)
    .filter((n) => n > 0);
  if (ns.length === 0) return el("p");
  const n = Math.min(...ns);
  const words =
    threshold === 1
      ? `"Not solved" says 0 of ${count(n)}: a solve rate of up to ${percent(unsolvedBound(n))} % is still possible (95 %, per problem). With more samples a problem can move to another cell.`
      : threshold === "cot"
        ? `"Solved" says that humans found a right chain of thought; what nobody read counts as not solved.`
        : `"Not solved" says at most ${threshold - 1} of ${count(n)} here. With more samples a problem can move to another cell.`;
  return el("p", { class: "dim boundNote" }, words);
}

/** Problems that are in none of the four sets, because nobody looked; and the way to them. */
export function notContinuedNote(app: App, pair: Pair): HTMLElement | null {
  const left = pair.series.flatMap(({ name }, run) => {
    const rows = pair.rows.filter(({ notContinued }) => (notContinued[run] ?? 0) > 0);
    const [n] = rows.map(({ notContinued }) => notContinued[run] ?? 0);
    return n === undefined
      ? []
      : [`${counted(rows.length, "problem")} of ${name}, not right in ${counted(n, "sample")}`];
  });
  if (left.length === 0) return null;
  const show = (): void =>
    app.show({ tab: "problems", drill: null, filter: { ...noFilter, set: "notContinued" } });
  return el(
    "p",
    { class: "dim boundNote", id: "not-continued" },
    `Not continued: ${left.join("; ")}. Their coin ended them, so whether more samples solve them is not known: they are in none of the four sets, and the plan's other problems stand for them in pass@k. `,
    linkButton({ id: "show-not-continued", label: "List them", press: show }),
  );
}
