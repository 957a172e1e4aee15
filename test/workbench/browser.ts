import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const macApps = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

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
      "--disable-dev-shm-usage",
    ],
  });
}

function installedBrowser(): string | null {
  const named = process.env["CHROME"];
  if (named !== undefined && named !== "") {
    if (existsSync(named)) return named;
    throw new Error(`CHROME is ${named}, and there is no such file.`);
  }
  const onPath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
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
  const packages = ["chromium", "fonts-dejavu-core", "fonts-liberation"];
  const steps = [
    ["update", "-q"],
    ["install", "-y", "-q", "--no-install-recommends", ...packages],
  ];
  for (const step of steps) {
    // Another apt at work (a machine's own upgrade) is waited for.
    const { status } = spawnSync("apt-get", ["-o", "DPkg::Lock::Timeout=300", ...step], {
      stdio: ["ignore", 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    if (status !== 0) return `apt-get ${step[0]}: exit ${status}`;
  }
  return "apt-get: done";
}

function installPlaywrightDownload(): string {
  if (installedBrowser() !== null) return "";
  const cli = join(process.cwd(), "node_modules/playwright-core/cli.js");
  const { status } = spawnSync(process.execPath, [cli, "install", "chromium"], { stdio: ["ignore", 2, 2] });
  return `playwright-core install chromium: exit ${status}`;
}
