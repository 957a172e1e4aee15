import * as vscode from "vscode";
import { count } from "../../core/numberWords.ts";
import { type LabelAction, labelActions, type LabelsContract } from "../../protocol/labels.ts";
import type { Handlers } from "../../protocol/rpc.ts";
import type { ContextValues } from "../contextKeys.ts";
import type { Log } from "../log.ts";
import type { SampleAddress } from "../panels/panelRuns.ts";
import { messageOf } from "../report.ts";
import { RpcServer } from "../rpcServer.ts";
import { webviewHtml, webviewOptions } from "../webview.ts";
import { labelCommand, warmUp } from "./labelKeys.ts";
import type { LabelDesk, LabelDeskPorts } from "./labelDesk.ts";
import type { OpenQueue, QueueChoice } from "./openQueue.ts";
import type { RaterLogsPorts } from "./raterLogs.ts";

export const labelsViewId = "rolloutLens.labels";

export interface LabelsPorts extends Omit<LabelDeskPorts, "onSnapshot" | "onSummary" | "log" | "runs"> {
  readonly extensionUri: vscode.Uri;
  readonly runs: () => Promise<LabelDeskPorts["runs"]>;
  readonly context: ContextValues;
  readonly log: Log & { readonly show: () => void };
  readonly inspector: InspectorBeside;
}

/** The trace inspector beside the view. */
export interface InspectorBeside {
  /** The focus stays where it is. */
  readonly open: (address: SampleAddress) => Promise<void>;
  /** Shows this one where it is open, and does nothing where it is not. */
  readonly follow: (address: SampleAddress) => Promise<void>;
  readonly close: () => void;
}

/** Keys come faster than traces are read: the inspector goes to where one stays. */
const followDelayMs = 300;

/** The Label view: one queue a window. What it shows comes from the desk, which is loaded when it is first needed. */
export class Labels implements vscode.WebviewViewProvider, vscode.Disposable {
  private readonly ports: LabelsPorts;
  private desk: Promise<LabelDesk> | null = null;
  private view: vscode.WebviewView | null = null;
  private server: RpcServer<LabelsContract> | null = null;
  private free = false;
  private following: ReturnType<typeof setTimeout> | undefined;
  /** What the inspector beside was last told to show. */
  private followed: number | null = null;

  constructor(ports: LabelsPorts) {
    this.ports = ports;
  }

  /**
   * Each command once by the window's own way. The first time, VS Code waits for what a command may activate, and a key
   * pressed meanwhile would overtake: with that, labels could change places.
   */
  private async warm(): Promise<void> {
    const commands = labelActions.map((action) => ({ command: labelCommand(action), args: warmUp }));
    try {
      await vscode.commands.executeCommand("runCommands", { commands });
    } catch (error) {
      this.ports.log.warn(`labels: ${messageOf(error)}`);
    }
  }

  async resolveWebviewView(view: vscode.WebviewView): Promise<void> {
    const { extensionUri, log, context } = this.ports;
    const desk = await this.opened();
    view.webview.options = webviewOptions(extensionUri);
    const server = new RpcServer<LabelsContract>({
      channel: view.webview,
      handlers: this.handlers(desk),
      isVisible: () => view.visible,
      onFailure: (method, error) => log.error(`labels ${method}: ${messageOf(error)}`),
    });
    const keysOff = (): void => {
      this.free = false;
      context.set("rolloutLens.labels.focused", undefined);
    };
    view.onDidChangeVisibility(() => view.visible || keysOff());
    view.onDidDispose(() => {
      keysOff();
      server.dispose();
      if (this.view === view) this.view = this.server = null;
    });
    this.view = view;
    this.server = server;
    const page = { entry: "labels", title: vscode.l10n.t("Label") };
    view.webview.html = webviewHtml(view.webview, extensionUri, page);
  }

  /** A key of the view; from the palette it shows the view where it is hidden. */
  async press(action: LabelAction): Promise<void> {
    if (this.server?.emit("press", action) !== true) await this.focus();
  }

  /** Opens a queue and goes there. */
  async open(choice: QueueChoice): Promise<void> {
    const desk = await this.opened();
    const opened = desk.open(choice);
    await this.focus();
    await opened;
  }

  async opened(): Promise<LabelDesk> {
    this.desk ??= this.load();
    return this.desk;
  }

