import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** A bubblewrap that was seen to work here. */
export interface Bubblewrap {
  readonly path: string;
}

export type BubblewrapProbe =
  | { readonly ok: true; readonly bubblewrap: Bubblewrap }
  | { readonly ok: false; readonly reason: string };

/** What a program inside gets to see of the machine's files: shared libraries, read-only. No program, nothing of the person's. */
const libraries = [
  "/lib",
  "/lib32",
  "/lib64",
  "/libx32",
  "/usr/lib",
  "/usr/lib32",
  "/usr/lib64",
  "/usr/libx32",
  "/usr/local/lib",
  "/usr/share/zoneinfo",
  "/etc/ld.so.cache",
];

export interface InsideOptions {
  /** Files and folders to be seen, read-only, at their own paths. */
  readonly reads: readonly string[];
}

/**
 * Arguments for bubblewrap: own user, process, network, mount, ipc and host name spaces, an unprivileged user, no
 * capabilities, 64 MB of empty /tmp and nothing else to write to. Spawn it with an EMPTY environment: `--clearenv` leaves ours in /proc/1/environ.
 */
export function bubblewrapArguments(
  { reads }: InsideOptions,
  command: string,
  args: readonly string[],
): readonly string[] {
  const own =
    "--unshare-all --unshare-user --die-with-parent --new-session --clearenv --cap-drop ALL --uid 65534 --gid 65534 --hostname sandbox";
  // What can be written to is memory: as little of it as the default engine gives.
  const room = `--size ${64 * 1024 * 1024} --tmpfs`;
  const empty = `--proc /proc --dev /dev ${room} /dev/shm --remount-ro /dev ${room} /tmp --chdir /tmp`;
  return [
    ...own.split(" "),
    ...libraries.flatMap((path) => ["--ro-bind-try", path, path]),
    ...empty.split(" "),
    ...reads.flatMap((path) => ["--ro-bind", path, path]),
    "--remount-ro",
    "/",
    "--",
    command,
    ...args,
  ];
}

/** Whether bubblewrap is there and may do, on this machine, all that `bubblewrapArguments` asks of it. */
export async function probeBubblewrap(): Promise<BubblewrapProbe> {
  if (process.platform !== "linux") return { ok: false, reason: "bubblewrap is for Linux only" };
  const path = onPath("bwrap");
  if (path === null) return { ok: false, reason: "bubblewrap (bwrap) is not installed" };
  const failure = await new Promise<string | null>((done) =>
    execFile(
      path,
      [...bubblewrapArguments({ reads: ["/bin/sh"] }, "/bin/sh", ["-c", "exit 0"])],
      { env: {}, timeout: 10_000 },
      (error, _, stderr) =>
        done(error === null ? null : stderr.trim().split("\n").at(-1) || "it did not start"),
    ),
  );
  return failure === null
    ? { ok: true, bubblewrap: { path } }
    : { ok: false, reason: `bubblewrap does not work here (${failure})` };
}

/** The absolute path of a program on the PATH; relative entries are not looked at. */
export function onPath(name: string): string | null {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin", "/bin"].filter(isAbsolute);
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
