// Scoring through llama.cpp: the adapter that forces tokens, against llama.cpp itself behind its server's wire shape, beside
// the product's own server on the same weights.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { ScoredTrace } from "../../src/core/trace/scoredTrace.ts";
import { demoFilesNear } from "../../src/demo/demoFiles.ts";
import { startDemoServer } from "../../src/demo/startDemoServer.ts";
import { parseEndpointConfig } from "../../src/endpoints/config.ts";
import { openScorer } from "../../src/endpoints/score/openScorer.ts";
import { probeScoring } from "../../src/endpoints/score/probeScoring.ts";
import { root } from "../paths.ts";
import { llamaCpp } from "./llamaCpp.ts";
import type { Peer, PeerReport } from "./peer.ts";

const tolerance = 1e-3;
const traces = 3;
const never = new AbortController().signal;
const text = " 7 + 4 = 11 left: 2 7 11\n 11 + 7 = 18 left: 2 18\n 18 * 2 = 36\nAnswer: 36\n";

export const peer: Peer = {
  name: "scoring: llama.cpp, token by token",
  packages: ["gguf", "safetensors"].map((name) => ({ pip: name, module: name })),
  async compare(python) {
    const library = await llamaCpp();
    if ("missing" in library) return { lines: [`llama.cpp: skipped: ${library.missing}`], wrong: [] };
    const scratch = mkdtempSync(join(tmpdir(), "rollout-lens-peers-score-"));
    const media = resolve(root, "media/demo");
    const gguf = join(scratch, "base.gguf");
    const { status, stderr } = spawnSync(python, ["-m", "train.gguf_export", "base", gguf, "--float32"], {
      cwd: media,
      encoding: "utf8",
    });
    if (status !== 0)
      return { lines: [], wrong: [`no GGUF was written: ${stderr.trim().split("\n").at(-1)}`] };
    try {
      return await compared(library as unknown as Library, gguf);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  },
};

interface Library {
  getLlama(
    options: object,
  ): Promise<{ loadModel(options: object): Promise<Model>; dispose(): Promise<void> }>;
  readonly LlamaModel: { prototype: { getWarnings(): readonly string[] } };
}

interface Model {
  tokenize(text: string, specialTokens: boolean): readonly number[];
  detokenize(tokens: readonly number[], specialTokens?: boolean): string;
  createContext(options: object): Promise<{ getSequence(): Sequence; dispose(): Promise<void> }>;
  dispose(): Promise<void>;
}

interface Sequence {
  clearHistory(): Promise<void>;
  controlledEvaluate(
    input: readonly (readonly [number, object])[],
  ): Promise<readonly ({ readonly next?: { readonly probabilities?: Map<number, number> } } | undefined)[]>;
}

async function compared(library: Library, gguf: string): Promise<PeerReport> {
  // It tokenizes English to look for flaws of a tokenizer, and warns that these models know none.
  library.LlamaModel.prototype.getWarnings = () => [];
  const llama = await library.getLlama({ gpu: false, build: "never", maxThreads: 1, progressLogs: false });
  const model = await llama.loadModel({ modelPath: gguf });
  const precise = { experimentalKvCacheKeyType: "F32", experimentalKvCacheValueType: "F32" };
  const context = await model.createContext({
    contextSize: 64,
    threads: 1,
    flashAttention: false,
    ...precise,
  });
  const theirs = await serve(model, context.getSequence());
  const ours = await startDemoServer({
    files: demoFilesNear(join(root, "dist")),
    models: ["base"],
    onLost: () => {},
  });
  try {
    const port = (theirs.address() as AddressInfo).port;
    const prompts = readFileSync(join(root, "media/demo/countdown.jsonl"), "utf8")
      .trim()
      .split("\n")
      .slice(0, traces);
    const requests = prompts.map((line) => (JSON.parse(line) as { readonly prompt: string }).prompt);
    const [a, methodA] = await scored(`http://127.0.0.1:${port}/v1`, null, requests);
    const [b, methodB] = await scored(ours.url, ours.token, requests);
    return difference(a, b, `${methodA} beside ${methodB}`);
  } finally {
    await ours.close();
    theirs.close();
    theirs.closeAllConnections();
    await context.dispose();
    await model.dispose();
    await llama.dispose();
  }
}

async function scored(
  url: string,
  apiKey: string | null,
  prompts: readonly string[],
): Promise<[ScoredTrace[], string]> {
  const config = parseEndpointConfig({ name: url, model: "base", baseUrls: [url] }, "peer");
  const example = { prompt: prompts[0] ?? "", text };
  const ability = await probeScoring(config, { apiKey, slow: true, top: 5, example }, never);
  if (ability.state !== "ok") throw new Error(JSON.stringify(ability));
  const clock = { now: () => 0, sleep: () => Promise.resolve() };
  const scorer = openScorer(config, ability, { apiKey, clock, random: () => 0.5, concurrency: 1 });
  const all: ScoredTrace[] = [];
  for (const prompt of prompts) {
    const request = {
      context: { api: "completions", prompt },
      text,
      ids: null,
      top: 5,
      tooLong: "refuse",
    } as const;
    all.push(await scorer.score(request, never));
  }
  scorer.close();
  return [all, ability.method];
}

function difference(a: readonly ScoredTrace[], b: readonly ScoredTrace[], what: string): PeerReport {
  let [largest, tokens] = [0, 0];
  const wrong: string[] = [];
  for (const [i, one] of a.entries()) {
    const other = b[i] as ScoredTrace;
    if (one.units.ends.join() !== other.units.ends.join()) wrong.push(`trace ${i}: other units`);
    for (const [at, value] of one.tokens.logProbs.entries()) {
      largest = Math.max(largest, Math.abs(value - (other.tokens.logProbs[at] ?? Number.NaN)) || 0);
      tokens += 1;
    }
  }
  if (!(largest <= tolerance) || tokens === 0) wrong.push(`a log-prob differs by ${largest} nats`);
  return {
    lines: [
      `${what}: ${a.length} traces, ${tokens} tokens, largest difference ${largest.toExponential(2)} nats`,
    ],
    wrong,
  };
}

/** llama-server's `/tokenize` and `/completion`, as far as the adapter asks; all else is 404. */
async function serve(model: Model, sequence: Sequence): Promise<Server> {
  let busy: Promise<unknown> = Promise.resolve();
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      const answered = busy.then(() =>
        reply(request.url ?? "", body === "" ? {} : (JSON.parse(body) as Body), { model, sequence }),
      );
      busy = answered.catch(() => null);
      answered.then(
        (value) =>
          response
            .writeHead(value === null ? 404 : 200, { "content-type": "application/json" })
            .end(JSON.stringify(value)),
        (error: unknown) =>
          response.writeHead(500).end(JSON.stringify({ error: { message: String(error) } })),
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

interface Body {
  readonly content?: string;
  readonly prompt?: string | readonly number[];
  readonly n_predict?: number;
  readonly n_probs?: number;
  readonly logit_bias?: readonly (readonly [number, number])[];
}

interface Engine {
  readonly model: Model;
  readonly sequence: Sequence;
}

async function reply(path: string, body: Body, engine: Engine): Promise<object | null> {
  const { model } = engine;
  const piece = (id: number): string => model.detokenize([id], true);
  if (path === "/tokenize") {
    return { tokens: model.tokenize(body.content ?? "", true).map((id) => ({ id, piece: piece(id) })) };
  }
  if (path !== "/completion") return null;
  const ids =
    typeof body.prompt === "string" ? [...model.tokenize(body.prompt, true)] : [...(body.prompt ?? [])];
  const rows: object[] = [];
  for (let i = 0; i < (body.n_predict ?? 0); i += 1) {
    const probabilities = await after(ids, engine.sequence);
    const listed = [...probabilities].sort((x, y) => y[1] - x[1]);
    const id = body.logit_bias?.[0]?.[0] ?? listed[0]?.[0] ?? 0;
    const entry = (one: number, p: number): object => ({
      id: one,
      token: piece(one),
      bytes: [...Buffer.from(piece(one))],
      logprob: Math.log(p),
    });
    const top = listed.slice(0, body.n_probs ?? 0).map(([one, p]) => entry(one, p));
    rows.push({ ...entry(id, probabilities.get(id) ?? 0), top_logprobs: top });
    ids.push(id);
  }
  return { content: "", completion_probabilities: rows };
}

async function after(ids: readonly number[], sequence: Sequence): Promise<Map<number, number>> {
  await sequence.clearHistory();
  const options = { temperature: 1, topK: 0, topP: 1, minP: 0 };
  const last = ids.length - 1;
  const output = await sequence.controlledEvaluate(
    ids.map((id, i) => [id, i === last ? { generateNext: { probabilities: true, options } } : {}]),
  );
  return output[last]?.next?.probabilities ?? new Map<number, number>();
}
