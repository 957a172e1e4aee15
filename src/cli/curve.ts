import { compareRuns } from "../core/estimate/compareRuns.ts";
import { intervalMethods } from "../core/estimate/names.ts";
import type { ComparisonReport, RunReport } from "../core/estimate/report.ts";
import { meterWords, planWords, type StoppedMeter } from "../core/estimate/stoppedRun.ts";
import { count, percent, rate } from "../core/numberWords.ts";
import { parsedArgs, usageError } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import { drawsHelp, estimateArgs, estimateOptions, intervalHelp, targets } from "./estimateArgs.ts";
import { filesHelp, loadInputs } from "./loadRuns.ts";
import { recordedCurves, recordedText } from "./recordedCurves.ts";
import { table } from "./table.ts";

const usage = `Usage: curve FILES... [--k LIST] [--interval ${intervalMethods.join("|")}] [--draws N] [--seed S] [--json]

pass@k of each run with a 95 % interval, and the crossover of each pair of runs.
${filesHelp}

  --k LIST      k values, e.g. 1,8,64 (default: 1, 2, 3, 4, 5, 6, 8 ... n, four to an octave)
${intervalHelp}
                fixed: these very problems, new samples
${drawsHelp}
  --json        {"runs": [{name, problems, samples, nMin, nMax, truncated, curve: [{k, passAtK, low, high, problems}]}],
                "crossovers": [{a, b, k, low, high, verdict}]}; rates are fractions, null where not estimable (n < k);
                "figures": curves of a report, without counts and so without intervals
`;

/** `curve FILES...` */
export const curveCommand: Command = { summary: "pass@k with intervals, and crossovers", usage, run };

async function run(args: readonly string[], context: CommandContext): Promise<void> {
  const parsed = parsedArgs(args, estimateOptions);
  const options = estimateArgs(parsed);
  if (parsed.files.length === 0) throw usageError("Name at least one file.");
  const { runs, figures } = await loadInputs(parsed.files, context);
  const { ks, ...rest } = options;
  const report = compareRuns(runs, { ...rest, ...(ks ? { ks } : {}) });
  const recorded = recordedCurves(figures);
  if (parsed.flag("json")) context.out(`${JSON.stringify({ ...jsonOf(report, ks), figures: recorded })}\n`);
  else context.out(`${runs.length > 0 ? readable(report, ks) : ""}${recordedText(recorded)}`);
}

/** Points of a run at the k asked for: those it cannot estimate as null, never padded. */
function pointsOf(run: Pick<RunReport, "curve">, ks: readonly number[] | null) {
  if (ks === null) return run.curve;
  return ks.map(
    (k) =>
      run.curve.find((point) => point.k === k) ?? { k, passAtK: null, low: null, high: null, problems: 0 },
  );
}

function jsonOf(report: ComparisonReport, ks: readonly number[] | null) {
  const nameOf = new Map(report.runs.map((run) => [run.id, run.name]));
  return {
    interval: report.interval,
    draws: report.draws,
    seed: report.seed,
    runs: report.runs.map(({ id: _id, ...run }) => ({ ...run, curve: pointsOf(run, ks) })),
    differences: report.differences.map(({ runId, referenceId, problems, points }) => ({
      run: nameOf.get(runId),
      reference: nameOf.get(referenceId),
      problems,
      points,
    })),
    crossovers: report.crossovers.map(({ aId: _aId, bId: _bId, overtaker, ...rest }) => ({
      ...rest,
      overtaker: overtaker === null ? null : nameOf.get(overtaker),
    })),
    parity: { known: report.parity.known, same: report.parity.same, sentence: report.parity.sentence },
  };
}

function readable(report: ComparisonReport, ks: readonly number[] | null): string {
  const lines: string[] = [];
  for (const run of report.runs) lines.push(runText(run, ks));
  lines.push(`pass@k in %, 95 % interval for ${targets[report.interval]}.\n`);
  for (const { sentence } of report.crossovers) lines.push(`${sentence}\n`);
  if (report.runs.length > 1) lines.push(`${report.parity.sentence}\n`);
  return lines.join("");
}

function runText(run: RunReport, ks: readonly number[] | null): string {
  const { name, problems, samples, nMin, nMax, truncated, majority, stopped } = run;
  const n = stopped ? planWords(stopped.plan) : nMin === nMax ? `n = ${nMin}` : `n = ${nMin} to ${nMax}`;
  const tokens =
    run.tokensPerSample === null ? "" : `, ${count(Math.round(run.tokensPerSample))} tokens a sample`;
  const cut = truncated > 0 ? `, ${count(truncated)} cut off` : "";
  const { majorityOfAll } = run;
  const ofAll =
    majorityOfAll === null
      ? ""
      : `maj@n in file order, a tie to the answer seen first: ${percent(majorityOfAll)}\n`;
  const head = `${name}: ${count(problems)} problems, ${count(samples)} samples (${n}${cut}${tokens})\n${stopped ? meterText(stopped, nMax) : ""}`;
  const rows = pointsOf(run, ks).map((point) => {
    const { k, passAtK, low, high } = point;
    const value =
      passAtK === null || low === null || high === null
        ? "not estimable"
        : rate({ value: passAtK, low, high });
    const vote = majority?.find((point) => point.k === k);
    return [String(k), value, String(point.problems), ...(majority ? [vote ? rate(vote) : ""] : [])];
  });
  return `${head}${table(["k", "pass@k [95 %]", "problems", ...(majority ? ["maj@k [95 %]"] : [])], rows)}${ofAll}\n`;
}

/** What the stop saved, and how far the curve reaches while problems are unfinished. */
function meterText(stopped: StoppedMeter, reach: number): string {
  const { problemsOver, problems, plan, notContinued } = stopped;
  const open = problems - problemsOver;
  return [
    `${capital(meterWords(stopped))}.`,
    ...(notContinued > 0 ? [` ${count(notContinued)} unsolved were not continued, by their coin.`] : []),
    ...(open > 0
      ? [` ${count(open)} of ${count(problems)} problems are unfinished: the curve reaches k = ${reach}.`]
      : reach < plan.nMax
        ? [` Samples without a verdict: the curve reaches k = ${reach}.`]
        : []),
    "\n",
  ].join("");
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
