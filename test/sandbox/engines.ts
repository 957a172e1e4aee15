import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CodeEngine } from "../../src/core/verify/code/codeVerifier.ts";
import { onPath, probeBubblewrap } from "../../src/node/sandbox/bubblewrap.ts";
import { cpythonEngine, inspectPython } from "../../src/node/sandbox/cpython/cpythonEngine.ts";
import { pyodideEngine } from "../../src/node/sandbox/pyodide/pyodideEngine.ts";
import { sandboxFilesNear, sourceSandboxFiles } from "../../src/node/sandbox/sandboxFiles.ts";
import { root } from "../paths.ts";

/** As it is shipped, where it is built (`npm test` builds it first): each interpreter's thread would read TypeScript anew. */
const dist = join(root, "dist");
const isBuilt = existsSync(join(dist, "codeSandboxWorker.mjs"));
const files = isBuilt ? sandboxFilesNear(dist) : sourceSandboxFiles(root);
/** Kept between runs of the tests: named by its content. */
const cache = join(root, "dist", "sandbox-cache");

const probe = await probeBubblewrap();
const python = probe.ok ? onPath("python3") : null;

/** For `skip`: why the user's own Python cannot be used here, or false. */
export const withoutBubblewrap: string | false = !probe.ok
  ? probe.reason
  : python === null
    ? "there is no python3"
    : false;

/** The default engine; bare, so that what holds here holds on every system. */
export const openPyodide = (jobs: number, slowness: number): CodeEngine =>
  pyodideEngine({ files, cache, jobs, bubblewrap: null, slowness });

export const openWrappedPyodide = (jobs: number, slowness: number): CodeEngine => {
  if (!probe.ok) throw new Error(probe.reason);
  return pyodideEngine({ files, cache, jobs, bubblewrap: probe.bubblewrap, slowness });
};

export async function openCPython(jobs: number, slowness: number): Promise<CodeEngine> {
  if (!probe.ok || python === null) throw new Error("no bubblewrap");
  return cpythonEngine({
    files,
    python: await inspectPython(python),
    bubblewrap: probe.bubblewrap,
    jobs,
    slowness,
  });
}
