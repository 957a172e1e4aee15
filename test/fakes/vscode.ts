// A small fake of the `vscode` module: what src/host touches, in memory. Tests reach inside through `fake`.
import { mkdir, stat, writeFile } from "node:fs/promises";

type Listener<T> = (value: T) => unknown;

export class Disposable {
  private readonly callOnDispose: () => unknown;
  constructor(callOnDispose: () => unknown) {
    this.callOnDispose = callOnDispose;
  }
  dispose(): void {
    this.callOnDispose();
  }
}

export class EventEmitter<T> {
  private readonly listeners = new Set<Listener<T>>();
  readonly event = (listener: Listener<T>): Disposable => {
    this.listeners.add(listener);
    return new Disposable(() => this.listeners.delete(listener));
  };
  fire(value: T): void {
    for (const listener of this.listeners) listener(value);
  }
  dispose(): void {
    this.listeners.clear();
  }
}

export class CancellationError extends Error {}
export class FileSystemError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

export class RelativePattern {
  readonly baseUri: Uri;
  readonly pattern: string;
  constructor(baseUri: Uri, pattern: string) {
    this.baseUri = baseUri;
    this.pattern = pattern;
  }
}

/** Only `file:` and plain other schemes; no query. */
export class Uri {
  readonly scheme: string;
  readonly path: string;
  private constructor(scheme: string, path: string) {
    this.scheme = scheme;
    this.path = path;
  }
  static file(path: string): Uri {
    return new Uri("file", path.replaceAll("\\", "/"));
  }
  static parse(text: string): Uri {
    const url = new URL(text);
    return new Uri(url.protocol.slice(0, -1), decodeURIComponent(url.pathname));
  }
  static joinPath(base: Uri, ...parts: readonly string[]): Uri {
    return new Uri(
      base.scheme,
      new URL([base.path.replace(/\/$/, ""), ...parts].join("/"), "file:///").pathname,
    );
  }
  get fsPath(): string {
    return this.path;
  }
  toString(): string {
    return `${this.scheme}://${this.path.split("/").map(encodeURIComponent).join("/")}`;
  }
}

export class Position {
  readonly line: number;
  readonly character: number;
  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }
}
export class Range {
  readonly args: readonly unknown[];
  constructor(...args: readonly unknown[]) {
    this.args = args;
  }
}
export class ThemeColor {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}
export class ThemeIcon {
  readonly id: string;
  readonly color: ThemeColor | undefined;
  constructor(id: string, color?: ThemeColor) {
    this.id = id;
    this.color = color;
  }
}
export class TreeItem {
  readonly label: string;
  readonly collapsibleState: number;
  constructor(label: string, collapsibleState = 0) {
    this.label = label;
    this.collapsibleState = collapsibleState;
  }
}
export class CodeLens {
  readonly range: Range;
  readonly command: unknown;
  constructor(range: Range, command: unknown) {
    this.range = range;
    this.command = command;
  }
}

export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };
export const QuickPickItemKind = { Separator: -1, Default: 0 };
export const ProgressLocation = { SourceControl: 1, Window: 10, Notification: 15 };
export const StatusBarAlignment = { Left: 1, Right: 2 };
export const UIKind = { Desktop: 1, Web: 2 };
export const ViewColumn = { Active: -1, Beside: -2 };
export const ConfigurationTarget = { Global: 1, Workspace: 2, WorkspaceFolder: 3 };

export const l10n = {
  t: (message: string, ...args: readonly (string | number)[]): string =>
    message.replaceAll(/\{(\d+)\}/g, (_, index: string) => String(args[Number(index)])),
};

interface Scopes {
  globalValue?: unknown;
  workspaceValue?: unknown;
  workspaceFolderValue?: unknown;
}

/** What tests set and look at. `reset` before each test. */
export const fake = {
  settings: new Map<string, Scopes>(),
  /** Messages shown: severity, text and button titles. */
  messages: [] as { readonly severity: string; readonly text: string; readonly buttons: readonly string[] }[],
  /** The button that the person presses, by title; `undefined` closes the message. */
  press: undefined as string | undefined,
  /** Chooses in a list by what it offers; `undefined` leaves it. */
  pick: undefined as
    | ((labels: readonly string[], title: string) => string | readonly string[] | undefined)
    | undefined,
  /** What is typed into an input box, by its title; `undefined` leaves it. */
  type: undefined as ((title: string) => string | undefined) | undefined,
  /** Words in the status bar, the newest last; "" when an item went. */
  status: [] as string[],
  /** What was shown as progress, and the switch that cancels it. */
  progress: [] as { readonly title: string; readonly messages: string[]; cancel: () => void }[],
  executed: [] as { readonly command: string; readonly args: readonly unknown[] }[],
  logged: [] as string[],
  reset(): void {
    fake.settings.clear();
    fake.messages.length = 0;
    fake.executed.length = 0;
    fake.logged.length = 0;
    fake.press = undefined;
    fake.pick = undefined;
    fake.type = undefined;
    fake.status.length = 0;
    fake.progress.length = 0;
    workspace.isTrusted = true;
  },
};

function show(severity: string) {
  return (text: string, ...rest: readonly unknown[]): Promise<string | undefined> => {
    const buttons = rest.filter((item) => typeof item === "string");
    fake.messages.push({ severity, text, buttons });
    return Promise.resolve(buttons.find((button) => button === fake.press));
  };
}

const configurationChanged = new EventEmitter<{ affectsConfiguration: (section: string) => boolean }>();
const nothing = new EventEmitter<never>();

