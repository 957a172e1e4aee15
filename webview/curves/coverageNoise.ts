// What the 2x2 can tell: a test of the discordant cells, what noise alone gives, what more samples would solve, and the
// problems at which one run is worse beyond doubt.
import { confirmedLost, type LostProblem } from "../../src/core/estimate/confirmedLost.ts";
import { midPMcNemar } from "../../src/core/estimate/midPMcNemar.ts";
import { newlySolved, type NewlySolved } from "../../src/core/estimate/newlySolved.ts";
import { onlyByNoise } from "../../src/core/estimate/onlyByNoise.ts";
import { count, counted, decimal } from "../../src/core/numberWords.ts";
import { toTabs, type TextTable } from "../../src/core/report/textTable.ts";
import { iconButton } from "../shared/controls.ts";
import { el, type Child } from "../shared/dom.ts";
import { table } from "../shared/table.ts";
import type { App } from "./app.ts";
import { setName, shortNames, type Pair, type ProblemRow } from "./pairModel.ts";
import {
  badge,
  changeColumn,
  chevronColumn,
  numberColumn,
  previewColumn,
  problemTable,
  ratioColumn,
  ratioText,
} from "./problemTable.ts";

type Side = 0 | 1;

interface Noise {
  readonly discordant: number;
  readonly midP: number;
  /** Only the first's, only the second's. */
  readonly byNoise: readonly [number, number];
  readonly more: readonly [NewlySolved, NewlySolved];
  /** At which the first, the second is surely worse. */
  readonly worse: readonly [readonly Worse[], readonly Worse[]];
}

export interface Worse {
  readonly row: ProblemRow;
  readonly p: number;
}

const counts = new WeakMap<Pair, Noise>();

/** Once for a pair. */
function noiseOf(pair: Pair): Noise | null {
  const known = counts.get(pair);
  if (known || !pair.coverage) return known ?? null;
  const pairs = pair.counts.filter(([a, b]) => a.n > 0 && b.n > 0);
  const swapped = pairs.map(([a, b]) => [b, a] as const);
  const rows = pair.rows.filter(({ first, second }) => first.n > 0 && (second?.n ?? 0) > 0);
  const sure = (lost: readonly LostProblem[]): readonly Worse[] =>
    lost.flatMap(({ index, p, confirmed }) => {
      const row = rows[index];
      return confirmed && row ? [{ row, p }] : [];
    });
  const noise: Noise = {
    discordant: pair.coverage.aOnly.length + pair.coverage.bOnly.length,
    midP: midPMcNemar(pair.coverage.aOnly.length, pair.coverage.bOnly.length),
    byNoise: [onlyByNoise(pairs), onlyByNoise(swapped)],
    more: [newlySolved(pairs.map(([a]) => a)), newlySolved(pairs.map(([, b]) => b))],
    worse: [sure(confirmedLost(swapped)), sure(confirmedLost(pairs))],
  };
  counts.set(pair, noise);
  return noise;
}

/** Below this many nothing can be told at 5 %. */
const fewestDiscordant = 6;

const pText = (p: number): string => (p < 0.001 ? "< 0.001" : decimal(p, 3));

interface NoiseRow {
  readonly id: string;
  readonly name: string;
  readonly value: Child;
  readonly number: number;
  readonly reading: string;
}

function noiseRows(app: App, pair: Pair, noise: Noise): readonly NoiseRow[] {
  const names = shortNames(pair);
  const { discordant, midP, byNoise, more, worse } = noise;
  const few = `fewer than ${fewestDiscordant} problems differ: nothing can be told`;
  const test: NoiseRow = {
    id: "mid-p",
    name: "Do they differ? mid-P McNemar",
    value: `p ${midP < 0.001 ? "" : "= "}${pText(midP)}`,
    number: midP,
    reading: discordant < fewestDiscordant ? few : `${count(discordant)} problems solved by one alone`,
  };
  // The ceiling of the noise is of "at least one right", like the limit of more samples.
  const sides = ([0, 1] as const).flatMap((side): NoiseRow[] => {
    const { f0, expected, upper } = more[side];
    const own = setName(pair, side === 0 ? "aOnly" : "bOnly");
    const limit: NoiseRow = {
      id: `more${side}`,
      name: `${names[side]}: n more samples solve`,
      value: Number.isFinite(upper) ? `at most ${count(Math.floor(upper))}` : "not known",
      number: upper,
      reading: `more of ${count(f0)}${Number.isFinite(upper) ? `; expected at most ${decimal(expected, 1)}` : ""}`,
    };
    // Sampling that ended at right answers has no such ceiling.
    const isKnown = Number.isFinite(byNoise[side]);
    const noiseRow: NoiseRow = {
      id: `noise${side}`,
      name: `${own}, by noise alone`,
      value: isKnown ? `at most ${decimal(byNoise[side], 1)}` : "not known",
      number: byNoise[side],
      reading: isKnown
        ? "if every problem were equally hard for both"
        : "it needs the same number of samples of every problem",
    };
    return pair.bounded ? [noiseRow, limit] : [];
  });
  const lists = ([1, 0] as const).map((side): NoiseRow => ({
    id: `worse${side}`,
    name: `${names[side]} surely worse`,
    value: el(
      "button",
      {
        type: "button",
        class: "link",
        id: `show-worse-${side}`,
        on: { click: () => app.show({ worse: side }) },
      },
      counted(worse[side].length, "problem"),
    ),
    number: worse[side].length,
    reading: `of them not once right: ${count(worse[side].filter((one) => rightOf(one.row, side) === 0).length)}`,
  }));
  return [test, ...sides, ...lists];
}

