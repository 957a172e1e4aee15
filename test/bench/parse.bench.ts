// Time to read a 200 MB rollout file against JSON.parse of its lines alone, and the memory it takes.
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { readRollouts } from "../../src/core/dataset/readRollouts.ts";
import { fileSource } from "../../src/node/fileSource.ts";

interface BenchLine {
  readonly name: string;
  readonly value: string;
  readonly aim: string;
  readonly ok: boolean | null;
}

const fileBytes = 200 * 1024 * 1024;
const problemCount = 1000;
const rounds = 5;

export async function bench(): Promise<readonly BenchLine[]> {
  const folder = await mkdtemp(join(tmpdir(), "rollout-lens-bench-"));
  try {
    const path = join(folder, "rollouts.jsonl");
    await pipeline(Readable.from(lines()), createWriteStream(path));
    // Interleaved, and the best of each: other work on the machine only adds time.
    let parse: Spent = { wallMs: Infinity, cpuMs: Infinity };
    let read = parse;
    for (let round = 0; round < rounds; round++) {
      parse = least(parse, await parseAlone(path));
      read = least(read, await timeToRead(path));
    }
    const ratio = read.cpuMs / parse.cpuMs;
    const growth = (await peakGrowth(path)) / 1e6;
    return [
      {
        name: "read a 200 MB rollout JSONL / JSON.parse of its lines",
        value: `${ratio.toFixed(2)}x of thread time (${ms(read.cpuMs, parse.cpuMs)}), ${(read.wallMs / parse.wallMs).toFixed(2)}x of wall time (${ms(read.wallMs, parse.wallMs)})`,
        aim: "<= 1.5x",
        ok: ratio <= 1.5,
      },
      {
        name: "peak memory while reading it",
        value: `${growth.toFixed(0)} MB`,
        aim: "< 150 MB",
        ok: growth < 150,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The thread's own time is judged: on a shared machine the clock on the wall measures the neighbours too. */
interface Spent {
  readonly wallMs: number;
  readonly cpuMs: number;
}

const ms = (one: number, other: number): string => `${one.toFixed(0)} / ${other.toFixed(0)} ms`;

function least(a: Spent, b: Spent): Spent {
  return { wallMs: Math.min(a.wallMs, b.wallMs), cpuMs: Math.min(a.cpuMs, b.cpuMs) };
}

function now(): Spent {
  const { user, system } = process.threadCpuUsage();
  return { wallMs: performance.now(), cpuMs: (user + system) / 1000 };
}

/** What was spent since `before`, on top of `sum`. */
function since(before: Spent, sum: Spent = { wallMs: 0, cpuMs: 0 }): Spent {
  const { wallMs, cpuMs } = now();
  return { wallMs: sum.wallMs + wallMs - before.wallMs, cpuMs: sum.cpuMs + cpuMs - before.cpuMs };
}

/** A sample a line, about 2.7 kB as Qwen2.5-Math's solutions, in the shape of verl's dumps; every text another. */
function* lines(): Generator<string> {
  let state = 1;
  const next = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
  const words = [
    "so",
    "we",
    "have",
    "\\frac{1}{2}",
    "\n\n",
    "x^2",
    "therefore",
    '"half"',
    "of",
    "the",
    "total",
    "and",
    "Step",
  ];
  let bytes = 0;
  for (let row = 0; bytes < fileBytes; row++) {
    const problem = row % problemCount;
    // One text in a hundred leaves ASCII, as in released rollouts of mathematics (6 of 800); it costs more to decode.
    const sign = next(100) === 0 ? " ≤ " : " ";
    const text = Array.from({ length: 280 }, () => `${words[next(words.length)] ?? ""} ${next(1000)}`).join(
      sign,
    );
    const record = {
      input: `Problem ${problem}: what is ${problem} + ${problem * 7}?`,
      output: `${text} \\boxed{${problem * 8}}`,
      gts: String(problem * 8),
      score: next(2),
      step: 40,
      pred: String(problem * 8 + next(3)),
    };
    const line = `${JSON.stringify(record)}\n`;
    bytes += Buffer.byteLength(line);
    yield line;
  }
}

/** JSON.parse alone: reading, decoding and splitting are not in it. */
async function parseAlone(path: string): Promise<Spent> {
  const source = await fileSource(path);
  let spent: Spent = { wallMs: 0, cpuMs: 0 };
  let rest = "";
  const decoder = new TextDecoder();
  for (let start = 0; start < source.byteLength; start += 4 * 1024 * 1024) {
    const bytes = await source.slice(start, Math.min(source.byteLength, start + 4 * 1024 * 1024));
    const split = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = split.pop() ?? "";
    const before = now();
    for (const line of split) JSON.parse(line);
    spent = since(before, spent);
  }
  await source.close();
  return spent;
}

async function timeToRead(path: string): Promise<Spent> {
  const source = await fileSource(path);
  const before = now();
  const file = await readRollouts(source);
  const spent = since(before);
  await source.close();
  if (file.issues.length > 0 || file.runs[0]?.tally.problems.length !== problemCount)
    throw new Error("misread");
  return spent;
}

/** Heap and external memory at most, over what stood before, sampled after each chunk; bytes. */
async function peakGrowth(path: string): Promise<number> {
  globalThis.gc?.();
  const used = (): number => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = used();
  let peak = 0;
  const source = await fileSource(path);
  const file = await readRollouts(source, { onProgress: () => (peak = Math.max(peak, used())) });
  peak = Math.max(peak, used());
  await source.close();
  if (file.runs.length !== 1) throw new Error("misread");
  return peak - before;
}
