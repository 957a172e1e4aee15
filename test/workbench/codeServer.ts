// VS Code's own workbench and extension host from npm (code-server), in a folder of its own.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../paths.ts";
import { outsideEnv, runNpm } from "./npm.ts";

const version = "4.139.1";
const home = join(root, ".tools", `code-server-${version}`);
const entry = join(home, "node_modules/code-server/out/node/entry.js");
const startTimeoutMs = 60_000;

/** What one workbench lives in: nothing of it lies in the person's home. */
export interface Profile {
  readonly folder: string;
  /** Merged over what keeps a workbench quiet. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface ServerOptions {
  readonly profile: Profile;
  readonly workspace: string;
  readonly port: number;
  /** Lets a page drive the workbench and name extension tests. */
  readonly testDriver: boolean;
  /** Off: every folder is trusted. */
  readonly workspaceTrust: boolean;
  /** Added to the environment of server and extension host. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface CodeServer {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  readonly stop: () => Promise<void>;
}

const quietSettings = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.reduceMotion": "on",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "chat.disableAIFeatures": true,
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "telemetry.telemetryLevel": "off",
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
  "git.enabled": false,
};

/** Installs code-server once. Its install scripts compile what is not needed here, so they do not run. */
export function installCodeServer(): void {
  if (!existsSync(entry)) install();
  const modules = join(home, "node_modules/code-server/lib/vscode/node_modules");
  copyFileSync(join(root, "test/workbench/spdlog.cjs"), join(modules, "@vscode/spdlog/index.js"));
}

function install(): void {
  console.error(`Installing code-server ${version} (once, into .tools) ...`);
  const draft = `${home}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  writeFileSync(join(draft, "package.json"), '{ "private": true }\n');
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund"];
  runNpm(["install", `code-server@${version}`, ...quiet], draft);
  runNpm(["install", "--omit=dev", ...quiet], join(draft, "node_modules/code-server/lib/vscode"));
  // Whole or not there: an interrupted install is never taken for one.
  if (existsSync(entry)) rmSync(draft, { recursive: true });
  else renameSync(draft, home);
}

/** Makes the profile's folders and settings; settings that are there already stay. */
export function makeProfile({ folder, settings }: Profile): void {
  mkdirSync(join(folder, "exts"), { recursive: true });
  // A server's window reads settings of machine scope, such as endpoints, from the machine's file and others from the user's.
  const isOurs = (name: string) => name.startsWith("rolloutLens.");
  const all = Object.entries({ ...quietSettings, ...settings });
  writeSettings(join(folder, "data/User"), Object.fromEntries(all.filter(([name]) => !isOurs(name))));
  writeSettings(join(folder, "data/Machine"), Object.fromEntries(all.filter(([name]) => isOurs(name))));
}

function writeSettings(folder: string, settings: Readonly<Record<string, unknown>>): void {
  const path = join(folder, "settings.json");
  if (existsSync(path)) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `${JSON.stringify(settings, null, 2)}\n`);
}

/** Throws with the output where the workbench refuses the package. */
export function installVsix(profile: Profile, vsix: string): void {
  const args = [...baseArgs(profile), "--install-extension", vsix, "--force"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    env: serverEnv(profile),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`Installing ${vsix}: exit ${status}\n${stdout}${stderr}`);
}

/** Resolves when the server answers. `stop` ends its whole process group and nothing else. */
export async function startCodeServer(options: ServerOptions): Promise<CodeServer> {
  const { profile, port, workspace } = options;
  const log = openSync(join(profile.folder, "server.log"), "a");
  const args = [
    ...baseArgs(profile),
    "--auth=none",
    `--bind-addr=127.0.0.1:${port}`,
    "--disable-proxy",
    // The page is on the same machine: each message would cost three processes the work of packing and unpacking it.
    "--vscode-option=disable-websocket-compression",
    ...(options.workspaceTrust ? [] : ["--disable-workspace-trust"]),
    ...(options.testDriver ? ["--vscode-option=enable-smoke-test-driver"] : []),
    workspace,
  ];
  const child = spawn(process.execPath, args, {
    env: { ...serverEnv(profile), ...options.env },
    detached: true,
    stdio: ["ignore", log, log],
  });
  // The server is a process group of its own: it would outlive a test run that is ended from outside.
  const orphaned = () => signalGroup(child, "SIGKILL");
  process.once("exit", orphaned);
  const stop = async () => {
    await stopGroup(child);
    process.off("exit", orphaned);
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilHealthy(url, child);
  } catch (cause) {
    await stop();
    throw new Error(`code-server did not start; see ${join(profile.folder, "server.log")}`, { cause });
  }
  return { url, port, process: child, stop };
}

/** A port that nobody listens on now: `wanted` if it is one, else another. */
export async function freePort(wanted = 0): Promise<number> {
  const port = await new Promise<number | null>((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(null));
    probe.listen(wanted, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" ? (address?.port ?? null) : null));
    });
  });
  return port ?? freePort();
}

function baseArgs({ folder }: Profile): string[] {
  return [
    entry,
    `--config=${join(folder, "config.yaml")}`,
    `--user-data-dir=${join(folder, "data")}`,
    `--extensions-dir=${join(folder, "exts")}`,
    "--disable-telemetry",
    "--disable-update-check",
    "--disable-getting-started-override",
  ];
}

function serverEnv({ folder }: Profile): NodeJS.ProcessEnv {
  const { VSCODE_IPC_HOOK_CLI: _, ...env } = outsideEnv();
  const xdg = join(folder, "xdg");
  return {
    ...env,
    HOME: folder,
    XDG_CONFIG_HOME: xdg,
    XDG_DATA_HOME: xdg,
    XDG_CACHE_HOME: xdg,
    EXTENSIONS_GALLERY: "{}",
  };
}

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`exit ${child.exitCode}`);
    const healthy = await fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) return;
    await sleep(100);
  }
  throw new Error(`no answer in ${startTimeoutMs} ms`);
}

async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (!signalGroup(child, signal)) return;
    const gone = await Promise.race([ended.then(() => true), sleep(3000).then(() => false)]);
    if (gone) return;
  }
}

/** `false`: the group is gone. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): boolean {
  try {
    return pid !== undefined && process.kill(-pid, signal);
  } catch {
    return false;
  }
}
