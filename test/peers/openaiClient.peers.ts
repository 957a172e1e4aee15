// The demo server driven by the official OpenAI client for Python; that for Node is in test/demo/client.test.ts.
import { join, resolve } from "node:path";
import { demoFilesNear } from "../../src/demo/demoFiles.ts";
import { startDemoServer } from "../../src/demo/startDemoServer.ts";
import { root } from "../paths.ts";
import type { Peer } from "./peer.ts";
import { askPython } from "./python.ts";

interface Reply {
  readonly checks: number;
  readonly wrong: readonly string[];
  readonly version: string;
}

export const peer: Peer = {
  name: "demo server, OpenAI's client for Python",
  packages: [{ pip: "openai", module: "openai" }],
  async compare(python) {
    const files = demoFilesNear(join(root, "dist"));
    const server = await startDemoServer({ files, models: ["base"], onLost: () => undefined });
    try {
      const prompt = "Numbers: 2 4 7 8\nTarget: 20\n";
      const script = resolve(root, "test/peers/openaiClient.py");
      const { url, token } = server;
      const { checks, wrong, version } = askPython(python, script, {
        url,
        token,
        model: "base",
        prompt,
      }) as Reply;
      return { lines: [`openai ${version}: ${checks - wrong.length} of ${checks} checks hold`], wrong };
    } finally {
      await server.close();
    }
  },
};
