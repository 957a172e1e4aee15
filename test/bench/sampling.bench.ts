// Sampling against a real server in a process of its own: how much of a bare node:http loop's throughput remains with
// client, parsing, verdicts and the run folder, and how full the concurrency is kept when answers take time.
// The bare loop: the run's own request bodies, kept-alive sockets as many as ours, each reply read to its end and nothing
// done with it. The server answers at once: a whole reply in one write, which is the least work for the bare loop; and,
// in the lines that say so, each event as an HTTP chunk of its own, as vLLM and SGLang (uvicorn) send them.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { problemKey } from "../../src/core/dataset/problemKey.ts";
import type { Generator } from "../../src/core/run/generate.ts";
import { type RunPlan, planRun } from "../../src/core/run/plan.ts";
import { runPlan } from "../../src/core/run/runner.ts";
import { createRun } from "../../src/core/run/store.ts";
import { templateNamed } from "../../src/core/run/templates.ts";
import type { Verifier } from "../../src/core/verify/verifier.ts";
import { defaultVerifier, verifierId } from "../../src/core/verify/verifierSpec.ts";
import { openEndpoint } from "../../src/endpoints/endpoint.ts";
import { systemClock } from "../../src/node/clock.ts";
import { nodeFileStore } from "../../src/node/fileStore.ts";
import { verifyWorkerNear, WorkerVerifier } from "../../src/node/workerVerifier.ts";
import { syntheticRows } from "../fakes/server/answers.ts";
import { root } from "../paths.ts";

interface Measured {
  readonly name: string;
  readonly value: number;
  readonly aim: string;
  readonly ok: boolean | null;
}

const concurrency = 64;
/** Of `samplesPerProblem` x 100 requests each; the first ones let the compiler come to rest. */
const rounds = 9;
const warmRounds = 3;
const samplesPerProblem = 16;

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
  const verifier = new WorkerVerifier({ workerFile: verifyWorkerNear(join(root, "dist")) });
  await verifier.start();
  const throughput = await withServer(["--answers", answersFile], (url) => shares(url, verifier));
  const chunked = await withServer(["--answers", answersFile, "--chunk-per-event"], (url) =>
    shares(url, verifier),
  );
  const flight = await withServer(
    ["--answers", answersFile, "--latency-ms", "500", "--latency-sigma", "0.5"],
    (url) => fullShare(url, verifier),
  );
  await verifier.close();
  rmSync(folder, { recursive: true, force: true });
  return [
    ...linesOf("", throughput, true),
    ...linesOf(", an HTTP chunk an event", chunked, false),
    {
      name: "sampling: share of time at full concurrency",
      value: flight.full,
      aim: ">= 0.98",
      ok: flight.full >= 0.98,
    },
    { name: "sampling: mean share of the concurrency in use", value: flight.mean, aim: "", ok: null },
  ];
}

function linesOf(wire: string, { bare, ours, share }: Shares, isHeadline: boolean): readonly Measured[] {
  const line = (name: string, value: number): Measured => ({
    name: `sampling: ${name}${wire}`,
    value,
    aim: "",
    ok: null,
  });
  return [
    line("requests a second, bare node:http", 1e6 / bare.wallUs),
    line("samples a second, written and judged", 1e6 / ours.wallUs),
    {
      ...line("share of the bare loop", share),
      ...(isHeadline ? { aim: ">= 0.8", ok: share >= 0.8 } : {}),
    },
    line("processor us a request, bare node:http", bare.cpuUs),
    line("processor us a sample, verifier's thread too", ours.cpuUs),
    line("processor us a request, the server", bare.serverUs),
  ];
}

/** Microseconds a request: by the clock, of all threads of this process, of the server's process. */
interface Cost {
  readonly wallUs: number;
  readonly cpuUs: number;
  readonly serverUs: number;
}

interface Shares {
  readonly bare: Cost;
  readonly ours: Cost;
  /** Of the bare loop's throughput. */
  readonly share: number;
}

