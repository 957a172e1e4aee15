import * as vscode from "vscode";
import { compareVerdicts, type VerdictComparison } from "../core/dataset/verdicts/compareVerdicts.ts";
import type { RolloutRun } from "../core/dataset/readRollouts.ts";
import { LensError } from "../core/errors.ts";
import type { AbortSignalLike } from "../protocol/rpc.ts";
import type { RunCatalog } from "./catalog.ts";
import { breathe } from "./judgedRuns.ts";
import type { LoadedRun, RunData } from "./runData.ts";
import type { RunEntry } from "./runEntry.ts";
import type { Runs } from "./runs.ts";
import { summaryOf } from "./summary.ts";
import type { Verdicts } from "./verdicts.ts";
import { ownWords, type VerifierChoice, verifierWords } from "./verifierWords.ts";

/** The judge whose verdicts stand in a run's own file. */
export const ownJudge = "own";

export interface ReverifyPorts {
  readonly catalog: RunCatalog;
  readonly runs: Runs;
  readonly data: RunData;
  readonly verdicts: Verdicts;
  readonly choices: () => Promise<readonly VerifierChoice[]>;
  readonly mayRun: () => boolean;
}

interface JudgeItem extends vscode.QuickPickItem {
  readonly judge: string;
}

/** Judges samples that are there again, by another verifier or another mode. What was judged before stays. */
export class Reverify {
  private readonly ports: ReverifyPorts;
  private readonly judgedEvent = new vscode.EventEmitter<string>();
  /** The id of a run that is shown with other verdicts now. */
  readonly onDidJudge = this.judgedEvent.event;

  constructor(ports: ReverifyPorts) {
    this.ports = ports;
  }

  /** Asks by whom; `null` when the person left. */
  async askJudge(entries: readonly RunEntry[], title: string): Promise<string | null> {
    const items = await this.items(entries);
    const placeHolder = vscode.l10n.t("Verdicts given before are kept");
    const options = { title, placeHolder, matchOnDescription: true, matchOnDetail: true };
    return (await vscode.window.showQuickPick(items, options))?.judge ?? null;
  }

  /** Asks for two judges to compare; `null` when the person left. */
  async askJudges(entry: RunEntry): Promise<readonly [string, string] | null> {
    const items = (await this.items([entry])).filter(({ kind }) => kind === undefined);
    const step = (number: number): string =>
      vscode.l10n.t("Compare the verdicts on {0} ({1} of 2)", entry.name, number);
    const first = await vscode.window.showQuickPick(items, { title: step(1), matchOnDescription: true });
    if (first === undefined) return null;
    const others = items.filter(({ judge }) => judge !== first.judge);
    const second = await vscode.window.showQuickPick(others, { title: step(2), matchOnDescription: true });
    return second === undefined ? null : [first.judge, second.judge];
  }

  /**
   * Shows the runs with the judge's verdicts from now on, after judging what is not judged yet; with progress that can be
   * cancelled. Rejects with `atWork` for a run that is being sampled, `cancelled`, or as `Verdicts.judge`.
   */
  async judge(entries: readonly RunEntry[], judge: string): Promise<void> {
    if (judge !== ownJudge) await this.ensure(entries, [judge]);
    for (const { id } of entries) {
      const entry = this.ports.catalog.find(id);
      if (entry === null) continue;
      const chosen = { ...entry, verdicts: judge === ownJudge ? null : judge };
      const { tally } = await this.ports.data.load(chosen);
      await this.ports.catalog.put({ ...chosen, summary: await summaryOf(tally) });
      this.judgedEvent.fire(id);
    }
  }

  /** Sees to it that each judge has judged all samples of these runs; with progress. Rejects as `judge`. */
  async ensure(
    entries: readonly RunEntry[],
    judges: readonly string[],
    signal?: AbortSignalLike,
  ): Promise<void> {
    const ids = judges.filter((judge) => judge !== ownJudge);
    const waiting: RunEntry[] = [];
    for (const entry of entries)
      if ((await this.ports.verdicts.missing(entry, ids)).length > 0) waiting.push(entry);
    if (waiting.length === 0) return;
    const busy = waiting.find(({ id }) => this.ports.runs.isActive(id));
    if (busy !== undefined) {
      const words = "{0} is being sampled. Re-verify it when it is done, or cancel it first.";
      throw new LensError("atWork", vscode.l10n.t(words, busy.name));
    }
    const title = vscode.l10n.t("Verifying by {0}", ids.map(verifierWords).join("; "));
    const location = vscode.ProgressLocation.Notification;
    await vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      signal?.addEventListener("abort", () => abort.abort());
      for (const entry of waiting) {
        let told = 0;
        const onProgress = (share: number): void => {
          const percent = Math.floor(100 * share);
          if (percent === told) return;
          progress.report({
            message: `${entry.name}, ${percent} %`,
            increment: (percent - told) / waiting.length,
          });
          told = percent;
        };
        await this.ports.verdicts.judge(entry, ids, { signal: abort.signal, onProgress });
      }
    });
  }

  /** A run as one of its judges sees it. */
  async loadBy(entry: RunEntry, judge: string): Promise<LoadedRun> {
    const { data } = this.ports;
    return judge === ownJudge ? data.loadOwn(entry) : data.loadJudged(entry, judge);
  }

  /** Where these judges differ over a run that each has judged. */
  async compare(entry: RunEntry, judges: readonly string[], limit: number): Promise<VerdictComparison> {
    const judged: RolloutRun[] = [];
    let unparsedIsWrong = false;
    for (const judge of judges) {
      const { samples, tally } = await this.loadBy(entry, judge);
      // Labels in a file know right and wrong alone.
      unparsedIsWrong ||= judge === ownJudge && tally.verifier.includes("file");
      if (samples !== null) judged.push(samples);
    }
    return compareVerdicts(judged, { limit, breathe, unparsedIsWrong });
  }

  async wordsOf(entry: RunEntry, judge: string): Promise<string> {
    if (judge !== ownJudge) {
      const choice = (await this.ports.choices()).find(({ id }) => id === judge);
      return choice?.words ?? verifierWords(judge);
    }
    return ownWords((await this.ports.data.loadOwn(entry)).tally);
  }

  dispose(): void {
    this.judgedEvent.dispose();
  }

  private async items(entries: readonly RunEntry[]): Promise<readonly JudgeItem[]> {
    const shown = new Set(entries.map(({ verdicts }) => verdicts ?? ownJudge));
    const stored = new Set((await Promise.all(entries.map((one) => this.ports.verdicts.stored(one)))).flat());
    const own = new Set(await Promise.all(entries.map((entry) => this.wordsOf(entry, ownJudge))));
    const note = (judge: string): string => {
      if (shown.has(judge)) return vscode.l10n.t("shown now");
      return stored.has(judge) ? vscode.l10n.t("verified before") : "";
    };
    const allowed = (await this.ports.choices()).filter((one) => !one.needsTrust || this.ports.mayRun());
    return [
      ...allowed.map(({ id, words, detail }) => ({
        judge: id,
        label: words,
        description: [id, note(id)].filter(Boolean).join(" · "),
        detail,
      })),
      { judge: ownJudge, label: "", kind: vscode.QuickPickItemKind.Separator },
      { judge: ownJudge, label: [...own].join("; "), description: note(ownJudge) },
    ];
  }
}
