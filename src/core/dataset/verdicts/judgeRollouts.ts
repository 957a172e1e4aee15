import { LensError } from "../../errors.ts";
import type { Problem, Verdict } from "../../model.ts";
import { FieldError, isRecord } from "../../parse.ts";
import type { ByteSource, CancelSignal } from "../../ports.ts";
import type { Verifier, VerifyItem } from "../../verify/verifier.ts";
import type { RawSample, RolloutFormat, SampleGroup } from "../formats/rolloutFormat.ts";
import { rolloutFormats } from "../formats/rolloutFormats.ts";
import { fingerprint, hashText } from "../hash.ts";
import { throwIfCancelled } from "../records/chunks.ts";
import { isRefusal, openRecords } from "../records/openRecords.ts";
import type { RecordAt } from "../records/recordFile.ts";
import type { VerdictLine } from "./verdictLine.ts";
import type { VerdictLog } from "./verdictLog.ts";

/** A verifier and the set its verdicts go to; what the set covers already is not asked again. */
export interface JudgeTarget {
  readonly verifier: Verifier;
  readonly log: Pick<VerdictLog, "table" | "add" | "flush">;
}

export interface JudgeOptions {
  readonly targets: readonly JudgeTarget[];
  /** For a run folder's `samples.jsonl`, whose lines name problems by key only. */
  readonly problems?: readonly Problem[];
  readonly signal?: CancelSignal;
  readonly onProgress?: (bytesRead: number, total: number) => void;
}

export interface JudgedFile {
  /** With a text and a gold answer. */
  readonly samples: number;
  /** Without a gold answer nobody can judge. */
  readonly withoutGold: number;
}

/** Verdicts that may be awaited at once; the texts of so many samples are held. */
const maxWaiting = 512;

/**
 * Judges every sample of a rollout file by each of the verifiers in one pass, and appends the verdicts in the file's order.
 * Memory is bounded by the sets' tables and some hundred texts. Rejects with `cancelled` (what was judged is kept), with
 * `input` for a file without rollouts, or with what source, verifier or log reject with.
 */
export async function judgeRollouts(source: ByteSource, options: JudgeOptions): Promise<JudgedFile> {
  const opened = await openRecords(source);
  if (isRefusal(opened)) throw new LensError("input", `${source.name}: ${opened.refusal}`);
  const pass = new JudgePass(options);
  await opened.each(
    { record: (value, at) => pass.record(value, at), issue: () => undefined },
    { signal: options.signal, onProgress: options.onProgress },
  );
  await pass.flush();
  return pass.counts;
}

interface Asked {
  readonly target: JudgeTarget;
  readonly verdict: Promise<Verdict> | Verdict;
  readonly line: Omit<VerdictLine, "verdict">;
}

class JudgePass {
  readonly counts = { samples: 0, withoutGold: 0 };
  readonly #options: JudgeOptions;
  readonly #problems: ReadonlyMap<string, Problem>;
  readonly #formats = rolloutFormats();
  #format: RolloutFormat | null = null;
  #waiting: Asked[] = [];

  constructor(options: JudgeOptions) {
    this.#options = options;
    this.#problems = new Map(options.problems?.map((problem) => [problem.key, problem]));
  }

  record(value: unknown, at: RecordAt): void | Promise<void> {
    let ordinal = 0;
    for (const group of this.#groupsOf(value)) {
      const known = group.key === null ? undefined : this.#problems.get(group.key);
      const gold = group.gold ?? known?.gold ?? null;
      const question = group.question === "" ? (known?.question ?? "") : group.question;
      const basis = gold === null ? 0 : hashText(`${question}\u0000${gold}`);
      for (const sample of group.samples) {
        const place = { start: at.start, ordinal: ordinal++ };
        if (!isJudged(sample)) continue;
        if (gold === null) this.counts.withoutGold++;
        else this.#ask({ question, gold, response: sample.text }, { ...place, basis, print: print(sample) });
      }
    }
    return this.#waiting.length < maxWaiting ? undefined : this.flush();
  }

  /** Awaits what was asked, in order, so that a set's lines stand in the order of the file. */
  async flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { target, verdict, line } of waiting) {
      if (this.#options.signal?.aborted === true) break;
      const judged = await unlessCancelled(verdict);
      if (judged === null) break;
      target.log.add({ ...line, verdict: judged });
    }
    for (const { log } of this.#options.targets) await log.flush();
    throwIfCancelled(this.#options);
  }

  #ask(item: VerifyItem, line: Omit<VerdictLine, "verdict">): void {
    this.counts.samples++;
    for (const target of this.#options.targets) {
      if (target.log.table.covers(line, line.print, line.basis)) continue;
      const verdict = target.verifier.verify(item, this.#options.signal);
      // Where the pass ends early nobody waits for it any more.
      if (verdict instanceof Promise) verdict.catch(() => undefined);
      this.#waiting.push({ target, verdict, line });
    }
  }

  /** What cannot be read was told when the file was opened. */
  #groupsOf(value: unknown): readonly SampleGroup[] {
    if (!isRecord(value)) return [];
    try {
      this.#format ??= this.#formats.find((format) => format.matches(value)) ?? null;
      return this.#format?.read(value) ?? [];
    } catch (error) {
      if (error instanceof FieldError) return [];
      throw error;
    }
  }
}

/** A program that is being run ends with the pass; `null`. */
async function unlessCancelled(verdict: Promise<Verdict> | Verdict): Promise<Verdict | null> {
  try {
    return await verdict;
  } catch (error) {
    if (error instanceof LensError && error.code === "cancelled") return null;
    throw error;
  }
}

const isJudged = ({ outcome }: RawSample): boolean => outcome.kind === "ok" || outcome.kind === "truncated";

const print = ({ text }: RawSample): number | null => (text === "" ? null : fingerprint(text));
