import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { encodeProblem, encodeSample } from "../../src/core/dataset/formats/runLog.ts";
import type { Problem, Sample } from "../../src/core/model.ts";
import { encodeHeader } from "../../src/core/run/header.ts";
import { planRun } from "../../src/core/run/plan.ts";
import { runCli } from "./runCli.ts";

let folder = "";
const path = (name: string): string => join(folder, name);

/** Qwen-eval rows: problem i of 12 has `correct(i)` of n right. */
function rollouts(n: number, correct: (i: number) => number): string {
  return Array.from({ length: 12 }, (_, i) => {
    const score = Array.from({ length: n }, (_, s) => s < correct(i));
    const row = {
      idx: i,
      question: `What is ${i} + 1?`,
      gt: String(i + 1),
      code: score.map((ok) => (ok ? `It is ${i + 1}.` : "No idea.")),
      pred: score.map((ok) => (ok ? String(i + 1) : "0")),
      score,
    };
    return `${JSON.stringify(row)}\n`;
  }).join("");
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "rollout-lens-cli-"));
  await writeFile(
    path("sharp.jsonl"),
    rollouts(8, (i) => (i % 2 === 0 ? 8 : 0)),
  );
  await writeFile(
    path("wide.jsonl"),
    rollouts(8, (i) => (i % 3) + 1),
  );
  await writeFile(path("empty.jsonl"), "");
  const lines = rollouts(4, () => 1).split("\n");
  lines[4] = "{ this is not JSON";
  await writeFile(path("broken.jsonl"), lines.join("\n"));
});
after(() => rm(folder, { recursive: true, force: true }));

interface CurveJson {
  readonly runs: readonly {
    readonly name: string;
    readonly problems: number;
    readonly samples: number;
    readonly nMin: number;
    readonly nMax: number;
    readonly truncated: number;
    readonly curve: readonly {
      readonly k: number;
      readonly passAtK: number | null;
      readonly low: number | null;
      readonly high: number | null;
      readonly problems: number;
    }[];
  }[];
  readonly crossovers: readonly {
    readonly a: string;
    readonly b: string;
    readonly k: number | null;
    readonly low: number;
    readonly high: number | null;
    readonly verdict: string;
  }[];
}

test("curve --json: the documented shape on stdout and nothing on stderr", async () => {
  const { code, stdout, stderr } = await runCli(
    "curve",
    path("sharp.jsonl"),
    path("wide.jsonl"),
    "--k",
    "8,1,9",
    "--json",
  );
  assert.equal(code, 0);
  assert.equal(stderr, "");
  const { runs, crossovers } = JSON.parse(stdout) as CurveJson;
  assert.deepEqual(
    runs.map(({ name, problems, samples, nMin, nMax, truncated }) => [
      name,
      problems,
      samples,
      nMin,
      nMax,
      truncated,
    ]),
    [
      ["sharp", 12, 96, 8, 8, 0],
      ["wide", 12, 96, 8, 8, 0],
    ],
  );
  const [sharp, wide] = runs;
  assert.deepEqual(
    sharp?.curve.map(({ k, passAtK, problems }) => [k, passAtK, problems]),
    [
      [1, 0.5, 12],
      [8, 0.5, 12],
      [9, null, 0],
    ],
  );
  assert.deepEqual([wide?.curve[0]?.passAtK, wide?.curve[1]?.passAtK], [0.25, 1]);
  for (const point of sharp?.curve.slice(0, 2) ?? []) assert.ok(point.low! < 0.5 && 0.5 < point.high!);
  assert.deepEqual(
    crossovers.map(({ a, b }) => [a, b]),
    [["sharp", "wide"]],
  );
  const [crossing] = crossovers;
  assert.ok(
    crossing &&
      crossing.k !== null &&
      crossing.low <= crossing.k &&
      crossing.k <= (crossing.high ?? Infinity),
  );
});

test("curve: a table with n and intervals, the target in words, and the crossover's sentence", async () => {
  const { code, stdout } = await runCli(
    "curve",
    path("sharp.jsonl"),
    path("wide.jsonl"),
    "--interval",
    "fixed",
  );
  assert.equal(code, 0);
  assert.match(stdout, /^sharp: 12 problems, 96 samples \(n = 8\)\nk +pass@k \[95 %\] +problems/);
  assert.match(stdout, /\n8 +100\.0 \[\d+\.\d, 100\.0\] +12/);
  assert.match(stdout, /95 % interval for these very problems, new samples\./);
  assert.match(stdout, /wide overtakes sharp|Crossover not resolved\./);
});

test("a seed repeats the output, another changes the drawn ends only", async () => {
  const ask = async (seed: string) =>
    JSON.parse(
      (await runCli("curve", path("wide.jsonl"), "--json", "--draws", "200", "--seed", seed)).stdout,
    ) as CurveJson;
  const [one, again, other] = [await ask("4"), await ask("4"), await ask("5")];
  assert.deepEqual(one, again);
  assert.notDeepEqual(one.runs[0]?.curve[0]?.low, other.runs[0]?.curve[0]?.low);
  assert.equal(one.runs[0]?.curve[0]?.passAtK, other.runs[0]?.curve[0]?.passAtK);
});

