import * as vscode from "vscode";
import { LensError } from "../../core/errors.ts";
import type { ItemId } from "../../core/label/model.ts";
import { falseClaims } from "../../core/trace/arithmetic/claims.ts";
import type {
  FlagView,
  Judgement,
  LabelAction,
  LabelsSnapshot,
  ResultsView,
  SummaryView,
} from "../../protocol/labels.ts";
import type { Log } from "../log.ts";
import type { SampleAddress } from "../panels/panelRuns.ts";
import { codeOf, isCancellation, messageOf } from "../report.ts";
import { blindWords } from "./blindWords.ts";
import { LabelCount } from "./labelCount.ts";
import { findItem } from "./labelledRuns.ts";
import { itemView } from "./labelsSnapshot.ts";
import { openQueue, type OpenQueue, type OpenQueuePorts, type QueueChoice } from "./openQueue.ts";

interface Remembered {
  readonly version: number;
  readonly choice: QueueChoice | null;
  readonly blind: boolean;
}

const stateName = "rolloutLens.labelQueue";
const stateVersion = 1;
export interface LabelDeskPorts extends OpenQueuePorts {
  readonly state: vscode.Memento;
  readonly log: Log;
  readonly keys: Readonly<Partial<Record<LabelAction, string>>>;
  readonly onSnapshot: () => void;
  readonly onSummary: (summary: SummaryView) => void;
  /** Labels of these runs are on disk and were counted. */
  readonly onCounted: (runIds: readonly string[]) => void;
}

/** The one queue that a window labels, kept over reloads: what the view shows, and what is done to it. */
export class LabelDesk {
  private readonly ports: LabelDeskPorts;
  private choice: QueueChoice | null;
  private blind: boolean;
  private opened: OpenQueue | null = null;
  private opening: { readonly abort: AbortController; readonly done: Promise<void> } | null = null;
  private reading: number | null = null;
  private failure: unknown = null;
  private readonly count: LabelCount;
  private version = 0;

  constructor(ports: LabelDeskPorts) {
    this.ports = ports;
    const stored = ports.state.get<Remembered>(stateName);
    const known = stored?.version === stateVersion ? stored : null;
    this.choice = known?.choice ?? null;
    this.blind = known?.blind ?? false;
    const { files, log, onSummary, onCounted } = ports;
    this.count = new LabelCount({
      files,
      log,
      onSummary: (summary) => void (this.blind || onSummary(summary)),
      onCounted,
    });
  }

  get isBlind(): boolean {
    return this.blind;
  }

  get left(): number {
    const { queue } = this.opened ?? {};
    return queue === undefined ? 0 : queue.total - queue.done;
  }

  /** Opens what was labelled last, once; a failure is shown in the view. */
  async ready(): Promise<LabelsSnapshot> {
    if (this.choice !== null && this.opened === null && this.opening === null) void this.reopen(this.choice);
    return this.snapshot();
  }

  async open(choice: QueueChoice): Promise<void> {
    this.choice = choice;
    await this.remember();
    await this.reopen(choice);
  }

  /** The open queue, once it is read; `null` where there is none. */
  async queue(): Promise<OpenQueue | null> {
    await this.opening?.done;
    return this.opened;
  }

  async judge(judgement: Judgement): Promise<LabelsSnapshot> {
    return this.act(({ session }) => session.judge(judgement));
  }
  async saveNote(token: number, note: string): Promise<LabelsSnapshot> {
    return this.act(({ session }) => session.annotate(token, note));
  }
  async undo(): Promise<LabelsSnapshot> {
    return this.act(({ session }) => session.undo());
  }
  async skip(token: number): Promise<LabelsSnapshot> {
    return this.act(({ session }) => session.skip(token));
  }
  async go(by: -1 | 1): Promise<LabelsSnapshot> {
    return this.act(({ session }) => session.go(by));
  }

  async setBlind(blind: boolean): Promise<LabelsSnapshot> {
    this.blind = blind;
    await this.remember();
    this.count.soon();
    return this.snapshot();
  }

  /** Shows the item of a conflict to be settled; `null` goes back to the queue. */
  async settle(item: ItemId | null): Promise<LabelsSnapshot> {
    return this.act(({ session, runs }) => session.settle(item === null ? null : findItem(runs, item)));
  }

  flags(token: number): readonly FlagView[] {
    const shown = this.opened?.session.shown;
    if (shown?.token !== token || shown.text === null) return [];
    return falseClaims(shown.text.text).map(({ start, end, left, right, value }) => ({
      start,
      end,
      message: vscode.l10n.t("{0} is {1}, not {2}", left.trim(), value, right.trim()),
    }));
  }

