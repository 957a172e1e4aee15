import * as vscode from "vscode";
import { compareVerdicts } from "../core/dataset/verdicts/compareVerdicts.ts";
import type { RolloutRun } from "../core/dataset/readRollouts.ts";
import type { RunTally } from "../core/model.ts";
import type { ModesView } from "../protocol/verdicts.ts";
import type { Log } from "./log.ts";
import { isCancellation, messageOf } from "./report.ts";
import { breathe } from "./judgedRuns.ts";
import type { LoadedRun, RunData } from "./runData.ts";
import type { RunEntry } from "./runEntry.ts";
import type { Verdicts } from "./verdicts.ts";
import { modesOf, verifierWords } from "./verifierWords.ts";

export interface ModeSharesPorts {
  readonly data: RunData;
  readonly verdicts: Verdicts;
  readonly log: Log;
}

interface Share {
  /** Of the file: another one means that it has changed. */
  readonly stamp: string;
  /** `null`: it could not be counted. */
  readonly found: { readonly dependent: number; readonly samples: number } | null;
}

/** A larger run is counted when the person asks for it. */
const mostSamples = 20_000;

/**
 * How many verdicts of a run depend on its verifier's mode. Counted in the background, one run after the other, from the
 * verdict sets of all modes; these stay on disk, so the next window only counts.
 */
export class ModeShares implements vscode.Disposable {
  private readonly ports: ModeSharesPorts;
  private readonly shares = new Map<string, Share>();
  private readonly waiting = new Map<
    string,
    { readonly entry: RunEntry; readonly modes: readonly string[] }
  >();
  private readonly changed = new vscode.EventEmitter<string>();
  private working = false;
  private disposed = false;
  /** The id of a run whose share is known now. */
  readonly onDidCount = this.changed.event;

  constructor(ports: ModeSharesPorts) {
    this.ports = ports;
  }

  /** What is known, `null` for a verifier without modes; what is not known will be counted, and told. */
  of(entry: RunEntry, { tally, samples: run, stamp }: LoadedRun): ModesView | null {
    const modes = modesOf(tally.verifier);
    if (modes.length < 2 || run === null) return null;
    const judges = modes.map((id) => ({ id, words: verifierWords(id) }));
    const key = keyOf(entry, modes);
    const known = this.shares.get(key);
    if (known?.stamp === stamp) {
      if (known.found === null) return null;
      return { judges, ...known.found, onRequest: false };
    }
    const onRequest = sampleCount(tally) > mostSamples;
    if (!onRequest) this.want(entry, modes);
    return { judges, dependent: null, samples: 0, onRequest };
  }

  /** The sets of all modes are there: the person has asked for the list. */
  count(entry: RunEntry, verifier: string): Promise<void> {
    return this.compare(entry, modesOf(verifier));
  }

  dispose(): void {
    this.disposed = true;
    this.waiting.clear();
    this.changed.dispose();
  }

  private want(entry: RunEntry, modes: readonly string[]): void {
    this.waiting.set(keyOf(entry, modes), { entry, modes });
    if (!this.working) void this.work();
  }

  private async work(): Promise<void> {
    this.working = true;
    for (const [key, { entry, modes }] of this.waiting) {
      this.waiting.delete(key);
      try {
        await this.ports.verdicts.judge(entry, modes, { background: true });
        if (!this.disposed) await this.compare(entry, modes);
      } catch (error) {
        await this.giveUp(entry, modes, error);
      }
    }
    this.working = false;
  }

  private async compare(entry: RunEntry, modes: readonly string[]): Promise<void> {
    const judged: RolloutRun[] = [];
    let stamp = "";
    for (const id of modes) {
      const loaded = await this.ports.data.loadJudged(entry, id);
      stamp = loaded.stamp;
      if (loaded.samples !== null) judged.push(loaded.samples);
    }
    const { samples, counts } = await compareVerdicts(judged, { limit: 0, breathe, unparsedIsWrong: false });
    const dependent = counts.reduce((sum, { count }) => sum + count, 0);
    this.shares.set(keyOf(entry, modes), { stamp, found: { dependent, samples } });
    this.changed.fire(entry.id);
  }

  /** What a person asked for came in between, or it cannot be counted: then it is not asked for again and again. */
  private async giveUp(entry: RunEntry, modes: readonly string[], error: unknown): Promise<void> {
    if (isCancellation(error) || this.disposed) return;
    this.ports.log.warn(`${entry.name}: ${messageOf(error)}`);
    const { stamp } = await this.ports.data.loadOwn(entry);
    this.shares.set(keyOf(entry, modes), { stamp, found: null });
    this.changed.fire(entry.id);
  }
}

const keyOf = ({ id }: RunEntry, modes: readonly string[]): string => `${modes.join(" ")} ${id}`;

const sampleCount = ({ problems }: RunTally): number =>
  problems.reduce((sum, { n, undecided, error, ungraded }) => sum + n + undecided + error + ungraded, 0);
