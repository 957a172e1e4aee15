import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A Python that has the packages, or why there is none. */
export type PeerPython = { readonly python: string } | { readonly missing: string };

const venv = join(tmpdir(), "rollout-lens-peers");
const ownPython =
  process.platform === "win32" ? join(venv, "Scripts", "python.exe") : join(venv, "bin", "python");

export interface PythonPackage {
  /** As `pip` and `import` know it. */
  readonly pip: string;
  readonly module: string;
  /** Without what it depends on: for a package of which one file is wanted. */
  readonly alone?: boolean;
}

/** The Python of ROLLOUT_LENS_PYTHON, else one of our own outside the repository, made with what is missing in it. */
export function peerPython(packages: readonly PythonPackage[]): PeerPython {
  const given = process.env["ROLLOUT_LENS_PYTHON"];
  if (given !== undefined) {
    const lacking = packages.filter(({ module }) => !imports(given, module));
    return lacking.length === 0
      ? { python: given }
      : { missing: `${given} has no ${lacking.map(({ pip }) => pip).join(", ")}` };
  }
  const made = ownVenv();
  if (made !== null) return { missing: made };
  for (const { pip, module, alone = false } of packages) {
    if (imports(ownPython, module)) continue;
    const { status, stderr } = run(ownPython, [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--disable-pip-version-check",
      ...(alone ? ["--no-deps"] : []),
      pip,
    ]);
    if (status !== 0 || !imports(ownPython, module))
      return { missing: `pip could not install ${pip}: ${lastLine(stderr)}` };
  }
  return { python: ownPython };
}

/** `null` when it is there. */
function ownVenv(): string | null {
  if (existsSync(ownPython)) return null;
  mkdirSync(venv, { recursive: true });
  for (const python of ["python3", "python"]) {
    const { status } = run(python, ["-m", "venv", venv]);
    if (status === 0 && existsSync(ownPython)) return null;
  }
  return "no python3 that can make a virtual environment was found";
}

const imports = (python: string, module: string): boolean =>
  run(python, ["-c", `import ${module}`]).status === 0;

const run = (command: string, args: readonly string[]) =>
  spawnSync(command, args, { encoding: "utf8", timeout: 300_000 });

const lastLine = (text: string | null): string => (text ?? "").trim().split("\n").at(-1) || "no reason given";

/** Runs a script of this folder with JSON on its standard input; its standard output as JSON. */
export function askPython(python: string, script: string, input: unknown): unknown {
  const { status, stdout, stderr } = spawnSync(python, [script], {
    input: JSON.stringify(input),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${script}: ${lastLine(stderr)}`);
  return JSON.parse(stdout);
}