  /** Names this showing of the item; `null`: nothing is shown. */
  get shownToken(): number | null {
    return this.opened?.session.shown?.token ?? null;
  }

  /** Where the shown item stands. Rejects with `blind`: that place has a name. */
  place(token: number): SampleAddress | null {
    this.checkNotBlind();
    const shown = this.opened?.session.shown;
    const [place] = shown?.token === token ? shown.item.places : [];
    if (shown === undefined || shown === null || place === undefined) return null;
    return { runId: place.runId, problemKey: shown.item.problemKey, index: place.index };
  }

  /** Rejects with `blind`: results name runs and raters. */
  async results(): Promise<ResultsView> {
    this.checkNotBlind();
    const open = await this.queue();
    if (open === null) throw new LensError("noQueue", vscode.l10n.t("There is no queue yet."));
    const { resultsView } = await import("./resultsView.ts");
    return resultsView(open, await this.count.read(open));
  }

  /** As it is to be shown. In blind mode without anything that names a run, a model, a rater, a file or the order. */
  snapshot(): LabelsSnapshot {
    const { blind, opened, failure } = this;
    const shown = opened?.session.shown ?? null;
    return {
      version: ++this.version,
      keys: this.ports.keys,
      blind,
      queue:
        opened === null
          ? null
          : {
              title: blind ? "" : opened.title,
              done: opened.queue.done,
              total: opened.queue.total,
              skipped: opened.queue.skipped,
              secondsEach: opened.session.secondsEach,
            },
      item:
        opened === null || shown === null
          ? null
          : itemView(shown, {
              blind,
              problems: opened.problems,
              own: opened.labels.of(shown.item.id),
              everyone: this.count.everyone?.labels ?? null,
              rater: opened.choice.rater,
            }),
      canUndo: opened?.labels.canUndo ?? false,
      summary: blind ? null : this.count.summary,
      reading: this.reading,
      error: this.told(shown?.failure ?? failure),
    };
  }

  /** What a request failed with, as the view may hear it. */
  asTold(error: unknown): unknown {
    if (!this.blind || isCancellation(error)) return error;
    this.ports.log.error(messageOf(error));
    return new LensError(codeOf(error) ?? "failed", blindWords(codeOf(error)));
  }

  /** What was said is written; another window may go on. */
  async close(): Promise<void> {
    this.opening?.abort.abort();
    await this.opening?.done;
    this.count.start(null);
    const { opened } = this;
    this.opened = null;
    await opened?.session.close();
  }

  private async act(step: (open: OpenQueue) => Promise<void>): Promise<LabelsSnapshot> {
    const open = await this.queue();
    if (open !== null) await step(open);
    return this.snapshot();
  }

  private reopen(choice: QueueChoice): Promise<void> {
    this.opening?.abort.abort();
    const abort = new AbortController();
    const before = this.opening?.done ?? Promise.resolve();
    const done = before.then(() => this.load(choice, abort.signal));
    this.opening = { abort, done };
    return done;
  }

  private async load(choice: QueueChoice, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const earlier = this.opened;
    this.opened = null;
    this.count.start(null);
    this.failure = null;
    this.tell(0);
    try {
      await earlier?.session.close();
      this.opened = await this.openQueue(choice, signal);
      this.count.start(this.opened);
    } catch (error) {
      if (!isCancellation(error)) {
        this.failure = error;
        this.ports.log.error(`labels: ${messageOf(error)}`);
      }
    } finally {
      if (this.opening?.abort.signal === signal) this.opening = null;
      this.tell(null);
    }
  }

  private openQueue(choice: QueueChoice, signal: AbortSignal): Promise<OpenQueue> {
    const onProgress = (share: number): void => {
      if (share - (this.reading ?? 0) >= 0.05) this.tell(share);
    };
    const onLabel = (): void => this.count.soon();
    return openQueue(choice, this.ports, { signal, onProgress, onLabel });
  }

  private tell(reading: number | null): void {
    this.reading = reading;
    this.ports.onSnapshot();
  }

  private told(error: unknown): LabelsSnapshot["error"] {
    if (error === null) return null;
    const code = codeOf(error);
    return { code: code ?? "failed", message: this.blind ? blindWords(code) : messageOf(error) };
  }

  private checkNotBlind(): void {
    if (!this.blind) return;
    throw new LensError("blind", vscode.l10n.t("Blind mode hides this. Turn it off to see it."));
  }

  private async remember(): Promise<void> {
    const { choice, blind } = this;
    await this.ports.state.update(stateName, { version: stateVersion, choice, blind } satisfies Remembered);
  }
}
