import type { SampleOutcome, TokenIds, TokenUsage, Verdict } from "../../model.ts";
import type { JsonRecord } from "../../parse.ts";

/** One sample as a file has it, before it is judged and numbered. */
export interface RawSample {
  /** Which of the file's runs it belongs to; `null` where the file does not say (then it is one run). */
  readonly run: string | null;
  readonly text: string;
  readonly reasoning: string | null;
  readonly seed: number | null;
  readonly finishReason: string | null;
  readonly outcome: SampleOutcome;
  /** `null`: the file did not grade it. */
  readonly verdict: Verdict | null;
  /** Id of the verifier whose verdict that is, where the file says so. */
  readonly verifier: string | null;
  readonly usage: TokenUsage | null;
  readonly tokenIds?: TokenIds;
}

/** Samples of one problem in one record. */
export interface SampleGroup {
  /** The problem's key where the file has it (our own run log), else it is made of question and id. */
  readonly key: string | null;
  readonly question: string;
  readonly gold: string | null;
  readonly id: string | null;
  readonly samples: readonly RawSample[];
  /** The sample's number in its problem where a later line with the same number replaces this one. */
  readonly replaces: number | null;
}

/** A shape in which other projects write samples. Stateless but for what it remembers of column names. */
export interface RolloutFormat {
  readonly name: string;
  /** Does a record have this shape? Asked in the table's order, the most specific first. */
  matches(record: JsonRecord): boolean;
  /** Throws a FieldError that names what is not as it should be. No groups: a record without samples (a footer). */
  read(record: JsonRecord): readonly SampleGroup[];
  /** The column that says whether samples are right (`score`, `infos`), for the person; `null` where none does. */
  labels(record: JsonRecord): string | null;
}

/** A group without the fields that only our own run log has. */
export function group(
  problem: { readonly question: string; readonly gold: string | null; readonly id: string | null },
  samples: readonly RawSample[],
): SampleGroup {
  const { question, gold, id } = problem;
  return { key: null, question, gold, id, samples, replaces: null };
}
