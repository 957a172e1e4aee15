// Sampling against a real server in a process of its own: how much of a bare node:http loop's throughput remains with
// client, parsing, verdicts and the run folder, and how full the concurrency is kept when answers take time.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { problemKey } from "../../src/core/dataset/problemKey.ts";
import type { Generator } from "../../src/core/run/generate.ts";
import { type RunPlan, planRun } from "../../src/core/run/plan.ts";
import { runPlan } from "../../src/core/run/runner.ts";
import { createRun } from "../../src/core/run/store.ts";
import { templateNamed } from "../../src/core/run/templates.ts";
import { mathVerifier } from "../../src/core/verify/math/mathVerifier.ts";
import { openEndpoint } from "../../src/endpoints/endpoint.ts";
import { systemClock } from "../../src/node/clock.ts";
import { nodeFileStore } from "../../src/node/fileStore.ts";
import { syntheticRows } from "../fakes/server/answers.ts";
import { root } from "../paths.ts";

interface Measured {
  readonly name: string;
  readonly value: number;
  readonly aim: string;
  readonly ok: boolean | null;
}

const concurrency = 64;
const rounds = 5;

/** Answers as long as recorded ones: the 800 Qwen2.5-Math solutions in the data folder have 1,160 characters on average. */
const answerChars = 1160;
const rows = syntheticRows(100).map((row) => ({ ...row, code: row.code.map(lengthened) }));

function lengthened(text: string): string {
  const step = "Let me go over this once more, step by step, and keep what I have so far in mind. ";
  return step.repeat(Math.ceil((answerChars - text.length) / step.length)) + text;
}

export async function bench(): Promise<readonly Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), "rollout-lens-bench-"));
  const answersFile = join(folder, "answers.jsonl");
  writeFileSync(answersFile, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const throughput = await withServer(["--answers", answersFile], throughputShares);
  const flight = await withServer(
    ["--answers", answersFile, "--latency-ms", "500", "--latency-sigma", "0.5"],
    fullShare,
  );
  rmSync(folder, { recursive: true, force: true });
  return [
    { name: "sampling: requests a second, bare node:http", value: throughput.bare, aim: "", ok: null },
    { name: "sampling: samples a second, written and judged", value: throughput.ours, aim: "", ok: null },
    {
      name: "sampling: share of the bare loop",
      value: throughput.share,
      aim: ">= 0.8",
      ok: throughput.share >= 0.8,
    },
    {
      name: "sampling: share of time at full concurrency",
      value: flight.full,
      aim: ">= 0.98",
      ok: flight.full >= 0.98,
    },
    { name: "sampling: mean share of the concurrency in use", value: flight.mean, aim: "", ok: null },
  ];
}

/** Rounds of both in turn, so that a slow moment of the machine meets both; the median of the ratios. */
async function throughputShares(url: string): Promise<{ bare: number; ours: number; share: number }> {
  const perProblem = 30;
  await bareLoop(url, planFor(url, 10));
  await sampling(url, planFor(url, 10));
  const bare: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await bareLoop(url, planFor(url, perProblem)));
    ours.push(await sampling(url, planFor(url, perProblem)));
  }
  return { bare: median(bare), ours: median(ours), share: median(ours.map((rate, at) => rate / bare[at]!)) };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** The run's own requests, sent and read to their end, and nothing else. Requests a second. */
async function bareLoop(url: string, plan: RunPlan): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const bodies = plan.problems.flatMap(({ question }) =>
    Array.from({ length: plan.samplesPerProblem }, (_, seed) => bodyOf(plan, question, seed)),
  );
  const target = new URL(`${url}/completions`);
  let next = 0;
  const start = performance.now();
  const worker = async (): Promise<void> => {
    while (next < bodies.length) await post(target, agent, bodies[next++]!);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const rate = (1000 * bodies.length) / (performance.now() - start);
  agent.destroy();
  return rate;
}

function bodyOf(plan: RunPlan, question: string, seed: number): string {
  const { temperature, topP, maxTokens, stop } = plan.protocol;
  return JSON.stringify({
    model: plan.model,
    prompt: plan.template.prompt.replace("{question}", () => question),
    seed,
    temperature,
    top_p: topP,
    max_tokens: maxTokens,
    stop,
    stream: true,
    stream_options: { include_usage: true },
  });
}

