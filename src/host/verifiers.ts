import type * as vscode from "vscode";
import type { Verifier } from "../core/verify/verifier.ts";
import type { WorkerVerifiers } from "../node/workerVerifiers.ts";
import { builtInChoices, type VerifierChoice } from "./verifierWords.ts";

/** The verifiers of this window: loaded when first asked for, their workers end with it. */
export class HostVerifiers implements vscode.Disposable {
  private readonly folder: string;
  private opened: Promise<WorkerVerifiers> | null = null;

  /** `folder`: where the bundles lie. */
  constructor(folder: string) {
    this.folder = folder;
  }

  /** By the id in a run's plan; without one, or for one that is no longer here, the default verifier. */
  async get(id?: string): Promise<Verifier> {
    this.opened ??= this.open();
    return (await this.opened).get(id);
  }

  /** Everything that samples can be verified by here, in the order of a list. Ids are those that `get` knows. */
  choices(): Promise<readonly VerifierChoice[]> {
    return Promise.resolve(builtInChoices());
  }

  dispose(): void {
    void this.opened?.then((verifiers) => verifiers.close());
  }

  private async open(): Promise<WorkerVerifiers> {
    const { WorkerVerifiers } = await import("../node/workerVerifiers.ts");
    return new WorkerVerifiers(this.folder);
  }
}
