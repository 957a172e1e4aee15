import * as vscode from "vscode";
import { demoEndpoint, demoRole } from "../demo/demoEndpoint.ts";
import type { RunningDemoServer } from "../demo/startDemoServer.ts";
import type { EndpointConfig } from "../endpoints/config.ts";
import { noneOffered, type OfferedEndpoints } from "./endpoints.ts";
import type { Log } from "./log.ts";

export interface DemoModelsPorts {
  /** Where the bundles lie. */
  readonly folder: string;
  readonly offer: (offered: OfferedEndpoints) => void;
  /** The models stopped by themselves; in words for the person. */
  readonly onLost: (message: string) => void;
  readonly log: Log;
}

/** A trace of the demo's task has 28 tokens; the models' context holds 64 with the prompt. */
export const demoMaxTokens = 48;

/**
 * The demo models of this window: a server in a thread of its own, started when it is first wanted, gone with the window.
 * While it runs its models are among the endpoints.
 */
export class DemoModels implements vscode.Disposable {
  private readonly ports: DemoModelsPorts;
  private running: Promise<readonly EndpointConfig[]> | null = null;
  private server: RunningDemoServer | null = null;
  private disposed = false;

  constructor(ports: DemoModelsPorts) {
    this.ports = ports;
  }

  /** The endpoints, the base model first. Rejects with `noDemoModels` or `demoServer`. */
  start(): Promise<readonly EndpointConfig[]> {
    this.running ??= this.open().catch((error: unknown) => {
      this.running = null;
      throw error;
    });
    return this.running;
  }

  /** Is an endpoint of this name one of ours? Asked for runs of an earlier window. */
  isOurs(endpointName: string): boolean {
    return endpointName.startsWith(namePrefix);
  }

  dispose(): void {
    this.disposed = true;
    void this.server?.close();
  }

  private async open(): Promise<readonly EndpointConfig[]> {
    const { folder, log, offer } = this.ports;
    const startedMs = performance.now();
    const [{ startDemoServer }, { demoFilesNear }, { weightsHash }] = await Promise.all([
      import("../demo/startDemoServer.ts"),
      import("../demo/demoFiles.ts"),
      import("../demo/weightsHash.ts"),
    ]);
    const onLost = (message: string): void => this.lost(message);
    const files = demoFilesNear(folder);
    const server = await startDemoServer({ files, onLost });
    if (this.disposed) {
      await server.close();
      throw new vscode.CancellationError();
    }
    this.server = server;
    log.info(`Demo models at ${server.url} after ${(performance.now() - startedMs).toFixed(0)} ms.`);
    const configs = server.models.map((model) => configOf(model, server.url));
    const identities = await Promise.all(
      configs.map(
        async ({ name, model }) => [name, `demo:${await weightsHash(files.models, model)}`] as const,
      ),
    );
    const keys = new Map([[new URL(server.url).origin, server.token]]);
    offer({ configs, keys, identities: new Map(identities) });
    return configs;
  }

  private lost(message: string): void {
    this.running = this.server = null;
    this.ports.log.error(`Demo models: ${message}`);
    this.ports.offer(noneOffered);
    this.ports.onLost(
      vscode.l10n.t(
        "The demo models stopped. Everything finished is kept; resuming a run starts them again.",
      ),
    );
  }
}

const namePrefix = "Demo ";

function configOf(model: string, url: string): EndpointConfig {
  return {
    name: demoName(model),
    role: demoRole(model),
    ...demoEndpoint(model, url),
    template: "verbatim",
    // Takes the place of the usual limit, which is far beyond these models' context.
    extraBody: { max_completion_tokens: demoMaxTokens },
  };
}

/** `Demo RL 450` for the folder `rl-450`. */
export function demoName(model: string): string {
  return `${namePrefix}${model.replace(/^rl\b/, "RL").replaceAll(/[-_]+/g, " ")}`;
}
