import type { LabelLog } from "../../core/label/labelLog.ts";
import type { StoredLine } from "../../core/label/labelLine.ts";
import { type LabelSet, labelSet } from "../../core/label/labelSet.ts";
import { readLabels } from "../../core/label/readLabels.ts";
import type { InputIssue } from "../../core/model.ts";
import type { ByteSource, FileStore } from "../../core/ports.ts";

export interface EveryonesLabels {
  readonly labels: LabelSet;
  readonly lines: readonly StoredLine[];
  readonly issues: readonly InputIssue[];
}

/** All raters' labels in the folders. What `own` holds is taken from memory: it is newer than any file. */
export async function everyonesLabels(
  folders: Iterable<string>,
  own: readonly LabelLog[],
  files: FileStore,
): Promise<EveryonesLabels> {
  const held = new Set(own.map(({ path }) => path));
  const sources: ByteSource[] = [];
  for (const folder of new Set(folders)) {
    for (const name of (await files.list(folder)).filter((one) => one.endsWith(".jsonl")).sort()) {
      const path = `${folder}/${name}`;
      const source = held.has(path) ? null : await files.open(path);
      if (source !== null) sources.push(source);
    }
  }
  const others = await readLabels(sources);
  const lines = [...others.lines, ...own.flatMap((log) => log.lines)];
  return { lines, labels: labelSet(lines), issues: [...others.issues, ...own.flatMap((log) => log.issues)] };
}
