import * as vscode from "vscode";
import type { RolloutFile, RolloutRun } from "../core/dataset/readRollouts.ts";
import { LensError } from "../core/errors.ts";
import { issueText } from "../core/parse.ts";
import type { RunCatalog } from "./catalog.ts";
import { displayName } from "./files.ts";
import { ownRunOf } from "./ownRun.ts";
import { stampOf, type RunData } from "./runData.ts";
import type { RunEntry } from "./runEntry.ts";
import { problemSetOf, summaryOf } from "./summary.ts";

export interface ImportsPorts {
  readonly catalog: RunCatalog;
  readonly data: RunData;
}

/** Takes rollout files that others wrote into the Runs view. The files stay where they are. */
export class Imports {
  private readonly ports: ImportsPorts;

  constructor(ports: ImportsPorts) {
    this.ports = ports;
  }

  /**
   * The ids of the runs in these files, one for each model in each file.
   * Rejects with `noRollouts` (the message says what was found), or with what reading a file rejects with.
   */
  async add(uris: readonly vscode.Uri[]): Promise<readonly string[]> {
    await this.ports.catalog.load();
    const ids: string[] = [];
    for (const uri of uris) {
      const title = vscode.l10n.t("Reading {0}", displayName(uri));
      const location = { viewId: "rolloutLens.runs" };
      ids.push(...(await vscode.window.withProgress({ location, title }, () => this.addFile(uri))));
    }
    return ids;
  }

  private async addFile(uri: vscode.Uri): Promise<readonly string[]> {
    // A run folder of ours is a run, not an import.
    const own = await ownRunOf(uri, this.ports.catalog);
    if (own !== null) return [own.id];
    const read = await this.ports.data.readFile(uri);
    if (read.runs.length === 0) throw new LensError("noRollouts", whyNone(uri, read));
    const stamp = await stampOf(uri);
    const entries = await Promise.all(read.runs.map((run) => entryOf(uri, run, stamp)));
    for (const entry of entries) await this.ports.catalog.put(await this.asChosen(entry));
    return entries.map(({ id }) => id);
  }

  /** A file that is opened again is shown with the verdicts that were chosen for it, and as the person described it. */
  private async asChosen(read: RunEntry): Promise<RunEntry> {
    const known = this.ports.catalog.find(read.id);
    const { metadata } = known ?? {};
    const entry = metadata === undefined ? read : { ...read, role: known?.role ?? read.role, metadata };
    const verdicts = known?.verdicts ?? null;
    if (verdicts === null) return entry;
    const chosen = { ...entry, verdicts };
    const { tally } = await this.ports.data.load(chosen);
    return { ...chosen, summary: await summaryOf(tally) };
  }
}

async function entryOf(uri: vscode.Uri, { tally }: RolloutRun, stamp: string): Promise<RunEntry> {
  const summary = await summaryOf(tally);
  return {
    id: `${uri.toString()}#${tally.name}`,
    name: tally.name,
    role: tally.role,
    dataset: tally.dataset,
    datasetProblems: tally.problems.length,
    problemSet: problemSetOf(tally.problems.map(({ problem }) => problem)),
    source: { kind: "imported", uri: uri.toString(), model: tally.name },
    state: "imported",
    finished: summary.samples,
    total: summary.samples,
    message: null,
    failure: null,
    summary,
    createdAt: null,
    stamp,
  };
}

/** In words why a file gave no run. */
export function whyNone(uri: vscode.Uri, { issues }: RolloutFile): string {
  const [first] = issues;
  const name = displayName(uri);
  if (first !== undefined) return vscode.l10n.t("No rollouts in {0}. {1}.", name, issueText(first));
  return vscode.l10n.t("No rollouts in {0}.", name);
}
