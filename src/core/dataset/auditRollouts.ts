import type { InputIssue, Problem, Verdict } from "../model.ts";
import type { ByteSource, CancelSignal } from "../ports.ts";
import type { VerifyItem } from "../verify/verifier.ts";
import type { RecordAt, RecordFile } from "./records/recordFile.ts";
import { LensError } from "../errors.ts";
import { issueText } from "../parse.ts";
import { type AuditedSample, AuditReader } from "./auditReader.ts";
import { IssueList } from "./issueList.ts";
import { isRefusal, openRecords } from "./records/openRecords.ts";

export interface AuditOptions {
  readonly judge: (item: VerifyItem) => Promise<Verdict> | Verdict;
  /** Verdicts of the same sample in the verifier's modes; without it no share is counted. */
  readonly judgeModes?: (item: VerifyItem) => Promise<readonly Verdict[]>;
  /** The field of each record that says whether its samples are right (a list where there are several); else the format's own. */
  readonly against?: string;
  /** For a run folder's `samples.jsonl`, whose lines name problems by key only. */
  readonly problems?: readonly Problem[];
  readonly signal?: CancelSignal;
}

/** A sample that the file judged otherwise. */
export interface Disagreement {
  /** Of the model, where the file holds several. */
  readonly run: string | null;
  readonly problem: Problem;
  /** 0-based, among the problem's samples of that run. */
  readonly index: number;
  readonly ours: Verdict;
  readonly theirs: "correct" | "incorrect";
  /** The record, as `SampleRef` has it. */
  readonly at: RecordAt;
}

/** `samples` have a text, a gold answer and a verdict in the file; each is in one of agree, disagree, undecided and error. */
export interface AuditSummary {
  readonly samples: number;
  readonly agree: number;
  readonly disagree: number;
  readonly undecided: number;
  readonly error: number;
  /** No answer found: compared as a wrong answer. */
  readonly unparsed: number;
  /** Share of samples whose verdict differs between the modes; `null` where that was not asked for. */
  readonly modeDependent: number | null;
  /** Not compared. */
  readonly withoutGold: number;
  readonly withoutVerdict: number;
  readonly issues: readonly InputIssue[];
}

/** Samples whose verdicts may be awaited at once. */
const maxWaiting = 512;

/**
 * Judges every sample of a rollout file anew and tells where the file says otherwise, in the file's order.
 * Rejects with `input` for a file without rollouts, `cancelled`, or with what source or judge reject with.
 */
export async function auditRollouts(
  source: ByteSource,
  options: AuditOptions,
  tell: (disagreement: Disagreement) => void,
): Promise<AuditSummary> {
  const issues = new IssueList(source.name);
  const opened = await openRecords(source);
  if (isRefusal(opened)) throw new LensError("input", `${source.name}: ${opened.refusal}`);
  const reader = new AuditReader(options, issues, await heldLines(opened, options.signal));
  const audit = new Audit(options, tell);
  await opened.each(
    { record: (value, at) => audit.add(reader.read(value, at)), issue: (issue) => issues.add(issue) },
    { signal: options.signal },
  );
  await audit.flush();
  if (reader.samples === 0) {
    const why = issues.list().slice(0, 3).map(issueText);
    throw new LensError("input", [`${source.name} has no rollouts to compare.`, ...why].join("\n"));
  }
  return {
    ...audit.summary(),
    withoutGold: reader.withoutGold,
    withoutVerdict: reader.withoutVerdict,
    issues: issues.list(),
  };
}

/** Of a run log the begin of the line that holds for each sample: the last one. `null` for other files. */
async function heldLines(
  opened: RecordFile,
  signal: CancelSignal | undefined,
): Promise<ReadonlyMap<string, number> | null> {
  const lines = new Map<string, number>();
  let isLog = true;
  const record = (value: unknown, at: RecordAt): void => {
    const key = AuditReader.lineKey(value);
    if (key === null) isLog &&= lines.size > 0;
    else lines.set(key, at.start);
  };
  await opened.each({ record, issue: () => undefined }, { signal, limit: 1 });
  if (!isLog || lines.size === 0) return null;
  await opened.each({ record, issue: () => undefined }, { signal });
  return lines;
}

interface Awaited {
  readonly sample: AuditedSample;
  readonly ours: Promise<Verdict> | Verdict;
  readonly modes: Promise<readonly Verdict[]> | null;
}

class Audit {
  readonly #options: AuditOptions;
  readonly #tell: (disagreement: Disagreement) => void;
  #waiting: Awaited[] = [];
  readonly #counts = { samples: 0, agree: 0, disagree: 0, undecided: 0, error: 0, unparsed: 0 };
  #modeDependent = 0;

  constructor(options: AuditOptions, tell: (disagreement: Disagreement) => void) {
    this.#options = options;
    this.#tell = tell;
  }

  add(samples: readonly AuditedSample[]): void | Promise<void> {
    for (const sample of samples) {
      const ours = this.#options.judge(sample.item);
      const modes = this.#options.judgeModes?.(sample.item) ?? null;
      // Where the audit ends early nobody waits for them any more.
      if (ours instanceof Promise) ours.catch(() => undefined);
      modes?.catch(() => undefined);
      this.#waiting.push({ sample, ours, modes });
    }
    return this.#waiting.length < maxWaiting ? undefined : this.flush();
  }

  async flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { sample, ours, modes } of waiting) {
      this.#count(sample, await ours);
      const kinds = new Set((await modes)?.map(({ kind }) => kind));
      if (kinds.size > 1) this.#modeDependent += 1;
    }
  }

  #count({ item: _item, ...sample }: AuditedSample, ours: Verdict): void {
    const counts = this.#counts;
    counts.samples += 1;
    if (ours.kind === "unparsed") counts.unparsed += 1;
    if (ours.kind === "undecided" || ours.kind === "error") counts[ours.kind] += 1;
    else if ((ours.kind === "correct") === (sample.theirs === "correct")) counts.agree += 1;
    else {
      counts.disagree += 1;
      this.#tell({ ...sample, ours });
    }
  }

  summary(): Omit<AuditSummary, "withoutGold" | "withoutVerdict" | "issues"> {
    const { samples } = this.#counts;
    const share = samples === 0 ? 0 : this.#modeDependent / samples;
    return { ...this.#counts, modeDependent: this.#options.judgeModes === undefined ? null : share };
  }
}
