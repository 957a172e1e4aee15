import { countOf } from "../core/estimate/compareRuns.ts";
import { coverage, type CoverageCell, coverageCells } from "../core/estimate/coverage.ts";
import { isCutOff, reachOf } from "../core/estimate/countValues.ts";
import { confirmedLost } from "../core/estimate/confirmedLost.ts";
import { type CoverageIntervals, coverageIntervals } from "../core/estimate/coverageInterval.ts";
import { midPMcNemar } from "../core/estimate/midPMcNemar.ts";
import type { ProblemCount } from "../core/estimate/names.ts";
import { newlySolved } from "../core/estimate/newlySolved.ts";
import { onlyByNoise } from "../core/estimate/onlyByNoise.ts";
import { pairProblems } from "../core/estimate/pairProblems.ts";
import { unsolvedBound } from "../core/estimate/unsolvedBound.ts";
import { LensError } from "../core/errors.ts";
import type { RunTally } from "../core/model.ts";
import { count, percent } from "../core/numberWords.ts";
import { parsedArgs } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import { filesHelp } from "./loadRuns.ts";
import { loadTwo } from "./loadTwo.ts";
import { table } from "./table.ts";

const usage = `Usage: coverage A B [--threshold T] [--lists] [--json]

Which problems each of two runs solves: both, only A, only B, neither. "Not solved" is a statement about n.
${filesHelp}

  --threshold T  solved means at least T samples correct (default 1)
  --lists        print the problems of each cell too
  --finished     count only samples that ended by themselves
  --json         counts, the problems of each cell by key, the paper's ratios as fractions with 95 % intervals, and the
                 problems at which one run is worse, surest first
`;

/** `coverage A B` */
export const coverageCommand: Command = {
  summary: "problems solved by both, one or neither of two runs",
  usage,
  run,
};

async function run(args: readonly string[], context: CommandContext): Promise<void> {
  const parsed = parsedArgs(args, {
    threshold: { type: "string" },
    lists: { type: "boolean" },
    finished: { type: "boolean" },
    json: { type: "boolean" },
  });
  const threshold = parsed.whole("threshold", 1) ?? 1;
  const runs = await loadTwo(parsed.files, context, "Coverage");
  const result = compareCoverage(runs, { threshold, finishedOnly: parsed.flag("finished") });
  if (parsed.flag("json")) context.out(`${JSON.stringify(result)}\n`);
  else context.out(`${readable(result)}${parsed.flag("lists") ? lists(result) : ""}`);
}

interface CoverageArgs {
  readonly threshold: number;
  readonly finishedOnly: boolean;
}

function compareCoverage([a, b]: readonly [RunTally, RunTally], { threshold, finishedOnly }: CoverageArgs) {
  const all = pairProblems(a, b).map(
    ([x, y]) => [x.problem, countOf(x, finishedOnly), countOf(y, finishedOnly)] as const,
  );
  const both = all.filter(([, x, y]) => x.n > 0 && y.n > 0);
  const pairs = both.filter(([, x, y]) => !isCutOff(x) && !isCutOff(y));
  needSuccesses([a, b], threshold);
  if (pairs.length === 0) throw new LensError("input", `${a.name} and ${b.name} have no problem in common.`);
  const counts = pairs.map(([, x, y]) => [x, y] as const);
  const swapped = counts.map(([x, y]) => [y, x] as const);
  const found = coverage(counts, threshold);
  const sides = [counts.map(([x]) => x), counts.map(([, y]) => y)] as const;
  const problemAt = (i: number) => {
    const [{ key, id }, x, y] = pairs[i] as (typeof pairs)[number];
    return { key, id, a: { n: x.n, c: x.c }, b: { n: y.n, c: y.c } };
  };
  const worse = (side: typeof counts) =>
    confirmedLost(side).map(({ index, p, confirmed }) => ({ ...problemAt(index), p, confirmed }));
  return {
    a: a.name,
    b: b.name,
    threshold,
    problems: found.problems,
    onlyInA: a.problems.filter((tally) => countOf(tally, finishedOnly).n > 0).length - both.length,
    onlyInB: b.problems.filter((tally) => countOf(tally, finishedOnly).n > 0).length - both.length,
    notContinued: both.length - pairs.length,
    both: found.both.length,
    aOnly: found.aOnly.length,
    bOnly: found.bOnly.length,
    neither: found.neither.length,
    srr: found.srr,
    ndr: found.ndr,
    sds: found.sds,
    nscr: found.nscr,
    intervals: coverageIntervals(found),
    midP: midPMcNemar(found.aOnly.length, found.bOnly.length),
    aOnlyByNoise: finiteOrNull(onlyByNoise(counts)),
    bOnlyByNoise: finiteOrNull(onlyByNoise(swapped)),
    unsolvedBound: { a: boundOf(sides[0]), b: boundOf(sides[1]) },
    newlySolved: { a: newlySolved(sides[0]), b: newlySolved(sides[1]) },
    worseInB: worse(counts),
    worseInA: worse(swapped),
    cells: Object.fromEntries(coverageCells.map((cell) => [cell, found[cell].map(problemAt)])),
  };
}

