// Run folders of runs that stopped their problems early, on the command line.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { encodeProblem, encodeSample } from "../../src/core/dataset/formats/runLog.ts";
import { itemId } from "../../src/core/label/itemId.ts";
import { encodeLine } from "../../src/core/label/labelLine.ts";
import type { Problem, Sample } from "../../src/core/model.ts";
import { encodeHeader, versionOf } from "../../src/core/run/header.ts";
import type { StopRule } from "../../src/core/run/plan.ts";
import { testPlan } from "../core/run/fakes.ts";
import { runCli } from "./runCli.ts";

let folder = "";
const path = (name: string): string => join(folder, name);
const n = 16;

const problems: readonly Problem[] = Array.from({ length: 30 }, (_, index) => ({
  key: `q:${index}`,
  id: String(index),
  index,
  question: `Q${index}`,
  gold: "1",
  line: index + 1,
}));

function sampleOf(problem: Problem, index: number, right: boolean): Sample {
  return {
    problemKey: problem.key,
    index,
    seed: index,
    text: right ? "\\boxed{1}" : `\\boxed{${index + 2}}`,
    reasoning: null,
    finishReason: "stop",
    outcome: { kind: "ok" },
    verdict: { kind: right ? "correct" : "incorrect", how: "string", extracted: right ? "1" : "0" },
    verifier: "math@1:standard",
    usage: null,
  };
}

/** Problem i is right at every (i mod `every` + 1)th sample, never where that is 1; all samples, or those up to the stop. */
async function writeRun(name: string, every: number, stopRule?: StopRule): Promise<void> {
  const { problems: _, ...plan } = testPlan({ name, problems, samplesPerProblem: n, stopRule });
  const lines = problems.flatMap((problem, i) => {
    const step = i % every === 0 ? Infinity : (i % every) + 1;
    const rights = Array.from({ length: n }, (_, index) => index % step === step - 1);
    const ends = rights.flatMap((ok, index) => (ok ? [index + 1] : []));
    const draws = (stopRule === undefined ? undefined : ends[stopRule.r - 1]) ?? n;
    return rights.slice(0, draws).map((ok, index) => `${encodeSample(sampleOf(problem, index, ok))}\n`);
  });
  await mkdir(path(name));
  const header = {
    schemaVersion: versionOf(plan),
    createdAt: "2026-01-01T00:00:00.000Z",
    problemCount: 30,
    plan,
  };
  await writeFile(join(path(name), "run.json"), encodeHeader(header));
  await writeFile(
    join(path(name), "problems.jsonl"),
    problems.map((one) => `${encodeProblem(one)}\n`).join(""),
  );
  // The last written first: a file is in the order in which answers came back.
  await writeFile(join(path(name), "samples.jsonl"), lines.reverse().join(""));
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "rollout-lens-stopped-"));
  await writeRun("all", 6);
  await writeRun("stopped", 6, { r: 2 });
  await writeRun("other", 4);
  await writeRun("otherStopped", 4, { r: 2 });
});
after(() => rm(folder, { recursive: true, force: true }));

const json = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
  const { code, stdout, stderr } = await runCli(...args, "--json");
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
};

test("curve: up to n, what it spent and saved, no vote; at n the same as all samples give", async () => {
  type Runs = {
    runs: {
      nMax: number;
      samples: number;
      majority: unknown;
      stopped: Record<string, number>;
      curve: { k: number; passAtK: number }[];
    }[];
  };
  const { runs } = (await json("curve", path("all"), path("stopped"), "--k", "1,8,16")) as unknown as Runs;
  const [all, stopped] = runs;
  assert.equal(stopped!.nMax, n);
  assert.equal(stopped!.majority, null);
  assert.deepEqual([stopped!.stopped["spent"], stopped!.stopped["uniform"]], [stopped!.samples, 30 * n]);
  assert.ok(stopped!.samples < all!.samples);
  assert.ok(Math.abs(stopped!.curve.at(-1)!.passAtK - all!.curve.at(-1)!.passAtK) < 1e-12);
  const { stdout } = await runCli("curve", path("stopped"), path("all"));
  assert.match(stdout, /until 2 are right, at most 16\)\nSpent \d+ of 480: \d+ % saved\./);
  assert.match(stdout, /Not only the model differs: .*until 2 are right/);
});

test("coverage: the 2x2 of all samples; a threshold above r is refused", async () => {
  const cells = async (...runs: readonly string[]) => {
    const found = await json("coverage", ...runs.map(path));
    return ["both", "aOnly", "bOnly", "neither"].map((cell) => found[cell]);
  };
  assert.deepEqual(await cells("stopped", "otherStopped"), await cells("all", "other"));
  const { code, stderr } = await runCli("coverage", path("stopped"), path("other"), "--threshold", "3");
  assert.equal(code, 2);
  assert.match(stderr, /stopped stopped each problem at 2 right: who has 3 is not known/);
});

test("gap, difference and sign take stopped runs", async () => {
  const { gaps } = (await json("gap", path("stopped"), path("other"), "--base", "stopped")) as {
    gaps: { k: number; problems: number }[];
  };
  assert.deepEqual([gaps[0]!.k, gaps[0]!.problems], [n, 30]);
  const { points } = (await json("difference", path("stopped"), path("otherStopped"))) as {
    points: { k: number }[];
  };
  assert.equal(points.at(-1)!.k, n);
  const sign = await json("sign", path("stopped"), path("other"), "--k", "4");
  assert.equal(sign["problems"], 30);
  assert.ok([1, -1, null].includes(sign["sign"] as number | null));
});

test("sign: decides by the first look that can, and says what was saved", async () => {
  await writeRun("never", 1);
  const found = await json("sign", path("all"), path("never"));
  const looks = found["looks"] as { problems: number; sign: number | null; low: number }[];
  assert.equal(found["sign"], 1);
  assert.ok(looks.at(-1)!.low > 0);
  assert.ok(looks.slice(0, -1).every(({ sign }) => sign === null));
  const { stdout } = await runCli("sign", path("all"), path("never"));
  assert.match(stdout, /all is better at k = 1\. Needed [\d,]+ of 960 samples: \d+ % saved\./);
});

for (const [command, what] of [
  ["histogram", "The histogram of accuracies"],
  ["gpass", "G-Pass@k"],
  ["cover", "Cover@tau"],
  ["forecast", "A forecast beyond n"],
] as const)
  test(`${command} says what it cannot tell of a stopped run`, async () => {
    const { code, stdout, stderr } = await runCli(command, path("stopped"));
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.ok(stderr.startsWith(`${what} cannot be told of stopped:`), stderr);
  });

test("cot-pass reads the labels of a run that got all samples, and refuses one that stopped", async () => {
  const [problem] = problems.slice(1);
  const entry = {
    item: itemId(problem!.key, "\\boxed{1}"),
    verdict: "correct",
    firstWrongStep: null,
    note: "",
    seconds: 1,
  } as const;
  const line = encodeLine({ id: "1", at: 1, rater: "anna", kind: "human", act: { type: "label", entry } });
  await writeFile(path("labels.jsonl"), line);
  const { runs } = await json("cot-pass", path("all"), "--labels", path("labels.jsonl"));
  assert.equal((runs as { read: number }[])[0]!.read, 1);
  const { code, stderr } = await runCli(
    "cot-pass",
    path("all"),
    path("stopped"),
    "--labels",
    path("labels.jsonl"),
  );
  assert.equal(code, 2);
  assert.match(stderr, /cannot be told of stopped: its problems ended at 2 right answers/);
});
