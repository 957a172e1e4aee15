import { createHash, randomBytes } from "node:crypto";
import { spawn } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { LensError } from "../../../core/errors.ts";
import { pythonModules } from "../pythonModules.ts";
import type { SandboxFiles } from "../sandboxFiles.ts";
import { lockedProcess } from "./lockedProcess.ts";

const buildMs = 120_000;

/** The person's own folder for files that can be made again. Never a shared one: a snapshot holds the checker's code. */
export function cacheFolder(): string {
  const base =
    process.platform === "win32"
      ? (process.env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"))
      : process.platform === "darwin"
        ? join(homedir(), "Library", "Caches")
        : (process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"));
  return join(base, "rollout-lens");
}

/**
 * The file with the memory of a freshly booted interpreter, made on first use and kept in `folder`, named by the hash
 * of all it is made of. No program of a model has run in it. Rejects with `sandboxFailed`.
 */
export async function snapshotFile(files: SandboxFiles, folder: string): Promise<string> {
  try {
    return await keptSnapshot(files, folder);
  } catch (cause) {
    if (cause instanceof LensError) throw cause;
    // A part of the sandbox is missing, or the folder cannot be written.
    const why = cause instanceof Error ? `Error: ${cause.message}` : String(cause);
    throw new LensError("sandboxFailed", startFailure(why), { cause });
  }
}

async function keptSnapshot(files: SandboxFiles, folder: string): Promise<string> {
  const path = join(folder, `python-${await contentKey(files)}.snapshot`);
  if ((await sizeOf(path)) > 0) return path;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}.part`;
  try {
    await buildSnapshot(files, draft);
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  return path;
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}

async function contentKey({ pyodide, sources }: SandboxFiles): Promise<string> {
  const hash = createHash("sha256").update(process.versions.v8);
  for (const name of ["pyodide.asm.wasm", "pyodide.asm.mjs", "pyodide.js", "python_stdlib.zip"]) {
    for await (const chunk of createReadStream(join(pyodide, name))) hash.update(chunk as Buffer);
  }
  for (const name of ["realm.js", ...pythonModules.map((module) => `${module}.py`)]) {
    hash.update(`\0${name}\0`).update(await readFile(join(sources, name)));
  }
  return hash.digest("hex").slice(0, 24);
}

async function buildSnapshot(files: SandboxFiles, draft: string): Promise<void> {
  const { command, args, env } = lockedProcess({
    files,
    mode: "snapshot",
    snapshot: null,
    bubblewrap: null,
  });
  const child = spawn(command, [...args], { env, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
  let words = "";
  child.stderr.on("data", (chunk: Buffer) => (words = (words + chunk.toString()).slice(-2000)));
  const timer = setTimeout(() => child.kill("SIGKILL"), buildMs);
  const ended = new Promise<number | null>((done) => {
    child.once("error", () => done(null));
    child.once("close", done);
  });
  try {
    await pipeline(child.stdout, createWriteStream(draft, { mode: 0o600 }));
    if ((await ended) !== 0) throw new LensError("sandboxFailed", startFailure(words));
  } finally {
    clearTimeout(timer);
    child.kill("SIGKILL");
  }
}

export function startFailure(lastWords: string): string {
  const why = lastWords
    .split("\n")
    .map((line) => line.trim())
    .find((line) => /error/i.test(line));
  return `The Python sandbox could not be started${why === undefined ? "" : ` (${why})`}. No program was run.`;
}
