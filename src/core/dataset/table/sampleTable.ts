import type { SampleOutcome, Verdict } from "../../model.ts";
import type { RawSample } from "../formats/rolloutFormat.ts";
import type { RecordAt } from "../records/recordFile.ts";
import { fingerprint, isWholePrint } from "../hash.ts";
import { Interned } from "./interned.ts";
import { VerdictList } from "./verdictList.ts";

/** What is kept of one sample; its text is not. */
export interface SampleFacts {
  readonly outcome: SampleOutcome;
  readonly verdict: Verdict | null;
  readonly finishReason: string | null;
  readonly tokens: number | null;
  /** Of the text (see hash.ts); `null` for an empty one. */
  readonly fingerprint: number | null;
  /** `hashText`, known of short texts and where another of the problem has the same fingerprint; `null`: a unique text. */
  readonly textHash: number | null;
  readonly at: RecordAt;
  readonly ordinal: number;
}

/** Stands for "not known" among unsigned numbers. */
const none = 0xffffffff;

/** Room for so many before the first has come. */
const leastRows = 64;

// Places of the numbers in a row of each of the two arrays.
const floatsPerRow = 3;
const float = { start: 0, end: 1, print: 2 } as const;
const wordsPerRow = 8;
const word = {
  problem: 0,
  replaces: 1,
  line: 2,
  ordinal: 3,
  tokens: 4,
  verdict: 5,
  outcome: 6,
  finish: 7,
} as const;

/** All of a table, as it can be written down. */
export interface SampleTableParts {
  readonly floats: Float64Array<ArrayBuffer>;
  readonly words: Uint32Array<ArrayBuffer>;
  /** Pairs of a row and its text's hash. */
  readonly textHashes: Float64Array<ArrayBuffer>;
  readonly verdicts: readonly (Verdict | null)[];
  readonly outcomes: readonly SampleOutcome[];
  readonly finishes: readonly string[];
}

/** The samples of one run as rows of numbers, 56 bytes each. */
export class SampleTable {
  #length = 0;
  #floats = new Float64Array(leastRows * floatsPerRow);
  #words = new Uint32Array(leastRows * wordsPerRow);
  readonly #textHashes = new Map<number, number>();
  readonly #verdicts = new VerdictList();
  readonly #outcomes = new Interned<SampleOutcome>();
  readonly #finishes = new Interned<string>();

