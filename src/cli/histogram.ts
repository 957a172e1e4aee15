import { countOf } from "../core/estimate/compareRuns.ts";
import { binLabels, histogram } from "../core/estimate/histogram.ts";
import { parsedArgs, usageError } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import { filesHelp, loadRuns } from "./loadRuns.ts";
import { percent, table, whole } from "./table.ts";

const usage = `Usage: histogram FILES... [--json]

Problems by the share of their samples that is correct, in 12 bins, side by side for each run.
${filesHelp}

  --json  {"bins": [labels], "runs": [{name, problems, counts}]}
`;

/** `histogram FILES...` */
export const histogramCommand: Command = { summary: "problems by accuracy, in 12 bins", usage, run };

async function run(args: readonly string[], context: CommandContext): Promise<void> {
  const parsed = parsedArgs(args, { json: { type: "boolean" } });
  if (parsed.files.length === 0) throw usageError("Name at least one file.");
  const loaded = await loadRuns(parsed.files, context);
  const runs = loaded.map((run) => {
    const counts = histogram(run.problems.map((tally) => countOf(tally)));
    return { name: run.name, problems: counts.reduce((sum, count) => sum + count, 0), counts };
  });
  context.out(parsed.flag("json") ? `${JSON.stringify({ bins: binLabels, runs })}\n` : readable(runs));
}

interface RunHistogram {
  readonly name: string;
  readonly problems: number;
  readonly counts: readonly number[];
}

function readable(runs: readonly RunHistogram[]): string {
  const head = ["correct", ...runs.map(({ name, problems }) => `${name} (${whole(problems)} problems)`)];
  const rows = binLabels.map((label, bin) => [
    label,
    ...runs.map(
      ({ counts, problems }) => `${whole(counts[bin] ?? 0)} (${percent((counts[bin] ?? 0) / problems)} %)`,
    ),
  ]);
  return table(head, rows);
}
