// What `compareRuns` returns: plain numbers that the command line and the curves panel print alike. Rates are fractions.
import type { Role } from "../model.ts";
import type { IntervalMethod, Resolution } from "./names.ts";
import type { StoppedMeter } from "./stoppedRun.ts";
import type { ParityReport } from "./parity.ts";

/** pass@k at one k. Only k with at least one problem of n >= k are in a curve: the others are not estimable. */
export interface CurvePoint {
  readonly k: number;
  readonly passAtK: number;
  readonly low: number;
  readonly high: number;
  /** Problems with n >= k; the rest are left out at this k, never padded. */
  readonly problems: number;
}

export interface MajorityPoint {
  readonly k: number;
  readonly value: number;
  /** 95 % interval over problems, as for pass@k: the votes' own noise is inside the spread of the problems' values. */
  readonly low: number;
  readonly high: number;
  readonly problems: number;
  /** `false`: seeded Monte Carlo for at least one problem (see majAtK). */
  readonly exact: boolean;
}

export interface RunReport {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Problems with n > 0. */
  readonly problems: number;
  readonly samples: number;
  /** 0 when there is no problem with a sample. */
  readonly nMin: number;
  readonly nMax: number;
  /** Samples cut off at the token limit; they are inside n. */
  readonly truncated: number;
  /** Mean completion tokens of a sample in n: k samples cost k times as many. `null` where a count is missing. */
  readonly tokensPerSample: number | null;
  readonly curve: readonly CurvePoint[];
  /** `null` where the file has no extracted answers (or with `finishedOnly`). */
  readonly majority: readonly MajorityPoint[] | null;
  /**
   * Share of problems that one vote over all their samples gets right, a tie going to the answer that was seen first
   * (Qwen2.5-Math's evaluation): differs from `majority` at k = n, which splits ties. `null` where `majority` is.
   */
  readonly majorityOfAll: number | null;
  /** Of a run under a stop plan: what it spent and saved; else `null`. Its `nMax` is how far its estimates reach. */
  readonly stopped: StoppedMeter | null;
}

export interface DifferencePoint {
  readonly k: number;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Problems that both runs have with n >= k. */
  readonly problems: number;
}

/** Run minus reference, paired over the problems that both have. */
export interface DifferenceReport {
  readonly runId: string;
  readonly referenceId: string;
  /** Problems that both have. */
  readonly problems: number;
  readonly points: readonly DifferencePoint[];
}

/** Where one of two runs overtakes the other; see crossover.ts for the definition. */
export interface CrossoverReport {
  /** The pair, in the order of the runs given. */
  readonly aId: string;
  readonly bId: string;
  readonly a: string;
  readonly b: string;
  /** Id of the run that leads at the largest k; `null`: a tie there, so neither overtakes. */
  readonly overtaker: string | null;
  /** First k from which the overtaker leads at every larger k; 1: it leads throughout; `null`: never. */
  readonly k: number | null;
  readonly low: number;
  /** `null`: never, up to kEnd. */
  readonly high: number | null;
  readonly verdict: Resolution;
  /** Largest k compared: n where all problems have the same n. */
  readonly kEnd: number;
  /** Paired problems with at least kEnd samples in both runs. */
  readonly problems: number;
  /** In the words of the interface. */
  readonly sentence: string;
}

export interface ComparisonReport {
  readonly interval: IntervalMethod;
  readonly draws: number;
  readonly seed: number;
  /** `null` only when there is no run. */
  readonly referenceId: string | null;
  readonly runs: readonly RunReport[];
  readonly differences: readonly DifferenceReport[];
  /** One for each pair of runs with common problems, in the order of the runs given. */
  readonly crossovers: readonly CrossoverReport[];
  readonly parity: ParityReport;
}

/** Gives what was counted under a name before, else counts it. A name stands for all counts and settings that are used. */
export type Remember = <T>(name: string, count: () => T) => T;

export interface CompareOptions {
  /** Default `jbb`. */
  readonly interval?: IntervalMethod;
  /** Bootstrap draws, default 1000. */
  readonly draws?: number;
  /** Default 1. */
  readonly seed?: number;
  /** The k to report; default: the grid of each run's largest n. */
  readonly ks?: readonly number[];
  /** Default: the first run of role `base`, else the first run. */
  readonly referenceId?: string | null;
  /** Count only samples that ended by themselves. Default false. */
  readonly finishedOnly?: boolean;
  /** Which pairs get a crossover: all of them (default) or those with the reference. */
  readonly pairs?: "all" | "reference";
  /** What does not change with the runs' names and roles is asked here before it is counted. Default: nothing is known. */
  readonly remember?: Remember;
}
