// Tokens that the demo runtime samples per second of one core, beside onnxruntime-web and llama.cpp on the same weights.
// Rounds of all in turn in one process, in processor time, medians: a busy machine meets all of them alike.
import { Batcher, maxRows } from "../../src/demo/batcher.ts";
import { Sequence } from "../../src/demo/sequence.ts";
import { Transformer } from "../../src/demo/transformer.ts";
import { demoConfig, kernelModule, randomTensors } from "../demo/randomModel.ts";
import { howToGet, nodeLlamaCpp, onnxRuntimeWeb, type Contender, type Task } from "./demo/peers.ts";
import type { Measurement } from "./measurement.ts";

const rounds = 3;
/** Processor time of a round at least, in seconds: the clock's ticks are far below it. */
const leastSeconds = 0.4;

const task: Task = {
  config: demoConfig,
  tensors: randomTensors(demoConfig, 1),
  prompt: [4, 15, 17, 20, 20, 3, 5, 49, 3],
  tokens: 28,
  batches: [1, 4, 16, 64, 128, 256],
};

export async function bench(): Promise<readonly Measurement[]> {
  const ours = runtime();
  const peers = [
    {
      name: "onnxruntime-web",
      opened: await onnxRuntimeWeb(task),
      get: howToGet("onnxruntime-web", "onnxruntime-web"),
    },
    {
      name: "llama.cpp (node-llama-cpp)",
      opened: await nodeLlamaCpp(task),
      get: howToGet("node-llama-cpp@3.22.1 @node-llama-cpp/linux-x64@3.22.1", "node-llama-cpp-3.22.1"),
    },
  ];
  const lines: Measurement[] = [];
  for (const batch of task.batches) {
    const rates: number[] = [];
    const theirs = peers.map(() => [] as number[]);
    for (let round = 0; round < rounds; round += 1) {
      rates.push(await tokensPerSecond(ours, batch));
      for (const [at, { opened }] of peers.entries())
        if (opened !== null) theirs[at]!.push(await tokensPerSecond(opened, batch));
    }
    lines.push(line(`demo: tokens a second and core, batch ${batch}`, median(rates)));
    for (const [at, { name, opened, get }] of peers.entries()) {
      const what = `demo: times ${name}, batch ${batch}`;
      if (opened === null) lines.push({ name: what, value: "not installed", aim: get, ok: null });
      else lines.push(ratio(what, median(rates) / median(theirs[at]!), batch));
    }
  }
  for (const { opened } of peers) await opened?.close();
  return lines;
}

const line = (name: string, value: number): Measurement => ({
  name,
  value: Math.round(value),
  aim: "",
  ok: null,
});

const ratio = (name: string, value: number, batch: number): Measurement =>
  batch >= 64 ? { name, value, aim: "> 1", ok: value > 1 } : { name, value, aim: "", ok: null };

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

async function tokensPerSecond(contender: Contender, batch: number): Promise<number> {
  let [tokens, seconds] = [0, 0];
  while (seconds < leastSeconds) {
    const work = await contender.begin(batch);
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    seconds += (user + system) / 1e6;
    tokens += batch * task.tokens;
  }
  return tokens / seconds;
}

/** The runtime as the server drives it, without the server. Batches beyond its own limit wait for places. */
function runtime(): Contender {
  const { config, tensors, prompt } = task;
  const module = kernelModule();
  const transformer = new Transformer({
    config,
    tensors,
    module,
    maxPositions: config.maxPositions,
    maxRows,
  });
  const batcher = new Batcher(transformer);
  let seed = 0;
  const add = (): void =>
    batcher.add(
      new Sequence({
        prompt,
        sampling: { temperature: 1, topP: 1, topK: 0, minP: 0, logitBias: null },
        seed: (seed += 1),
        stream: 1,
        maxTokens: task.tokens,
        minTokens: 0,
        endTokens: new Set(),
        logProbs: null,
        promptLogProbs: null,
        listener: { scored: () => undefined, token: () => false, end: () => undefined },
      }),
    );
  return {
    async begin(batch) {
      for (let count = 0; count < batch; count += 1) add();
      return async () => {
        while (batcher.busy) batcher.step();
      };
    },
    close: () => Promise.resolve(),
  };
}
