import { splitThinking } from "../../trace/steps.ts";
import { type CotVerdict, cotVerdicts } from "../model.ts";

/** What one reply says. */
export interface Vote {
  readonly verdict: CotVerdict;
  /** 0-based. */
  readonly firstWrongStep: number | null;
}

const verdictLine = /^[\s>*_#-]*verdict[\s*_]*[:=][\s*_"'`]*(correct|wrong|ambiguous)\b[\s*_"'`.]*$/gim;
const stepLine = /^[\s>*_#-]*first wrong step[\s*_]*[:=][\s*_"'`]*(?:step\s*)?(\d{1,5})\b/gim;

/**
 * Reads the last verdict line of a reply, its thinking left out; `null` where there is none. `steps`: how many the chain
 * has; a number beyond them, or one beside a verdict that is not `wrong`, is no step.
 */
export function parseVote(reply: string, steps: number): Vote | null {
  const answer = splitThinking(reply)
    .filter(({ kind }) => kind === "answer")
    .map(({ inner }) => reply.slice(inner.start, inner.end))
    .join("\n");
  const word = [...answer.matchAll(verdictLine)].at(-1)?.[1]?.toLowerCase();
  const verdict = cotVerdicts.find((candidate) => candidate === word);
  if (verdict === undefined) return null;
  const step = Number([...answer.matchAll(stepLine)].at(-1)?.[1] ?? 0);
  const isStep = verdict === "wrong" && step >= 1 && step <= steps;
  return { verdict, firstWrongStep: isStep ? step - 1 : null };
}

export interface VoteCount {
  /** Of more than half of the votes that could be read; `null`: there is no such verdict. */
  readonly verdict: CotVerdict | null;
  /** Share of the votes that could be read that say so; 0 where there is none. */
  readonly share: number;
  /** The step that most `wrong` votes name, the earliest of equals. */
  readonly firstWrongStep: number | null;
  /** By verdict, and those that could not be read. */
  readonly counts: Readonly<Record<CotVerdict | "unread", number>>;
}

export function countVotes(votes: readonly (Vote | null)[]): VoteCount {
  const counts = { wrong: 0, ambiguous: 0, correct: 0, unread: 0 };
  for (const vote of votes) counts[vote?.verdict ?? "unread"]++;
  const read = votes.length - counts.unread;
  const verdict = cotVerdicts.find((candidate) => 2 * counts[candidate] > read) ?? null;
  const steps = votes.flatMap((vote) => vote?.firstWrongStep ?? []);
  return {
    verdict,
    share: verdict === null ? 0 : counts[verdict] / read,
    firstWrongStep: verdict === "wrong" ? mostNamed(steps) : null,
    counts,
  };
}

function mostNamed(steps: readonly number[]): number | null {
  const times = (step: number) => steps.filter((other) => other === step).length;
  return [...steps].sort((a, b) => times(b) - times(a) || a - b)[0] ?? null;
}
