import type { SampleOutcome, Verdict } from "../../model.ts";
import type { RawSample } from "../formats/rolloutFormat.ts";
import type { RecordAt } from "../records/recordFile.ts";
import { hashText } from "../hash.ts";
import { float64Column, Interned, uint32Column } from "./columns.ts";

/** What is kept of one sample; its text is not. */
export interface SampleFacts {
  readonly outcome: SampleOutcome;
  readonly verdict: Verdict | null;
  readonly finishReason: string | null;
  readonly tokens: number | null;
  readonly textHash: number | null;
  readonly at: RecordAt;
  readonly ordinal: number;
}

/** Stands for "not known" in a column of unsigned numbers. */
const none = 0xffffffff;

/** The samples of one run in columns, about 64 bytes each. */
export class SampleTable {
  readonly #problem = uint32Column();
  /** Number given by the file, where a later sample with the same number replaces an earlier one. */
  readonly #replaces = uint32Column();
  readonly #start = float64Column();
  readonly #end = float64Column();
  readonly #line = uint32Column();
  readonly #ordinal = uint32Column();
  readonly #tokens = uint32Column();
  readonly #hash = float64Column();
  readonly #verdict = uint32Column();
  readonly #outcome = uint32Column();
  readonly #finish = uint32Column();
  readonly #verdicts = new Interned<Verdict | null>();
  readonly #outcomes = new Interned<SampleOutcome>();
  readonly #finishes = new Interned<string>();

  add(
    sample: RawSample,
    place: {
      readonly problem: number;
      readonly replaces: number | null;
      readonly at: RecordAt;
      readonly ordinal: number;
    },
  ): void {
    this.#problem.push(place.problem);
    this.#replaces.push(place.replaces ?? none);
    this.#start.push(place.at.start);
    this.#end.push(place.at.end);
    this.#line.push(place.at.line ?? none);
    this.#ordinal.push(place.ordinal);
    this.#tokens.push(sample.usage?.completionTokens ?? none);
    this.#hash.push(sample.text === "" ? Number.NaN : hashText(sample.text));
    this.#verdict.push(internVerdict(this.#verdicts, sample.verdict));
    this.#outcome.push(internOutcome(this.#outcomes, sample.outcome));
    this.#finish.push(
      sample.finishReason === null ? none : this.#finishes.add(sample.finishReason, (name) => name),
    );
  }

  /** Rows by problem (numbers below `problemCount`), each in file order; those replaced by a later one are left out. */
  rowsByProblem(problemCount: number): (problem: number) => Uint32Array {
    const ends = new Uint32Array(problemCount + 1);
    for (let row = 0; row < this.#problem.length; row++) ends[this.#problem.at(row) + 1]! += 1;
    for (let problem = 0; problem < problemCount; problem++) ends[problem + 1]! += ends[problem]!;
    const next = ends.slice();
    const rows = new Uint32Array(this.#problem.length);
    for (let row = 0; row < rows.length; row++) rows[next[this.#problem.at(row)]!++] = row;
    return (problem) => this.#withoutReplaced(rows.subarray(ends[problem], ends[problem + 1]));
  }

  #withoutReplaced(rows: Uint32Array): Uint32Array {
    const last = new Map<number, number>();
    for (const row of rows) {
      const number = this.#replaces.at(row);
      if (number !== none) last.set(number, row);
    }
    if (last.size === 0) return rows;
    return rows.filter((row) => {
      const number = this.#replaces.at(row);
      return number === none || last.get(number) === row;
    });
  }

  /** The sample's number among those of its problem: the file's own, else its position. */
  indexOf(row: number, position: number): number {
    const number = this.#replaces.at(row);
    return number === none ? position : number;
  }

  facts(row: number): SampleFacts {
    const hash = this.#hash.at(row);
    const line = this.#line.at(row);
    const tokens = this.#tokens.at(row);
    const finish = this.#finish.at(row);
    return {
      outcome: this.#outcomes.at(this.#outcome.at(row)),
      verdict: this.#verdicts.at(this.#verdict.at(row)),
      finishReason: finish === none ? null : this.#finishes.at(finish),
      tokens: tokens === none ? null : tokens,
      textHash: Number.isNaN(hash) ? null : hash,
      at: { start: this.#start.at(row), end: this.#end.at(row), line: line === none ? null : line },
      ordinal: this.#ordinal.at(row),
    };
  }
}

function internVerdict(verdicts: Interned<Verdict | null>, verdict: Verdict | null): number {
  if (verdict === null) return verdicts.add("null", () => null);
  if (verdict.kind === "unparsed") return verdicts.add("unparsed", () => verdict);
  const detail = verdict.kind === "correct" || verdict.kind === "incorrect" ? verdict.how : verdict.reason;
  const extracted = verdict.kind === "error" ? null : verdict.extracted;
  const name = `${verdict.kind}\n${detail.length}\n${detail}${extracted === null ? "" : `=${extracted}`}`;
  return verdicts.add(name, () => JSON.parse(JSON.stringify(verdict)) as Verdict);
}

function internOutcome(outcomes: Interned<SampleOutcome>, outcome: SampleOutcome): number {
  if (outcome.kind === "ok" || outcome.kind === "truncated") return outcomes.add(outcome.kind, () => outcome);
  return outcomes.add(JSON.stringify(outcome), (own) => JSON.parse(own) as SampleOutcome);
}
