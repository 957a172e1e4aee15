// The demo models as the product's server runs them, beside transformers on the same folders and llama.cpp on a GGUF
// export: log-probs of sampled traces, token by token, and how their texts are cut into tokens.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { demoFilesNear } from "../../src/demo/demoFiles.ts";
import { startDemoServer, type RunningDemoServer } from "../../src/demo/startDemoServer.ts";
import { root } from "../paths.ts";
import { llamaCpp, llamaCppLogProbs } from "./llamaCpp.ts";
import type { Peer, PeerReport } from "./peer.ts";
import { askPython } from "./python.ts";

const traces = 200;
const tolerance = 1e-3;

interface Scored {
  readonly rows: readonly (readonly number[])[];
  readonly logProbs: readonly (readonly number[])[];
}

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
    note(report, `${name}, transformers`, own.logProbs, theirs.logProbs);
    if ("missing" in library) continue;
    const { logProbs, tokens } = await llamaCppLogProbs(library, asked[at]!.gguf, {
      rows: own.rows,
      texts: theirs.texts,
    });
    note(report, `${name}, llama.cpp`, own.logProbs, logProbs);
    const other = tokens.filter((ids, row) => ids.join(" ") !== own.rows[row]!.join(" ")).length;
    if (other > 0) report.wrong.push(`${name}: llama.cpp cuts ${other} texts into other tokens`);
  }
  return report;
}

/** Sampled traces of held-out problems with the server's log-probs of all tokens after the first. */
async function scored(server: RunningDemoServer, model: string, count: number): Promise<Scored> {
  const lines = readFileSync(resolve(root, "media/demo/countdown.jsonl"), "utf8").trim().split("\n");
  const rows: number[][] = [];
  const logProbs: number[][] = [];
  for (const [at, line] of lines.slice(0, count).entries()) {
    const { prompt } = JSON.parse(line) as { readonly prompt: string };
    const sampled = await complete(server, { model, prompt, max_tokens: 40, seed: at });
    const row = [...sampled.prompt_token_ids!, ...sampled.token_ids!];
    const read = await complete(server, { model, prompt: row, max_tokens: 1, prompt_logprobs: 0 });
    rows.push(row);
    logProbs.push(row.slice(1).map((token, i) => read.prompt_logprobs![i + 1]![String(token)]!.logprob));
  }
  return { rows, logProbs };
}

interface Choice {
  readonly prompt_token_ids?: readonly number[];
  readonly token_ids?: readonly number[];
  readonly prompt_logprobs?: readonly (Readonly<Record<string, { readonly logprob: number }>> | null)[];
}

async function complete(server: RunningDemoServer, body: Readonly<Record<string, unknown>>): Promise<Choice> {
  const response = await fetch(`${server.url}/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${server.token}` },
    body: JSON.stringify({ temperature: 1, return_token_ids: true, ...body }),
  });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return ((await response.json()) as { readonly choices: readonly [Choice] }).choices[0];
}

/** A line with the largest difference; a difference above the tolerance, and a log-prob that is none, is wrong. */
function note(
  report: { lines: string[]; wrong: string[] },
  what: string,
  ours: readonly (readonly number[])[],
  theirs: readonly (readonly number[])[],
): void {
  const differences = ours.flatMap((row, at) => row.map((value, i) => Math.abs(value - theirs[at]![i]!)));
  const largest = differences.reduce((most, one) => (one <= most ? most : one), 0);
  report.lines.push(
    `${what}: ${ours.length} traces, ${differences.length} tokens, largest difference ${largest.toExponential(2)} nats`,
  );
  if (!(largest <= tolerance)) report.wrong.push(`${what}: a log-prob differs by ${largest} nats`);
}