  add(
    sample: RawSample,
    place: {
      readonly problem: number;
      /** Number given by the file, where a later sample with the same number replaces an earlier one. */
      readonly replaces: number | null;
      readonly at: RecordAt;
      readonly ordinal: number;
    },
  ): void {
    const row = this.#length;
    if (row * wordsPerRow === this.#words.length) this.#grow();
    this.#length++;
    const floats = this.#floats;
    const f = row * floatsPerRow;
    floats[f + float.start] = place.at.start;
    floats[f + float.end] = place.at.end;
    floats[f + float.print] = printOf(sample.text);
    const words = this.#words;
    const w = row * wordsPerRow;
    words[w + word.problem] = place.problem;
    words[w + word.replaces] = place.replaces ?? none;
    words[w + word.line] = place.at.line ?? none;
    words[w + word.ordinal] = place.ordinal;
    words[w + word.tokens] = sample.usage?.completionTokens ?? none;
    words[w + word.verdict] = this.#verdicts.add(sample.verdict);
    words[w + word.outcome] = internOutcome(this.#outcomes, sample.outcome);
    words[w + word.finish] =
      sample.finishReason === null ? none : this.#finishes.add(sample.finishReason, (name) => name);
  }

  #grow(): void {
    const rows = Math.max(leastRows, 2 * this.#length);
    const floats = new Float64Array(rows * floatsPerRow);
    floats.set(this.#floats);
    this.#floats = floats;
    const words = new Uint32Array(rows * wordsPerRow);
    words.set(this.#words);
    this.#words = words;
  }

  /** The arrays are the table's own: to be written down, not changed. */
  parts(): SampleTableParts {
    return {
      floats: this.#floats.subarray(0, this.#length * floatsPerRow),
      words: this.#words.subarray(0, this.#length * wordsPerRow),
      textHashes: Float64Array.from([...this.#textHashes].flat()),
      verdicts: this.#verdicts.all(),
      outcomes: this.#outcomes.all(),
      finishes: this.#finishes.all(),
    };
  }

  /** The table of these parts, whose arrays are now its own; `null` where they do not fit together. */
  static of(parts: SampleTableParts): SampleTable | null {
    const table = new SampleTable();
    const { floats, words, textHashes } = parts;
    table.#length = words.length / wordsPerRow;
    if (floats.length !== table.#length * floatsPerRow) return null;
    table.#floats = floats;
    table.#words = words;
    for (let i = 0; i < textHashes.length; i += 2)
      table.#textHashes.set(textHashes[i] as number, textHashes[i + 1] as number);
    const fits =
      parts.verdicts.every((verdict, number) => table.#verdicts.add(verdict) === number) &&
      parts.outcomes.every((outcome, number) => internOutcome(table.#outcomes, outcome) === number) &&
      parts.finishes.every((finish, number) => table.#finishes.add(finish, (own) => own) === number);
    return fits ? table : null;
  }

  #word(row: number, place: number): number {
    return this.#words[row * wordsPerRow + place] ?? none;
  }

  #float(row: number, place: number): number {
    return this.#floats[row * floatsPerRow + place] ?? Number.NaN;
  }

  /** Rows by problem (numbers below `problemCount`), each in file order; those replaced by a later one are left out. */
  rowsByProblem(problemCount: number): (problem: number) => Uint32Array {
    const ends = new Uint32Array(problemCount + 1);
    for (let row = 0; row < this.#length; row++) ends[this.#word(row, word.problem) + 1]! += 1;
    for (let problem = 0; problem < problemCount; problem++) ends[problem + 1]! += ends[problem]!;
    const next = ends.slice();
    const rows = new Uint32Array(this.#length);
    for (let row = 0; row < rows.length; row++) rows[next[this.#word(row, word.problem)]!++] = row;
    return (problem) => this.#withoutReplaced(rows.subarray(ends[problem], ends[problem + 1]));
  }

  #withoutReplaced(rows: Uint32Array): Uint32Array {
    const last = new Map<number, number>();
    for (const row of rows) {
      const number = this.#word(row, word.replaces);
      if (number !== none) last.set(number, row);
    }
    if (last.size === 0) return rows;
    return rows.filter((row) => {
      const number = this.#word(row, word.replaces);
      return number === none || last.get(number) === row;
    });
  }

  /** The sample's number among those of its problem: the file's own, else its position. */
  indexOf(row: number, position: number): number {
    const number = this.#word(row, word.replaces);
    return number === none ? position : number;
  }

  /** Of a problem's rows, those whose text may be another's too and was not hashed yet. */
  likeOthers(rows: Uint32Array): readonly number[] {
    const first = new Map<number, number>();
    const alike = new Set<number>();
    for (const row of rows) {
      const print = this.#float(row, float.print);
      // Nothing in it (NaN), or all of it is in the print already.
      if (!(print >= 0)) continue;
      const earlier = first.get(print);
      if (earlier === undefined) first.set(print, row);
      else alike.add(earlier).add(row);
    }
    return [...alike].filter((row) => !this.#textHashes.has(row));
  }

  setTextHash(row: number, textHash: number): void {
    this.#textHashes.set(row, textHash);
  }

  facts(row: number): SampleFacts {
    const print = this.#float(row, float.print);
    const line = this.#word(row, word.line);
    const tokens = this.#word(row, word.tokens);
    const finish = this.#word(row, word.finish);
    return {
      outcome: this.#outcomes.at(this.#word(row, word.outcome)),
      verdict: this.#verdicts.at(this.#word(row, word.verdict)),
      finishReason: finish === none ? null : this.#finishes.at(finish),
      tokens: tokens === none ? null : tokens,
      fingerprint: Number.isNaN(print) ? null : print < 0 ? -1 - print : print,
      textHash: print < 0 ? -1 - print : (this.#textHashes.get(row) ?? null),
      at: {
        start: this.#float(row, float.start),
        end: this.#float(row, float.end),
        line: line === none ? null : line,
      },
      ordinal: this.#word(row, word.ordinal),
    };
  }
}

/** Below zero where the fingerprint is the whole text's hash, so that no row has to say so; NaN for an empty text. */
function printOf(text: string): number {
  if (text === "") return Number.NaN;
  const print = fingerprint(text);
  return isWholePrint(text) ? -1 - print : print;
}

function internOutcome(outcomes: Interned<SampleOutcome>, outcome: SampleOutcome): number {
  if (outcome.kind === "ok" || outcome.kind === "truncated") return outcomes.add(outcome.kind, () => outcome);
  return outcomes.add(JSON.stringify(outcome), (own) => JSON.parse(own) as SampleOutcome);
}
