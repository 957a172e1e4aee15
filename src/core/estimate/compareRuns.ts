import type { ProblemTally, RunTally } from "../model.ts";
import { ascending, curve, distinctN, distinctReach } from "./curve.ts";
import { countsName } from "./countsName.ts";
import { crossover, mirrored, type Crossover } from "./crossover.ts";
import { crossoverSentence } from "./crossoverSentence.ts";
import { difference, pairN, type ProblemPair } from "./difference.ts";
import { kGrid } from "./kGrid.ts";
import { firstMajorityIsCorrect, majAtK, type Majority } from "./majAtK.ts";
import type { ProblemCount } from "./names.ts";
import { pairProblems } from "./pairProblems.ts";
import { parity } from "./parity.ts";
import { stoppedMeter } from "./stoppedRun.ts";
import { scoreIntervals } from "./scoreIntervals.ts";
import type {
  CompareOptions,
  ComparisonReport,
  CrossoverReport,
  DifferencePoint,
  DifferenceReport,
  MajorityPoint,
  Remember,
  RunReport,
} from "./report.ts";

type Settings = Required<Pick<CompareOptions, "interval" | "draws" | "seed" | "finishedOnly">> &
  Omit<CompareOptions, "remember">;

/** Counts what is asked for, unless it is known by the counts of these runs. */
type Known = <T>(what: string, runs: readonly RunTally[], count: () => T) => T;

