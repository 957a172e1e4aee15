// Everything outside the runner, in memory: files, clock, endpoint, lock.
import type { CancelSignal, Clock, FileStore } from "../../../src/core/ports.ts";
import { LensError } from "../../../src/core/errors.ts";
import type { Problem } from "../../../src/core/model.ts";
import {
  EndpointError,
  type GenerateRequest,
  type Generation,
  type Generator,
} from "../../../src/core/run/generate.ts";
import { type PlanOptions, type RunPlan, planRun } from "../../../src/core/run/plan.ts";
import { templateNamed } from "../../../src/core/run/templates.ts";
import { type RunLog, createRun } from "../../../src/core/run/store.ts";
import type { RunEvent } from "../../../src/core/run/events.ts";
import { type RunPorts, runPlan } from "../../../src/core/run/runner.ts";
import { mathVerifier } from "../../../src/core/verify/math/mathVerifier.ts";

/** Time that moves only when nothing else can happen. */
export class FakeClock implements Clock {
  private time = 1_700_000_000_000;
  private timers: { readonly at: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.time;
  }

  sleep(ms: number, signal?: CancelSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const timer = {
        at: this.time + ms,
        wake: (): void => {
          this.timers = this.timers.filter((other) => other !== timer);
          signal?.removeEventListener("abort", timer.wake);
          resolve();
        },
      };
      this.timers.push(timer);
      signal?.addEventListener("abort", timer.wake);
    });
  }

  /** Lets everything happen that needs no time, then jumps to the next timer, until `promise` is settled. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const mark = (): void => void (settled = true);
    promise.then(mark, mark);
    for (let turns = 0; turns < 200_000; turns += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (settled) return promise;
      this.step();
    }
    throw new Error("nothing happens any more");
  }

  private step(): void {
    const next = this.timers.reduce<number>((least, timer) => Math.min(least, timer.at), Infinity);
    if (next === Infinity) return;
    this.time = Math.max(this.time, next);
    for (const timer of this.timers.filter(({ at }) => at <= this.time)) timer.wake();
  }
}

/** A file system of one process. `roomBytes`: how much may still be written before the disk is full. */
export class MemoryFiles implements FileStore {
  readonly files = new Map<string, Uint8Array>();
  readonly locks = new Set<string>();
  roomBytes = Infinity;
  appends = 0;

  async read(path: string): Promise<Uint8Array | null> {
    return this.files.get(path) ?? null;
  }

  async open(path: string): ReturnType<FileStore["open"]> {
    const bytes = this.files.get(path);
    if (bytes === undefined) return null;
    return {
      name: path,
      byteLength: bytes.length,
      slice: async (start, end) => new Uint8Array(bytes.subarray(start, end)).buffer,
    };
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    this.take(bytes.length, path);
    this.files.set(path, bytes.slice());
  }

  async openAppend(path: string, truncateTo?: number): ReturnType<FileStore["openAppend"]> {
    this.files.set(path, (this.files.get(path) ?? new Uint8Array()).slice(0, truncateTo));
    return {
      append: async (bytes) => {
        this.appends += 1;
        this.take(bytes.length, path);
        const old = this.files.get(path)!;
        const all = new Uint8Array(old.length + bytes.length);
        all.set(old);
        all.set(bytes, old.length);
        this.files.set(path, all);
      },
      close: async () => undefined,
    };
  }

  async list(folder: string): Promise<readonly string[]> {
    const inside = [...this.files.keys()].filter((path) => path.startsWith(`${folder}/`));
    return [...new Set(inside.map((path) => path.slice(folder.length + 1).split("/")[0]!))];
  }

  async lock(folder: string): ReturnType<FileStore["lock"]> {
    if (this.locks.has(folder)) return null;
    this.locks.add(folder);
    return { release: async () => void this.locks.delete(folder) };
  }

  text(path: string): string {
    return new TextDecoder().decode(this.files.get(path));
  }

  private take(bytes: number, path: string): void {
    if (bytes > this.roomBytes)
      throw new LensError("diskFull", `Could not write ${path} (ENOSPC). The disk is full.`);
    this.roomBytes -= bytes;
  }
}

