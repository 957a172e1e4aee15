import { availableParallelism } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { LensError } from "../core/errors.ts";
import type { Verifier } from "../core/verify/verifier.ts";
import type { CodeEngineWish } from "../node/codeVerifyWorker.ts";
import { onPath, probeBubblewrap } from "../node/sandbox/bubblewrap.ts";
import { inspectPython } from "../node/sandbox/cpython/cpythonEngine.ts";
import { sandboxFilesNear } from "../node/sandbox/sandboxFiles.ts";
import { codeVerifyWorkerNear, WorkerCodeVerifier } from "../node/workerCodeVerifier.ts";
import type { HostVerifiersPorts } from "./verifiers.ts";

const mostJobs = 4;
const causePrefix = "codeVerifier:";

/** The verifiers that run programs, one for each engine, limit, and way in which the settings want it started. */
export class CodeVerifiers {
  private readonly ports: HostVerifiersPorts;
  private readonly opened = new Map<string, WorkerCodeVerifier>();

  constructor(ports: HostVerifiersPorts) {
    this.ports = ports;
  }

  /**
   * Rejects with `noBubblewrap`, `noPython` or `sandboxFailed`; then no program was run.
   * @param limitSeconds as codeVerifier.ts takes it; that of the id, not of the settings: a run goes on with its own.
   */
  async get(engine: string, limitSeconds: number | null): Promise<Verifier> {
    this.ports.report.forget(causePrefix);
    const started = engine === "cpython" ? await this.cpython() : await this.pyodide();
    const wish = { ...started, limitSeconds };
    const key = JSON.stringify(wish);
    const known = this.opened.get(key);
    if (known !== undefined) return known;
    const verifier = new WorkerCodeVerifier({
      workerFile: codeVerifyWorkerNear(this.ports.folder),
      wish,
      onFailure: ({ message }) => this.tell(message),
    });
    this.opened.set(key, verifier);
    return verifier;
  }

  /** Ends every interpreter; what still waits is rejected with `cancelled`. */
  async close(): Promise<void> {
    await Promise.all([...this.opened.values()].map((verifier) => verifier.close()));
  }

  private async pyodide(): Promise<CodeEngineWish> {
    const probe = await probeBubblewrap();
    const bubblewrap = probe.ok ? probe.bubblewrap : null;
    if (!probe.ok) this.ports.log.debug(`Pyodide without bubblewrap: ${probe.reason}.`);
    return { engine: "pyodide", ...this.common(), cache: join(this.ports.storage, "sandbox"), bubblewrap };
  }

  private async cpython(): Promise<CodeEngineWish> {
    const probe = await probeBubblewrap();
    if (!probe.ok) {
      const words =
        "The engine cpython needs bubblewrap: {0}. No program was run. Set rolloutLens.codeEngine to pyodide.";
      throw new LensError("noBubblewrap", vscode.l10n.t(words, probe.reason));
    }
    const name = this.ports.settings.get("codePython");
    const path = /[/\\]/.test(name) ? name : onPath(name);
    if (path === null) {
      const words = "There is no {0}. No program was run. Correct rolloutLens.codePython.";
      throw new LensError("noPython", vscode.l10n.t(words, name));
    }
    const python = await inspectPython(path);
    return { engine: "cpython", ...this.common(), python, bubblewrap: probe.bubblewrap };
  }

  private common() {
    const jobs = this.ports.settings.get("codeJobs");
    return {
      files: sandboxFilesNear(this.ports.folder),
      jobs: jobs === 0 ? Math.min(mostJobs, availableParallelism()) : jobs,
    };
  }

  private tell(message: string): void {
    const words = vscode.l10n.t(
      "{0} The samples are kept, without a verdict. Verify them again when it works.",
      message,
    );
    void this.ports.report.tell(words, { cause: causePrefix + message });
  }
}
