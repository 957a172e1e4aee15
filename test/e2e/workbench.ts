import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Browser, Frame, Locator, Page } from "playwright-core";
import { root } from "../paths.ts";
import { launchBrowser } from "../workbench/browser.ts";
import {
  freePort,
  installCodeServer,
  installVsix,
  makeProfile,
  startCodeServer,
  type CodeServer,
} from "../workbench/codeServer.ts";
import { packedVsix } from "../workbench/packVsix.ts";
import { makeHostBridge, type HostBridge, type HostFunction } from "./hostBridge.ts";
import { extensionHostUnder } from "./extensionHost.ts";
import { chooseFromMenu, explorerMenu, menuEntry } from "./menus.ts";
import { hasCommand, openFile, pickRow, runCommand, typeInto } from "./quickInput.ts";
import { patienceMs, until } from "./until.ts";

/** VS Code's own themes. */
export const themes = {
  dark: "Dark Modern",
  light: "Light Modern",
  hc: "Default High Contrast",
} as const;
export type ThemeName = keyof typeof themes;

/** Of the extension's log, where a test has failed. */
const toldLines = 15;

export interface WorkbenchOptions {
  readonly workspace: string;
  readonly theme?: ThemeName;
  readonly settings?: Readonly<Record<string, unknown>>;
  /**
   * The extension host runs "tests" (our bridge), in which VS Code trusts every folder and keeps secrets in memory only.
   * Off: a plain window; `evaluate` is not there.
   */
  readonly bridge?: boolean;
  /** On: window and extension log everything they would ever log. */
  readonly trace?: boolean;
  /** On: the folder is not trusted until somebody says so. */
  readonly workspaceTrust?: boolean;
}

/** A workbench with the packed extension in a fresh profile and a fresh browser, driven like a person would. */
export class Workbench {
  readonly page: Page;
  /** Holds the profile; nothing of this window is anywhere else. */
  readonly folder: string;
  readonly #browser: Browser;
  readonly #server: CodeServer;
  readonly #bridge: HostBridge | null;

  private constructor(parts: {
    readonly page: Page;
    readonly folder: string;
    readonly browser: Browser;
    readonly server: CodeServer;
    readonly bridge: HostBridge | null;
  }) {
    this.page = parts.page;
    this.folder = parts.folder;
    this.#browser = parts.browser;
    this.#server = parts.server;
    this.#bridge = parts.bridge;
  }

