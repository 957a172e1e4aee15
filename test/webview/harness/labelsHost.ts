// The host's side of the Label view as it is in the window, over a channel of our own: desk, session and files are real.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { defaultQueueSpec, type QueueSpec } from "../../../src/core/label/model.ts";
import type { FileStore } from "../../../src/core/ports.ts";
import { ContextValues } from "../../../src/host/contextKeys.ts";
import { labelKeys } from "../../../src/host/label/labelKeys.ts";
import { Labels } from "../../../src/host/label/labels.ts";
import type { LabelledRun } from "../../../src/host/label/labelledRuns.ts";
import type { SampleAddress } from "../../../src/host/panels/panelRuns.ts";
import { nodeFileStore } from "../../../src/node/fileStore.ts";
import type { LabelAction } from "../../../src/protocol/labels.ts";
import type { ToWebview } from "../../../src/protocol/rpc.ts";
import { FakeMemento } from "../../fakes/vscode.ts";
import { madeRun, type MadeRun } from "./labelRuns.ts";

export interface LabelsCase {
  readonly runs: readonly MadeRun[];
  readonly spec?: Partial<QueueSpec>;
  readonly rater?: string;
  /** `false`: nothing was chosen yet. */
  readonly hasQueue?: boolean;
  readonly manifest?: unknown;
  /** Of an earlier window. */
  readonly state?: FakeMemento;
  readonly folder?: string;
  /** Default: this machine's. */
  readonly files?: FileStore;
}

type Reply = { readonly ok: boolean } & Record<string, unknown>;

/** One window. What survives it: the folder and the memento. */
export class LabelsHost {
  readonly folder: string;
  readonly state: FakeMemento;
  readonly labels: Labels;
  readonly sent: ToWebview[] = [];
  readonly inspected: SampleAddress[] = [];
  readonly followed: SampleAddress[] = [];
  /** How often the inspector beside was told to close. */
  closed = 0;
  readonly badge: { value?: number } = {};
  /** Told of every event for the page. */
  onEvent: (name: string, payload: unknown) => void = () => undefined;
  private readonly runs: readonly LabelledRun[];
  private readonly made: LabelsCase;
  private receive: (message: unknown) => void = () => undefined;
  private readonly replies = new Map<number, (reply: Reply) => void>();
  private id = 0;

  constructor(made: LabelsCase) {
    this.made = made;
    this.folder = made.folder ?? mkdtempSync(join(tmpdir(), "rollout-lens-labels-"));
    this.state = made.state ?? new FakeMemento();
    this.runs = made.runs.map((run) => madeRun(run, this.labelFolder(run.id)));
    const quiet = (): void => undefined;
    const log = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet, show: quiet };
    this.labels = new Labels({
      extensionUri: vscode.Uri.file("/extension"),
      context: new ContextValues(),
      keys: labelKeys(made.manifest ?? {}),
      state: this.state,
      files: () => Promise.resolve(made.files ?? nodeFileStore),
      clock: { now: () => Date.now() },
      log,
      onCounted: quiet,
      runs: () =>
        Promise.resolve({
          open: (ids) => Promise.resolve(this.runs.filter(({ entry }) => ids.includes(entry.id))),
        }),
      inspector: {
        open: (address) => (this.inspected.push(address), Promise.resolve()),
        follow: (address) => (this.followed.push(address), Promise.resolve()),
        close: () => void this.closed++,
      },
    });
  }

  labelFolder(runId: string): string {
    return join(this.folder, `${runId}.labels`);
  }

  /** Opens view and queue; resolves when the queue is there. */
  async open(): Promise<void> {
    const { runs, spec, rater = "anna", hasQueue = true } = this.made;
    await this.labels.resolveWebviewView(this.view());
    const known = this.state.get("rolloutLens.labelQueue") !== undefined;
    if (hasQueue && !known)
      await this.labels.open({
        runIds: runs.map(({ id }) => id),
        spec: { ...defaultQueueSpec, ...spec },
        rater,
      });
    const desk = await this.labels.opened();
    await desk.ready();
    await desk.queue();
  }

  call(method: string, params: unknown): Promise<Reply> {
    const id = ++this.id;
    return new Promise((resolve) => {
      this.replies.set(id, resolve);
      this.receive({ type: "request", id, method, params });
    });
  }

  press(action: LabelAction): Promise<void> {
    return this.labels.press(action);
  }

  /** What was said is written; the files stay where another window is to follow. */
  async close({ keep = false } = {}): Promise<void> {
    await this.labels.close();
    if (!keep) rmSync(this.folder, { recursive: true, force: true });
  }

  private post(message: ToWebview): Promise<boolean> {
    this.sent.push(message);
    if (message.type === "event") this.onEvent(message.name, message.payload);
    else {
      const { id, type: _, ...reply } = message;
      this.replies.get(id)?.(reply);
      this.replies.delete(id);
    }
    return Promise.resolve(true);
  }

  private view(): vscode.WebviewView {
    const nothing = () => ({ dispose: () => undefined });
    const { badge: shown } = this;
    return {
      visible: true,
      onDidChangeVisibility: nothing,
      onDidDispose: nothing,
      set badge(badge: { value: number } | undefined) {
        if (badge === undefined) delete shown.value;
        else shown.value = badge.value;
      },
      webview: {
        cspSource: "self",
        asWebviewUri: (uri: unknown) => uri,
        postMessage: (message: ToWebview) => this.post(message),
        onDidReceiveMessage: (listener: (message: unknown) => void) => {
          this.receive = listener;
          return { dispose: () => undefined };
        },
      },
    } as unknown as vscode.WebviewView;
  }
}
