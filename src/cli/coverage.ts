import { countOf } from "../core/estimate/compareRuns.ts";
import { coverage, type CoverageCell } from "../core/estimate/coverage.ts";
import { midPMcNemar } from "../core/estimate/midPMcNemar.ts";
import type { ProblemCount } from "../core/estimate/names.ts";
import { newlySolved } from "../core/estimate/newlySolved.ts";
import { onlyByNoise } from "../core/estimate/onlyByNoise.ts";
import { pairProblems } from "../core/estimate/pairProblems.ts";
import { unsolvedBound } from "../core/estimate/unsolvedBound.ts";
import { LensError } from "../core/errors.ts";
import type { ProblemTally, RunTally } from "../core/model.ts";
import { parsedArgs, usageError } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import { filesHelp, loadRuns, namesOf } from "./loadRuns.ts";
import { percent, table, whole } from "./table.ts";

const usage = `Usage: coverage A B [--threshold T] [--json]

Which problems each of two runs solves: both, only A, only B, neither. "Not solved" is a statement about n.
${filesHelp}

  --threshold T  solved means at least T samples correct (default 1)
  --json         counts, the problems of each cell by key, and the paper's ratios as fractions
`;

/** `coverage A B` */
export const coverageCommand: Command = {
  summary: "problems solved by both, one or neither of two runs",
  usage,
  run,
};

const cells: readonly CoverageCell[] = ["both", "aOnly", "bOnly", "neither"];

async function run(args: readonly string[], context: CommandContext): Promise<void> {
  const parsed = parsedArgs(args, { threshold: { type: "string" }, json: { type: "boolean" } });
  const threshold = parsed.whole("threshold", 1) ?? 1;
  const [a, b] = await loadTwo(parsed.files, context);
  const result = compareCoverage([a, b], threshold);
  context.out(parsed.flag("json") ? `${JSON.stringify(result)}\n` : readable(result));
}

async function loadTwo(
  paths: readonly string[],
  context: CommandContext,
): Promise<readonly [RunTally, RunTally]> {
  const runs = await loadRuns(paths, context);
  const [a, b] = runs;
  if (a && b && runs.length === 2) return [a, b];
  const found = runs.length > 0 ? ` Found ${runs.length}: ${namesOf(runs)}. Choose with FILE#NAME.` : "";
  throw usageError(`Coverage compares two runs.${found}`);
}

function compareCoverage([a, b]: readonly [RunTally, RunTally], threshold: number) {
  const pairs = pairProblems(a, b).filter(([x, y]) => x.n > 0 && y.n > 0);
  if (pairs.length === 0) throw new LensError("input", `${a.name} and ${b.name} have no problem in common.`);
  const counts = pairs.map(([x, y]) => [countOf(x), countOf(y)] as const);
  const found = coverage(counts, threshold);
  const sides = [counts.map(([x]) => x), counts.map(([, y]) => y)] as const;
  const keys = (cell: CoverageCell) =>
    found[cell].map((i) => {
      const [tally] = pairs[i] as readonly [ProblemTally, ProblemTally];
      return { key: tally.problem.key, id: tally.problem.id };
    });
  return {
    a: a.name,
    b: b.name,
    threshold,
    problems: found.problems,
    onlyInA: a.problems.filter(({ n }) => n > 0).length - pairs.length,
    onlyInB: b.problems.filter(({ n }) => n > 0).length - pairs.length,
    both: found.both.length,
    aOnly: found.aOnly.length,
    bOnly: found.bOnly.length,
    neither: found.neither.length,
    srr: found.srr,
    ndr: found.ndr,
    sds: found.sds,
    nscr: found.nscr,
    midP: midPMcNemar(found.aOnly.length, found.bOnly.length),
    aOnlyByNoise: onlyByNoise(counts),
    bOnlyByNoise: onlyByNoise(counts.map(([x, y]) => [y, x] as const)),
    unsolvedBound: { a: boundOf(sides[0]), b: boundOf(sides[1]) },
    newlySolved: { a: newlySolved(sides[0]), b: newlySolved(sides[1]) },
    cells: Object.fromEntries(cells.map((cell) => [cell, keys(cell)])),
  };
}

/** For the smallest n: the loosest bound. */
function boundOf(counts: readonly ProblemCount[]): number {
  return unsolvedBound(counts.reduce((least, { n }) => Math.min(least, n), Infinity));
}

function readable(result: ReturnType<typeof compareCoverage>): string {
  const { a, b, problems, threshold, unsolvedBound: bound } = result;
  const share = (count: number) => [whole(count), percent(count / problems)];
  const ratio = (value: number | null) => (value === null ? "–" : value.toFixed(3));
  const solved = threshold === 1 ? "at least 1 sample" : `at least ${threshold} samples`;
  const discordant = result.aOnly + result.bOnly;
  return [
    `${whole(problems)} problems that both runs have; solved means ${solved} correct.\n`,
    table(
      ["", "problems", "%"],
      [
        ["both", ...share(result.both)],
        [`only ${a}`, ...share(result.aOnly)],
        [`only ${b}`, ...share(result.bOnly)],
        ["neither", ...share(result.neither)],
      ],
    ),
    `\nSRR ${ratio(result.srr)}  NDR ${ratio(result.ndr)}  SDS ${ratio(result.sds)}  NSCR ${ratio(result.nscr)}\n`,
    `Do they differ? mid-P McNemar p = ${result.midP.toPrecision(2)}`,
    discordant < 6 ? " (fewer than 6 problems differ: nothing can be told)\n" : "\n",
    `By noise alone up to ${result.aOnlyByNoise.toFixed(1)} would be only ${a}'s and ${result.bOnlyByNoise.toFixed(1)} only ${b}'s.\n`,
    `Not solved: a solve rate of up to ${percent(bound.a)} % (${a}), ${percent(bound.b)} % (${b}) is still possible (95 %, per problem).\n`,
    `As many samples again would solve at most about ${result.newlySolved.a.expected.toFixed(1)} more (${a}), ${result.newlySolved.b.expected.toFixed(1)} more (${b}).\n`,
  ].join("");
}
