// The demo models as the product's server runs them, beside vLLM on the same folders: log-probs of sampled traces, and
// what both answer to the same requests.
import { join } from "node:path";
import { demoFilesNear } from "../../src/demo/demoFiles.ts";
import { startDemoServer } from "../../src/demo/startDemoServer.ts";
import { root } from "../paths.ts";
import { logProbsOf, noteDifferences, scored } from "./demoTraces.ts";
import type { Peer } from "./peer.ts";
import { lacksVllm, startVllm } from "./vllmServer.ts";
import { compareReplies } from "./vllmReplies.ts";

const traces = 200;

export const peer: Peer = {
  name: "demo server: vLLM",
  packages: [],
  lacks: lacksVllm,
  async compare() {
    const report: { lines: string[]; wrong: string[] } = { lines: [], wrong: [] };
    const ours = await startDemoServer({ files: demoFilesNear(join(root, "dist")), onLost: () => {} });
    try {
      const share = Math.ceil(traces / ours.models.length);
      for (const [at, model] of ours.models.entries()) {
        const theirs = await startVllm(model);
        try {
          const own = await scored(ours, model, share);
          noteDifferences(report, model, own.logProbs, await logProbsOf(theirs, model, own.rows));
          if (at === 0) await compareReplies({ ours, theirs, model }, report);
        } finally {
          await theirs.stop();
        }
      }
    } finally {
      await ours.close();
    }
    return report;
  },
};
