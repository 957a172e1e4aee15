// Curve with 1,000 bootstrap draws for 10,000 problems x n = 1,024 over 41 k, against a plain numpy bootstrap.
import { spawnSync } from "node:child_process";
import { curve } from "../../src/core/estimate/curve.ts";
import { difference } from "../../src/core/estimate/difference.ts";
import type { ProblemCount } from "../../src/core/estimate/names.ts";

interface BenchLine {
  readonly name: string;
  readonly value: string;
  readonly aim: string;
  readonly ok: boolean | null;
}

const [problems, n, draws, rounds] = [10_000, 1024, 1000, 15];
/** 41 distinct k from 1 to n, evenly spaced in log k as far as whole numbers allow. */
const ks = distinctKs(41);

export async function bench(): Promise<readonly BenchLine[]> {
  const runs = benchRuns();
  const pairs = runs[0].map((count, i) => [count, runs[1][i] as ProblemCount] as const);
  const single = bestMs(() => curve(runs[0], ks, { draws }));
  const exact = bestMs(() => curve(runs[0].slice(0, 500), ks, { draws }));
  const paired = bestMs(() => difference(pairs, ks, { draws }));
  const numpy = numpyMs(runs[0]);
  return [
    line("curve + 1,000 draws, 10,000 problems x 1,024 over 41 k", single, 50),
    line("the same for a paired difference", paired, 100),
    line("curve + 1,000 draws, 500 problems (every weight drawn)", exact, 50),
    {
      name: "curve + draws / plain numpy bootstrap",
      value:
        numpy === null
          ? "skipped: no numpy"
          : `1/${(numpy / single).toFixed(1)} (numpy ${numpy.toFixed(0)} ms)`,
      aim: "<= 1/5",
      ok: numpy === null ? null : single <= numpy / 5,
    },
  ];
}

function line(name: string, ms: number, aimMs: number): BenchLine {
  return { name, value: `${ms.toFixed(0)} ms`, aim: `< ${aimMs} ms`, ok: ms < aimMs };
}

/** The best of several rounds: other work on the machine only adds time. */
function bestMs(work: () => unknown): number {
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

function distinctKs(count: number): number[] {
  const found = new Set<number>();
  for (let points = count; found.size < count; points++) {
    found.clear();
    for (let i = 0; i < points; i++) found.add(Math.round(n ** (i / (points - 1))));
  }
  return [...found].sort((a, b) => a - b);
}

/** Two models on problems whose solve rate is like beta(.07, .87): most unsolved, a few easy (the hardest shape here). */
function benchRuns(): readonly [ProblemCount[], ProblemCount[]] {
  let state = 12_345;
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const solved = (p: number): number => {
    let c = 0;
    for (let i = 0; i < n; i++) if (random() < p) c++;
    return c;
  };
  const [a, b]: [ProblemCount[], ProblemCount[]] = [[], []];
  for (let i = 0; i < problems; i++) {
    // u^(1/.07) has beta's pole at 0; the factor its thin upper end.
    const p = random() ** (1 / 0.07) * random() ** 0.1;
    a.push({ n, c: solved(p) });
    b.push({ n, c: solved(Math.min(1, 1.3 * p)) });
  }
  return [a, b];
}

const script = `
import sys, time, json
import numpy as np
job = json.load(sys.stdin)
c, ks, n, draws = np.array(job["c"]), np.array(job["ks"]), job["n"], job["draws"]
best = 1e9
for _ in range(3):
    start = time.perf_counter()
    x = np.ones((len(c), len(ks)))
    for value in np.unique(c):
        u = np.concatenate(([1.0], np.cumprod(np.maximum(n - value - np.arange(n), 0) / (n - np.arange(n)))))
        x[c == value] = 1 - u[ks]
    rng = np.random.default_rng(1)
    means = np.empty((draws, len(ks)))
    for b in range(draws):
        means[b] = np.bincount(rng.integers(0, len(c), len(c)), minlength=len(c)) @ x / len(c)
    np.quantile(means, [0.025, 0.975], axis=0)
    best = min(best, time.perf_counter() - start)
print(1000 * best)
`;

/** Efron's bootstrap over problems as one would write it in numpy; `null` without python or numpy. */
function numpyMs(counts: readonly ProblemCount[]): number | null {
  const python = process.env["ROLLOUT_LENS_PYTHON"] ?? "python3";
  const input = JSON.stringify({ c: counts.map(({ c }) => c), ks, n, draws });
  const { status, stdout } = spawnSync(python, ["-c", script], { input, encoding: "utf8", timeout: 120_000 });
  return status === 0 ? Number(stdout) : null;
}