/** For the smallest n: the loosest bound. Under a stop plan who is unsolved has its nMax. */
function boundOf(counts: readonly ProblemCount[]): number {
  return unsolvedBound(counts.reduce((least, count) => Math.min(least, reachOf(count)), Infinity));
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** A problem that was stopped at r right ones may have more. */
function needSuccesses(runs: readonly RunTally[], threshold: number): void {
  for (const { name, stopPlan } of runs)
    if (stopPlan !== undefined && stopPlan.r < threshold)
      throw new LensError(
        "input",
        `${name} stopped each problem at ${stopPlan.r} right: who has ${threshold} is not known. Use --threshold ${stopPlan.r} or less.`,
      );
}

type Result = ReturnType<typeof compareCoverage>;

function readable(result: Result): string {
  const { a, b, problems, threshold, unsolvedBound: bound } = result;
  const share = (some: number) => [count(some), percent(some / problems)];
  const ratio = (name: keyof CoverageIntervals) => {
    const [value, ends] = [result[name], result.intervals[name]];
    if (value === null || ends === null) return [name.toUpperCase(), "–", ratioText[name]];
    const text = `${value.toFixed(3)} [${ends.low.toFixed(3)}, ${ends.high.toFixed(3)}]`;
    return [name.toUpperCase(), text, ratioText[name]];
  };
  const solved = threshold === 1 ? "at least 1 sample" : `at least ${threshold} samples`;
  const more = (side: Result["newlySolved"]["a"]) =>
    Number.isFinite(side.f1) ? side.expected.toFixed(1) : "(not known with 1 right per problem)";
  const discordant = result.aOnly + result.bOnly;
  const surest = (name: string, list: Result["worseInA"]) => {
    const sure = list.filter(({ confirmed }) => confirmed);
    const lost = sure.filter((one) => Math.min(one.a.c, one.b.c) < threshold).length;
    return `Surely worse in ${name} (one in ten may be chance): ${count(sure.length)} problems, of them lost: ${count(lost)}.\n`;
  };
  return [
    `${count(problems)} problems that both runs have; solved means ${solved} correct.\n`,
    table(
      ["", "problems", "%"],
      [
        ["both", ...share(result.both)],
        [`only ${a}`, ...share(result.aOnly)],
        [`only ${b}`, ...share(result.bOnly)],
        ["neither", ...share(result.neither)],
      ],
    ),
    "\n",
    table(["", "[95 %]", ""], [ratio("srr"), ratio("ndr"), ratio("sds"), ratio("nscr")]),
    "\n",
    `Do they differ? mid-P McNemar p = ${result.midP.toPrecision(2)}`,
    discordant < 6 ? " (fewer than 6 problems differ: nothing can be told)\n" : "\n",
    ...noiseText(result),
    `Not solved: a solve rate of up to ${percent(bound.a)} % (${a}), ${percent(bound.b)} % (${b}) is still possible (95 %, per problem).\n`,
    `As many samples again would solve at most about ${more(result.newlySolved.a)} more (${a}), ${more(result.newlySolved.b)} more (${b}); not more than ${count(Math.floor(result.newlySolved.a.upper))} and ${count(Math.floor(result.newlySolved.b.upper))} (95 %).\n`,
    ...(result.aOnlyByNoise === null ? [] : [surest(b, result.worseInB), surest(a, result.worseInA)]),
  ].join("");
}

function noiseText({ a, b, aOnlyByNoise, bOnlyByNoise, notContinued }: Result): string[] {
  const left =
    notContinued === 0
      ? []
      : [`Not continued, by their coin, and so in no cell: ${count(notContinued)} unsolved problems.\n`];
  if (aOnlyByNoise === null || bOnlyByNoise === null)
    return [...left, "Which problems are surely worse needs the same number of samples in both runs.\n"];
  return [
    ...left,
    `By noise alone up to ${aOnlyByNoise.toFixed(1)} would be only ${a}'s and ${bOnlyByNoise.toFixed(1)} only ${b}'s.\n`,
  ];
}

const ratioText: Readonly<Record<keyof CoverageIntervals, string>> = {
  srr: "of the first run's problems, kept",
  ndr: "of the second run's problems, new",
  sds: "harmonic mean of both",
  nscr: "net change of the solved set",
};

function lists({ a, b, cells: found, worseInB, worseInA }: Result): string {
  const names: Record<CoverageCell, string> = {
    both: "both",
    aOnly: `only ${a}`,
    bOnly: `only ${b}`,
    neither: "neither",
  };
  const line = (one: Result["worseInB"][number]) =>
    `  ${one.id}: ${one.a.c} of ${one.a.n} against ${one.b.c} of ${one.b.n}, p = ${one.p.toPrecision(2)}\n`;
  const sure = (name: string, list: Result["worseInB"]) =>
    `Surely worse in ${name}:\n${
      list
        .filter(({ confirmed }) => confirmed)
        .map(line)
        .join("") || "  none\n"
    }`;
  const cellLists = coverageCells.map(
    (cell) => `${names[cell]}: ${found[cell]?.map(({ id }) => id).join(", ") || "none"}\n`,
  );
  return ["\n", ...cellLists, sure(b, worseInB), sure(a, worseInA)].join("");
}
