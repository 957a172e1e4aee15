import { countOf } from "../core/estimate/compareRuns.ts";
import {
  type Forecast,
  forecast,
  type ForecastPoint,
  refusalText,
} from "../core/estimate/forecast/forecast.ts";
import { LensError } from "../core/errors.ts";
import { count, percent, rate } from "../core/numberWords.ts";
import { parsedArgs, usageError } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import { estimateArgs, estimateOptions } from "./estimateArgs.ts";
import { filesHelp, loadRuns } from "./loadRuns.ts";
import { needPlainRuns } from "./plainRuns.ts";
import { table } from "./table.ts";

const usage = `Usage: forecast FILES... [--k LIST] [--even-if-refused] [--json]

A FORECAST of pass@k beyond n, not a measurement: bounds that hold for any distribution of solve rates, and within them a
beta-binomial model and one with a share of unsolvable problems. The models are refused where they are known to mislead.
${filesHelp}

  --k LIST           default: eight to an octave, up to 4 n; k up to n is no forecast, see curve
  --even-if-refused  give the models' values all the same, with the reasons
  --draws N          of the bounds' interval (default 1000)
  --seed S           of those draws and of the test of fit (default 1)
  --finished         count only samples that ended by themselves
  --json             {"runs": [{name, n, problems, passAtN, fit: {a, b, logLikelihood}, fitP, refusals, points}]}
`;

/** `forecast FILES...` */
export const forecastCommand: Command = { summary: "a forecast of pass@k beyond n", usage, run };

async function run(args: readonly string[], context: CommandContext): Promise<void> {
  const { interval: _interval, ...options } = estimateOptions;
  const parsed = parsedArgs(args, { ...options, "even-if-refused": { type: "boolean" } });
  const { ks, draws, seed, finishedOnly } = estimateArgs(parsed);
  if (parsed.files.length === 0) throw usageError("Name at least one file.");
  const loaded = await loadRuns(parsed.files, context);
  needPlainRuns(loaded, "A forecast beyond n");
  const runs = loaded.map((one) => {
    const counts = one.problems.map((tally) => countOf(tally, finishedOnly));
    const found = forecast(counts, ks, { draws, seed, evenIfRefused: parsed.flag("even-if-refused") });
    if (!found) throw new LensError("input", `${one.name} has no sample that counts.`);
    if (found.points.length === 0)
      throw usageError(`${one.name} has n = ${found.n}: name a larger k. Up to n there is the curve itself.`);
    return { name: one.name, ...found };
  });
  context.out(parsed.flag("json") ? `${JSON.stringify({ runs })}\n` : runs.map(readable).join("\n"));
}

function readable(found: Forecast & { readonly name: string }): string {
  const { name, n, problems, passAtN, fit, fitP, refusals, points } = found;
  const fitted = `Beta-binomial fit: a ${fit.a.toPrecision(4)}, b ${fit.b.toPrecision(4)}, ln L ${fit.logLikelihood.toFixed(3)}`;
  const tested =
    fitP === null ? "" : `, p of the fit ${fitP.toPrecision(2)} (a good fit does not make it right)`;
  const refused = refusals.map((refusal) => `No model line: ${refusalText[refusal]}.\n`);
  return [
    `${name}: FORECAST from ${count(problems)} problems at n = ${n}, pass@${n} = ${percent(passAtN)} %\n`,
    table(["k", "bounds", "with noise", "beta-binomial", "with unsolvables"], points.map(row)),
    `${fitted}${tested}\n`,
    ...refused,
    "In %. Bounds hold for any distribution; model values are posterior medians [95 % under the model].\n",
  ].join("");
}

function row({ k, envelope, betaBinomial, zeroInflated, refusals }: ForecastPoint): string[] {
  const why = refusals.includes("tooFar") ? "refused: too far" : "refused";
  return [
    String(k),
    `${percent(envelope.least)} to ${percent(envelope.most)}`,
    `${percent(envelope.low)} to ${percent(envelope.high)}`,
    betaBinomial ? rate(betaBinomial) : why,
    zeroInflated ? rate(zeroInflated) : why,
  ];
}
