import { memorySource } from "../dataset/memorySource.ts";
import { readRollouts } from "../dataset/readRollouts.ts";
import { readSample } from "../dataset/readSample.ts";
import { LensError } from "../errors.ts";
import type { Verdict } from "../model.ts";
import { FieldError } from "../parse.ts";
import { type RecordScore, recordScores } from "./recordScores.ts";
import type { ScoredTrace } from "./scoredTrace.ts";

/** A trace with what its file says of it. */
export interface FileTrace {
  readonly name: string;
  readonly question: string;
  readonly gold: string | null;
  readonly text: string;
  readonly verdict: Verdict | null;
  readonly extracted: string | null;
  /** Its own log-probs; `null` for none. */
  readonly own: ScoredTrace | null;
}

/** A model's text with the reasoning that a server took out of it put back. */
export const wholeText = (text: string, reasoning: string | null): string =>
  reasoning === null ? text : `<think>${reasoning}</think>${text}`;

/**
 * The traces in one line of a file: rollouts of any format, or a recorded reply of a scoring server.
 * @param name the file's, for the scorer's facts. Throws LensError `input` where there is none.
 */
export async function tracesOfLine(line: string, name: string): Promise<readonly FileTrace[]> {
  const record = parsed(line);
  const scores = scoresIn(record, name);
  const source = memorySource("line.jsonl", `${line.trim()}\n`);
  const { runs } = await readRollouts(source);
  const refs = runs.flatMap((run) =>
    run.tally.problems.flatMap(({ problem }) => [...run.locate(problem.key)]),
  );
  const samples = await Promise.all(
    refs.map(async (ref) => ({ ref, detail: await readSample(source, ref) })),
  );
  const rollouts = samples.map(({ ref, detail }): FileTrace => {
    const text = wholeText(detail.text, detail.reasoning);
    return {
      name: `#${ref.index}`,
      question: detail.question,
      gold: detail.gold,
      text,
      verdict: ref.verdict,
      extracted: ref.extracted,
      own: ownScores(scores, [text, detail.text], samples.length),
    };
  });
  const replies = scores.flatMap(({ label, built }): FileTrace[] =>
    built.kind === "failed" ? [] : [{ ...bare, name: label, text: built.trace.text, own: built.trace }],
  );
  const traces = rollouts.length > 0 ? rollouts : replies;
  if (traces.length > 0) return traces;
  throw new LensError("input", "The line holds no trace: neither a rollout nor log-probs of a text.");
}

const bare = { question: "", gold: null, verdict: null, extracted: null } as const;

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (cause) {
    throw new LensError("input", "The line is not JSON, so it holds no trace.", { cause });
  }
}

/** The log-probs of a record that are those of this trace; `null` where none stand there, or none fit. */
export function scoresOfTrace(
  record: unknown,
  { texts, only, name }: { readonly texts: readonly string[]; readonly only: boolean; readonly name: string },
): ScoredTrace | null {
  return ownScores(scoresIn(record, name), texts, only ? 1 : 2);
}

/** Log-probs that do not fit together are none to show. */
function scoresIn(record: unknown, name: string): readonly RecordScore[] {
  try {
    return recordScores(record, name);
  } catch (error) {
    if (error instanceof FieldError) return [];
    throw error;
  }
}

/** By the text; a record of one trace alone may hold tokens that spell it otherwise. */
function ownScores(
  scores: readonly RecordScore[],
  texts: readonly string[],
  traces: number,
): ScoredTrace | null {
  const built = scores.flatMap(({ scope, built: one }) =>
    one.kind === "built" ? [{ scope, trace: one.trace }] : [],
  );
  const same = built.find(({ trace }) => texts.includes(trace.text));
  const alone = traces === 1 ? built.find(({ scope }) => scope === "generated") : undefined;
  return (same ?? alone)?.trace ?? null;
}
