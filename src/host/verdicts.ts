import * as vscode from "vscode";
import { LensError } from "../core/errors.ts";
import { hashHex } from "../core/dataset/hash.ts";
import type { JudgeTarget } from "../core/dataset/verdicts/judgeRollouts.ts";
import type { StoredVerdicts, VerdictLog } from "../core/dataset/verdicts/verdictLog.ts";
import type { FileStore } from "../core/ports.ts";
import type { Verifier } from "../core/verify/verifier.ts";
import { withSource } from "./files.ts";
import { sha256 } from "../node/sha256.ts";
import type { Log } from "./log.ts";
import { messageOf } from "./report.ts";
import { samplesUri, stampOf } from "./runData.ts";
import type { RunEntry } from "./runEntry.ts";
import type { VerifierChoice } from "./verifierWords.ts";

export interface VerdictsPorts {
  readonly files: () => Promise<FileStore>;
  /** Where the sets of imported files go: their own folder is not ours. */
  readonly storage: string;
  readonly verifier: (id: string) => Promise<Verifier>;
  readonly choices: () => Promise<readonly VerifierChoice[]>;
  /** May programs be started here? */
  readonly mayRun: () => boolean;
  readonly log: Log;
}

export interface JudgeProgress {
  readonly signal?: AbortSignal;
  /** Share of the file that is read, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Gives way to what a person asks for. */
  readonly background?: boolean;
}

interface Job {
  readonly abort: AbortController;
  readonly background: boolean;
  readonly ended: Promise<unknown>;
}

const setFolder = "verdicts";
/** Sets held in memory at a time: a run in each mode, twice. */
const mostHeld = 8;

/**
 * Verdict sets of runs: beside the samples of a run folder, and in the workspace's storage for imported files. A set is
 * only ever appended to, so what was judged before a kill or a cancel is there when it is asked for again.
 */
export class Verdicts {
  private readonly ports: VerdictsPorts;
  private readonly jobs = new Map<string, Job>();
  private readonly held = new Map<
    string,
    { readonly stamp: string; readonly value: Promise<StoredVerdicts | null> }
  >();

  constructor(ports: VerdictsPorts) {
    this.ports = ports;
  }

  /** Ids of the verifiers that have judged samples of this run. */
  async stored({ source }: RunEntry): Promise<readonly string[]> {
    const { verifierOfLog } = await import("../core/dataset/verdicts/verdictLog.ts");
    const files = await this.ports.files();
    const folder = this.folderOf(source);
    const names = (await files.list(folder)).filter((name) => name.endsWith(".jsonl")).sort();
    const ids = await Promise.all(names.map((name) => verifierOfLog(`${folder}/${name}`, files)));
    return ids.filter((id) => id !== null);
  }

  /** What a verifier has judged so far; `null`: nothing. */
  async read({ source }: RunEntry, id: string): Promise<StoredVerdicts | null> {
    const path = pathOf(this.folderOf(source), id);
    const stamp = await stampOf(vscode.Uri.file(path));
    const known = this.held.get(path);
    if (known?.stamp === stamp) return known.value;
    const value = this.readSet(path);
    value.catch(() => this.held.delete(path));
    this.held.delete(path);
    this.held.set(path, { stamp, value });
    for (const oldest of this.held.keys()) {
      if (this.held.size <= mostHeld) break;
      this.held.delete(oldest);
    }
    return value;
  }

  /**
   * As `read`, but first judges what is not judged yet (the file has grown) where the verifier only computes.
   * A failure to do so is logged: the samples in question show as not graded.
   */
  async current(entry: RunEntry, id: string): Promise<StoredVerdicts | null> {
    try {
      const choice = (await this.ports.choices()).find((one) => one.id === id);
      if (choice?.needsTrust === false) await this.judge(entry, [id]);
    } catch (error) {
      this.ports.log.warn(`${entry.name}, ${id}: ${messageOf(error)}`);
    }
    return this.read(entry, id);
  }

  /**
   * Judges every sample of the run's file by each of these verifiers, as far as they have not done so.
   * Rejects with `untrusted`, `noVerifier`, `verdictsBusy` (another window judges), `cancelled` (what is judged is kept),
   * or with what reading the file, the verifier or the store rejects with.
   */
  async judge(entry: RunEntry, ids: readonly string[], options: JudgeProgress = {}): Promise<void> {
    const { background = false } = options;
    const folder = this.folderOf(entry.source);
    await this.checkMayJudge(ids);
    if ((await this.missing(entry, ids)).length === 0) return;
    for (let job = this.jobs.get(folder); job !== undefined; job = this.jobs.get(folder)) {
      if (!background && job.background) job.abort.abort();
      await job.ended;
    }
    throwIfAborted(options.signal);
    const abort = new AbortController();
    const onAbort = (): void => abort.abort();
    options.signal?.addEventListener("abort", onAbort);
    const work = this.work(entry, ids, { ...options, signal: abort.signal });
    this.jobs.set(folder, { abort, background, ended: work.catch(() => undefined) });
    try {
      await work;
    } finally {
      this.jobs.delete(folder);
      options.signal?.removeEventListener("abort", onAbort);
    }
  }

