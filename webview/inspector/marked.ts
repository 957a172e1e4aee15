// What the list beside the trace holds and `n` walks through, by colour mode: low tokens, forks, exits, differences.
import { count, decimal } from "../../src/core/numberWords.ts";
import type { InspectorOptions } from "../../src/protocol/inspector.ts";
import type { ScoresView } from "../../src/protocol/traceView.ts";
import { firstEndingAfter } from "./heat.ts";
import { probabilityText } from "./words.ts";

export interface MarkedList {
  readonly id: string;
  readonly title: string;
  /** Of the column of values. */
  readonly head: string;
  /** The worst first, at most 100; `unit` is where it begins. */
  readonly rows: readonly MarkedRow[];
  /** All of them, listed or not. */
  readonly total: number;
}

export interface MarkedRow {
  readonly unit: number;
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

const mostListed = 100;

export function markedLists(scores: ScoresView, options: InspectorOptions): readonly MarkedList[] {
  switch (options.colour) {
    case "logRatio":
      return ratioLists(scores, options.thresholdRatioNats);
    case "entropy":
      return [
        listOf(scores, {
          id: "forks",
          title: "Forks, the top fifth by entropy",
          head: "nats",
          units: scores.forks,
          size: (unit) => scores.entropy[unit] ?? 0,
          write: (nats) => decimal(nats, 2),
        }),
      ];
    case "reach":
      return [exits(scores, 2), exits(scores, 1)];
    case "rank":
      return [
        listOf(scores, {
          id: "ranks",
          title: "Highest ranks",
          head: "rank",
          units: unitsWhere(scores.ranks, (rank) => rank > 10 || rank < 0),
          size: (unit) => beyond(scores.ranks[unit] ?? 0),
          write: (rank, unit) => ((scores.ranks[unit] ?? 0) < 0 ? `> ${count(rank - 1)}` : count(rank)),
        }),
      ];
    case "none":
    case "surprisal":
  }
  return [
    listOf(scores, {
      id: "lowest",
      title: "Lowest tokens",
      head: "p",
      units: unitsWhere(scores.surprisal, (nats) => nats >= options.thresholdNats),
      size: (unit) => scores.surprisal[unit] ?? 0,
      write: (nats) => probabilityText(Math.exp(-nats)),
    }),
  ];
}

/** In the order of the text: what `n` and `N` step through. */
export function markedUnits(scores: ScoresView, options: InspectorOptions): ArrayLike<number> {
  switch (options.colour) {
    case "logRatio": {
      const { logRatio } = scores;
      if (logRatio === null) return [];
      const ranges = unitsWhere(logRatio.values, (nats) => Math.abs(nats) >= options.thresholdRatioNats);
      return ranges.map((range) => firstEndingAfter(scores.ends, logRatio.starts[range] ?? 0));
    }
    case "entropy":
      return scores.forks;
    case "reach":
      return unitsWhere(scores.reach, (code) => code === 2);
    case "rank":
      return unitsWhere(scores.ranks, (rank) => rank > 10 || rank < 0);
    case "none":
    case "surprisal":
  }
  return unitsWhere(scores.surprisal, (nats) => nats >= options.thresholdNats);
}

/** Beyond the first k: k + 1 at least. */
const beyond = (rank: number): number => (rank < 0 ? 1 - rank : rank);

function unitsWhere(values: ArrayLike<number>, wanted: (value: number) => boolean): number[] {
  const units: number[] = [];
  for (let unit = 0; unit < values.length; unit++) if (wanted(values[unit] as number)) units.push(unit);
  return units;
}

function listOf(
  { starts, ends }: ScoresView,
  list: {
    readonly id: string;
    readonly title: string;
    readonly head: string;
    readonly units: ArrayLike<number>;
    readonly size: (unit: number) => number;
    readonly write: (size: number, unit: number) => string;
  },
): MarkedList {
  const { id, title, head, units, size, write } = list;
  const rows = largest(units, size).map((unit) => ({
    unit,
    start: starts[unit] ?? 0,
    end: ends[unit] ?? 0,
    value: write(size(unit), unit),
  }));
  return { id, title, head, rows, total: units.length };
}

function largest(units: ArrayLike<number>, size: (unit: number) => number): readonly number[] {
  const sizes = Float64Array.from(units, size);
  const least = sizes.length <= mostListed ? -Infinity : (sizes.toSorted().at(-mostListed) ?? -Infinity);
  return Array.from(units)
    .filter((_, i) => (sizes[i] as number) >= least)
    .sort((a, b) => {
      const [x, y] = [size(a), size(b)];
      return x === y ? a - b : y - x;
    })
    .slice(0, mostListed);
}

const orLeast = (nats: number): number => (Number.isNaN(nats) ? -1 : nats);

const exits = (scores: ScoresView, code: 1 | 2): MarkedList =>
  listOf(scores, {
    id: code === 2 ? "outside" : "undecided",
    title: code === 2 ? "Cannot be drawn" : "Undecided",
    head: "p",
    units: unitsWhere(scores.reach, (one) => one === code),
    size: (unit) => orLeast(scores.surprisal[unit] ?? 0),
    write: (nats) => (nats < 0 ? "not known" : probabilityText(Math.exp(-nats))),
  });

function ratioLists(scores: ScoresView, threshold: number): readonly MarkedList[] {
  const { logRatio } = scores;
  if (logRatio === null) return [];
  const { starts, ends, values } = logRatio;
  const list = (id: string, title: string, sign: 1 | -1): MarkedList => {
    const ranges = unitsWhere(values, (nats) => sign * nats >= threshold);
    const rows = largest(ranges, (range) => sign * (values[range] ?? 0)).map((range) => ({
      unit: firstEndingAfter(scores.ends, starts[range] ?? 0),
      start: starts[range] ?? 0,
      end: ends[range] ?? 0,
      value: `${sign > 0 ? "+" : ""}${decimal(values[range] ?? 0, 2)}`,
    }));
    return { id, title, head: "\u0394", rows, total: ranges.length };
  };
  return [list("up", "Pushed up", 1), list("down", "Pushed down", -1)];
}
