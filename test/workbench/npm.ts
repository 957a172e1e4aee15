import { spawnSync } from "node:child_process";

/** The environment without what `npm run` says about this project: a nested npm must look at its own folder. */
export function outsideEnv(): NodeJS.ProcessEnv {
  const inherited =
    /^npm_(lifecycle|package|command|execpath|node_execpath|config_(local_prefix|prefix|global_prefix))/;
  const kept = Object.entries(process.env).filter(([name]) => !inherited.test(name) && name !== "INIT_CWD");
  return Object.fromEntries(kept);
}

/** Runs npm in `cwd` with this Node, all its words on stderr. Throws with the exit status. */
export function runNpm(args: readonly string[], cwd: string): void {
  const script = process.env["npm_execpath"];
  const [command, first] =
    script?.endsWith(".js") === true
      ? [process.execPath, [script]]
      : [process.platform === "win32" ? "npm.cmd" : "npm", []];
  const { status, error } = spawnSync(command, [...first, ...args], {
    cwd,
    env: outsideEnv(),
    stdio: ["ignore", 2, 2],
    shell: command.endsWith(".cmd"),
  });
  if (status !== 0) throw new Error(`npm ${args.join(" ")}: exit ${status}`, { cause: error });
}