function post(target: URL, agent: Agent, body: string): Promise<void> {
  return new Promise((done, fail) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const sent = request(target, { agent, method: "POST", headers }, (response) => {
      response.on("data", () => undefined);
      response.once("end", done);
    });
    sent.once("error", fail);
    sent.end(body);
  });
}

/** Everything that sampling does, into a new run folder. Samples a second. */
async function sampling(
  url: string,
  plan: RunPlan,
  watch = (generator: Generator) => generator,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "rollout-lens-bench-"));
  const endpoint = openEndpoint(
    {
      name: "bench",
      role: "other",
      baseUrls: [url],
      model: plan.model,
      api: "auto",
      maxConcurrency: concurrency,
    },
    { apiKey: null },
  );
  const log = await createRun(`${folder}/run`, plan, {
    files: nodeFileStore,
    clock: systemClock,
    owner: "bench",
  });
  try {
    const start = performance.now();
    const ports = {
      generator: watch(endpoint),
      verifier: mathVerifier(),
      log,
      clock: systemClock,
      random: Math.random,
      concurrency,
    };
    let samples = 0;
    for await (const event of runPlan(plan, ports, new AbortController().signal)) {
      if (event.type === "sample") samples += 1;
      if (event.type === "stopped") throw new Error(event.reason.message);
    }
    if (samples !== plan.problems.length * plan.samplesPerProblem) throw new Error(`${samples} samples`);
    return (1000 * samples) / (performance.now() - start);
  } finally {
    endpoint.close();
    await log.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From the first request to the start of the last one: the share of time with every slot in use, and the mean share in use. */
async function fullShare(url: string): Promise<{ full: number; mean: number }> {
  const plan = planFor(url, 10);
  const meter = new FlightMeter(plan.problems.length * plan.samplesPerProblem);
  await sampling(url, plan, (generator) => ({
    generate: async (asked, signal) => {
      meter.begin();
      try {
        return await generator.generate(asked, signal);
      } finally {
        meter.end();
      }
    },
  }));
  return meter.shares;
}

class FlightMeter {
  private readonly total: number;
  private begun = 0;
  private inFlight = 0;
  private fullMs = 0;
  private slotMs = 0;
  private startMs = 0;
  private lastMs = 0;

  constructor(total: number) {
    this.total = total;
  }

  get shares(): { full: number; mean: number } {
    const allMs = this.lastMs - this.startMs;
    return { full: this.fullMs / allMs, mean: this.slotMs / allMs / concurrency };
  }

  begin(): void {
    if (this.begun === 0) this.startMs = this.lastMs = performance.now();
    this.step();
    this.begun += 1;
    this.inFlight += 1;
  }

  end(): void {
    if (this.begun < this.total) this.step();
    this.inFlight -= 1;
  }

  private step(): void {
    const now = performance.now();
    this.slotMs += this.inFlight * (now - this.lastMs);
    if (this.inFlight === concurrency) this.fullMs += now - this.lastMs;
    this.lastMs = now;
  }
}

function planFor(url: string, samplesPerProblem: number): RunPlan {
  const problems = rows.map(({ question, gt }, index) => ({
    key: problemKey(question, `${index}`),
    id: `${index}`,
    index,
    question,
    gold: gt,
    line: index + 1,
  }));
  return planRun(
    {
      id: "bench",
      name: "bench",
      role: "other",
      dataset: { name: "synthetic", path: null },
      problems,
      samplesPerProblem,
      endpointName: "bench",
      origin: url,
      model: "fake-model",
      api: "completions",
      template: templateNamed("qwen-boxed"),
      verifier: mathVerifier().id,
    },
    () => "bench",
  );
}

async function withServer<T>(args: readonly string[], work: (url: string) => Promise<T>): Promise<T> {
  const server = spawn(process.execPath, [resolve(root, "test/fakes/server/main.ts"), ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    return await work(await firstLine(server));
  } finally {
    server.kill();
  }
}

function firstLine(server: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let text = "";
    server.once("error", fail);
    server.once("exit", (code) => fail(new Error(`the server ended with ${code}`)));
    server.stdout!.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const end = text.indexOf("\n");
      if (end !== -1) done(text.slice(0, end));
    });
  });
}
