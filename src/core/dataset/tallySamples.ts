import type { AnswerGroup, Problem, ProblemTally, SampleOutcome, TokenUsage, Verdict } from "../model.ts";
import { hashText } from "./hash.ts";

/** What counting needs of a sample; every `Sample` is one. Big files give `textHash` instead of holding the text. */
export interface CountedSample {
  readonly outcome: SampleOutcome;
  readonly verdict: Verdict | null;
  readonly text?: string;
  /** `hashText` of the text; `null` for an empty text. */
  readonly textHash?: number | null;
  /** Completion tokens, where known. */
  readonly tokens?: number | null;
  readonly usage?: TokenUsage | null;
}

/** The one place that counts: rules at `ProblemTally` in model.ts. A refused sample needs no verdict to be inside n. */
export function tallySamples(problem: Problem, samples: Iterable<CountedSample>): ProblemTally {
  const counts = {
    n: 0,
    c: 0,
    truncated: 0,
    refused: 0,
    unparsed: 0,
    undecided: 0,
    error: 0,
    failed: 0,
    ungraded: 0,
  };
  const finished = { n: 0, c: 0 };
  const votes = new Map<string, { count: number; correct: number }>();
  const texts = new Set<number>();
  let duplicates = 0;
  let tokens: number | null = 0;
  for (const sample of samples) {
    const { outcome, verdict } = sample;
    if (outcome.kind === "failed") {
      counts.failed++;
      continue;
    }
    const hash = textHashOf(sample);
    if (hash !== null && texts.size === texts.add(hash).size) duplicates++;
    if (outcome.kind === "truncated") counts.truncated++;
    if (outcome.kind === "refused") counts.refused++;
    if (verdict?.kind === "unparsed") counts.unparsed++;
    if (!isCounted(outcome, verdict)) {
      counts[outsideOf(verdict)]++;
      continue;
    }
    const correct = verdict?.kind === "correct" ? 1 : 0;
    counts.n++;
    counts.c += correct;
    tokens = plus(tokens, sample.tokens ?? sample.usage?.completionTokens);
    if (outcome.kind === "ok") {
      finished.n++;
      finished.c += correct;
    }
    vote(votes, verdict);
  }
  return {
    problem,
    ...counts,
    finishedN: finished.n,
    finishedC: finished.c,
    duplicates,
    tokens: counts.n === 0 ? null : tokens,
    answers: groups(votes),
  };
}

/** A sum that is unknown as soon as one part is. */
function plus(sum: number | null, part: number | null | undefined): number | null {
  return sum === null || part === null || part === undefined ? null : sum + part;
}

/** Is it inside n? */
export function isCounted(outcome: SampleOutcome, verdict: Verdict | null): boolean {
  if (verdict === null) return outcome.kind === "refused";
  return verdict.kind === "correct" || verdict.kind === "incorrect" || verdict.kind === "unparsed";
}

function outsideOf(verdict: Verdict | null): "ungraded" | "undecided" | "error" {
  return verdict?.kind === "undecided" || verdict?.kind === "error" ? verdict.kind : "ungraded";
}

function textHashOf(sample: CountedSample): number | null {
  if (sample.textHash !== undefined) return sample.textHash;
  return sample.text === undefined || sample.text === "" ? null : hashText(sample.text);
}

function vote(votes: Map<string, { count: number; correct: number }>, verdict: Verdict | null): void {
  if (verdict === null || (verdict.kind !== "correct" && verdict.kind !== "incorrect")) return;
  if (verdict.extracted === null || verdict.extracted === "") return;
  const group = votes.get(verdict.extracted) ?? { count: 0, correct: 0 };
  group.count++;
  if (verdict.kind === "correct") group.correct++;
  votes.set(verdict.extracted, group);
}

/** A group is right when most of its samples were judged so (they have one text, so judges rarely differ inside it). */
function groups(
  votes: ReadonlyMap<string, { count: number; correct: number }>,
): readonly AnswerGroup[] | null {
  if (votes.size === 0) return null;
  return [...votes].map(([answer, { count, correct }]) => ({ answer, count, correct: 2 * correct > count }));
}
