import * as vscode from "vscode";
import { LensError } from "../core/errors.ts";
import { codeVerifierId, engineOfId, limitOfId } from "../core/verify/code/codeVerifierId.ts";
import type { Verifier } from "../core/verify/verifier.ts";
import type { WorkerVerifiers } from "../node/workerVerifiers.ts";
import type { CodeVerifiers } from "./codeVerifiers.ts";
import type { CustomVerifiers } from "./customVerifiers.ts";
import type { Log } from "./log.ts";
import type { Report } from "./report.ts";
import { codeEngines, type CodeEngineName, type Settings } from "./settings.ts";
import { builtInChoices, verifierWords, type VerifierChoice } from "./verifierWords.ts";

export interface HostVerifiersPorts {
  /** Where the bundles lie. */
  readonly folder: string;
  /** Of the extension: what can be made again is kept there. */
  readonly storage: string;
  readonly settings: Settings;
  readonly report: Report;
  readonly log: Log;
}

/**
 * The verifiers of this window: loaded when first asked for; their workers, interpreters and commands end with it. Those
 * that start programs do so in trusted workspaces only.
 */
export class HostVerifiers implements vscode.Disposable {
  private readonly ports: HostVerifiersPorts;
  private builtIn: Promise<WorkerVerifiers> | null = null;
  private code: Promise<CodeVerifiers> | null = null;
  private custom: Promise<CustomVerifiers> | null = null;

  constructor(ports: HostVerifiersPorts) {
    this.ports = ports;
  }

  /**
   * By the id in a run's plan; without one, or for one of ours that is no longer here, the default verifier. Rejects with
   * `untrusted`, `noVerifier` (a command that the settings do not have), and `noBubblewrap` or `sandboxFailed` where a
   * program cannot be run: the message says what to do.
   */
  async get(id?: string): Promise<Verifier> {
    const engine = id === undefined ? null : engineOfId(id);
    if (id !== undefined && engine !== null) {
      checkTrust(id);
      this.code ??= this.openCode();
      return (await this.code).get(engine, limitOfId(id));
    }
    if (id?.startsWith("custom:") === true) {
      checkTrust(id);
      this.custom ??= this.openCustom();
      return (await this.custom).get(id);
    }
    this.builtIn ??= this.openBuiltIn();
    return (await this.builtIn).get(id);
  }

  /** Everything that samples can be verified by here, in the order of a list. Ids are those that `get` knows. */
  async choices(): Promise<readonly VerifierChoice[]> {
    if (!vscode.workspace.isTrusted) return builtInChoices();
    this.custom ??= this.openCustom();
    return [...builtInChoices(), ...codeChoices(this.codeLimit), ...(await this.custom).choices()];
  }

  /** The id of the verifier for programming tasks. */
  get codeId(): string {
    return codeVerifierId(this.ports.settings.get("codeEngine"), this.codeLimit);
  }

  /** For runs that begin now, seconds: one that goes on has that of its verifier's id. `null`: what the benchmark says. */
  private get codeLimit(): number | null {
    return this.ports.settings.get("codeTimeLimit") || null;
  }

  dispose(): void {
    for (const opened of [this.builtIn, this.code, this.custom])
      void opened?.then((verifiers) => verifiers.close());
  }

  private async openBuiltIn(): Promise<WorkerVerifiers> {
    const { WorkerVerifiers } = await import("../node/workerVerifiers.ts");
    return new WorkerVerifiers(this.ports.folder);
  }

  private async openCode(): Promise<CodeVerifiers> {
    const { CodeVerifiers } = await import("./codeVerifiers.ts");
    return new CodeVerifiers(this.ports);
  }

  private async openCustom(): Promise<CustomVerifiers> {
    const { CustomVerifiers } = await import("./customVerifiers.ts");
    return new CustomVerifiers(this.ports);
  }
}

function checkTrust(id: string | undefined): void {
  if (vscode.workspace.isTrusted) return;
  const words = vscode.l10n.t(
    "{0} starts programs, which this folder may not while it is not trusted. Nothing was started. Trust the folder, or choose another verifier.",
    verifierWords(id ?? ""),
  );
  throw new LensError("untrusted", words);
}

/** Engines that can be there on this system. */
const codeChoices = (limitSeconds: number | null): readonly VerifierChoice[] =>
  codeEngines
    .filter((engine) => engine !== "cpython" || process.platform === "linux")
    .map((engine: CodeEngineName) => {
      const id = codeVerifierId(engine, limitSeconds);
      const detail = {
        pyodide: vscode.l10n.t(
          "Runs programs against their task's tests: Python in WebAssembly, locked down",
        ),
        cpython: vscode.l10n.t("Runs programs against their task's tests: your own Python inside bubblewrap"),
      }[engine];
      return { id, words: verifierWords(id), detail, needsTrust: true };
    });
