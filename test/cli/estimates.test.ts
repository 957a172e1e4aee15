// The estimating commands on counts of our own: what they print in words and as JSON, and what they refuse.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { json, near } from "./json.ts";
import { runCli } from "./runCli.ts";

let folder = "";
let file = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "lens-estimates-"));
  file = join(folder, "two.json");
  const counts = (rule: (i: number) => number) => Array.from({ length: 40 }, (_, i) => rule(i));
  const base = counts((i) => (i % 4 === 0 ? 0 : i % 8));
  const rl = counts((i) => (i % 2 === 0 ? 0 : 8));
  const runs = [
    { name: "base", role: "base", n: 8, counts: base },
    { name: "rl", role: "rl", n: 8, counts: rl },
  ];
  await writeFile(file, JSON.stringify({ runs }));
});
after(() => rm(folder, { recursive: true, force: true }));

test("gpass and cover: values by hand, in words too", async () => {
  type GPass = {
    runs: { name: string; points: { tau: number; value: number }[]; mean: { value: number }[] }[];
  };
  const { runs } = await json<GPass>("gpass", file, "--k", "2", "--tau", "0.5,1");
  // base: c = 0 (10 problems) and 1, 2, 3, 5, 6, 7 (5 each) of 8.
  const pairsRight = [1, 2, 3, 5, 6, 7].map((c) => (c * (c - 1)) / 56);
  near(runs[0]?.points[1]?.value, pairsRight.reduce((sum, x) => sum + x) / 8);
  near(runs[1]?.points[1]?.value, 0.5);
  // k = 2: only i = 2, so (2/2) G(1).
  near(runs[0]?.mean[0]?.value, runs[0]?.points[1]?.value ?? 0);
  const { stdout } = await runCli("cover", file, "--tau", "0.5");
  assert.match(stdout, /base \(40 problems\) +problems +% \[95 %\]\ntau 0\.5 +15 +37\.5 \[/);
  assert.match(stdout, /By the measured share c\/n/);
});

test("difference: paired, with the band over all k and the crossing in words", async () => {
  type Difference = {
    problems: number;
    points: { k: number; difference: number; bandLow: number; low: number }[];
    crossover: { overtaker: number; sentence: string };
  };
  const found = await json<Difference>("difference", file, "--k", "1,8");
  assert.equal(found.problems, 40);
  near(found.points[0]?.difference, (1 + 2 + 3 + 5 + 6 + 7) / 64 - 0.5);
  near(found.points[1]?.difference, 0.25);
  assert.ok(found.points.every(({ bandLow, low }) => bandLow <= low));
  assert.equal(found.crossover.overtaker, 0);
  const { stdout } = await runCli("difference", file, "--k", "8", "--interval", "fixed");
  assert.match(stdout, /base minus rl, pass@k in points, 40 problems/);
  assert.match(stdout, /these very problems, new samples/);
});

test("forecast: labelled, bounded, and refused with its reason", async () => {
  type Found = {
    runs: { name: string; refusals: string[]; points: { k: number; betaBinomial: unknown }[] }[];
  };
  const { runs } = await json<Found>("forecast", `${file}#rl`, "--k", "16,64");
  assert.deepEqual(
    runs.map(({ refusals, points }) => [refusals, points.map(({ betaBinomial }) => betaBinomial)]),
    [[["fewSolvedOnce"], [null, null]]],
  );
  const { stdout } = await runCli("forecast", `${file}#base`, "--k", "16,64");
  assert.match(stdout, /FORECAST from 40 problems at n = 8, pass@8 = 75\.0 %/);
  assert.match(stdout, /\n64 +75\.0 to /);
  assert.match(stdout, /refused: too far/);
  const past = await runCli("forecast", file, "--k", "8");
  assert.equal(past.code, 2);
  assert.match(past.stderr, /name a larger k/);
});

test("gap: the base by its role or by name; a name that is none is bad usage", async () => {
  type Gaps = { gaps: { base: string; run: string; k: number; gap: number; low: number; high: number }[] };
  const { gaps } = await json<Gaps>("gap", file);
  assert.deepEqual(
    gaps.map(({ base, run, k }) => [base, run, k]),
    [["base", "rl", 8]],
  );
  near(gaps[0]?.gap, 0.25);
  assert.ok((gaps[0]?.low ?? 1) < 0.25 && (gaps[0]?.high ?? 0) > 0.25);
  const turned = await json<Gaps>("gap", file, "--base", "rl", "--k", "4");
  near(turned.gaps[0]?.gap, 0.5 - 24 / 64);
  const bad = await runCli("gap", file, "--base", "nobody");
  assert.equal(bad.code, 2);
  assert.match(bad.stderr, /no run "nobody"\. There are: base, rl\./);
});

test("histogram: transitions; coverage: who is surely worse, with lists", async () => {
  const { stdout: bins } = await runCli("histogram", file, "--transitions");
  assert.match(bins, /From the bin in base \(rows\) to the bin in rl \(columns\)/);
  const { stdout } = await runCli("coverage", file, "--lists");
  assert.match(stdout, /SRR +0\.667 \[/);
  assert.match(stdout, /Surely worse in rl \(one in ten may be chance\): 5 problems, of them lost: 5\./);
  assert.match(stdout, /only base: 3, 7, 11/);
});
