import * as vscode from "vscode";
import type { FileStore } from "../../core/ports.ts";
import type { ScoreSet } from "../../core/trace/scoreSetFile.ts";
import { sha256 } from "../../node/sha256.ts";
import type { Log } from "../log.ts";
import { messageOf } from "../report.ts";
import { stampOf } from "../runData.ts";
import type { RunEntry } from "../runEntry.ts";

export interface RunScoresPorts {
  readonly files: () => Promise<FileStore>;
  /** Where the sets of imported files go: their own folder is not ours. */
  readonly storage: string;
  readonly log: Log;
}

/** A score set, and what its file was like when it was read. */
export interface HeldScores {
  readonly set: ScoreSet;
  readonly stamp: string;
}

interface Held {
  readonly stamp: string;
  readonly value: Promise<ScoreSet | null>;
}

/** Sets held in memory at a time: twenty runs under two scorers. */
const mostHeld = 40;

/** What scorers said of runs: sets beside the samples of a run folder, in the workspace's storage for imported files. */
export class RunScores {
  private readonly ports: RunScoresPorts;
  private readonly held = new Map<string, Held>();

  constructor(ports: RunScoresPorts) {
    this.ports = ports;
  }

  /** Every set of the run that can be read; the others are logged. */
  async of(entry: RunEntry): Promise<readonly HeldScores[]> {
    const folder = this.folderOf(entry.source);
    const names = await (await this.ports.files()).list(folder);
    const found: HeldScores[] = [];
    for (const name of names.filter((one) => one.endsWith(".jsonl")).sort()) {
      try {
        const held = await this.read(`${folder}/${name}`);
        if (held !== null) found.push(held);
      } catch (error) {
        this.ports.log.warn(`${entry.name}, ${name}: ${messageOf(error)}`);
      }
    }
    return found;
  }

  folderOf(source: RunEntry["source"]): string {
    if (source.kind === "sampled") return `${source.folder}/scores`;
    const name = sha256(new TextEncoder().encode(source.uri)).slice(0, 16);
    return `${this.ports.storage}/runScores/${name}`;
  }

  private async read(path: string): Promise<HeldScores | null> {
    const stamp = await stampOf(vscode.Uri.file(path));
    let held = this.held.get(path);
    if (held?.stamp !== stamp) {
      const value = this.readSet(path);
      value.catch(() => this.held.delete(path));
      held = { stamp, value };
    }
    this.held.delete(path);
    this.held.set(path, held);
    for (const oldest of this.held.keys()) {
      if (this.held.size <= mostHeld) break;
      this.held.delete(oldest);
    }
    const set = await held.value;
    return set === null ? null : { set, stamp };
  }

  private async readSet(path: string): Promise<ScoreSet | null> {
    const { readScoreSet } = await import("../../core/trace/scoreSetFile.ts");
    return readScoreSet(path, await this.ports.files());
  }
}
