// Runs before every npm script, on Node 20 and with nothing installed: `node test/workbench/prepare.mjs [host|cli|webview|test]...`
// installs what the lock names, sees to a Node 24, builds what is asked for. Speaks on stderr only: the scripts' stdout is theirs.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const at = (...path) => join(root, ...path);
const say = (line) => process.stderr.write(`${line}\n`);
const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));
const wantedMajor = 24;

function give(message) {
  say(message);
  process.exit(1);
}

function run(command, args, cwd = root) {
  return spawnSync(command, args, { cwd, stdio: ["ignore", 2, 2], shell: false }).status === 0;
}

/** npm as it started us, else the one on the PATH. */
function npm(...args) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith(".js")) return run(process.execPath, [cli, ...args]);
  return run(process.platform === "win32" ? "npm.cmd" : "npm", args);
}

/** By content, not by time: a clone, a checkout or a copy moves every time stamp. */
function modulesMatchLock() {
  const installed = at("node_modules/.package-lock.json");
  if (!existsSync(installed)) return false;
  const here = readJson(installed).packages;
  return Object.entries(readJson(at("package-lock.json")).packages).every(
    ([path, { version, optional }]) => path === "" || optional || here[path]?.version === version,
  );
}

function majorOf(node) {
  if (node === null || !existsSync(node)) return 0;
  const { stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
  return Number(/^v(\d+)/.exec(stdout ?? "")?.[1] ?? 0);
}

/** The Node outside this project. */
function machineNode() {
  const name = process.platform === "win32" ? "node.exe" : "node";
  const folders = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((dir) => dir !== "" && !dir.includes("node_modules"));
  return folders.map((dir) => resolve(dir, name)).find((path) => existsSync(path)) ?? null;
}

/** `npm run` finds `node` in node_modules/.bin first; this is what must be there. */
function ensureNode() {
  const binary = at("node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");
  if (majorOf(at("node_modules/.bin/node")) >= wantedMajor || majorOf(binary) >= wantedMajor) return;
  if (majorOf(machineNode()) >= wantedMajor) {
    rmSync(at("node_modules/.bin/node"), { force: true });
    say(`Using this machine's own Node ${majorOf(machineNode())}.`);
    return;
  }
  // The package `node` fetches this one in its install script, which npm may have been told not to run.
  const { version } = readJson(at("node_modules/node/package.json"));
  const platform = { win32: "win" }[process.platform] ?? process.platform;
  const name = `node-${platform}-${process.arch}`;
  say(`Getting Node ${version} for this machine (${name}) ...`);
  const store = at(".tools/node");
  const found = npm(
    "install",
    "--prefix",
    store,
    "--no-save",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    `${name}@${version}`,
  );
  const source = join(store, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (!found || majorOf(source) < wantedMajor) {
    give(
      `Node ${wantedMajor} is needed, and ${name}@${version} could not be had from npm. Install Node ${wantedMajor} and run this again.`,
    );
  }
  mkdirSync(at("node_modules/node/bin"), { recursive: true });
  copyFileSync(source, binary);
  chmodSync(binary, 0o755);
  if (process.platform === "win32") return;
  rmSync(at("node_modules/.bin/node"), { force: true });
  symlinkSync("../node/bin/node", at("node_modules/.bin/node"));
}

if (!modulesMatchLock()) {
  say("Installing what package-lock.json names (npm ci) ...");
  // A registry without the binaries of some other platform makes `npm ci` call the lock incomplete; install goes by the lock too.
  const quiet = ["--no-audit", "--no-fund"];
  if (!npm("ci", ...quiet) && !npm("install", "--no-save", ...quiet))
    give("npm failed; its messages stand above.");
}
ensureNode();

const parts = process.argv.slice(2);
if (parts.length > 0) {
  const only = parts.flatMap((part) => ["--only", part]);
  if (!run(process.execPath, [at(".esbuild.mjs"), ...only]))
    give("The build failed; its messages stand above.");
}