/** Curves, paired differences, crossovers and parity of runs: the whole of what the Curve tab and `curve --json` show. */
export function compareRuns(runs: readonly RunTally[], options: CompareOptions = {}): ComparisonReport {
  const steps = comparison(runs, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The same in steps of some milliseconds, so that other work goes on between them. */
export function* comparison(
  runs: readonly RunTally[],
  { remember, ...options }: CompareOptions = {},
): Generator<void, ComparisonReport, void> {
  const settings: Settings = {
    interval: "jbb",
    draws: 1000,
    seed: 1,
    finishedOnly: false,
    ...defined(options),
  };
  const known = knownBy(runs, settings, remember);
  const reference = referenceOf(runs, settings.referenceId ?? null);
  const all = runs.flatMap((a, i) => runs.slice(i + 1).map((b) => [a, b] as const));
  const wanted =
    settings.pairs === "reference" ? all.filter((pair) => reference && pair.includes(reference)) : all;
  const reports: RunReport[] = [];
  for (const run of runs) {
    const { id, name, role } = run;
    reports.push({ id, name, role, ...known("run", [run], () => reportRun(run, settings)) });
    yield;
  }
  const differences: DifferenceReport[] = [];
  for (const run of reference === null ? [] : runs.filter((one) => one !== reference)) {
    differences.push(reportDifference([run, reference!], settings, known));
    yield;
  }
  const crossovers: CrossoverReport[] = [];
  for (const pair of wanted) {
    const grid = settings.ks ? [] : knownDifference(pair, differences);
    // Which of the two is the reference tells where the grid's differences come from.
    const what = `crossover ${reference === null ? -1 : pair.indexOf(reference)}`;
    const found = known(what, pair, () => crossover(countPairs(pair, settings), settings, grid));
    crossovers.push(...reportCrossover(pair, found));
    yield;
  }
  return {
    interval: settings.interval,
    draws: settings.draws,
    seed: settings.seed,
    referenceId: reference?.id ?? null,
    runs: reports,
    differences,
    crossovers,
    parity: parity(runs),
  };
}

function knownBy(runs: readonly RunTally[], settings: Settings, remember: Remember | undefined): Known {
  if (remember === undefined) return (_what, _runs, count) => count();
  const { interval, draws, seed, finishedOnly, ks = null } = settings;
  const how = JSON.stringify([interval, draws, seed, finishedOnly, ks]);
  const names = new Map(runs.map((run) => [run, countsName(run)]));
  return (what, some, count) => remember([what, ...some.map((run) => names.get(run)), how].join(" "), count);
}

/** Without the fields that are there but undefined, which would hide a default. */
function defined(options: CompareOptions): CompareOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function referenceOf(runs: readonly RunTally[], id: string | null): RunTally | null {
  return runs.find((run) => run.id === id) ?? runs.find((run) => run.role === "base") ?? runs[0] ?? null;
}

/**
 * The counts that a curve is made of; n = 0 where there are none. Of a problem that a stop plan ended they carry that plan.
 * `finishedOnly` leaves out samples that the plan has counted, so nothing can be estimated there.
 */
export function countOf(tally: ProblemTally, finishedOnly = false): ProblemCount {
  if (tally.stopped !== undefined)
    return finishedOnly ? { n: 0, c: 0 } : { n: tally.n, c: tally.c, stop: tally.stopped.plan };
  return finishedOnly ? { n: tally.finishedN, c: tally.finishedC } : { n: tally.n, c: tally.c };
}

function reportRun(run: RunTally, settings: Settings): Omit<RunReport, "id" | "name" | "role"> {
  const counts = run.problems.map((tally) => countOf(tally, settings.finishedOnly)).filter(({ n }) => n > 0);
  const ns = distinctN(counts);
  const nMax = Math.max(0, ...distinctReach(counts));
  const ks = ascending(settings.ks ?? kGrid(nMax), nMax);
  // What was sampled until it was right has an answer in it that is right: no vote.
  const votesOnAll = !settings.finishedOnly && run.stopPlan === undefined;
  return {
    problems: counts.length,
    samples: counts.reduce((sum, { n }) => sum + n, 0),
    nMin: ns.length === 0 ? 0 : Math.min(...ns),
    nMax,
    truncated: run.problems.reduce((sum, tally) => sum + tally.truncated, 0),
    tokensPerSample: tokensPerSample(run.problems),
    curve: curve(counts, ks, settings),
    majority: votesOnAll ? reportMajority(run.problems, ks, settings) : null,
    majorityOfAll: votesOnAll ? shareOfFirstMajorities(run.problems) : null,
    stopped: stoppedMeter(run),
  };
}

/** Random subsets of all problems together: the mean's standard error is then at most 0.5 / sqrt of it, 0.2 points. */
const majoritySubsets = 50_000;

function tokensPerSample(problems: readonly ProblemTally[]): number | null {
  const used = problems.filter(({ n }) => n > 0);
  let [tokens, samples] = [0, 0];
  for (const problem of used) {
    if (typeof problem.tokens !== "number") return null;
    tokens += problem.tokens;
    samples += problem.n;
  }
  return samples === 0 ? null : tokens / samples;
}

/** `null` unless every problem with samples has its answers. */
function reportMajority(
  problems: readonly ProblemTally[],
  ks: readonly number[],
  { seed, draws, interval }: Settings,
): MajorityPoint[] | null {
  const used = problems.filter(({ n }) => n > 0);
  const subsets = Math.min(1000, Math.max(50, Math.ceil(majoritySubsets / used.length)));
  const rows: Majority[][] = [];
  for (const [i, { n, answers }] of used.entries()) {
    if (!answers) return null;
    const row = majAtK({ n, groups: answers }, ks, { seed: seed + i, subsets });
    rows.push(row.filter((majority) => majority !== null));
  }
  if (rows.length === 0) return null;
  // There is no variance of these very problems' votes: `fixed` gets the population's, which is wider.
  const method = interval === "fixed" ? "jbb" : interval;
  const points = scoreIntervals(
    rows.map((row) => row.map(({ value }) => value)),
    ks.length,
    { interval: method, draws, seed },
  );
  return points.flatMap((point, column) => {
    if (point.problems === 0) return [];
    const exact = rows.every((row) => row[column]?.exact !== false);
    return [{ k: ks[column] as number, ...point, exact }];
  });
}

function shareOfFirstMajorities(problems: readonly ProblemTally[]): number | null {
  const answers = problems.filter(({ n }) => n > 0).map((tally) => tally.answers);
  if (answers.length === 0 || answers.includes(null)) return null;
  return answers.filter((groups) => firstMajorityIsCorrect(groups ?? [])).length / answers.length;
}

function countPairs([a, b]: readonly [RunTally, RunTally], settings: Settings): ProblemPair[] {
  return pairProblems(a, b)
    .map(([x, y]): ProblemPair => [countOf(x, settings.finishedOnly), countOf(y, settings.finishedOnly)])
    .filter((pair) => pairN(pair) > 0);
}

function reportDifference(
  runs: readonly [RunTally, RunTally],
  settings: Settings,
  known: Known,
): DifferenceReport {
  const counted = known("difference", runs, () => {
    const pairs = countPairs(runs, settings);
    const nMax = pairs.reduce((max, pair) => Math.max(max, pairN(pair)), 0);
    return { problems: pairs.length, points: difference(pairs, settings.ks ?? kGrid(nMax), settings) };
  });
  return { runId: runs[0].id, referenceId: runs[1].id, ...counted };
}

/** First minus second where one of the two is the reference; it was counted at the grid's k then. */
function knownDifference(
  [a, b]: readonly [RunTally, RunTally],
  differences: readonly DifferenceReport[],
): readonly DifferencePoint[] {
  const of = (run: RunTally, other: RunTally): readonly DifferencePoint[] =>
    differences.find(({ runId, referenceId }) => runId === run.id && referenceId === other.id)?.points ?? [];
  const own = of(a, b);
  return own.length > 0 ? own : of(b, a).map(mirrored);
}

function reportCrossover([a, b]: readonly [RunTally, RunTally], found: Crossover | null): CrossoverReport[] {
  if (!found) return [];
  const { overtaker, k, low, high, verdict, kEnd, problems } = found;
  return [
    {
      aId: a.id,
      bId: b.id,
      a: a.name,
      b: b.name,
      overtaker: overtaker === null ? null : [a, b][overtaker]!.id,
      k,
      low,
      high,
      verdict,
      kEnd,
      problems,
      sentence: crossoverSentence(found, [a.name, b.name]),
    },
  ];
}
