import type { Problem, Verdict } from "../model.ts";
import type { VerifyItem } from "../verify/verifier.ts";
import type { RawSample, RolloutFormat, SampleGroup } from "./formats/rolloutFormat.ts";
import type { IssueList } from "./issueList.ts";
import type { RecordAt } from "./records/recordFile.ts";
import { atPath, FieldError, isRecord, type JsonRecord, kindOf } from "../parse.ts";
import { scoreVerdict } from "./formats/rawSample.ts";
import { rolloutFormats } from "./formats/rolloutFormats.ts";
import { isSampleLine } from "./formats/runLog.ts";
import { ProblemIndex } from "./table/problemIndex.ts";

/** A sample with what it is judged by, and what the file says of it. */
export interface AuditedSample {
  readonly run: string | null;
  readonly problem: Problem;
  readonly index: number;
  readonly theirs: "correct" | "incorrect";
  readonly at: RecordAt;
  readonly item: VerifyItem;
}

interface ReaderOptions {
  readonly against?: string;
  readonly problems?: readonly Problem[];
}

/** Takes records one by one and gives their samples, numbered as `readRollouts` numbers them. */
export class AuditReader {
  readonly #options: ReaderOptions;
  readonly #issues: IssueList;
  readonly #held: ReadonlyMap<string, number> | null;
  readonly #problems: ProblemIndex;
  readonly #formats = rolloutFormats();
  #format: RolloutFormat | null = null;
  readonly #next = new Map<string, number>();
  samples = 0;
  withoutGold = 0;
  withoutVerdict = 0;

  /** `held`: of a run log, by `lineKey`, where the line begins that holds. */
  constructor(options: ReaderOptions, issues: IssueList, held: ReadonlyMap<string, number> | null) {
    this.#options = options;
    this.#issues = issues;
    this.#held = held;
    this.#problems = new ProblemIndex(options.problems ?? []);
  }

  /** Problem and number of a run log's line; `null` for any other record. */
  static lineKey(value: unknown): string | null {
    return isRecord(value) && isSampleLine(value) ? `${String(value["i"])}:${String(value["key"])}` : null;
  }

  read(value: unknown, at: RecordAt): readonly AuditedSample[] {
    if (this.#held !== null && this.#held.get(AuditReader.lineKey(value) ?? "") !== at.start) return [];
    try {
      if (!isRecord(value)) throw new FieldError("", `expected object, got ${kindOf(value)}`);
      this.#format ??= this.#formats.find((format) => format.matches(value)) ?? null;
      const groups = this.#format?.read(value) ?? [];
      const theirs = this.#theirs(value, groups);
      let ordinal = 0;
      return groups.flatMap((group) =>
        group.samples.flatMap((sample) => this.#audited({ group, sample, at }, theirs[ordinal++] ?? null)),
      );
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      this.#issues.add({
        line: at.line,
        field: error.field === "" ? null : error.field,
        message: error.detail,
      });
      return [];
    }
  }

  /** The verdicts of a record's samples, in their order. */
  #theirs(record: JsonRecord, groups: readonly SampleGroup[]): readonly (Verdict | null)[] {
    const samples = groups.flatMap((group) => group.samples);
    const { against } = this.#options;
    if (against === undefined) return samples.map(({ verdict }) => verdict);
    const value = atPath(record, against);
    if (value === undefined) throw new FieldError(against, "expected a verdict, got nothing");
    const list: readonly unknown[] = Array.isArray(value) && samples.length > 0 ? value : [value];
    if (list.length !== samples.length)
      throw new FieldError(against, `expected ${samples.length} verdicts, got ${list.length}`);
    return list.map((score) => scoreVerdict(score, null));
  }

  #audited(
    { group, sample, at }: { readonly group: SampleGroup; readonly sample: RawSample; readonly at: RecordAt },
    theirs: Verdict | null,
  ): readonly AuditedSample[] {
    const number = this.#problems.add(group, at.line);
    const problem = this.#problems.problems[number]!;
    const index = group.replaces ?? this.#numbered(`${number}:${sample.run ?? ""}`);
    this.samples += 1;
    if (
      sample.outcome.kind === "failed" ||
      theirs === null ||
      theirs.kind === "undecided" ||
      theirs.kind === "error"
    ) {
      this.withoutVerdict += 1;
      return [];
    }
    const gold = group.gold ?? problem.gold;
    if (gold === null) {
      this.withoutGold += 1;
      return [];
    }
    const question = group.question === "" ? problem.question : group.question;
    return [
      {
        run: sample.run,
        problem,
        index,
        theirs: theirs.kind === "correct" ? "correct" : "incorrect",
        at,
        item: { question, gold, response: sample.text },
      },
    ];
  }

  #numbered(key: string): number {
    const index = this.#next.get(key) ?? 0;
    this.#next.set(key, index + 1);
    return index;
  }
}
