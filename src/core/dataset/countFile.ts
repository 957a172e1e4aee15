import { binLabels } from "../estimate/histogram.ts";
import type { ProblemTally, Role, RunTally } from "../model.ts";
import { roles } from "../model.ts";
import {
  asInteger,
  asList,
  asNumber,
  asOneOf,
  asRecord,
  asString,
  FieldError,
  isRecord,
  type JsonRecord,
  orNull,
} from "../parse.ts";
import { baseName, guessRole } from "./runName.ts";

/** A figure of somebody's report: a curve or a histogram without the counts behind it, so without intervals. */
export interface RecordedFigure {
  readonly name: string;
  readonly role: Role;
  readonly dataset: string;
  /** `null`: not told. */
  readonly problems: number | null;
  /** Ascending k; fractions. */
  readonly points: readonly { readonly k: number; readonly passAtK: number }[] | null;
  /** Problems in each of the 12 accuracy bins. */
  readonly bins: readonly number[] | null;
}

export interface CountFile {
  readonly runs: readonly RunTally[];
  readonly figures: readonly RecordedFigure[];
}

/**
 * Counts without samples: `{name, n, counts: [c, ...]}`, `n` one number or a list, with optional `role`, `dataset` and `ids`
 * (rows are paired by id, else by position when both files have equally many), or `{runs: [...]}` of those. In place of
 * `n` and `counts`, a figure read off a report: `curve: {"1": 0.3, "256": 0.7}` or `bins: [12 numbers]` (with `problems`).
 * Also the two files of arXiv 2504.13837's figures 2 and 13. `null` where `value` has none of these shapes; throws a
 * FieldError (code `badInput`) where it has one and is wrong.
 */
export function readCountFile(value: unknown, fileName: string): CountFile | null {
  if (!isRecord(value)) return null;
  const file = baseName(fileName);
  if (Array.isArray(value["curves"])) return figurePanels(value["curves"], file, "curves");
  if (Array.isArray(value["rows"]) && Array.isArray(value["bins"]))
    return figurePanels(value["rows"], file, "rows");
  if (isRun(value)) return collected([entry(value, file, "")]);
  const runs = value["runs"];
  if (!Array.isArray(runs) || runs.length === 0 || !runs.every((run) => isRecord(run) && isRun(run)))
    return null;
  return collected(runs.map((run, i) => entry(asRecord(run, ""), file, `runs[${i}].`)));
}

function isRun(value: JsonRecord): boolean {
  return (
    Array.isArray(value["counts"]) ||
    (isRecord(value["curve"]) && Object.keys(value["curve"]).every((k) => /^\d+$/.test(k))) ||
    (Array.isArray(value["bins"]) && value["name"] !== undefined)
  );
}

type Entry = { readonly run: RunTally } | { readonly figure: RecordedFigure };

function collected(entries: readonly Entry[]): CountFile {
  return {
    runs: entries.flatMap((one) => ("run" in one ? [one.run] : [])),
    figures: entries.flatMap((one) => ("figure" in one ? [one.figure] : [])),
  };
}

function entry(value: JsonRecord, file: string, at: string): Entry {
  const name = orNull(value["name"], `${at}name`, asString) ?? file;
  const role =
    orNull(value["role"], `${at}role`, (word, field) => asOneOf(word, roles, field)) ?? guessRole(name);
  const dataset = orNull(value["dataset"], `${at}dataset`, asString) ?? file;
  if (value["counts"] !== undefined) {
    const known = value["dataset"] === undefined ? null : dataset;
    const problems = tallies(value, at, known);
    const id = `${file}#${known === null ? name : `${known}/${name}`}`;
    return {
      run: { id, name, role, dataset, protocol: null, verifier: "file", metadata: {}, problems },
    };
  }
  const bins = orNull(value["bins"], `${at}bins`, binCounts);
  const points = orNull(value["curve"], `${at}curve`, curvePoints);
  const problems = orNull(value["problems"], `${at}problems`, asInteger);
  return { figure: { name, role, dataset, problems: problems ?? sumOf(bins), points, bins } };
}

