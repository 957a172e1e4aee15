import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { root } from "../paths.ts";
import { runCli } from "./runCli.ts";

const folder = mkdtempSync(join(tmpdir(), "rollout-lens-study-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const written = {
  name: "Small",
  dataset: join(root, "media/demo/countdown.jsonl"),
  problems: 6,
  models: [
    { name: "base", role: "base", endpoint: "demo:base" },
    { name: "RL 40", role: "rl", metadata: { step: 40 }, endpoint: "demo:rl-40" },
  ],
  sampling: { samplesPerProblem: 4, template: "verbatim", temperature: 1, topP: 1, maxTokens: 40 },
  scoring: { scorer: "base", correctOnly: false, perProblem: 1 },
};

function studyFile(name: string, change: object = {}): string {
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify({ ...written, ...change }));
  return path;
}

const lines = (path: string): number => readFileSync(path, "utf8").trimEnd().split("\n").length;

test("the demo models, compared and scored, from one command; again it does nothing twice", async () => {
  const out = join(folder, "compare");
  const study = studyFile("compare");
  const first = await runCli("study", study, "--out", out, "--json");
  assert.equal(first.code, 0, first.stderr);
  const { runs } = JSON.parse(first.stdout) as { runs: { name: string; scores: { traces: number } }[] };
  assert.deepEqual(
    runs.map(({ name, scores }) => [name, scores.traces]),
    [
      ["base", 6],
      ["RL 40", 6],
    ],
  );
  for (const run of ["base", "RL-40"]) {
    assert.equal(lines(join(out, "runs", run, "samples.jsonl")), 24);
    assert.ok(existsSync(join(out, "runs", run, "scores")));
  }
  const again = await runCli("study", study, "--out", out, "--json");
  assert.equal(again.stdout, first.stdout);
  assert.doesNotMatch(again.stderr, /Sampling|Scoring/);
  const curve = await runCli("curve", join(out, "runs/base"), join(out, "runs/RL-40"), "--json");
  assert.equal((JSON.parse(curve.stdout) as { runs: unknown[] }).runs.length, 2);
  const other = await runCli("study", studyFile("other", { problems: 5 }), "--out", out);
  assert.equal(other.code, 2);
  assert.match(other.stderr, /holds another study/);
});

test("a temperature at which two models have one mean token entropy", async () => {
  const plan = {
    kind: "matchEntropy",
    target: "base",
    model: "RL 40",
    tolerance: 0.25,
    samplesEach: 16,
    budget: 240,
  };
  const study = studyFile("match", { plan, scoring: null });
  const done = await runCli("study", study, "--out", join(folder, "match"), "--json");
  assert.equal(done.code, 0, done.stderr);
  const { target, match } = JSON.parse(done.stdout) as {
    target: number;
    match: { kind: string; at: { low: number; high: number; samples: number } };
  };
  assert.equal(match.kind, "matched");
  // The server lists the whole vocabulary: no bounds are left.
  assert.ok(match.at.high - match.at.low < 1e-3);
  assert.ok(Math.abs(match.at.low - target) < 0.25 * target);
});

test("a wrong study says where", async () => {
  const bad = await runCli(
    "study",
    studyFile("bad", { models: [{ name: "a", endpoint: "demo:none" }], scoring: null }),
    "--out",
    join(folder, "bad"),
  );
  assert.equal(bad.code, 2);
  assert.match(bad.stderr, /a: endpoint: expected an object, or demo:NAME with one of base, /);
});