  /** The open queue; asks for one where there is none. `null`: the person left. */
  async queue(): Promise<OpenQueue | null> {
    const desk = await this.opened();
    await desk.ready();
    const open = await desk.queue();
    if (open !== null) return open;
    await vscode.commands.executeCommand("rolloutLens.labelRuns");
    return desk.queue();
  }

  /** What labels are read and written with. */
  get store(): RaterLogsPorts & Pick<LabelsPorts, "runs"> {
    return this.ports;
  }

  /** Does something while this window holds no file of labels, then opens them again. */
  async aside<T>(work: () => Promise<T>): Promise<T> {
    const desk = await this.opened();
    await desk.close();
    try {
      return await work();
    } finally {
      await desk.ready();
    }
  }

  /** Everything that was said is written. */
  async close(): Promise<void> {
    await (await this.desk)?.close();
  }

  dispose(): void {
    clearTimeout(this.following);
    this.server?.dispose();
    void this.close();
  }

  async focus(): Promise<void> {
    await vscode.commands.executeCommand(`${labelsViewId}.focus`);
  }

  private async load(): Promise<LabelDesk> {
    const [{ LabelDesk }, runs] = await Promise.all([import("./labelDesk.ts"), this.ports.runs()]);
    const desk = new LabelDesk({
      ...this.ports,
      runs,
      onSnapshot: () => this.show(desk),
      onSummary: (summary) => void this.server?.emit("summary", summary),
    });
    return desk;
  }

  private show(desk: LabelDesk): void {
    this.server?.emit("snapshot", desk.snapshot());
    this.count(desk);
  }

  /** The inspector beside goes where the queue goes. In blind mode there is none: it has names. */
  private follow(desk: LabelDesk): void {
    const { inspector, log } = this.ports;
    if (desk.isBlind) {
      clearTimeout(this.following);
      this.followed = null;
      return inspector.close();
    }
    const token = desk.shownToken;
    if (token === null || token === this.followed) return;
    this.followed = token;
    clearTimeout(this.following);
    this.following = setTimeout(() => {
      if (desk.isBlind) return;
      const place = desk.place(token);
      if (place !== null)
        void inspector.follow(place).catch((error: unknown) => log.warn(`labels: ${messageOf(error)}`));
    }, followDelayMs);
  }

  /** What is left is the view's badge. */
  private count({ left }: LabelDesk): void {
    if (this.view === null || this.view.badge?.value === left) return;
    const tooltip = vscode.l10n.t("{0} traces left to label", count(left));
    this.view.badge = left === 0 ? undefined : { value: left, tooltip };
  }

  private handlers(desk: LabelDesk): Handlers<LabelsContract> {
    const warmed = this.warm();
    const { inspector, context, log } = this.ports;
    const told = async <T>(work: () => T | Promise<T>): Promise<T> => {
      try {
        const result = await work();
        this.count(desk);
        this.follow(desk);
        return result;
      } catch (error) {
        throw desk.asTold(error);
      }
    };
    const run = async (command: string, ...args: readonly unknown[]): Promise<null> => {
      await vscode.commands.executeCommand(command, ...args);
      return null;
    };
    return {
      ready: () => told(() => desk.ready()),
      judge: (judgement) => told(() => desk.judge(judgement)),
      saveNote: ({ item, note }) => told(() => desk.saveNote(item, note)),
      undo: () => told(() => desk.undo()),
      skip: ({ item }) => told(() => desk.skip(item)),
      go: ({ by }) => told(() => desk.go(by)),
      setBlind: ({ blind }) => told(() => desk.setBlind(blind)),
      readFlags: ({ item }) => desk.flags(item),
      inspect: ({ item }) =>
        told(async () => {
          const place = desk.place(item);
          if (place !== null) await inspector.open(place);
          return null;
        }),
      buildQueue: () => run("rolloutLens.labelRuns"),
      importRollouts: () => run("rolloutLens.importRollouts"),
      readResults: () => told(() => desk.results()),
      openConflict: ({ conflict }) => told(() => desk.settle(conflict)),
      showKeys: () => run("workbench.action.openGlobalKeybindings", "Rollout Lens: Label"),
      showLog: () => (log.show(), null),
      setKeys: ({ free }) => {
        this.free = free;
        return warmed.then(() => {
          if (this.free === free) context.set("rolloutLens.labels.focused", free || undefined);
          return null;
        });
      },
    };
  }
}