export interface Asked {
  readonly question: string;
  readonly seed: number;
  readonly atMs: number;
}

type Answer = (request: Asked, nth: number) => Partial<Generation> | EndpointError | "silent";

/** An endpoint that answers as the test says; `asked` is its request log. */
export class FakeEndpoint implements Generator {
  readonly asked: Asked[] = [];
  inFlight = 0;
  mostInFlight = 0;
  private readonly clock: Clock;
  private readonly answer: Answer;
  private readonly delayMs: (asked: Asked) => number;

  constructor(clock: Clock, answer: Answer, delayMs: number | ((asked: Asked) => number) = 0) {
    this.clock = clock;
    this.answer = answer;
    this.delayMs = typeof delayMs === "number" ? () => delayMs : delayMs;
  }

  async generate(request: GenerateRequest, signal: CancelSignal): Promise<Generation> {
    const { input } = request;
    const question = input.api === "completions" ? input.prompt.trim() : input.messages.at(-1)!.content;
    const asked = { question, seed: request.seed, atMs: this.clock.now() };
    this.asked.push(asked);
    const nth = this.asked.filter((other) => other.question === question && other.seed === asked.seed).length;
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      const answer = this.answer(asked, nth);
      await this.clock.sleep(answer === "silent" ? 1e12 : this.delayMs(asked), signal);
      if (signal.aborted || answer === "silent")
        throw new EndpointError("cancelled", "cancelled", { retryable: false });
      if (answer instanceof EndpointError) throw answer;
      return {
        text: `I get \\boxed{${asked.seed}}`,
        reasoning: null,
        finishReason: "stop",
        usage: null,
        ...answer,
      };
    } finally {
      this.inFlight -= 1;
    }
  }
}

export const problemsNamed = (...questions: readonly string[]): readonly Problem[] =>
  questions.map((question, index) => ({
    key: `q:${question}`,
    id: `${index}`,
    index,
    question,
    gold: "1",
    line: index + 1,
  }));

export function testPlan(changes: Partial<PlanOptions> = {}): RunPlan {
  const options: PlanOptions = {
    id: "run-1",
    name: "test",
    role: "base",
    dataset: { name: "made-up", path: null },
    problems: problemsNamed("a", "b"),
    samplesPerProblem: 3,
    endpointName: "fake",
    origin: "http://localhost:1/v1",
    model: "m",
    api: "completions",
    template: templateNamed("plain"),
    verifier: "math@1:standard",
    ...changes,
  };
  return planRun(
    options,
    (bytes) => `${bytes.length}:${bytes.reduce((sum, byte) => (sum * 31 + byte) % 1e9, 7)}`,
  );
}

export interface Bench {
  readonly clock: FakeClock;
  readonly files: MemoryFiles;
  readonly plan: RunPlan;
}

export const bench = (changes: Partial<PlanOptions> = {}): Bench => ({
  clock: new FakeClock(),
  files: new MemoryFiles(),
  plan: testPlan(changes),
});

export const openOn = (on: Bench): Promise<RunLog> =>
  createRun("runs/one", on.plan, { files: on.files, clock: on.clock, owner: "test" });

/** Runs to the end with a fresh log, as one session of a person; returns the events. */
export async function session(
  on: Bench,
  endpoint: Generator,
  options: Partial<RunPorts> & {
    readonly signal?: CancelSignal;
    readonly onEvent?: (event: RunEvent) => void;
  } = {},
): Promise<readonly RunEvent[]> {
  const log = await openOn(on);
  const ports: RunPorts = {
    generator: endpoint,
    verifier: mathVerifier(),
    log,
    clock: on.clock,
    random: () => 0.5,
    ...options,
  };
  const events: RunEvent[] = [];
  const consume = async (): Promise<void> => {
    for await (const event of runPlan(on.plan, ports, options.signal ?? new AbortController().signal)) {
      events.push(event);
      options.onEvent?.(event);
    }
  };
  try {
    await on.clock.until(consume());
  } finally {
    await log.close();
  }
  return events;
}

/** The lines of samples.jsonl. */
export const linesOf = (on: Bench): readonly Record<string, unknown>[] =>
  on.files
    .text("runs/one/samples.jsonl")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