  static async open(options: WorkbenchOptions): Promise<Workbench> {
    const { workspace, theme = "dark", settings = {}, workspaceTrust = false } = options;
    installCodeServer();
    const folder = mkdtempSync(join(tmpdir(), "rollout-lens-e2e-"));
    const bridge = options.bridge === false ? null : makeHostBridge(folder);
    const steady = {
      "workbench.colorTheme": themes[theme],
      "window.autoDetectColorScheme": false,
      "explorer.autoReveal": false,
      // What hovers over a row takes the clicks on the rows beside it.
      "workbench.hover.delay": 600_000,
    };
    const profile = { folder, settings: { ...steady, ...settings } };
    makeProfile(profile);
    endOnSignals();
    installVsix(profile, await packedVsix());
    const port = await freePort();
    const env = bridge?.env ?? {};
    const server = await startCodeServer({ profile, port, workspace, workspaceTrust, env, testDriver: true });
    const browser = await launchBrowser();
    // Over loopback, packing and unpacking twenty megabytes of workbench costs more than it saves.
    const extraHTTPHeaders = { "accept-encoding": "identity" };
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, extraHTTPHeaders });
    page.setDefaultTimeout(patienceMs);
    await page.addInitScript(stillness);
    const workbench = new Workbench({ page, folder, browser, server, bridge });
    try {
      const query = new URLSearchParams({ folder: workspace });
      const payload = [
        ...(bridge?.payload(port) ?? []),
        ...(options.trace === true ? [["logLevel", "trace,rollout-lens.rollout-lens=trace"]] : []),
      ];
      query.set("payload", JSON.stringify(payload));
      await page.goto(`${server.url}/?${query.toString()}`);
      await workbench.#restored();
    } catch (error) {
      await workbench.close();
      throw error;
    }
    return workbench;
  }

  /** Runs `body` in the extension host. */
  async evaluate<R>(body: HostFunction<null, R>): Promise<R>;
  async evaluate<A, R>(body: HostFunction<A, R>, arg: A): Promise<R>;
  async evaluate<A, R>(body: HostFunction<A | null, R>, arg: A | null = null): Promise<R> {
    if (this.#bridge === null) throw new Error("This window was opened without the bridge.");
    return this.#bridge.evaluate(body, arg);
  }

  /** Runs a command by its full title, e.g. `Rollout Lens: Open curves`, from the palette. */
  readonly command = (title: string): Promise<void> => runCommand(this.page, title);
  /** Whether the palette offers a command now. */
  readonly hasCommand = (title: string): Promise<boolean> => hasCommand(this.page, title);
  /** Chooses a row of the quick pick that is open, by the start of its words (an icon may stand before them). */
  readonly pick = (label: string): Promise<void> => pickRow(this.page, label);
  /** Types into the input box whose title has `title`, and accepts. */
  readonly type = (title: string, text: string): Promise<void> => typeInto(this.page, title, text);
  /** Opens a file of the workspace by quick open. */
  readonly openFile = (name: string): Promise<void> => openFile(this.page, name);
  /** Selects files of the explorer (paths in the workspace) and chooses from their context menu. */
  readonly explorerMenu = (paths: readonly string[], item: string): Promise<void> =>
    explorerMenu(this.page, paths, item);

  /** Needs the bridge: a running workbench does not re-read its settings file for the theme. */
  async setTheme(theme: ThemeName): Promise<void> {
    await this.evaluate(async (vscode, name) => {
      const workbench = vscode.workspace.getConfiguration("workbench");
      await workbench.update("colorTheme", name, vscode.ConfigurationTarget.Global);
    }, themes[theme]);
    const kind = { dark: "vs-dark", light: "vs", hc: "hc-black" }[theme];
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor();
  }

  /** Says in the trust editor that the folder is trusted. */
  async trustFolder(): Promise<void> {
    await this.command("Workspaces: Manage Workspace Trust");
    const editor = this.page.locator(".workspace-trust-editor");
    await editor
      .locator(".monaco-button", { hasText: /^Trust/u })
      .first()
      .click();
    await editor.locator(".workspace-trust-header", { hasText: "You trust this folder" }).waitFor();
  }

  tab(label: string): Locator {
    return this.page.locator(".tab", { hasText: label }).first();
  }

  /** Shows our view container. */
  async showViews(): Promise<void> {
    // The whole item: a badge with a number may lie over its icon.
    const label = this.page.locator('a[aria-label^="Rollout Lens"]');
    const icon = this.page.locator(".activitybar .action-item", { has: label }).first();
    const pane = this.page.locator('.pane-header[aria-label^="Endpoints"]').first();
    if (!(await pane.isVisible())) await icon.click();
    await pane.waitFor();
  }

  /** Chooses from the context menu of a row of the Runs view, which may move out of sight when the view is drawn anew. */
  async rowMenu(row: string, item: string): Promise<void> {
    await until(`the menu of ${row}`, async () => {
      await this.page.keyboard.press("Escape");
      await this.seeRun(row);
      await this.treeRow(row).click({ button: "right", timeout: 3000 });
      await menuEntry(this.page, item).waitFor({ timeout: 3000 });
      return true;
    });
    await chooseFromMenu(this.page, item);
  }

  treeRow(text: string): Locator {
    return this.page.locator(".pane-body .monaco-list-row", { hasText: text }).first();
  }

  /** Scrolls the Runs view, which lists only what has room, until a row of it is in sight. */
  async seeRun(text: string): Promise<void> {
    await this.showViews();
    const rows = this.page.locator(".pane", { has: this.page.locator('.pane-header[aria-label^="Runs"]') });
    let tries = 0;
    await until(`the row ${text} of Runs`, async () => {
      if (await rows.locator(".monaco-list-row", { hasText: text }).first().isVisible()) return true;
      await rows.locator(".monaco-list").hover({ timeout: 3000 });
      // Two rows down a time; every now and then from the top again.
      await this.page.mouse.wheel(0, tries++ % 20 === 19 ? -10_000 : 44);
      return false;
    });
  }

  editorAction(label: string): Locator {
    return this.page.locator(`.editor-actions a[aria-label^="${label}"]`).first();
  }

  notification(text: string): Locator {
    return this.page.locator(".notification-list-item", { hasText: text }).first();
  }

  /** The webview that shows `entry` (`curves`) and can be seen. A hidden one is destroyed: ask again after a tab change. */
  async webview(entry: string): Promise<Frame> {
    return until(`the ${entry} webview is there`, async () => {
      for (const frame of this.page.frames()) {
        if (!frame.url().includes("fake.html?")) continue;
        const found = await frame.evaluate(
          (name) => document.querySelector(`[data-entry="${name}"]`) !== null,
          entry,
        );
        const visible = found && (await (await frame.frameElement()).isVisible());
        if (visible) return frame;
      }
      return null;
    });
  }

  /** Saves what the window shows as dist/screenshots/NAME.png. */
  async screenshot(name: string): Promise<void> {
    const folder = join(root, "dist/screenshots");
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }

  /** Runs the body of a test; when it throws, the window and the extension's log are kept in dist/failed, and their end is told. */
  async watch(name: string, body: () => Promise<void>): Promise<void> {
    try {
      await body();
    } catch (error) {
      const folder = join(root, "dist/failed", name.replaceAll(/[^a-z0-9]+/giu, "-"));
      mkdirSync(folder, { recursive: true });
      await this.page.screenshot({ path: join(folder, "window.png") }).catch(() => null);
      const told: string[] = [`The window and the log are in ${folder}`];
      for (const log of globSync("data/logs/**/rollout-lens.rollout-lens/*.log", { cwd: this.folder })) {
        cpSync(join(this.folder, log), join(folder, basename(log)));
        told.push(
          `The end of ${basename(log)}:`,
          ...readFileSync(join(this.folder, log), "utf8").trimEnd().split("\n").slice(-toldLines),
        );
      }
      told.push("Notifications:", ...(await this.#notifications().catch(() => [])));
      throw new Error(told.join("\n"), { cause: error });
    }
  }

  async #notifications(): Promise<readonly string[]> {
    await this.command("Notifications: Show Notifications");
    return this.page.locator(".notification-list-item-message").allInnerTexts();
  }

  /** Loads the window again by VS Code's own command, which keeps the state of the window first. */
  async reload(): Promise<void> {
    this.#bridge?.expectNewHost();
    await this.page.evaluate(() => Object.assign(globalThis, { beforeReload: true }));
    await this.command("Developer: Reload Window");
    await until("the window is a new one", () => this.page.evaluate(() => !("beforeReload" in globalThis)));
    await this.#restored();
  }

  /** As a crash of it; VS Code starts another one. Of a window without the bridge: with it, that is the end of the tests. */
  async killExtensionHost(): Promise<void> {
    const pid = extensionHostUnder(this.#server.process.pid ?? 0);
    if (pid === null) throw new Error("There is no extension host.");
    process.kill(pid, "SIGKILL");
    await until(
      "the killed extension host is gone",
      () => extensionHostUnder(this.#server.process.pid ?? 0) !== pid,
    );
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #restored(): Promise<void> {
    await this.page.locator(".monaco-workbench").waitFor();
    await this.page.locator(".activitybar .action-item").first().waitFor();
    await this.page.waitForFunction(() => "driver" in globalThis);
    await this.page.evaluate(() =>
      (
        globalThis as unknown as { driver: { whenWorkbenchRestored(): Promise<void> } }
      ).driver.whenWorkbenchRestored(),
    );
    if (this.#bridge !== null) await this.evaluate(() => true);
  }
}

/** Nothing moves by itself: progress bars and spinners are drawn sixty times a second. Runs in every frame of the page. */
function stillness(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, ::before, ::after { animation: none !important; transition: none !important; }");
  document.adoptedStyleSheets.push(sheet);
}

let endsOnSignals = false;

/** A test file that is killed exits in order, which ends its server. */
function endOnSignals(): void {
  if (endsOnSignals) return;
  endsOnSignals = true;
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => process.exit(1));
}
