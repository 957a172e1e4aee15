import type { Problem } from "../model.ts";
import type { JsonRecord } from "../parse.ts";
import type { Verifier } from "../verify/verifier.ts";
import type { RawSample, RolloutFormat, SampleGroup } from "./formats/rolloutFormat.ts";
import type { CancelSignal } from "../ports.ts";
import type { IssueList } from "./issueList.ts";
import type { RecordAt } from "./records/recordFile.ts";
import { isCodeGold } from "../verify/code/codeGold.ts";
import { FieldError, isRecord, kindOf } from "../parse.ts";
import { rolloutFormats } from "./formats/rolloutFormats.ts";
import { ProblemIndex } from "./table/problemIndex.ts";
import { SampleTable } from "./table/sampleTable.ts";

export interface ReaderOptions {
  readonly verifier?: Verifier | undefined;
  readonly grader?: string | undefined;
  readonly problems?: readonly Problem[] | undefined;
  readonly signal?: CancelSignal | undefined;
}

/** The samples of one of the file's runs, in tables. */
export interface ReadRun {
  readonly table: SampleTable;
  /** Who graded its samples: ids of verifiers, and `ReaderOptions.grader` for what the file graded without a name. */
  readonly judges: Set<string>;
}

/** All that a reader knows, as it can be written down. */
export interface ReaderParts {
  readonly format: string | null;
  readonly records: number;
  readonly skipped: number;
  readonly labels: string | null;
  readonly problems: readonly Problem[];
  readonly runs: ReadonlyMap<string, ReadRun>;
}

/** Takes records one by one: finds the format, judges what is ungraded and files the samples under their runs. */
export class RolloutReader {
  readonly problems: ProblemIndex;
  /** By the name in the file; "" where it has none. */
  readonly runs: Map<string, ReadRun>;
  readonly #options: ReaderOptions;
  readonly #issues: IssueList;
  readonly #formats = rolloutFormats();
  #format: RolloutFormat | null = null;
  #row = 0;
  #skipped = 0;
  #withoutSamples = 0;
  #labels: string | null = null;
  #last: { readonly name: string; readonly run: ReadRun; judge: string | null } | null = null;

  /** `from`: goes on where another reader stood that is not used any more. */
  constructor(options: ReaderOptions, issues: IssueList, from: ReaderParts | null = null) {
    this.#options = options;
    this.#issues = issues;
    this.problems = new ProblemIndex(from?.problems ?? options.problems ?? []);
    this.runs = new Map(from?.runs);
    this.#format = this.#formats.find(({ name }) => name === from?.format) ?? null;
    this.#row = from?.records ?? 0;
    this.#skipped = from?.skipped ?? 0;
    this.#labels = from?.labels ?? null;
  }

  parts(): ReaderParts {
    const { format, records, skipped, labels, runs } = this;
    return { format, records, skipped, labels, problems: this.problems.problems, runs };
  }

  get format(): string | null {
    return this.#format?.name ?? null;
  }

  /** How many it was given. */
  get records(): number {
    return this.#row;
  }

  /** Of them, those that could not be read. */
  get skipped(): number {
    return this.#skipped;
  }

  /** The column whose labels are the file's verdicts; `null` where it has none. */
  get labels(): string | null {
    return this.#labels;
  }

  /** The samples of a record read again, in the order of their ordinals. */
  samplesIn(value: unknown): readonly RawSample[] {
    const groups = isRecord(value) ? (this.#format?.read(value) ?? []) : [];
    return groups.flatMap(({ samples }) => samples);
  }

  /** A promise only when the verifier has work, so that a graded file is read without waiting. */
  record(value: unknown, at: RecordAt): void | Promise<void> {
    this.#row++;
    const groups = this.#groupsOf(value, at);
    if (this.#labels === null && groups.some(isGraded))
      this.#labels = this.#format?.labels(value as JsonRecord) ?? null;
    const { verifier } = this.#options;
    if (verifier === undefined || !groups.some((group) => this.#needsJudge(group))) {
      this.#file(groups, at);
      return undefined;
    }
    return this.#judge(groups, verifier).then((judged) => this.#file(judged, at));
  }

  #groupsOf(value: unknown, at: RecordAt): readonly SampleGroup[] {
    try {
      if (!isRecord(value)) throw new FieldError("", `expected object, got ${kindOf(value)}`);
      this.#format ??= this.#detect(value);
      return this.#format?.read(value) ?? [];
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      this.#skipped++;
      const row = at.line === null ? `row ${this.#row}: ` : "";
      this.#issues.add({
        line: at.line,
        field: error.field === "" ? null : error.field,
        message: row + error.detail,
      });
      return [];
    }
  }