function tallies(value: JsonRecord, at: string, dataset: string | null): ProblemTally[] {
  const counts = asList(value["counts"], `${at}counts`);
  const ns = value["n"];
  const ids = orNull(value["ids"], `${at}ids`, asList);
  for (const [field, list] of [
    ["n", Array.isArray(ns) ? ns : null],
    ["ids", ids],
  ] as const) {
    if (list && list.length !== counts.length)
      throw new FieldError(
        `${at}${field}`,
        `expected ${counts.length} entries as in counts, got ${list.length}`,
      );
  }
  return counts.map((count, i) => {
    const n = Array.isArray(ns) ? asInteger(ns[i], `${at}n[${i}]`) : asInteger(ns, `${at}n`);
    const c = asInteger(count, `${at}counts[${i}]`);
    if (c > n) throw new FieldError(`${at}counts[${i}]`, `expected at most n = ${n}, got ${c}`);
    const own = ids?.[i];
    const id =
      own === undefined
        ? String(i + 1)
        : typeof own === "number"
          ? String(own)
          : asString(own, `${at}ids[${i}]`);
    const key = ids ? `id:${id}` : `row:${dataset ?? ""}:${id} of ${counts.length}`;
    return tally({ key, id, index: i }, n, c);
  });
}

/** Nothing but n and c is known: every sample counts as finished. */
function tally(place: { key: string; id: string; index: number }, n: number, c: number): ProblemTally {
  return {
    problem: { ...place, question: "", gold: null, line: null },
    n,
    c,
    truncated: 0,
    refused: 0,
    unparsed: 0,
    undecided: 0,
    error: 0,
    failed: 0,
    ungraded: 0,
    finishedN: n,
    finishedC: c,
    duplicates: 0,
    answers: null,
  };
}

/** Panels with a base and an RL entry each, as curves `{k: rate}` or as 12 counts. */
function figurePanels(panels: readonly unknown[], file: string, field: string): CountFile {
  const figures = panels.flatMap((panel, i) => {
    const at = `${field}[${i}]`;
    const row = asRecord(panel, at);
    const benchmark = orNull(row["benchmark"], `${at}.benchmark`, asString) ?? file;
    const model = orNull(row["model"], `${at}.model`, asString) ?? "";
    return (["base", "rl"] as const).map((role): RecordedFigure => {
      const value = row[role];
      const bins = Array.isArray(value) ? binCounts(value, `${at}.${role}`) : null;
      return {
        name: role,
        role,
        dataset: model === "" ? benchmark : `${benchmark} ${model}`,
        problems: orNull(row["N"], `${at}.N`, asInteger) ?? sumOf(bins),
        points: bins ? null : curvePoints(value, `${at}.${role}`),
        bins,
      };
    });
  });
  return { runs: [], figures };
}

function binCounts(value: unknown, field: string): number[] {
  const bins = asList(value, field).map((count, i) => asInteger(count, `${field}[${i}]`));
  if (bins.length !== binLabels.length)
    throw new FieldError(field, `expected ${binLabels.length} bins, got ${bins.length}`);
  return bins;
}

function curvePoints(value: unknown, field: string): { readonly k: number; readonly passAtK: number }[] {
  const points = Object.entries(asRecord(value, field)).map(([text, rate]) => {
    const k = asInteger(Number(text), `${field}.${text}`, 1);
    const passAtK = asNumber(rate, `${field}.${text}`);
    if (passAtK < 0 || passAtK > 1)
      throw new FieldError(`${field}.${text}`, `expected a fraction from 0 to 1, got ${passAtK}`);
    return { k, passAtK };
  });
  return points.sort((a, b) => a.k - b.k);
}

function sumOf(bins: readonly number[] | null): number | null {
  return bins?.reduce((sum, count) => sum + count, 0) ?? null;
}
