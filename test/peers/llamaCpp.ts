import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What is used of node-llama-cpp, which no part of the program has as a dependency. */
interface LlamaCpp {
  getLlama(options: object): Promise<{
    loadModel(options: object): Promise<{
      tokenize(text: string, specialTokens: boolean): readonly number[];
      createContext(options: object): Promise<{ getSequence(): Sequence; dispose(): Promise<void> }>;
      dispose(): Promise<void>;
    }>;
    dispose(): Promise<void>;
  }>;
  readonly LlamaModel: { prototype: { getWarnings(): readonly string[] } };
}

interface Sequence {
  clearHistory(): Promise<void>;
  controlledEvaluate(
    input: readonly (readonly [number, object])[],
  ): Promise<readonly ({ readonly next?: { readonly probabilities?: Map<number, number> } } | undefined)[]>;
}

const version = "3.22.1";
const folder = join(tmpdir(), "rollout-lens-peers", `node-llama-cpp-${version}`);
const entry = join(folder, "node_modules/node-llama-cpp/dist/index.js");

/** llama.cpp from npm, outside the repository; the reason where it cannot be had. */
export async function llamaCpp(): Promise<LlamaCpp | { readonly missing: string }> {
  if (!existsSync(entry)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"private":true,"type":"module"}\n');
    // with scripts it would compile llama.cpp; the optional parts are builds for graphics cards
    const { status, stderr } = spawnSync(
      "npm",
      [
        ..."install --no-fund --no-audit --ignore-scripts --omit=optional".split(" "),
        `node-llama-cpp@${version}`,
        `@node-llama-cpp/${platform()}@${version}`,
      ],
      { cwd: folder, encoding: "utf8", timeout: 300_000, shell: process.platform === "win32" },
    );
    if (status !== 0) return { missing: stderr.trim().split("\n").at(-1) ?? "npm failed" };
  }
  try {
    return (await import(pathToFileURL(entry).href)) as LlamaCpp;
  } catch (cause) {
    return { missing: String(cause) };
  }
}

/** Log-probs (nats) of all tokens after the first of each row, and the row's text cut into tokens. */
export async function llamaCppLogProbs(
  library: LlamaCpp,
  gguf: string,
  asked: { readonly rows: readonly (readonly number[])[]; readonly texts: readonly string[] },
): Promise<{ logProbs: number[][]; tokens: (readonly number[])[] }> {
  // It tokenizes English to look for flaws of a tokenizer, and warns that these models know none.
  library.LlamaModel.prototype.getWarnings = () => [];
  const llama = await library.getLlama({ gpu: false, build: "never", maxThreads: 1, progressLogs: false });
  const model = await llama.loadModel({ modelPath: gguf });
  const context = await model.createContext({
    contextSize: 64,
    threads: 1,
    flashAttention: false,
    experimentalKvCacheKeyType: "F32",
    experimentalKvCacheValueType: "F32",
  });
  const sequence = context.getSequence();
  const logProbs: number[][] = [];
  for (const row of asked.rows) {
    await sequence.clearHistory();
    const options = { temperature: 1, topK: 0, topP: 1, minP: 0 };
    const output = await sequence.controlledEvaluate(
      row.map((token) => [token, { generateNext: { probabilities: true, options } }]),
    );
    logProbs.push(
      row.slice(1).map((token, at) => Math.log(output[at]?.next?.probabilities?.get(token) ?? 0)),
    );
  }
  const tokens = asked.texts.map((text) => model.tokenize(text, true));
  await context.dispose();
  await model.dispose();
  await llama.dispose();
  return { logProbs, tokens };
}

function platform(): string {
  const system = process.platform === "win32" ? "win" : process.platform === "darwin" ? "mac" : "linux";
  const metal = process.platform === "darwin" && process.arch === "arm64" ? "-metal" : "";
  return `${system}-${process.arch}${metal}`;
}
