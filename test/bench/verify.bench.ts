// Pairs a second of the math verifier against Math-Verify on its own cases, its worst case, the catastrophic inputs, the
// verifier's size. Math-Verify is asked through the Python named by ROLLOUT_LENS_PYTHON (`pip install math-verify` there).
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { verifyMathPair } from "../../src/core/verify/math/mathVerifier.ts";
import { pairOptions } from "../../src/core/verify/math/options.ts";
import { differentPairs, equalPairs } from "../core/verify/math/cases.ts";
import { hostileInputs } from "../core/verify/math/hostile.ts";
import { root, sharedData } from "../paths.ts";
import type { Measurement } from "./measurement.ts";

interface Pair {
  readonly gold: string;
  readonly pred: string;
  readonly opts?: Readonly<Record<string, unknown>>;
}

const rounds = 9;
const aimRatio = 20;
const aimBytes = 80_000;

export async function bench(): Promise<readonly Measurement[]> {
  const pairs =
    mathVerifyCases() ?? [...equalPairs, ...differentPairs].map(([gold, pred]) => ({ gold, pred }));
  const ours = secondsForAll(pairs);
  return [againstMathVerify(pairs, ours), latencies(pairs), hostile(), await size()];
}

/** Its own cases, where the data is. */
function mathVerifyCases(): readonly Pair[] | null {
  const path = sharedData("math-cases/math_verify_half.jsonl");
  if (path === null) return null;
  return readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Pair);
}

const judge = ({ gold, pred, opts }: Pair) => verifyMathPair(gold, pred, pairOptions(opts ?? {}));

/** The best of several rounds: other work on the machine only adds time. */
function secondsForAll(pairs: readonly Pair[]): number {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const started = process.cpuUsage();
    for (const pair of pairs) judge(pair);
    const { user, system } = process.cpuUsage(started);
    best = Math.min(best, (user + system) / 1e6);
  }
  return best;
}

function againstMathVerify(pairs: readonly Pair[], ours: number): Measurement {
  const rate = pairs.length / ours;
  const name = "math verifier / Math-Verify, pairs per second of processor time on its own cases";
  const theirs = mathVerifySeconds(pairs);
  if (theirs === null) {
    return {
      name,
      value: `${rate.toFixed(0)}/s; Math-Verify skipped: set ROLLOUT_LENS_PYTHON`,
      aim: `>= ${aimRatio}x`,
      ok: null,
    };
  }
  const ratio = theirs / ours;
  const detail = `${rate.toFixed(0)}/s to ${(pairs.length / theirs).toFixed(0)}/s`;
  return { name, value: `${ratio.toFixed(0)}x (${detail})`, aim: `>= ${aimRatio}x`, ok: ratio >= aimRatio };
}

function mathVerifySeconds(pairs: readonly Pair[]): number | null {
  const python = process.env["ROLLOUT_LENS_PYTHON"];
  if (python === undefined || spawnSync(python, ["-c", "import math_verify"]).status !== 0) return null;
  const folder = mkdtempSync(join(tmpdir(), "rollout-lens-verify-"));
  try {
    const file = join(folder, "pairs.json");
    writeFileSync(file, JSON.stringify(pairs));
    const { stdout } = spawnSync(python, [resolve(root, "test/bench/mathVerify.py"), file], {
      encoding: "utf8",
    });
    return (JSON.parse(stdout) as { readonly seconds: number }).seconds;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What one call costs: its best time of several, and not what else ran on a shared machine. */
function bestMs(run: () => unknown, times: number): number {
  let best = Infinity;
  for (let time = 0; time < times; time += 1) {
    const started = performance.now();
    run();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

/** Processor time of one call, the mean of several: the thread's clock ticks too slowly for one. */
function threadMs(run: () => unknown, times: number): number {
  const started = process.threadCpuUsage();
  for (let time = 0; time < times; time += 1) run();
  const { user, system } = process.threadCpuUsage(started);
  return (user + system) / 1000 / times;
}

const ascending = (times: readonly number[]): readonly number[] => [...times].sort((a, b) => a - b);

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

function latencies(pairs: readonly Pair[]): Measurement {
  const sorted = ascending(pairs.map((pair) => bestMs(() => judge(pair), 20)));
  const p99 = at(sorted, 0.99);
  return {
    name: "one pair: p50, p99, worst",
    value: `${at(sorted, 0.5).toFixed(2)}, ${p99.toFixed(2)}, ${at(sorted, 1).toFixed(1)} ms`,
    aim: "p99 < 10 ms",
    ok: p99 < 10,
  };
}

function hostile(): Measurement {
  const times = hostileInputs.map(([, response, gold = "\\frac{1}{2}"]) => {
    const run = (): unknown => verifyMathPair(gold, response, { mode: "lenient" });
    run();
    return threadMs(run, 10);
  });
  const sorted = ascending(times);
  const p99 = at(sorted, 0.99);
  return {
    name: `${times.length} catastrophic inputs, processor time: p50, p90, p99 (the worst)`,
    value: `${at(sorted, 0.5).toFixed(2)}, ${at(sorted, 0.9).toFixed(1)}, ${p99.toFixed(1)} ms`,
    aim: "p99 < 10 ms",
    ok: p99 < 10,
  };
}

async function size(): Promise<Measurement> {
  const { outputFiles } = await build({
    entryPoints: [resolve(root, "src/core/verify/math/mathVerifier.ts")],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    charset: "utf8",
    target: "node22",
  });
  const bytes = outputFiles[0]?.contents.byteLength ?? Number.NaN;
  return {
    name: "math verifier, bundled and minified",
    value: `${(bytes / 1000).toFixed(1)} kB`,
    aim: `< ${aimBytes / 1000} kB`,
    ok: bytes < aimBytes,
  };
}
