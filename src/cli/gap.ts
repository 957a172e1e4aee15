import type { RecordedFigure } from "../core/dataset/countFile.ts";
import { countOf } from "../core/estimate/compareRuns.ts";
import { reachOf } from "../core/estimate/countValues.ts";
import { type Gap, gap } from "../core/estimate/gap.ts";
import { pairProblems } from "../core/estimate/pairProblems.ts";
import { LensError } from "../core/errors.ts";
import type { RunTally } from "../core/model.ts";
import { count, percent, rate } from "../core/numberWords.ts";
import { parsedArgs, usageError } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import {
  drawsHelp,
  type EstimateArgs,
  estimateArgs,
  estimateOptions,
  intervalHelp,
  targets,
} from "./estimateArgs.ts";
import { filesHelp, type Inputs, loadInputs, namesOf } from "./loadRuns.ts";
import { table } from "./table.ts";

const usage = `Usage: gap FILES... [--k K] [--base NAME] [--interval jbb|gaffke|percentile|fixed] [--json]

The sampling-efficiency gap of each run: pass@K of the base minus pass@1 of the run, over the problems both have.
${filesHelp}
Figures of a report, {"runs": [{"name": "GRPO", "role": "rl", "dataset": "D", "curve": {"1": 0.25, "256": 0.68}}]}, have no interval.

  --k K         default 256, or the base's largest n below that
  --base NAME   default: the run of role base, else the first (with several datasets: one base each)
${intervalHelp}
                fixed: these very problems, new samples
${drawsHelp}
  --json        {"gaps": [{dataset, base, run, k, basePassAtK, runPassAt1, gap, low, high, problems, ...}]}; fractions
`;

/** `gap FILES...` */
export const gapCommand: Command = { summary: "pass@256 of the base minus pass@1 of each run", usage, run };

async function run(args: readonly string[], context: CommandContext): Promise<void> {
  const parsed = parsedArgs(args, { ...estimateOptions, base: { type: "string" } });
  const options = estimateArgs(parsed);
  if (parsed.files.length === 0) throw usageError("Name at least one file.");
  const [k, ...more] = options.ks ?? [];
  if (more.length > 0) throw usageError("--k: expected one number.");
  const inputs = await loadInputs(parsed.files, context);
  const rows = gapRows(inputs, { k: k ?? null, base: parsed.text("base") ?? null, options });
  if (rows.length === 0) throw new LensError("input", "No run has a base with problems in common.");
  context.out(
    parsed.flag("json")
      ? `${JSON.stringify({ interval: options.interval, gaps: rows })}\n`
      : readable(rows, options),
  );
}

interface GapRow extends Pick<Gap, "k" | "gap"> {
  readonly dataset: string;
  readonly base: string;
  readonly run: string;
  readonly basePassAtK: number;
  readonly runPassAt1: number;
  /** `null`: a figure without counts. */
  readonly low: number | null;
  readonly high: number | null;
  readonly problems: number | null;
  readonly leftOut: number;
  readonly baseN: readonly [number, number] | null;
  readonly runN: readonly [number, number] | null;
  readonly nDiffers: boolean;
}

interface Wanted {
  readonly k: number | null;
  readonly base: string | null;
  readonly options: EstimateArgs;
}

function gapRows({ runs, figures }: Inputs, wanted: Wanted): GapRow[] {
  const curves = figures.filter(({ points }) => points !== null);
  return [
    ...withBases(runs, wanted.base).flatMap(([base, other]) => runRow(base, other, wanted)),
    ...withBases(curves, wanted.base).flatMap(([base, other]) => figureRow(base, other, wanted.k)),
  ];
}

type Named = Pick<RunTally, "name" | "role" | "dataset">;

/** Each other run with its base: that of its own dataset, or the only one. */
function withBases<T extends Named>(all: readonly T[], name: string | null): (readonly [T, T])[] {
  const named = all.filter((one) => (name === null ? one.role === "base" : one.name === name));
  if (name !== null && named.length === 0 && all.length > 0)
    throw usageError(`--base: no run ${JSON.stringify(name)}. There are: ${namesOf(all)}.`);
  const bases = named.length > 0 ? named : all.slice(0, 1);
  return all.flatMap((other) => {
    if (bases.includes(other)) return [];
    const base = bases.length === 1 ? bases[0] : bases.find(({ dataset }) => dataset === other.dataset);
    return base ? [[base, other] as const] : [];
  });
}

function runRow(base: RunTally, other: RunTally, { k, options }: Wanted): GapRow[] {
  const pairs = pairProblems(base, other).map(
    ([a, b]) => [countOf(a, options.finishedOnly), countOf(b, options.finishedOnly)] as const,
  );
  const largest = pairs.reduce((most, [a]) => Math.max(most, reachOf(a)), 0);
  const found = gap(pairs, k ?? Math.min(256, largest), options);
  if (!found) return [];
  const { base: basePassAtK, other: runPassAt1, otherN: runN, ...rest } = found;
  return [
    { dataset: other.dataset, base: base.name, run: other.name, basePassAtK, runPassAt1, runN, ...rest },
  ];
}

function figureRow(base: RecordedFigure, other: RecordedFigure, k: number | null): GapRow[] {
  const at = k ?? Math.min(256, base.points?.at(-1)?.k ?? 0);
  const basePassAtK = base.points?.find((point) => point.k === at)?.passAtK;
  const runPassAt1 = other.points?.find((point) => point.k === 1)?.passAtK;
  if (basePassAtK === undefined || runPassAt1 === undefined) return [];
  const missing = { low: null, high: null, leftOut: 0, baseN: null, runN: null, nDiffers: false };
  return [
    {
      dataset: other.dataset,
      base: base.name,
      run: other.name,
      k: at,
      basePassAtK,
      runPassAt1,
      gap: basePassAtK - runPassAt1,
      problems: other.problems,
      ...missing,
    },
  ];
}

function readable(rows: readonly GapRow[], { interval }: EstimateArgs): string {
  const text = table(
    ["run", "dataset", "base pass@k", "k", "run pass@1", "gap [95 %]", "problems"],
    rows.map((row) => [
      row.run,
      row.dataset,
      percent(row.basePassAtK),
      String(row.k),
      percent(row.runPassAt1),
      row.low === null || row.high === null
        ? percent(row.gap)
        : rate({ value: row.gap, low: row.low, high: row.high }),
      row.problems === null ? "" : count(row.problems),
    ]),
  );
  const counted = rows.some(({ low }) => low !== null);
  const notes = rows.flatMap((row) => {
    const lines: string[] = [];
    if (row.nDiffers && row.baseN && row.runN)
      lines.push(`${row.run}: sampled ${span(row.runN)} times, ${row.base} ${span(row.baseN)} times.\n`);
    if (row.leftOut > 0)
      lines.push(
        `${row.run}: ${count(row.leftOut)} problems with fewer than ${row.k} samples of ${row.base} are left out.\n`,
      );
    return lines;
  });
  const target = counted
    ? `95 % interval for ${targets[interval]}.`
    : "Figures without counts: no intervals.";
  return `${text}In %. ${target}\n${notes.join("")}`;
}

function span([least, most]: readonly [number, number]): string {
  return least === most ? String(least) : `${least} to ${most}`;
}
