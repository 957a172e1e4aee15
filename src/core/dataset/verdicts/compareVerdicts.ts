import type { Problem, Verdict } from "../../model.ts";
import type { RolloutRun, SampleRef } from "../readRollouts.ts";

export type VerdictKind = Verdict["kind"];

/** A sample that its judges do not agree on. */
export interface VerdictChange {
  readonly problem: Problem;
  /** 0-based, among the problem's samples. */
  readonly index: number;
  /** One per judge, in their order. */
  readonly verdicts: readonly Verdict[];
}

/** How many samples were judged so, e.g. `incorrect`, `correct`. */
export interface ChangeCount {
  /** One per judge. */
  readonly kinds: readonly VerdictKind[];
  readonly count: number;
}

export interface VerdictComparison {
  /** Samples that each judge has judged. */
  readonly samples: number;
  /** Not compared: at least one judge says nothing of them. */
  readonly withoutVerdict: number;
  /** Those of `samples` that the judges do not agree on, by kind, the most frequent first. */
  readonly counts: readonly ChangeCount[];
  /** The first of them, in the order of the problems. */
  readonly changes: readonly VerdictChange[];
}

export interface CompareOptions {
  /** The most changes that are listed; all are counted. */
  readonly limit: number;
  /** Awaited now and then, so that other work goes on meanwhile. */
  readonly breathe: () => Promise<void>;
  /** `no answer` is the same as `wrong`: for labels that know right and wrong alone. */
  readonly unparsedIsWrong: boolean;
}

const breathSamples = 2000;

/** Verdicts of the same samples by two judges or more: where their kinds differ. The runs are one run, judged by each. */
export async function compareVerdicts(
  judged: readonly RolloutRun[],
  { limit, breathe, unparsedIsWrong }: CompareOptions,
): Promise<VerdictComparison> {
  const [first, ...others] = judged;
  const counts = new Map<string, { readonly kinds: readonly VerdictKind[]; count: number }>();
  const changes: VerdictChange[] = [];
  let samples = 0;
  let withoutVerdict = 0;
  let sinceBreath = 0;
  for (const { problem } of first?.tally.problems ?? []) {
    const own = first?.locate(problem.key) ?? [];
    const theirs = others.map((run) => run.locate(problem.key));
    for (const [at, ref] of own.entries()) {
      if (ref.outcome.kind === "failed" || ref.outcome.kind === "refused") continue;
      const verdicts = [ref, ...theirs.map((refs) => sameSample(refs, at, ref))].map(
        (one) => one?.verdict ?? null,
      );
      if (!verdicts.every((verdict) => verdict !== null)) {
        withoutVerdict++;
        continue;
      }
      samples++;
      if (isAgreed(verdicts, unparsedIsWrong)) continue;
      const kinds = verdicts.map(({ kind }) => kind);
      const known = counts.get(kinds.join(" "));
      if (known === undefined) counts.set(kinds.join(" "), { kinds, count: 1 });
      else known.count++;
      if (changes.length < limit) changes.push({ problem, index: ref.index, verdicts });
    }
    sinceBreath += own.length + 1;
    if (sinceBreath >= breathSamples) {
      sinceBreath = 0;
      await breathe();
    }
  }
  return {
    samples,
    withoutVerdict,
    counts: [...counts.values()].sort((a, b) => b.count - a.count),
    changes,
  };
}

/** One run's samples stand at the same places, whoever judged them. */
function sameSample(refs: readonly SampleRef[], at: number, { index }: SampleRef): SampleRef | undefined {
  return refs[at]?.index === index ? refs[at] : refs.find((ref) => ref.index === index);
}

function isAgreed(verdicts: readonly Verdict[], unparsedIsWrong: boolean): boolean {
  const kinds = verdicts.map(({ kind }) => (unparsedIsWrong && kind === "unparsed" ? "incorrect" : kind));
  return kinds.every((kind) => kind === kinds[0]);
}