const rightOf = ({ first, second }: ProblemRow, side: Side): number => (side === 0 ? first : second)?.c ?? 0;

export function noiseTable(app: App, pair: Pair, chosen: Side | null): Child {
  const noise = noiseOf(pair);
  if (noise === null) return null;
  return table<NoiseRow>({
    id: "coverage-noise",
    label: "What the counts can tell",
    columns: [
      { id: "what", head: "Can it be told", className: "wrapped", cell: ({ name }) => name },
      {
        id: "value",
        head: "Value",
        numeric: true,
        cell: ({ value }) => value,
        data: ({ number }) => ({ value: number }),
      },
      { id: "reading", head: "Reading", className: "dim", flexible: true, cell: ({ reading }) => reading },
    ],
    rows: noiseRows(app, pair, noise),
    key: ({ id }) => id,
    selected: chosen === null ? null : `worse${chosen}`,
  });
}

/** Problems at which one run has surely a lower rate, surest first; a row opens the problem. */
export function worseList(app: App, pair: Pair, side: Side): HTMLElement {
  const names = shortNames(pair);
  const list = noiseOf(pair)?.worse[side] ?? [];
  const chances = new Map(list.map(({ row, p }) => [row, p]));
  const words = `one-sided Fisher test a problem; of this list one in ten may be there by chance`;
  const pColumn = {
    id: "p",
    head: "p",
    numeric: true,
    cell: (row: ProblemRow) => pText(chances.get(row) ?? 1),
    sortBy: (row: ProblemRow) => chances.get(row) ?? null,
    data: (row: ProblemRow) => ({ value: chances.get(row) ?? "" }),
  };
  return el(
    "section",
    { class: "listColumn", "aria-label": `Problems at which ${names[side]} is surely worse` },
    el(
      "div",
      { class: "row listHead" },
      el("h2", { id: "worse-title" }, `${names[side]} surely worse`),
      badge(list.length),
      el("span", { class: "dim", title: words }, words),
      el("span", { class: "space" }),
      iconButton({
        id: "copy-list",
        icon: "copy",
        label: "Copy the list",
        press: () => app.run(app.client.call("copyText", { text: toTabs(worseText(pair, list)) })),
      }),
    ),
    list.length === 0
      ? el("p", { class: "dim", id: "no-worse" }, "No problem: every difference may be noise.")
      : problemTable(app, pair, {
          id: "worse-problems",
          label: `Problems at which ${names[side]} is surely worse`,
          columns: [
            numberColumn,
            previewColumn,
            ratioColumn(pair, 0),
            ratioColumn(pair, 1),
            changeColumn("Change"),
            pColumn,
            chevronColumn,
          ],
          rows: list.map(({ row }) => row),
          sort: { column: "p", descending: false },
        }),
  );
}

const worseText = (pair: Pair, list: readonly Worse[]): TextTable => ({
  head: ["id", ...pair.series.map(({ name }) => `${name} c/n`), "p"],
  rows: list.map(({ row, p }) => [
    row.problem.id,
    ratioText(row.first),
    row.second ? ratioText(row.second) : "",
    p,
  ]),
});

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** For the export: quantity, value, low, high. */
export function noiseData(pair: Pair): readonly (readonly (string | number | null)[])[] {
  const noise = noiseOf(pair);
  if (noise === null) return [];
  const names = shortNames(pair);
  const sides = ([0, 1] as const).flatMap((side) => [
    [
      `${setName(pair, side === 0 ? "aOnly" : "bOnly")} by noise alone, at most`,
      finiteOrNull(noise.byNoise[side]),
      null,
      null,
    ],
    [
      `${names[side]}: solved by n more samples, expected at most`,
      finiteOrNull(noise.more[side].expected),
      null,
      finiteOrNull(noise.more[side].upper),
    ],
    [`${names[side]} surely worse, problems`, noise.worse[side].length, null, null],
  ]);
  return [["mid-P McNemar", noise.midP, null, null], ...sides];
}
