import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpenAI } from "openai";
import { openDemoModel } from "../../src/demo/demoModel.ts";
import { DemoServer } from "../../src/demo/server/demoServer.ts";
import { kernelModule, writeRandomModel } from "./randomModel.ts";

export const token = "token-of-a-test";
export const prompt = "Numbers: 2 4 7 7\nTarget: 36\n";

export interface OpenDemo {
  /** Without `/v1`. */
  readonly origin: string;
  readonly client: OpenAI;
  /** What went wrong inside. */
  readonly failures: unknown[];
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- the shape is what the tests look at
  readonly body: any;
}

/** Two models of random weights, `one` and `two`, behind a server in this process. */
export async function openDemo(): Promise<OpenDemo> {
  const folder = mkdtempSync(join(tmpdir(), "rollout-lens-demo-"));
  writeRandomModel(join(folder, "one"), 11);
  writeRandomModel(join(folder, "two"), 12);
  const module = kernelModule();
  const failures: unknown[] = [];
  const server = new DemoServer({
    names: ["one", "two"],
    open: (name) => openDemoModel(join(folder, name), name, module),
    token,
    port: 0,
    onFailure: (error) => failures.push(error),
  });
  const origin = `http://127.0.0.1:${await server.listen()}`;
  return {
    origin,
    failures,
    client: new OpenAI({ baseURL: `${origin}/v1`, apiKey: token, maxRetries: 0 }),
    post: async (path, body, headers = {}) => {
      const reply = await fetch(origin + path, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
      return { status: reply.status, body: await reply.json() };
    },
    close: async () => {
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}
