import { countOf } from "../core/estimate/compareRuns.ts";
import { binLabels, binTransitions, histogram } from "../core/estimate/histogram.ts";
import { pairProblems } from "../core/estimate/pairProblems.ts";
import type { RunTally } from "../core/model.ts";
import { count, percent } from "../core/numberWords.ts";
import { parsedArgs, usageError } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import { filesHelp, type Inputs, loadInputs } from "./loadRuns.ts";
import { needPlainRuns } from "./plainRuns.ts";
import { table } from "./table.ts";

const usage = `Usage: histogram FILES... [--transitions] [--finished] [--json]

Problems by the share of their samples that is correct, in 12 bins, side by side for each run.
${filesHelp}
Histograms of a report: {"runs": [{"name": "base", "dataset": "D", "bins": [12 numbers]}]}.

  --transitions  of two runs: from which bin of the first (rows) to which of the second (columns) problems move
  --finished     count only samples that ended by themselves
  --json         {"bins": [labels], "runs": [{name, dataset, problems, counts, solved}], "transitions": 12 x 12 or null};
                 solved: the share of problems outside bin 0, which is pass@n
`;

/** `histogram FILES...` */
export const histogramCommand: Command = { summary: "problems by accuracy, in 12 bins", usage, run };

async function run(args: readonly string[], context: CommandContext): Promise<void> {
  const parsed = parsedArgs(args, {
    transitions: { type: "boolean" },
    finished: { type: "boolean" },
    json: { type: "boolean" },
  });
  if (parsed.files.length === 0) throw usageError("Name at least one file.");
  const inputs = await loadInputs(parsed.files, context);
  needPlainRuns(inputs.runs, "The histogram of accuracies");
  const finishedOnly = parsed.flag("finished");
  const runs = histograms(inputs, finishedOnly);
  const matrix = parsed.flag("transitions") ? transitions(inputs.runs, finishedOnly) : null;
  if (parsed.flag("json")) context.out(`${JSON.stringify({ bins: binLabels, runs, transitions: matrix })}\n`);
  else context.out(`${readable(runs)}${matrix ? matrixText(matrix, inputs.runs) : ""}`);
}

interface RunHistogram {
  readonly name: string;
  readonly dataset: string;
  readonly problems: number;
  readonly counts: readonly number[];
  /** 1 - bin 0 / problems. */
  readonly solved: number;
}

function histograms({ runs, figures }: Inputs, finishedOnly: boolean): RunHistogram[] {
  const counted = runs.map(({ name, dataset, problems }) => ({
    name,
    dataset,
    counts: histogram(problems.map((tally) => countOf(tally, finishedOnly))),
  }));
  const recorded = figures.flatMap(({ name, dataset, bins }) =>
    bins === null ? [] : [{ name, dataset, counts: [...bins] }],
  );
  return [...counted, ...recorded].map((one) => {
    const problems = one.counts.reduce((sum, count) => sum + count, 0);
    return { ...one, problems, solved: 1 - (one.counts[0] ?? 0) / problems };
  });
}

function transitions(runs: readonly RunTally[], finishedOnly: boolean): number[][] {
  const [a, b] = runs;
  if (!a || !b || runs.length !== 2)
    throw usageError(`--transitions compares two runs. Found ${runs.length}.`);
  const pairs = pairProblems(a, b);
  return binTransitions(
    pairs.map(([x]) => countOf(x, finishedOnly)),
    pairs.map(([, y]) => countOf(y, finishedOnly)),
  );
}

/** Runs side by side, a few at a time: figures can have dozens. */
const sideBySide = 6;

function readable(runs: readonly RunHistogram[]): string {
  const several = new Set(runs.map(({ dataset }) => dataset)).size < runs.length && runs.length > sideBySide;
  const title = ({ name, dataset, problems }: RunHistogram) =>
    `${several ? `${dataset} ${name}` : name} (${count(problems)} problems)`;
  const parts: string[] = [];
  for (let from = 0; from < runs.length; from += sideBySide) {
    const shown = runs.slice(from, from + sideBySide);
    const rows = binLabels.map((label, bin) => [
      label,
      ...shown.map(
        ({ counts, problems }) => `${count(counts[bin] ?? 0)} (${percent((counts[bin] ?? 0) / problems)} %)`,
      ),
    ]);
    parts.push(table(["correct", ...shown.map(title)], rows));
  }
  return parts.join("\n");
}

function matrixText(matrix: readonly (readonly number[])[], [a, b]: readonly RunTally[]): string {
  const rows = matrix.map((row, from) => [
    binLabels[from] ?? "",
    ...row.map((problems) => (problems === 0 ? "." : count(problems))),
  ]);
  return `\nFrom the bin in ${a?.name} (rows) to the bin in ${b?.name} (columns)\n${table(["", ...binLabels], rows)}`;
}
