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

function timesMs(judged: readonly (() => unknown)[]): readonly number[] {
  const times = judged.map((run) => {
    const started = performance.now();
    run();
    return performance.now() - started;
  });
  return times.sort((a, b) => a - b);
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

function latencies(pairs: readonly Pair[]): Measurement {
  const many = Array.from({ length: 20 }, () => pairs).flat();
  const sorted = timesMs(many.map((pair) => () => judge(pair)));
  const p99 = at(sorted, 0.99);
  return {
    name: "one pair: p50, p99, worst",
    value: `${at(sorted, 0.5).toFixed(2)}, ${p99.toFixed(2)}, ${at(sorted, 1).toFixed(1)} ms`,
    aim: "p99 < 10 ms",
    ok: p99 < 10,
  };
}

/** Each catastrophic input counts with its best time of several: what it costs, not what else ran. */
function hostile(): Measurement {
  const best = hostileInputs.map(([, response, gold = "\\frac{1}{2}"]) =>
    Math.min(
      ...[1, 2, 3].map(() => timesMs([() => verifyMathPair(gold, response, { mode: "lenient" })])[0]!),
    ),
  );
  const sorted = best.sort((a, b) => a - b);
  const worst = at(sorted, 1);
  return {
    name: `${best.length} catastrophic inputs: p50, p90, worst`,
    value: `${at(sorted, 0.5).toFixed(2)}, ${at(sorted, 0.9).toFixed(1)}, ${worst.toFixed(0)} ms`,
    aim: "worst < 1000 ms",
    ok: worst < 1000,
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