export const workspace = {
  isTrusted: true,
  workspaceFolders: undefined as readonly { readonly uri: Uri }[] | undefined,
  textDocuments: [] as readonly never[],
  asRelativePath: (uri: Uri): string => uri.path,
  getWorkspaceFolder: (): undefined => undefined,
  onDidChangeConfiguration: configurationChanged.event,
  onDidGrantWorkspaceTrust: nothing.event,
  onDidSaveTextDocument: nothing.event,
  onDidChangeTextDocument: nothing.event,
  getConfiguration: (section: string) => ({
    get: (name: string): unknown => {
      const scopes = fake.settings.get(`${section}.${name}`);
      return scopes?.workspaceFolderValue ?? scopes?.workspaceValue ?? scopes?.globalValue;
    },
    inspect: (name: string): Scopes | undefined => fake.settings.get(`${section}.${name}`),
    update: (name: string, value: unknown, target: number): Promise<void> => {
      const key = `${section}.${name}`;
      const field = target === ConfigurationTarget.Global ? "globalValue" : "workspaceValue";
      fake.settings.set(key, { ...fake.settings.get(key), [field]: value });
      configurationChanged.fire({ affectsConfiguration: (other) => key.startsWith(other) });
      return Promise.resolve();
    },
  }),
  fs: {
    /** Of files on disk, as tests make them in a folder of their own. */
    stat: async (uri: Uri): Promise<{ mtime: number; size: number }> => {
      const found = await stat(uri.path).catch(() => null);
      if (found === null) throw new FileSystemError(`FileNotFound ${uri.path}`);
      return { mtime: found.mtimeMs, size: found.size };
    },
    createDirectory: async (uri: Uri): Promise<void> => void (await mkdir(uri.path, { recursive: true })),
    writeFile: (uri: Uri, bytes: Uint8Array): Promise<void> => writeFile(uri.path, bytes),
  },
};

export const env = {
  uiKind: UIKind.Web,
  remoteName: "test",
  clipboard: { writeText: (): Promise<void> => Promise.resolve() },
};

const channel = (level: string) => (message: string) => void fake.logged.push(`${level} ${message}`);

export const window = {
  activeTextEditor: undefined,
  showErrorMessage: show("error"),
  showWarningMessage: show("warning"),
  showInformationMessage: show("information"),
  onDidChangeActiveTextEditor: nothing.event,
  showQuickPick: <T extends { readonly label: string }>(
    items: readonly T[],
    { title = "", canPickMany = false }: { readonly title?: string; readonly canPickMany?: boolean },
  ): Promise<T | readonly T[] | undefined> => {
    const chosen = fake.pick?.(
      items.map((item) => item.label),
      title,
    );
    if (!canPickMany) return Promise.resolve(items.find((item) => item.label === chosen));
    return Promise.resolve(
      chosen === undefined ? undefined : items.filter((item) => chosen.includes(item.label)),
    );
  },
  showInputBox: async (options: {
    readonly title?: string;
    readonly validateInput?: (text: string) => string | null;
  }): Promise<string | undefined> => {
    const text = fake.type?.(options.title ?? "");
    const issue = text === undefined ? null : options.validateInput?.(text);
    if (typeof issue === "string") throw new Error(`${text}: ${issue}`);
    return text;
  },
  createStatusBarItem: () => ({
    text: "",
    show(): void {
      fake.status.push(this.text);
    },
    hide: () => undefined,
    dispose: () => void fake.status.push(""),
  }),
  tabGroups: { activeTabGroup: { activeTab: undefined } },
  withProgress: <T>(
    { title = "" }: { readonly title?: string },
    task: (
      progress: { report: (step: { readonly message?: string }) => void },
      token: { onCancellationRequested: (listener: () => void) => void },
    ) => Promise<T>,
  ): Promise<T> => {
    const listeners: (() => void)[] = [];
    const shown = {
      title,
      messages: [] as string[],
      cancel: () => listeners.forEach((listener) => listener()),
    };
    fake.progress.push(shown);
    return task(
      { report: ({ message = "" }) => void shown.messages.push(message) },
      { onCancellationRequested: (listener) => void listeners.push(listener) },
    );
  },
  createOutputChannel: () => ({
    trace: channel("trace"),
    debug: channel("debug"),
    info: channel("info"),
    warn: channel("warn"),
    error: channel("error"),
    show: () => undefined,
    dispose: () => undefined,
  }),
};

export const commands = {
  executeCommand: (command: string, ...args: readonly unknown[]): Promise<undefined> => {
    fake.executed.push({ command, args });
    return Promise.resolve(undefined);
  },
};

/** As `ExtensionContext.workspaceState`. */
export class FakeMemento {
  private readonly values = new Map<string, unknown>();
  keys(): readonly string[] {
    return [...this.values.keys()];
  }
  get<T>(key: string, fallback?: T): T | undefined {
    return (this.values.get(key) as T | undefined) ?? fallback;
  }
  update(key: string, value: unknown): Promise<void> {
    // What a window stores is JSON: what does not survive that is a bug.
    this.values.set(key, JSON.parse(JSON.stringify(value)));
    return Promise.resolve();
  }
}

/** As `ExtensionContext.secrets`. */
export class FakeSecrets {
  readonly values = new Map<string, string>();
  private readonly changed = new EventEmitter<{ readonly key: string }>();
  readonly onDidChange = this.changed.event;
  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.values.get(key));
  }
  keys(): Promise<string[]> {
    return Promise.resolve([...this.values.keys()]);
  }
  store(key: string, value: string): Promise<void> {
    this.values.set(key, value);
    this.changed.fire({ key });
    return Promise.resolve();
  }
  delete(key: string): Promise<void> {
    this.values.delete(key);
    this.changed.fire({ key });
    return Promise.resolve();
  }
}