/** Short rounds of both in turn, so that a slow moment of the machine meets both; the median of the ratios. */
async function shares({ url, pid }: Served, verifier: Verifier): Promise<Shares> {
  const bare: Cost[] = [];
  const ours: Cost[] = [];
  for (let round = -warmRounds; round < rounds; round += 1) {
    const plan = planFor(url, samplesPerProblem);
    const one = await bareLoop(plan, url, pid);
    const other = await sampled(plan, verifier, pid);
    if (round < 0) continue;
    bare.push(one);
    ours.push(other);
  }
  const ratios = ours.map(({ wallUs }, at) => bare[at]!.wallUs / wallUs);
  return { bare: medians(bare), ours: medians(ours), share: median(ratios) };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

const medians = (costs: readonly Cost[]): Cost => ({
  wallUs: median(costs.map(({ wallUs }) => wallUs)),
  cpuUs: median(costs.map(({ cpuUs }) => cpuUs)),
  serverUs: median(costs.map(({ serverUs }) => serverUs)),
});

async function costOf(count: number, pid: number, work: () => Promise<unknown>): Promise<Cost> {
  const [server, cpu, start] = [processMs(pid), process.cpuUsage(), performance.now()];
  await work();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return {
    wallUs: (1000 * wallMs) / count,
    cpuUs: (user + system) / count,
    serverUs: (1000 * (processMs(pid) - server)) / count,
  };
}

/** Processor time of another process, where the system tells it (Linux, in hundredths of a second); else not a number. */
function processMs(pid: number): number {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return Number.NaN;
  const fields = readFileSync(path, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The run's own requests, sent and read to their end, and nothing else. */
async function bareLoop(plan: RunPlan, url: string, pid: number): Promise<Cost> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const bodies = plan.problems.flatMap(({ question }) =>
    Array.from({ length: plan.samplesPerProblem }, (_, seed) => bodyOf(plan, question, seed)),
  );
  const target = new URL(`${url}/completions`);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < bodies.length) await post(target, agent, bodies[next++]!);
  };
  const cost = await costOf(bodies.length, pid, () =>
    Promise.all(Array.from({ length: concurrency }, worker)),
  );
  agent.destroy();
  return cost;
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

/** Everything that sampling does, as the command line does it, into a new run folder. */
async function sampled(
  plan: RunPlan,
  verifier: Verifier,
  pid: number,
  watch = (generator: Generator) => generator,
): Promise<Cost> {
  const folder = mkdtempSync(join(tmpdir(), "rollout-lens-bench-"));
  const endpoint = openEndpoint(
    {
      name: "bench",
      role: "other",
      baseUrls: [`${plan.origin}/v1`],
      model: plan.model,
      api: "auto",
      maxConcurrency: concurrency,
    },
    { apiKey: null },
  );
  const files = { files: nodeFileStore, clock: systemClock, owner: "bench" };
  const log = await createRun(`${folder}/run`, plan, files);
  const generator = watch(endpoint);
  const ports = { generator, verifier, log, clock: systemClock, random: Math.random, concurrency };
  const total = plan.problems.length * plan.samplesPerProblem;
  try {
    return await costOf(total, pid, async () => {
      let judged = 0;
      for await (const event of runPlan(plan, ports, new AbortController().signal)) {
        if (event.type === "sample" && event.sample.verdict !== null) judged += 1;
        if (event.type === "stopped") throw new Error(event.reason.message);
      }
      if (judged !== total) throw new Error(`${judged} samples`);
    });
  } finally {
    endpoint.close();
    await log.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From the first request to the start of the last one: the share of time with every slot in use, and the mean share in use. */
async function fullShare({ url, pid }: Served, verifier: Verifier): Promise<{ full: number; mean: number }> {
  const plan = planFor(url, 10);
  const meter = new FlightMeter(plan.problems.length * plan.samplesPerProblem);
  await sampled(plan, verifier, pid, (generator) => ({
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

function planFor(url: string, perProblem: number): RunPlan {
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
      samplesPerProblem: perProblem,
      endpointName: "bench",
      origin: url,
      model: "fake-model",
      api: "completions",
      template: templateNamed("qwen-boxed"),
      verifier: verifierId(defaultVerifier),
    },
    () => "bench",
  );
}

interface Served {
  /** Ending in `/v1`. */
  readonly url: string;
  readonly pid: number;
}

async function withServer<T>(args: readonly string[], work: (served: Served) => Promise<T>): Promise<T> {
  const server = spawn(process.execPath, [resolve(root, "test/fakes/server/main.ts"), ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    return await work({ url: await firstLine(server), pid: server.pid! });
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
