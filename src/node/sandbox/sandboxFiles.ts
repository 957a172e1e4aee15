import { existsSync } from "node:fs";
import { join } from "node:path";

/** Where the parts of the sandbox lie. Its process may read these and nothing else. */
export interface SandboxFiles {
  /** The process's script. */
  readonly worker: string;
  /** Folder of the npm package `pyodide`, or a copy of the five files that are read. */
  readonly pyodide: string;
  /** Folder of realm.js and the Python sources (media/sandbox). */
  readonly sources: string;
  /** More that the script needs, with `*` for all of a folder. */
  readonly reads: readonly string[];
}

/** Beside a bundle: `dist` holds codeSandboxWorker.mjs and pyodide/, `dist/../media/sandbox` the rest. */
function builtSandboxFiles(dist: string): SandboxFiles {
  return {
    worker: join(dist, "codeSandboxWorker.mjs"),
    pyodide: join(dist, "pyodide"),
    sources: join(dist, "..", "media", "sandbox"),
    reads: [],
  };
}

/** In a checkout, with Node running TypeScript. */
export function sourceSandboxFiles(root: string): SandboxFiles {
  const folder = join(root, "src", "node", "sandbox");
  return {
    worker: join(folder, "pyodide", "codeSandboxWorker.ts"),
    pyodide: join(root, "node_modules", "pyodide"),
    sources: join(root, "media", "sandbox"),
    reads: [join(folder, "*"), join(root, "package.json")],
  };
}

/** For a program that runs from its bundle in `dist` or from `src/cli`. */
export function sandboxFilesNear(folder: string): SandboxFiles {
  const built = [folder, join(folder, "..")].find((near) => existsSync(join(near, "codeSandboxWorker.mjs")));
  return built === undefined ? sourceSandboxFiles(join(folder, "..", "..")) : builtSandboxFiles(built);
}
