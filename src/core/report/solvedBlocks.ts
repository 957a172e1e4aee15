import { countOf } from "../estimate/compareRuns.ts";
import { reachOf } from "../estimate/countValues.ts";
import { coverage } from "../estimate/coverage.ts";
import { coverageIntervals } from "../estimate/coverageInterval.ts";
import { gap } from "../estimate/gap.ts";
import { midPMcNemar } from "../estimate/midPMcNemar.ts";
import { newlySolved } from "../estimate/newlySolved.ts";
import { pairProblems } from "../estimate/pairProblems.ts";
import { unsolvedBound } from "../estimate/unsolvedBound.ts";
import type { RunTally } from "../model.ts";
import { type Block, heading } from "./blocks.ts";
import { count, decimal, percent, rate } from "../numberWords.ts";

const pairCounts = (a: RunTally, b: RunTally) =>
  pairProblems(a, b)
    .map(([x, y]) => [countOf(x), countOf(y)] as const)
    .filter(([x, y]) => x.n > 0 && y.n > 0);

/**
 * The 2x2 of problems solved by the reference and by each other run (analysis A3 of arXiv 2504.13837) with its rates, and
 * the two kinds of doubt: what is still possible where nothing was right, and how many more another n samples would solve.
 */
export function coverageBlocks(reference: RunTally, others: readonly RunTally[]): Block[] {
  const found = others.map((run) => {
    const pairs = pairCounts(reference, run);
    const cells = coverage(pairs);
    return { run, pairs, cells, ends: coverageIntervals(cells) };
  });
  if (found.length === 0) return [];
  const ratio = (
    value: number | null,
    ends: { readonly low: number; readonly high: number } | null,
  ): string =>
    value === null || ends === null
      ? "–"
      : `${decimal(value, 3)} [${decimal(ends.low, 3)}, ${decimal(ends.high, 3)}]`;
  const leastN = (run: RunTally): number =>
    run.problems
      .map((tally) => countOf(tally))
      .reduce((least, one) => (one.n > 0 ? Math.min(least, reachOf(one)) : least), Infinity);
  return [
    heading("Solvable set"),
    {
      kind: "table",
      title: `Problems with at least one right sample: ${reference.name} against each`,
      head: ["run", "both", `${reference.name} only`, "run only", "neither", "mid-P"],
      rows: found.map(({ run, cells }) => [
        run.name,
        ...[cells.both, cells.aOnly, cells.bOnly, cells.neither].map((cell) => count(cell.length)),
        midPMcNemar(cells.aOnly.length, cells.bOnly.length).toPrecision(2),
      ]),
      note:
        `Not solved is a statement about n: with 0 of ${leastN(reference)} samples right, a solve rate up to ` +
        `${percent(unsolvedBound(leastN(reference)))} % is still possible (95 %). mid-P: McNemar's test that both lose as many.`,
    },
    {
      kind: "table",
      title: `Of what ${reference.name} solves, and of what is new [95 %]`,
      head: ["run", "kept (SRR)", "new (NDR)", "SDS", "net (NSCR)", "unsolved", "more by another n"],
      rows: found.map(({ run, pairs, cells, ends }) => {
        const more = newlySolved(pairs.map(([, count]) => count));
        return [
          run.name,
          ratio(cells.srr, ends.srr),
          ratio(cells.ndr, ends.ndr),
          ratio(cells.sds, ends.sds),
          ratio(cells.nscr, ends.nscr),
          count(cells.aOnly.length + cells.neither.length),
          decimal(more.upper, 1),
        ];
      }),
      note: "SRR P/(P+S), NDR E/(P+E), SDS their harmonic mean, NSCR (E-S)/(P+E+S); P both, S the reference only, E the run only. Another n samples would solve at most that many more (95 %).",
    },
  ];
}

/**
 * pass@k of the reference less pass@1 of each run (the sampling-efficiency gap of arXiv 2504.13837), at k = 256 or as far
 * as the reference reaches; nothing where no run can be told of.
 */
export function gapBlocks(reference: RunTally, others: readonly RunTally[]): Block[] {
  const nMax = Math.max(...reference.problems.map((tally) => reachOf(countOf(tally))));
  const k = Math.min(256, nMax);
  const rows = others.flatMap((run) => {
    const found = gap(pairCounts(reference, run), k);
    if (found === null) return [];
    const differs = found.nDiffers ? "n differs" : "";
    return [
      [
        run.name,
        percent(found.base),
        percent(found.other),
        rate({ value: found.gap, low: found.low, high: found.high }),
        differs,
      ],
    ];
  });
  if (rows.length === 0) return [];
  return [
    heading("Sampling-efficiency gap"),
    {
      kind: "table",
      title: `pass@${k} of ${reference.name} less pass@1 of the run, points [95 %]`,
      head: ["run", `${reference.name} pass@${k}, %`, "run pass@1, %", "gap", ""],
      rows,
      note: "",
    },
  ];
}
