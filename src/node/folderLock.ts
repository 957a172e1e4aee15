import { openSync, closeSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { FileLock } from "../core/ports.ts";
import { lockFileName } from "../core/run/files.ts";

// A lock is a file made with "create only if absent". Its text says who holds it, so that a dead holder is found out.
// Within one machine death is certain (process id and start time); across machines the holder's heartbeat decides.

const heartbeatMs = 30_000;
const foreignStaleMs = 5 * 60_000;
const guardStaleMs = 10_000;
/** The holder writes its text at once after creating the file: an empty file older than this has a dead holder. */
const emptyGraceMs = 1000;

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Kernel start time of the process where it can be known: tells a reused process id apart. */
  readonly startedAt: string | null;
  readonly at: string;
  readonly owner: string;
}

const heldHere = new Set<string>();

/** Takes the lock, or returns `null` when a live process (this one included) holds it. */
export async function lockFolder(folder: string, owner: string): Promise<FileLock | null> {
  const path = resolve(join(folder, lockFileName));
  if (heldHere.has(path)) return null;
  heldHere.add(path);
  const text = await take(path, owner).catch((error: unknown) => {
    heldHere.delete(path);
    throw error;
  });
  if (text === null) {
    heldHere.delete(path);
    return null;
  }
  return held(path, text);
}

async function take(path: string, owner: string): Promise<string | null> {
  const text = describeSelf(owner);
  if (createExclusive(path, text)) return text;
  if (!(await isStale(path))) return null;
  return takeOver(path, text) ? text : null;
}

/** Two processes may both find the lock stale: a second exclusive file lets one of them judge again and replace it. */
function takeOver(path: string, text: string): boolean {
  const guard = `${path}.takeover`;
  if (ageMs(guard) > guardStaleMs) rmSync(guard, { force: true });
  if (!createExclusive(guard, text)) return false;
  try {
    if (!isDead(readText(path))) return false;
    rmSync(path, { force: true });
    return createExclusive(path, text);
  } finally {
    rmSync(guard, { force: true });
  }

  function isDead(content: string | null): boolean {
    return content === null || content === "" || holderIsDead(content, path);
  }
}

async function isStale(path: string): Promise<boolean> {
  let content = readText(path);
  if (content === "") {
    await delay(emptyGraceMs);
    content = readText(path);
  }
  return content === null || content === "" || holderIsDead(content, path);
}

function holderIsDead(content: string, path: string): boolean {
  const holder = parseHolder(content);
  if (holder === null) return true;
  if (holder.host !== hostname()) return ageMs(path) > foreignStaleMs;
  // Our own id in a file we do not hold: an earlier process had it (usual in containers).
  if (holder.pid === process.pid) return true;
  if (!isAlive(holder.pid)) return true;
  const startedAt = startTimeOf(holder.pid);
  return startedAt !== null && holder.startedAt !== null && startedAt !== holder.startedAt;
}

function held(path: string, text: string): FileLock {
  const beat = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(path, now, now);
    } catch {
      // The folder is gone or read-only: the next write says so.
    }
  }, heartbeatMs);
  beat.unref();
  return {
    release: async () => {
      clearInterval(beat);
      if (!heldHere.delete(path)) return;
      if (readText(path) === text) rmSync(path, { force: true });
    },
  };
}

function describeSelf(owner: string): string {
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    startedAt: startTimeOf(process.pid),
    at: new Date().toISOString(),
    owner,
  };
  return JSON.stringify(holder);
}

function parseHolder(text: string): Holder | null {
  try {
    const value = JSON.parse(text) as Partial<Holder> | null;
    if (typeof value?.pid !== "number" || typeof value.host !== "string") return null;
    return {
      pid: value.pid,
      host: value.host,
      startedAt: typeof value.startedAt === "string" ? value.startedAt : null,
      at: String(value.at),
      owner: String(value.owner),
    };
  } catch {
    return null;
  }
}

function createExclusive(path: string, text: string): boolean {
  let file: number;
  try {
    file = openSync(path, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  try {
    writeSync(file, text);
  } finally {
    closeSync(file);
  }
  return true;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function ageMs(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Field 22 of /proc/PID/stat, after the name in brackets (which may hold spaces). Linux only. */
function startTimeOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
