import { execFileSync } from "node:child_process";

/** Process id of the youngest extension host among the descendants of a process; `null` where there is none. */
export function extensionHostUnder(root: number): number | null {
  const rows = execFileSync("ps", ["-e", "-o", "pid=,ppid=,stat=,args="], { encoding: "utf8" })
    .split("\n")
    .flatMap((line) => {
      const [, pid, parent, state, args] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/u.exec(line) ?? [];
      return args === undefined || state?.startsWith("Z")
        ? []
        : [{ pid: Number(pid), parent: Number(parent), args }];
    });
  const under = new Set([root]);
  for (let known = 0; known < under.size;) {
    known = under.size;
    for (const { pid, parent } of rows) if (under.has(parent)) under.add(pid);
  }
  const hosts = rows.filter(({ pid, args }) => under.has(pid) && args.includes("--type=extensionHost"));
  return hosts.at(-1)?.pid ?? null;
}
