import * as vscode from "vscode";
import type { RunItems } from "../../core/label/model.ts";
import type { FileStore } from "../../core/ports.ts";
import type { CotLineView } from "../../protocol/curves.ts";
import type { Log } from "../log.ts";
import { isCancellation, messageOf } from "../report.ts";
import { stampOf } from "../runData.ts";
import type { RunEntry } from "../runEntry.ts";
import type { LabelledRuns } from "./labelledRuns.ts";

export interface CotCurvesPorts {
  readonly runs: () => Promise<Pick<LabelledRuns, "open" | "folderOf">>;
  readonly files: () => Promise<FileStore>;
  readonly log: Log;
}

interface Counted {
  /** Of the samples and of every label file: another one means that something has changed. */
  readonly stamp: string;
  readonly line: CotLineView | null;
}

/** CoT-Pass@k of runs that have labels, counted in the background one run after the other, and told when it is there. */
export class CotCurves implements vscode.Disposable {
  private readonly ports: CotCurvesPorts;
  private readonly counted = new Map<string, Counted>();
  private readonly items = new Map<string, { readonly stamp: string; readonly items: RunItems }>();
  private readonly changed = new vscode.EventEmitter<string>();
  private turn: Promise<void> = Promise.resolve();
  private readonly wanted = new Set<string>();
  private disposed = false;
  /** The id of a run whose curve is another one now. */
  readonly onDidCount = this.changed.event;

  constructor(ports: CotCurvesPorts) {
    this.ports = ports;
  }

  /** What was counted last, `null` for a run without labels of humans; what is newer will be counted, and told. */
  async of(entry: RunEntry, samplesStamp: string): Promise<CotLineView | null> {
    const labels = await this.labelsStamp(entry);
    if (labels === "") return null;
    const stamp = `${samplesStamp} ${labels}`;
    const known = this.counted.get(entry.id);
    if (known?.stamp !== stamp && !this.wanted.has(entry.id)) {
      this.wanted.add(entry.id);
      this.turn = this.turn.then(() => this.count(entry, { stamp, samplesStamp }));
    }
    return known?.line ?? null;
  }

  /** Labels of these runs were written: panels that show them ask again. */
  touch(runIds: readonly string[]): void {
    if (!this.disposed) for (const id of runIds) this.changed.fire(id);
  }

  dispose(): void {
    this.disposed = true;
    this.changed.dispose();
  }

  private async count(
    entry: RunEntry,
    { stamp, samplesStamp }: { readonly stamp: string; readonly samplesStamp: string },
  ): Promise<void> {
    if (this.disposed) return;
    this.wanted.delete(entry.id);
    let line: CotLineView | null = null;
    try {
      line = await this.lineOf(entry, samplesStamp);
    } catch (error) {
      if (!isCancellation(error)) this.ports.log.warn(`${entry.name}: ${messageOf(error)}`);
    }
    this.counted.set(entry.id, { stamp, line });
    this.touch([entry.id]);
  }

  private async lineOf(entry: RunEntry, samplesStamp: string): Promise<CotLineView | null> {
    const [runs, files, { cotStudy }, { verifiedProblems }, { everyonesLabels }] = await Promise.all([
      this.ports.runs(),
      this.ports.files(),
      import("../../core/label/cotStudy.ts"),
      import("../../core/label/verifiedProblems.ts"),
      import("./everyone.ts"),
    ]);
    const { labels } = await everyonesLabels([runs.folderOf(entry)], [], files);
    if (!labels.raters.some(({ kind }) => kind === "human")) return null;
    let known = this.items.get(entry.id);
    if (known?.stamp !== samplesStamp) {
      const opening = { signal: new AbortController().signal, onProgress: () => undefined };
      const [run] = await runs.open([entry.id], opening);
      if (run === undefined) return null;
      known = { stamp: samplesStamp, items: run.items };
      this.items.set(entry.id, known);
    }
    const verified = verifiedProblems(known.items, labels);
    const { runs: reports, refusal } = cotStudy([known.items], labels);
    if (refusal !== null) return { points: [], read: 0, texts: 0, preliminary: false, verified, refusal };
    const [report] = reports;
    if (report === undefined || report.read === 0) return null;
    const { points, read, texts, preliminary, exact } = report;
    return {
      points: points.map(({ k, value, low, high }) => ({ k, value, low, high })),
      read,
      texts,
      preliminary: preliminary && !exact,
      verified,
    };
  }

  /** "" where there is no label file. */
  private async labelsStamp(entry: RunEntry): Promise<string> {
    const folder = (await this.ports.runs()).folderOf(entry);
    const names = await (await this.ports.files()).list(folder);
    const stamps = names
      .filter((name) => name.endsWith(".jsonl"))
      .sort()
      .map(async (name) => `${name}:${await stampOf(vscode.Uri.file(`${folder}/${name}`))}`);
    return (await Promise.all(stamps)).join(" ");
  }
}