test("a run folder of ours: its name, role and problems; ungraded and cut-off samples where they belong", async () => {
  const run = path("run");
  await mkdir(run);
  const problem = (key: string, index: number): Problem => ({
    key,
    id: key,
    index,
    question: `Q ${key}`,
    gold: "1",
    line: null,
  });
  const problems = [problem("a", 0), problem("b", 1), problem("c", 2)];
  const plan = planRun(
    {
      id: "r1",
      name: "My model",
      role: "base",
      dataset: { name: "tiny", path: null },
      problems,
      samplesPerProblem: 2,
      endpointName: "e",
      origin: "http://127.0.0.1:1",
      model: "m",
      api: "completions",
      template: {
        id: "plain",
        title: "Plain",
        system: null,
        user: "{question}",
        prompt: "{question}",
        stop: [],
      },
      verifier: "math@1:standard",
    },
    (bytes) => createHash("sha256").update(bytes).digest("hex"),
  );
  const { problems: _problems, ...stored } = plan;
  await writeFile(
    join(run, "run.json"),
    encodeHeader({ schemaVersion: 1, createdAt: "2026-01-01T00:00:00.000Z", problemCount: 3, plan: stored }),
  );
  await writeFile(join(run, "problems.jsonl"), problems.map((item) => `${encodeProblem(item)}\n`).join(""));
  const sample = (problemKey: string, index: number, correct: boolean, cut = false): Sample => ({
    problemKey,
    index,
    seed: index,
    text: correct ? "1" : "2",
    reasoning: null,
    finishReason: cut ? "length" : "stop",
    verifier: null,
    outcome: { kind: cut ? "truncated" : "ok" },
    verdict: { kind: correct ? "correct" : "incorrect", how: "integer", extracted: correct ? "1" : "2" },
    usage: null,
  });
  const samples = [
    sample("a", 0, true),
    sample("a", 1, false),
    sample("b", 0, true),
    sample("b", 1, false, true),
  ];
  await writeFile(join(run, "samples.jsonl"), samples.map((item) => `${encodeSample(item)}\n`).join(""));
  for (const given of [run, join(run, "samples.jsonl")]) {
    const { code, stdout, stderr } = await runCli("curve", given, "--json");
    assert.equal(code, 0, stderr);
    const [report] = (JSON.parse(stdout) as CurveJson).runs;
    assert.deepEqual(
      [
        report?.name,
        report?.problems,
        report?.samples,
        report?.truncated,
        report?.curve.map(({ passAtK }) => passAtK),
      ],
      ["My model", 2, 4, 1, [0.5, 1]],
    );
  }
});

test("what could be read is shown; the broken line is named on stderr", async () => {
  const { code, stdout, stderr } = await runCli("curve", path("broken.jsonl"), "--json");
  assert.equal(code, 0);
  assert.equal((JSON.parse(stdout) as CurveJson).runs[0]?.problems, 11);
  assert.match(stderr, /broken\.jsonl line 5: /);
  assert.match(stderr, /1 of 12 lines was skipped; the rest is shown\./);
});

test("bad usage and bad input: exit code 2, the reason on stderr, nothing on stdout", async () => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [["curve"], /Name at least one file\.\n\nUsage: curve/],
    [["curve", path("wide.jsonl"), "--k", "1,x"], /--k: expected a whole number from 1, got "x"/],
    [
      ["curve", path("wide.jsonl"), "--interval", "wald"],
      /--interval: expected jbb, percentile, fixed, gaffke, got "wald"/,
    ],
    [["curve", path("wide.jsonl"), "--nonsense"], /--nonsense/],
    [["curve", path("none.jsonl")], /none\.jsonl was not found\./],
    [["curve", folder], /is a folder/],
    [["curve", path("empty.jsonl")], /empty\.jsonl/],
    [["curve", `${path("wide.jsonl")}#other`], /has no run "other"\. It has: wide\./],
    [["coverage", path("wide.jsonl")], /Coverage compares two runs\. Found 1: wide\./],
    [["histogram"], /Name at least one file\./],
    [["curves"], /No command "curves"\. There are: .*curve, coverage, histogram/],
    [[], /Usage: npm run -s cli/],
  ];
  for (const [args, reason] of cases) {
    const { code, stdout, stderr } = await runCli(...args);
    assert.equal(code, 2, `${args.join(" ")}: ${stderr}`);
    assert.equal(stdout, "", args.join(" "));
    assert.match(stderr, reason);
    assert.doesNotMatch(stderr, /\n\s+at /, "no stack for an expected failure");
  }
});

test("--help tells how, on stdout with exit code 0", async () => {
  for (const args of [["--help"], ["curve", "--help"], ["coverage", "-h"], ["histogram", "--help"]]) {
    const { code, stdout, stderr } = await runCli(...args);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /Usage: /);
  }
});

test("histogram and coverage of small files, in words and as JSON", async () => {
  const bins = JSON.parse((await runCli("histogram", path("sharp.jsonl"), "--json")).stdout) as {
    runs: { counts: number[] }[];
  };
  assert.deepEqual(bins.runs[0]?.counts, [6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6]);
  assert.match((await runCli("histogram", path("sharp.jsonl"))).stdout, /\n1 +6 \(50\.0 %\)\n$/);
  const words = (await runCli("coverage", path("sharp.jsonl"), path("wide.jsonl"))).stdout;
  assert.match(words, /\nboth +6 +50\.0\nonly sharp +0 +0\.0\nonly wide +6 +50\.0\nneither +0 +0\.0\n/);
  assert.match(words, /Not solved: a solve rate of up to 31\.2 % \(sharp\)/);
  const twice = await runCli(
    "coverage",
    path("sharp.jsonl"),
    path("wide.jsonl"),
    "--threshold",
    "3",
    "--json",
  );
  const { both, aOnly, bOnly, neither } = JSON.parse(twice.stdout) as Record<string, number>;
  assert.deepEqual([both, aOnly, bOnly, neither], [2, 4, 2, 4]);
});