  private async work(entry: RunEntry, ids: readonly string[], options: JudgeProgress): Promise<void> {
    const { source } = entry;
    const uri = fileOf(source);
    const stamp = await stampOf(uri);
    const missing = await this.missing(entry, ids);
    if (missing.length === 0) return;
    const { openVerdictLog } = await import("../core/dataset/verdicts/verdictLog.ts");
    const { judgeRollouts } = await import("../core/dataset/verdicts/judgeRollouts.ts");
    const files = await this.ports.files();
    const folder = this.folderOf(source);
    const lock = await files.lock(folder, "VS Code");
    if (lock === null) throw busy(entry);
    const closing: (() => Promise<void>)[] = [() => lock.release()];
    try {
      const targets: JudgeTarget[] = [];
      const logs: VerdictLog[] = [];
      for (const id of missing) {
        const verifier = await this.verifier(id);
        const log = await openVerdictLog(pathOf(folder, id), id, files);
        closing.unshift(() => log.close());
        logs.push(log);
        targets.push({ verifier, log });
      }
      const problems = source.kind === "sampled" ? await problemsIn(source.folder, files) : [];
      const { signal, onProgress } = options;
      await withSource(uri, (opened) =>
        judgeRollouts(opened, {
          targets,
          problems,
          ...(signal === undefined ? {} : { signal }),
          onProgress: (done, total) => onProgress?.(total === 0 ? 1 : done / total),
        }),
      );
      for (const log of logs) await log.finish(stamp);
    } finally {
      for (const close of closing) await close();
    }
  }

  /** Those that have not judged the file as it is now. */
  async missing(entry: RunEntry, ids: readonly string[]): Promise<readonly string[]> {
    const stamp = await stampOf(fileOf(entry.source));
    const missing: string[] = [];
    for (const id of ids) if ((await this.read(entry, id))?.stamp !== stamp) missing.push(id);
    return missing;
  }

  /** The menus hide what is not allowed; this is what forbids it. */
  private async checkMayJudge(ids: readonly string[]): Promise<void> {
    const choices = await this.ports.choices();
    for (const id of ids) {
      const choice = choices.find((one) => one.id === id);
      // Who gives verifiers says why it does not give this one.
      if (choice === undefined) await this.verifier(id);
      else if (choice.needsTrust && !this.ports.mayRun()) {
        const words = "Viewing and labelling work. Sampling and code verifiers are off in this folder.";
        throw new LensError("untrusted", vscode.l10n.t(words));
      }
    }
  }

  private async verifier(id: string): Promise<Verifier> {
    const verifier = await this.ports.verifier(id);
    if (verifier.id === id) return verifier;
    throw new LensError("noVerifier", vscode.l10n.t("The verifier {0} is not here any more.", id));
  }

  private async readSet(path: string): Promise<StoredVerdicts | null> {
    const { readVerdictLog } = await import("../core/dataset/verdicts/verdictLog.ts");
    return readVerdictLog(path, await this.ports.files());
  }

  private folderOf(source: RunEntry["source"]): string {
    if (source.kind === "sampled") return `${source.folder}/${setFolder}`;
    const name = sha256(new TextEncoder().encode(source.uri)).slice(0, 16);
    return `${this.ports.storage}/${setFolder}/${name}`;
  }
}

const fileOf = (source: RunEntry["source"]): vscode.Uri =>
  source.kind === "sampled" ? samplesUri(source.folder) : vscode.Uri.parse(source.uri);

/** A name that every system takes, and that no other id has. */
const pathOf = (folder: string, id: string): string =>
  `${folder}/${id.replaceAll(/[^\w@.-]+/g, "-").slice(0, 60)}.${hashHex(id).slice(0, 8)}.jsonl`;

async function problemsIn(folder: string, files: FileStore) {
  const { readRun } = await import("../core/run/store.ts");
  return (await readRun(folder, files)).problems;
}

const busy = ({ name }: RunEntry): LensError =>
  new LensError(
    "verdictsBusy",
    vscode.l10n.t("{0} is being verified in another window. Wait for it, or cancel it there.", name),
  );

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new LensError("cancelled", "Cancelled.");
}
