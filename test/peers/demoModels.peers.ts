// The demo models as the product's server runs them, beside transformers on the same folders and llama.cpp on a GGUF
// export: log-probs of sampled traces, token by token, and how their texts are cut into tokens.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { demoFilesNear } from "../../src/demo/demoFiles.ts";
import { startDemoServer } from "../../src/demo/startDemoServer.ts";
import { root } from "../paths.ts";
import { noteDifferences, scored, type Scored } from "./demoTraces.ts";
import { llamaCpp, llamaCppLogProbs } from "./llamaCpp.ts";
import type { Peer, PeerReport } from "./peer.ts";
import { askPython } from "./python.ts";

const traces = 200;

interface Theirs {
  readonly logProbs: readonly (readonly number[])[];
  readonly texts: readonly string[];
  /** Whether the text is cut into the row's tokens again. */
  readonly same: readonly boolean[];
}

export const peer: Peer = {
  name: "demo models: transformers and llama.cpp",
  packages: ["torch", "transformers", "safetensors", "gguf"].map((name) => ({ pip: name, module: name })),
  async compare(python) {
    const scratch = mkdtempSync(join(tmpdir(), "rollout-lens-peers-gguf-"));
    const server = await startDemoServer({ files: demoFilesNear(join(root, "dist")), onLost: () => {} });
    try {
      const ours = new Map<string, Scored>();
      const share = Math.ceil(traces / server.models.length);
      for (const model of server.models) ours.set(model, await scored(server, model, share));
      return await compared(python, scratch, ours);
    } finally {
      await server.close();
      rmSync(scratch, { recursive: true, force: true });
    }
  },
};

async function compared(
  python: string,
  scratch: string,
  ours: ReadonlyMap<string, Scored>,
): Promise<PeerReport> {
  const media = resolve(root, "media/demo");
  const asked = [...ours].map(([name, { rows }]) => ({
    folder: join(media, name),
    gguf: join(scratch, `${name}.gguf`),
    rows,
  }));
  const answers = askPython(python, resolve(root, "test/peers/demoModels.py"), {
    train: media,
    models: asked,
  }) as readonly Theirs[];
  const library = await llamaCpp();
  const report: { lines: string[]; wrong: string[] } = { lines: [], wrong: [] };
  if ("missing" in library) report.lines.push(`llama.cpp: skipped: ${library.missing}`);
  for (const [at, [name, own]] of [...ours].entries()) {
    const theirs = answers[at]!;
    const cut = theirs.same.filter((same) => !same).length;
    if (cut > 0) report.wrong.push(`${name}: transformers cuts ${cut} texts into other tokens`);
    noteDifferences(report, `${name}, transformers`, own.logProbs, theirs.logProbs);
    if ("missing" in library) continue;
    const { logProbs, tokens } = await llamaCppLogProbs(library, asked[at]!.gguf, {
      rows: own.rows,
      texts: theirs.texts,
    });
    noteDifferences(report, `${name}, llama.cpp`, own.logProbs, logProbs);
    const other = tokens.filter((ids, row) => ids.join(" ") !== own.rows[row]!.join(" ")).length;
    if (other > 0) report.wrong.push(`${name}: llama.cpp cuts ${other} texts into other tokens`);
  }
  return report;
}
