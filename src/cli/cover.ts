import { countOf } from "../core/estimate/compareRuns.ts";
import { coverCurve, type CoverPoint } from "../core/estimate/coverCurve.ts";
import { count, rate } from "../core/numberWords.ts";
import { parsedArgs, usageError } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import {
  drawsHelp,
  estimateArgs,
  estimateOptions,
  intervalHelp,
  populationMethod,
  shares,
  targets,
} from "./estimateArgs.ts";
import { filesHelp, loadRuns } from "./loadRuns.ts";
import { needPlainRuns } from "./plainRuns.ts";
import { table } from "./table.ts";

const defaultTaus = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1];

const usage = `Usage: cover FILES... [--tau LIST] [--interval jbb|gaffke|percentile] [--json]

Cover@tau: the share of problems of which at least a share tau of the samples is correct.
${filesHelp}

  --tau LIST    default ${defaultTaus.join(",")}
${intervalHelp}
${drawsHelp}
  --json        {"runs": [{name, problems, points: [{tau, count, value, low, high, problems}]}]}; fractions
`;

/** `cover FILES...` */
export const coverCommand: Command = { summary: "Cover@tau: problems solved at least at a rate", usage, run };

interface RunCover {
  readonly name: string;
  readonly problems: number;
  readonly points: readonly CoverPoint[];
}

async function run(args: readonly string[], context: CommandContext): Promise<void> {
  const { k: _k, ...table } = estimateOptions;
  const parsed = parsedArgs(args, { ...table, tau: { type: "string" } });
  const { finishedOnly, ...rest } = estimateArgs(parsed);
  const options = { draws: rest.draws, seed: rest.seed, interval: populationMethod(rest.interval) };
  const taus = shares(parsed.text("tau"), "--tau") ?? defaultTaus;
  if (parsed.files.length === 0) throw usageError("Name at least one file.");
  const loaded = await loadRuns(parsed.files, context);
  needPlainRuns(loaded, "Cover@tau");
  const runs = loaded.map((one): RunCover => {
    const counts = one.problems.map((tally) => countOf(tally, finishedOnly));
    const points = coverCurve(counts, taus, options);
    return { name: one.name, problems: points[0]?.problems ?? 0, points };
  });
  const { interval } = options;
  context.out(
    parsed.flag("json") ? `${JSON.stringify({ interval, runs })}\n` : readable(runs, targets[interval]),
  );
}

function readable(runs: readonly RunCover[], target: string): string {
  const parts = runs.map(({ name, problems, points }) =>
    table(
      [`${name} (${count(problems)} problems)`, "problems", "% [95 %]"],
      points.map((point) => [`tau ${point.tau}`, count(point.count), rate(point)]),
    ),
  );
  return `${parts.join("\n")}By the measured share c/n; 95 % interval for ${target}.\n`;
}
