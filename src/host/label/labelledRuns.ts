import * as vscode from "vscode";
import { LensError } from "../../core/errors.ts";
import { collectItems, type ItemText as TextOfItem } from "../../core/label/collectItems.ts";
import type { ItemId, LabelItem, RunItems } from "../../core/label/model.ts";
import { wholeText } from "../../core/trace/traceRecord.ts";
import { goldWords } from "../../core/verify/code/codeGold.ts";
import type { RunCatalog } from "../catalog.ts";
import { withSource } from "../files.ts";
import type { LoadedRun, RunData } from "../runData.ts";
import type { RunEntry } from "../runEntry.ts";
import { labelFolder } from "./labelFolder.ts";
import type { ItemText } from "./itemTexts.ts";

export interface LabelledRunsPorts {
  readonly catalog: RunCatalog;
  readonly data: RunData;
  /** Where labels go that cannot stand beside their rollouts. */
  readonly storage: string;
}

export interface LabelledRun {
  readonly entry: RunEntry;
  readonly loaded: LoadedRun;
  readonly items: RunItems;
  readonly folder: string;
}

export interface Opening {
  readonly signal: AbortSignal;
  /** Share of the files that is read, 0 to 1. */
  readonly onProgress: (share: number) => void;
  /** Told of each text, which nobody holds. */
  readonly onText?: (item: ItemId, text: string) => void;
}

/** Opens runs for labelling: hashes of their texts, and the way to the texts, which stay in the files. */
export class LabelledRuns {
  private readonly ports: LabelledRunsPorts;

  constructor(ports: LabelledRunsPorts) {
    this.ports = ports;
  }

  /** Rejects with `noRun`, `noSamples`, `cancelled`, `stale`, or with what reading the files rejects with. */
  async open(
    ids: readonly string[],
    { signal, onProgress, onText }: Opening,
  ): Promise<readonly LabelledRun[]> {
    const { catalog, data } = this.ports;
    await catalog.load();
    const runs: LabelledRun[] = [];
    for (const [i, id] of ids.entries()) {
      const entry = catalog.find(id);
      if (entry === null)
        throw new LensError("noRun", vscode.l10n.t("A run of this queue is not in the list any more."));
      const loaded = await data.load(entry);
      const progress = (share: number): void => onProgress((i + share) / ids.length);
      const items = await this.itemsOf(entry, loaded, {
        signal,
        onProgress: progress,
        ...(onText === undefined ? {} : { onText }),
      });
      runs.push({ entry, loaded, items, folder: this.folderOf(entry) });
    }
    return runs;
  }

  folderOf(entry: RunEntry): string {
    return labelFolder(entry, this.ports.storage);
  }

  private async itemsOf(
    entry: RunEntry,
    { samples, file }: LoadedRun,
    { signal, onProgress, onText }: Opening,
  ): Promise<RunItems> {
    if (samples === null)
      throw new LensError("noSamples", vscode.l10n.t("{0} has no samples to label yet.", entry.name));
    const options = {
      signal,
      onProgress: (done: number, total: number) => onProgress(total === 0 ? 1 : done / total),
      ...(onText === undefined ? {} : { onText: ({ item, text }: TextOfItem) => onText(item, text) }),
    };
    const [items] = await withSource(file, (source) => collectItems(source, [samples], options));
    return { runId: entry.id, name: entry.name, problems: items?.problems ?? [] };
  }
}

/** One text, read from its run's file. Rejects with `noSample`, `stale`. */
export async function readItem(runs: readonly LabelledRun[], item: LabelItem): Promise<ItemText> {
  const [place] = item.places;
  const run = runs.find(({ entry }) => entry.id === place?.runId);
  const refs = run?.loaded.locate(item.problemKey) ?? [];
  const ref = refs.find(({ index }) => index === place?.index);
  if (run === undefined || ref === undefined)
    throw new LensError("noSample", vscode.l10n.t("This sample is not in the file any more."));
  const { question, gold, text, reasoning } = await run.loaded.readText(ref);
  return {
    question,
    gold: goldWords(gold),
    text: wholeText(text, reasoning),
    run: run.entry,
    ref,
    samples: refs.length,
  };
}

/** Those of the items that are in the runs, each with all its places, in the runs' order. */
export function findItems(runs: readonly LabelledRun[], wanted: ReadonlySet<ItemId>): readonly LabelItem[] {
  const found = new Map<ItemId, LabelItem>();
  for (const { entry, items } of runs) {
    for (const { problemKey, items: texts } of items.problems) {
      for (const { id, index, count, correct } of texts) {
        if (!wanted.has(id)) continue;
        const place = { runId: entry.id, index, count, correct };
        found.set(id, { id, problemKey, places: [...(found.get(id)?.places ?? []), place] });
      }
    }
  }
  return [...found.values()];
}

/** Rejects with `noSample` where no run has it. */
export function findItem(runs: readonly LabelledRun[], id: ItemId): LabelItem {
  const [item] = findItems(runs, new Set([id]));
  if (item !== undefined) return item;
  throw new LensError("noSample", vscode.l10n.t("This sample is not in the file any more."));
}