  /** A dataset opened by mistake has a thousand records without samples: one issue says it, the others are counted. */
  #detect(record: JsonRecord): RolloutFormat | null {
    const format = this.#formats.find((candidate) => candidate.matches(record)) ?? null;
    if (format === null) {
      this.#withoutSamples++;
      if (this.#withoutSamples > 1) this.#skipped++;
      else throw new FieldError("", `no samples in it (columns: ${columnList(record)})`);
    } else if (this.#withoutSamples > 1) {
      const message = `${this.#withoutSamples - 1} more records before row ${this.#row} have no samples in them`;
      this.#issues.add({ line: null, field: null, message });
    }
    return format;
  }

  #needsJudge(group: SampleGroup): boolean {
    const gold = this.#goldOf(group);
    // Reading a file runs no program: what was not judged when it was sampled waits for that.
    return gold !== null && !isCodeGold(gold) && group.samples.some(isUngraded);
  }

  /** A run log's lines have no gold of their own. */
  #goldOf(group: SampleGroup): string | null {
    return group.gold ?? this.#known(group)?.gold ?? null;
  }

  #known(group: SampleGroup): Problem | undefined {
    const number = group.key === null ? undefined : this.problems.number(group.key);
    return number === undefined ? undefined : this.problems.problems[number];
  }

  #judge(groups: readonly SampleGroup[], verifier: Verifier): Promise<readonly SampleGroup[]> {
    return Promise.all(
      groups.map(async (group) => {
        const gold = this.#goldOf(group);
        if (gold === null) return group;
        const question = group.question === "" ? (this.#known(group)?.question ?? "") : group.question;
        const judge = async (sample: RawSample): Promise<RawSample> => {
          if (!isUngraded(sample)) return sample;
          const verdict = await verifier.verify(
            { question, gold, response: sample.text },
            this.#options.signal,
          );
          return { ...sample, verdict, verifier: verifier.id };
        };
        return { ...group, samples: await Promise.all(group.samples.map(judge)) };
      }),
    );
  }

  #file(groups: readonly SampleGroup[], at: RecordAt): void {
    let ordinal = 0;
    for (const group of groups) {
      const problem = this.problems.add(group, at.line);
      for (const sample of group.samples) {
        const run = this.#run(sample.run ?? "");
        if (sample.verdict !== null) this.#judgedBy(run, sample.verifier ?? this.#options.grader ?? "file");
        run.table.add(sample, { problem, replaces: group.replaces, at, ordinal });
        ordinal++;
      }
    }
  }

  /** Nearly always the run and the judge of the sample before. */
  #run(name: string): ReadRun {
    if (this.#last?.name === name) return this.#last.run;
    let run = this.runs.get(name);
    if (run === undefined) this.runs.set(name, (run = { table: new SampleTable(), judges: new Set() }));
    this.#last = { name, run, judge: null };
    return run;
  }

  #judgedBy(run: ReadRun, judge: string): void {
    if (this.#last?.run === run && this.#last.judge === judge) return;
    run.judges.add(judge);
    if (this.#last?.run === run) this.#last.judge = judge;
  }
}

const isGraded = ({ samples }: SampleGroup): boolean => samples.some(({ verdict }) => verdict !== null);

function isUngraded(sample: RawSample): boolean {
  return sample.verdict === null && (sample.outcome.kind === "ok" || sample.outcome.kind === "truncated");
}

function columnList(record: JsonRecord): string {
  const names = Object.keys(record);
  const shown = names.slice(0, 12).join(", ");
  return names.length > 12 ? `${shown}, ...` : shown;
}
