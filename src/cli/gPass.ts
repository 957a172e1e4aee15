import { countOf } from "../core/estimate/compareRuns.ts";
import {
  gPassCurve,
  type GPassPoint,
  gPassTaus,
  meanGPass,
  type MeanGPassPoint,
} from "../core/estimate/gPassCurve.ts";
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

const usage = `Usage: gpass FILES... [--k LIST] [--tau LIST] [--interval jbb|gaffke|percentile] [--json]

G-Pass@k: the chance that at least a share tau of k samples is correct (1: all of them), and mG-Pass@k, its mean over tau
above one half.
${filesHelp}

  --k LIST      default 16, or the run's largest n below that
  --tau LIST    default ${gPassTaus.join(",")}
${intervalHelp}
${drawsHelp}
  --json        {"runs": [{name, points: [{k, tau, value, low, high, problems}], mean: [{k, value, low, high, problems}]}]}
`;

/** `gpass FILES...` */
export const gPassCommand: Command = { summary: "G-Pass@k: how steadily runs are right", usage, run };

interface RunGPass {
  readonly name: string;
  readonly points: readonly GPassPoint[];
  readonly mean: readonly MeanGPassPoint[];
}

async function run(args: readonly string[], context: CommandContext): Promise<void> {
  const parsed = parsedArgs(args, { ...estimateOptions, tau: { type: "string" } });
  const { ks, finishedOnly, ...rest } = estimateArgs(parsed);
  const taus = shares(parsed.text("tau"), "--tau") ?? gPassTaus;
  const options = { ...rest, interval: populationMethod(rest.interval) };
  if (parsed.files.length === 0) throw usageError("Name at least one file.");
  const loaded = await loadRuns(parsed.files, context);
  needPlainRuns(loaded, "G-Pass@k");
  const runs = loaded.map((one): RunGPass => {
    const counts = one.problems.map((tally) => countOf(tally, finishedOnly));
    const used = ks ?? [counts.reduce((most, { n }) => Math.min(16, Math.max(most, n)), 1)];
    return {
      name: one.name,
      points: used.flatMap((k) => gPassCurve(counts, { k, taus }, options)),
      mean: meanGPass(counts, used, options),
    };
  });
  const { interval } = options;
  context.out(
    parsed.flag("json")
      ? `${JSON.stringify({ interval, runs })}\n`
      : `${runs.map(readable).join("\n")}In %, 95 % interval for ${targets[interval]}.\n`,
  );
}

function readable({ name, points, mean }: RunGPass): string {
  if (mean.length === 0) return `${name}: no problem has that many samples.\n`;
  const rows = mean.flatMap((average) => [
    ...points
      .filter(({ k }) => k === average.k)
      .map((point) => [`G-Pass@${point.k}, tau ${point.tau}`, rate(point), count(point.problems)]),
    [`mG-Pass@${average.k}`, rate(average), count(average.problems)],
  ]);
  return table([name, "[95 %]", "problems"], rows);
}
