import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type * as vscode from "vscode";
import { root } from "../paths.ts";
import { until } from "./until.ts";

/** The other end of bridge/run.cjs: functions of the test run in the extension host. */
export interface HostBridge {
  /** What the server's process must have in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What the page's address says so that the workbench loads the bridge into the extension host. */
  readonly payload: (port: number) => readonly (readonly [string, string])[];
  /** Call before the window loads (again): the next `evaluate` then waits for the new extension host. */
  readonly expectNewHost: () => void;
  /** `body` is sent as source: it sees its parameters and nothing around it. Argument and result are JSON. */
  readonly evaluate: <A, R>(body: HostFunction<A, R>, arg: A) => Promise<R>;
}

export type HostFunction<A, R> = (api: typeof vscode, arg: A) => R | PromiseLike<R>;

export function makeHostBridge(folder: string): HostBridge {
  const file = join(folder, "bridge-port");
  const token = randomBytes(16).toString("hex");
  const path = join(root, "test/e2e/bridge");
  return {
    env: { ROLLOUT_LENS_BRIDGE_FILE: file, ROLLOUT_LENS_BRIDGE_TOKEN: token },
    payload: (port) => {
      const uri = `vscode-remote://127.0.0.1:${port}${path}`;
      return [
        ["extensionDevelopmentPath", uri],
        ["extensionTestsPath", `${uri}/run.cjs`],
      ];
    },
    expectNewHost: () => rmSync(file, { force: true }),
    evaluate: async (body, arg) => {
      await until("the extension host answers", () => existsSync(file));
      const reply = await fetch(`http://127.0.0.1:${readFileSync(file, "utf8")}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ source: body.toString(), arg }),
      });
      const said = (await reply.json()) as { ok: true; result: never } | { ok: false; message: string };
      if (!said.ok) throw new Error(`In the extension host: ${said.message}`);
      return said.result;
    },
  };
}
