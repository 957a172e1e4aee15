import { dirname, join } from "node:path";
import { type Bubblewrap, bubblewrapArguments } from "../bubblewrap.ts";
import type { Started } from "../lineProcess.ts";
import type { SandboxFiles } from "../sandboxFiles.ts";
import type { SandboxArguments } from "./supervise.ts";
import type { SandboxLimits } from "./interpreterData.ts";

const megabyte = 1024 * 1024;

const sandboxLimits: SandboxLimits = {
  memoryBytes: 512 * megabyte,
  fileBytes: 64 * megabyte,
  processBytes: 1800 * megabyte,
};

/**
 * An interpreter's thread lives for one program, and keeps what it makes while it boots: with V8's own sizes it is searched
 * for garbage ten times on the way, a quarter of the boot. 50 MB a process.
 */
const roomToBoot = [
  "--min-semi-space-size=32",
  "--max-semi-space-size=32",
  "--initial-old-space-size=256",
] as const;

export interface LockedOptions {
  readonly files: SandboxFiles;
  readonly mode: SandboxArguments["mode"];
  /** File of an interpreter's memory, `null` to boot without one. */
  readonly snapshot: string | null;
  readonly bubblewrap: Bubblewrap | null;
  readonly limits?: SandboxLimits;
}

/**
 * How the sandbox's process is started: no variable of ours, files read-only and only its own, no child process, no
 * code from strings; inside bubblewrap where there is one.
 */
export function lockedProcess({ files, mode, snapshot, bubblewrap, limits }: LockedOptions): Started {
  const reads = [
    files.worker,
    join(files.pyodide, "*"),
    join(files.sources, "*"),
    ...files.reads,
    ...(snapshot === null ? [] : [snapshot]),
  ];
  const config: SandboxArguments = {
    pyodide: files.pyodide,
    sources: files.sources,
    snapshot,
    limits: limits ?? sandboxLimits,
    mode,
  };
  const args = [
    "--permission",
    ...reads.map((path) => `--allow-fs-read=${path}`),
    "--allow-worker",
    "--disallow-code-generation-from-strings",
    "--no-addons",
    "--no-warnings",
    "--max-old-space-size=1024",
    ...roomToBoot,
    files.worker,
    JSON.stringify(config),
  ];
  // VS Code's own program is Electron; this makes it Node.
  const env: Record<string, string> =
    process.versions["electron"] === undefined ? {} : { ELECTRON_RUN_AS_NODE: "1" };
  if (bubblewrap === null) return { command: process.execPath, args, env };
  return {
    command: bubblewrap.path,
    args: insideBubblewrap(reads, args, env),
    env: {},
  };
}

function insideBubblewrap(
  reads: readonly string[],
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): readonly string[] {
  const folders = reads.map((path) => (path.endsWith("*") ? dirname(path) : path));
  // Electron has its libraries beside it.
  const program = process.versions["electron"] === undefined ? process.execPath : dirname(process.execPath);
  const inner = bubblewrapArguments({ reads: [program, ...folders] }, process.execPath, args);
  const variables = Object.entries(env).flatMap(([name, value]) => ["--setenv", name, value]);
  return [...variables, ...inner];
}
