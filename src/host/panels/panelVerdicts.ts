import * as vscode from "vscode";
import type { SampleRef } from "../../core/dataset/readRollouts.ts";
import type { CurvesOptions } from "../../protocol/curves.ts";
import type { SampleText } from "../../protocol/samples.ts";
import type { JudgeView, RunVerdictsView, VerdictCountsView, VerdictsView } from "../../protocol/verdicts.ts";
import type { AbortSignalLike } from "../../protocol/rpc.ts";
import type { ModeShares } from "../modeShares.ts";
import { ownJudge, type Reverify } from "../reverify.ts";
import type { LoadedRun } from "../runData.ts";
import type { RunEntry } from "../runEntry.ts";
import type { Verdicts } from "../verdicts.ts";
import type { VerifierChoice } from "../verifierWords.ts";
import type { JudgedRun } from "./verdictsView.ts";

/** More rows than a person reads; all are counted. */
const mostRows = 10_000;

export interface PanelVerdictsPorts {
  readonly reverify: Reverify;
  readonly shares: ModeShares;
  readonly verdicts: Verdicts;
  readonly choices: () => Promise<readonly VerifierChoice[]>;
  readonly mayRun: () => boolean;
}

/** What a panel says of the verdicts of its runs, and of those of other judges. */
export class PanelVerdicts {
  private readonly ports: PanelVerdictsPorts;
  private readonly changes = new WeakMap<object, Promise<VerdictCountsView>>();

  constructor(ports: PanelVerdictsPorts) {
    this.ports = ports;
  }

  /** Who can be chosen. */
  async judges(): Promise<readonly JudgeView[]> {
    const choices = await this.ports.choices();
    return choices
      .filter(({ needsTrust }) => !needsTrust || this.ports.mayRun())
      .map(({ id, words }) => ({ id, words }));
  }

  /** `loaded`: with the verdicts that are shown; `null` for a run at work, which shows its own. */
  async ofRun(entry: RunEntry, loaded: LoadedRun | null): Promise<RunVerdictsView> {
    const own = await this.judgeView(entry, ownJudge);
    if (loaded === null) return { shown: own, own, changed: null, modes: null };
    const chosen = entry.verdicts ?? null;
    return {
      shown: chosen === null ? own : await this.judgeView(entry, chosen),
      own,
      changed: chosen === null ? null : await this.changed(entry, chosen, loaded),
      modes: this.ports.shares.of(entry, loaded),
    };
  }

  /** Judges first where that was not done yet. */
  async compare(
    entry: RunEntry,
    judges: readonly string[],
    { options, signal }: { readonly options: CurvesOptions; readonly signal: AbortSignalLike },
  ): Promise<VerdictsView> {
    const { reverify, shares } = this.ports;
    await reverify.ensure([entry], judges, signal);
    const found = await reverify.compare(entry, judges, mostRows);
    if (judges.length > 2 && judges[0] !== undefined) await shares.count(entry, judges[0]);
    const judged: JudgedRun[] = [];
    for (const id of judges) {
      const { tally } = await reverify.loadBy(entry, id);
      judged.push({ judge: await this.judgeView(entry, id), tally });
    }
    const { verdictsView } = await import("./verdictsView.ts");
    return verdictsView({ runId: entry.id, name: entry.name, judged, found, options, noAnswer: noAnswer() });
  }

  /** What judges besides the shown one have said of a sample. */
  async others(entry: RunEntry, ref: SampleRef): Promise<SampleText["others"]> {
    const shown = entry.verdicts ?? ownJudge;
    const judges = [ownJudge, ...(await this.ports.verdicts.stored(entry))].filter(
      (judge) => judge !== shown,
    );
    const said = await Promise.all(judges.map((judge) => this.saidBy(entry, judge, ref)));
    return said.filter((one) => one !== null);
  }

  private async saidBy(
    entry: RunEntry,
    judge: string,
    { problemKey, index }: SampleRef,
  ): Promise<SampleText["others"][number] | null> {
    const { reverify } = this.ports;
    const { judgedView } = await import("./verdictsView.ts");
    const run = await reverify.loadBy(entry, judge);
    const ref = run.locate(problemKey).find((one) => one.index === index);
    if (ref === undefined || ref.verdict === null) return null;
    return { words: await reverify.wordsOf(entry, judge), ...judgedView(ref.verdict, noAnswer()) };
  }

  private async judgeView(entry: RunEntry, id: string): Promise<JudgeView> {
    return { id, words: await this.ports.reverify.wordsOf(entry, id) };
  }

  /** Against the run's own verdicts; counted once for what is loaded. */
  private changed(
    entry: RunEntry,
    chosen: string,
    { samples }: LoadedRun,
  ): Promise<VerdictCountsView> | null {
    if (samples === null) return null;
    const known = this.changes.get(samples);
    if (known !== undefined) return known;
    const counted = this.count(entry, chosen);
    counted.catch(() => this.changes.delete(samples));
    this.changes.set(samples, counted);
    return counted;
  }

  private async count(entry: RunEntry, chosen: string): Promise<VerdictCountsView> {
    const { countsView } = await import("./verdictsView.ts");
    return countsView(await this.ports.reverify.compare(entry, [ownJudge, chosen], 0));
  }
}

const noAnswer = (): string => vscode.l10n.t("no answer found");
