import { spawnSync } from "node:child_process";
import { existsSync, statfsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

/** The headless shell first: without a browser around the pages, their tests cost about a tenth less processor time. */
const names = [
  "chromium-headless-shell",
  "chrome-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
];
const macApps = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

const enoughSharedMemoryBytes = 1024 ** 3;

let found: string | null = null;

/**
 * The path of a Chromium: `CHROME`, then one on the PATH, then playwright's own; else one is installed
 * (Debian's package for root, playwright's download for others). Rejects with what was tried.
 */
async function findBrowser(): Promise<string> {
  found ??= installedBrowser() ?? installBrowser();
  return found;
}

/** A headless browser that talks to nobody on its own account. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await findBrowser(),
    headless: true,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // Containers may have next to none of it.
      ...(sharedMemoryBytes() < enoughSharedMemoryBytes ? ["--disable-dev-shm-usage"] : []),
    ],
  });
}

/** Where pictures go from one of the browser's processes to another; without it they lie on the disk. */
function sharedMemoryBytes(): number {
  try {
    const { bavail, bsize } = statfsSync("/dev/shm");
    return bavail * bsize;
  } catch {
    return 0;
  }
}

function installedBrowser(): string | null {
  const named = process.env["CHROME"];
  if (named !== undefined && named !== "") {
    if (existsSync(named)) return named;
    throw new Error(`CHROME is ${named}, and there is no such file.`);
  }
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...macApps, playwrightBrowser()].find((path) => path !== "" && existsSync(path)) ?? null;
}

/** Empty where playwright knows no browser for this system. */
function playwrightBrowser(): string {
  try {
    return chromium.executablePath();
  } catch {
    return "";
  }
}

function installBrowser(): string {
  console.error("No Chromium was found: installing one (set CHROME to use your own).");
  const tried = [installDebianPackage(), installPlaywrightDownload()];
  const path = installedBrowser();
  if (path !== null) return path;
  throw new Error(
    `No browser, and none could be installed (${tried.join("; ")}). Install Chromium or Chrome, or set CHROME to its path.`,
  );
}

function installDebianPackage(): string {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return "apt-get: not root on Debian";
  const updated = aptGet("update", "-q");
  if (updated !== 0) return `apt-get update: exit ${updated}`;
  const statuses: (number | null)[] = [];
  // Not every Debian has the first.
  for (const browser of ["chromium-headless-shell", "chromium"]) {
    const packages = [browser, "fonts-dejavu-core", "fonts-liberation"];
    const status = aptGet("install", "-y", "-q", "--no-install-recommends", ...packages);
    if (status === 0) return "apt-get: done";
    statuses.push(status);
  }
  return `apt-get install: exit ${statuses.join(", ")}`;
}

/** The exit status. Another apt at work (a machine's own upgrade) is waited for. */
function aptGet(...args: readonly string[]): number | null {
  return spawnSync("apt-get", ["-o", "DPkg::Lock::Timeout=300", ...args], {
    stdio: ["ignore", 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  }).status;
}

function installPlaywrightDownload(): string {
  if (installedBrowser() !== null) return "";
  const cli = join(process.cwd(), "node_modules/playwright-core/cli.js");
  const { status } = spawnSync(process.execPath, [cli, "install", "chromium"], { stdio: ["ignore", 2, 2] });
  return `playwright-core install chromium: exit ${status}`;
}
