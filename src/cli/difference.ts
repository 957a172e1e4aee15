import { countOf } from "../core/estimate/compareRuns.ts";
import { crossover } from "../core/estimate/crossover.ts";
import { crossoverSentence } from "../core/estimate/crossoverSentence.ts";
import { difference, pairN, type ProblemPair } from "../core/estimate/difference.ts";
import { kGrid } from "../core/estimate/kGrid.ts";
import { pairProblems } from "../core/estimate/pairProblems.ts";
import { parity } from "../core/estimate/parity.ts";
import { simultaneousBand } from "../core/estimate/simultaneousBand.ts";
import { LensError } from "../core/errors.ts";
import type { RunTally } from "../core/model.ts";
import { count, rate } from "../core/numberWords.ts";
import { parsedArgs } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import {
  type EstimateArgs,
  drawsHelp,
  estimateArgs,
  estimateOptions,
  intervalHelp,
  targets,
} from "./estimateArgs.ts";
import { filesHelp } from "./loadRuns.ts";
import { loadTwo } from "./loadTwo.ts";
import { table } from "./table.ts";

const usage = `Usage: difference A B [--k LIST] [--interval jbb|gaffke|percentile|fixed] [--json]

pass@k of A minus that of B over the problems both have, with a 95 % interval at each k and (jbb) a band for the whole
curve: what may be said of a k that was found by looking.
${filesHelp}

  --k LIST      default: the grid up to the largest n that both have
${intervalHelp}
                fixed: these very problems, new samples
${drawsHelp}
  --json        {a, b, problems, points: [{k, difference, low, high, problems, bandLow, bandHigh}], factor, aAhead,
                 bAhead, crossover, parity}; fractions
`;

/** `difference A B` */
export const differenceCommand: Command = { summary: "paired difference of pass@k of two runs", usage, run };

async function run(args: readonly string[], context: CommandContext): Promise<void> {
  const parsed = parsedArgs(args, estimateOptions);
  const options = estimateArgs(parsed);
  const [a, b] = await loadTwo(parsed.files, context, "Difference");
  const result = differenceOf([a, b], options);
  context.out(parsed.flag("json") ? `${JSON.stringify(result)}\n` : readable(result, options));
}

function differenceOf([a, b]: readonly [RunTally, RunTally], options: EstimateArgs) {
  const pairs = pairProblems(a, b)
    .map(([x, y]): ProblemPair => [countOf(x, options.finishedOnly), countOf(y, options.finishedOnly)])
    .filter((pair) => pairN(pair) > 0);
  if (pairs.length === 0) throw new LensError("input", `${a.name} and ${b.name} have no problem in common.`);
  const ks = options.ks ?? kGrid(pairs.reduce((most, pair) => Math.max(most, pairN(pair)), 0));
  const band = options.interval === "jbb" ? simultaneousBand(pairs, ks, options) : null;
  const points = band?.points ?? difference(pairs, ks, options);
  const crossing = crossover(pairs, options);
  const { known, same, sentence } = parity([a, b]);
  return {
    a: a.name,
    b: b.name,
    interval: options.interval,
    problems: pairs.length,
    points,
    factor: band?.factor ?? null,
    aAhead: band?.firstAhead ?? null,
    bAhead: band?.secondAhead ?? null,
    crossover: crossing && { ...crossing, sentence: crossoverSentence(crossing, [a.name, b.name]) },
    parity: { known, same, sentence },
  };
}

type Result = ReturnType<typeof differenceOf>;

function readable(result: Result, { interval }: EstimateArgs): string {
  const { a, b, problems, points, aAhead, bAhead, crossover, parity } = result;
  const hasBand = aAhead !== null;
  const rows = points.map((point) => {
    const whole =
      "bandLow" in point ? [rate({ value: point.difference, low: point.bandLow, high: point.bandHigh })] : [];
    const ahead = point.low > 0 ? a : point.high < 0 ? b : "–";
    const own = rate({ value: point.difference, low: point.low, high: point.high });
    return [String(point.k), own, ahead, ...whole, String(point.problems)];
  });
  const head = ["k", "difference [95 %]", "ahead", ...(hasBand ? ["[band over all k]"] : []), "problems"];
  const anywhere = (name: string, ks: readonly number[]) =>
    ks.length === 0 ? [] : [`${name} leads by the band over all k at k = ${ks.join(", ")}.\n`];
  const found = hasBand ? [...anywhere(a, aAhead ?? []), ...anywhere(b, bAhead ?? [])] : [];
  return [
    `${a} minus ${b}, pass@k in points, ${count(problems)} problems that both have.\n`,
    table(head, rows),
    `95 % interval for ${targets[interval]}.\n`,
    ...(hasBand && found.length === 0 ? ["By the band over all k neither leads anywhere.\n"] : found),
    ...(crossover ? [`${crossover.sentence}\n`] : []),
    `${parity.sentence}\n`,
  ].join("");
}
