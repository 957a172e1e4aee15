import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { deserialize, serialize } from "node:v8";
import { compareRuns } from "../../src/core/estimate/compareRuns.ts";
import type { ProblemTally, RunTally } from "../../src/core/model.ts";
import { Comparisons } from "../../src/host/panels/comparisons.ts";
import { KeptFiles } from "../../src/node/keptFiles.ts";

const root = mkdtempSync(join(tmpdir(), "rollout-lens-compared-"));
after(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

const options = { interval: "jbb", referenceId: null, finishedOnly: false } as const;
const problemCount = 20;

function run(id: string, shift: number): RunTally {
  const problems = Array.from({ length: problemCount }, (_, index): ProblemTally => {
    const problem = { key: `p${index}`, id: `p${index}`, index, question: "?", gold: null, line: null };
    const outside = { truncated: 0, refused: 0, unparsed: 0, undecided: 0, error: 0, failed: 0, ungraded: 0 };
    const n = 60 + (index % 60);
    const c = (index * 7 + shift) % 60;
    return { problem, n, c, ...outside, duplicates: 0, finishedN: n, finishedC: c, answers: null };
  });
  const plain = { dataset: "d", protocol: null, verifier: "file", metadata: {} };
  return { id, name: id, role: id === "base" ? "base" : "rl", ...plain, problems };
}

const tallies = [run("base", 0), run("rl", 5)];

function openWindow(folder: string, version = "1.0.0") {
  const files = new KeptFiles({ folder, mostBytes: 1e7 });
  return new Comparisons({ files: () => Promise.resolve(files), version, worthMs: 0 });
}

/** Puts another pass@1 into what is kept, so that one sees where a number comes from. */
async function doctor(folder: string): Promise<void> {
  const files = new KeptFiles({ folder, mostBytes: 1e7 });
  const [name] = readdirSync(folder).map((one) => one.slice(0, -".kept".length));
  const kept = deserialize((await files.read(name!))!) as Map<string, { curve?: { passAtK: number }[] }>;
  for (const { curve } of kept.values()) if (curve) curve[0]!.passAtK = 0.123;
  await files.write(name!, [serialize(kept)]);
}

const first = async (
  window: Comparisons,
  runs = tallies,
  how: Parameters<Comparisons["of"]>[0]["options"] = options,
) =>
  (await window.of({ tallies: runs, options: how, settled: true })).runs.map(
    ({ curve }) => curve[0]!.passAtK,
  );

test("a later window counts nothing again of runs that stand still, and what changed in full", async () => {
  const folder = join(root, String(++folders));
  const own = compareRuns(tallies, { ...options, pairs: "reference" });
  const rates = own.runs.map(({ curve }) => curve[0]!.passAtK);
  assert.deepEqual(await openWindow(folder).of({ tallies, options, settled: true }), own);
  await doctor(folder);
  assert.deepEqual(await first(openWindow(folder)), [0.123, 0.123]);
  assert.deepEqual(await first(openWindow(folder, "1.0.1")), rates);
  const changed = [tallies[0]!, run("rl", 6)];
  const [kept, counted] = await first(openWindow(folder), changed);
  assert.equal(kept, 0.123);
  assert.equal(counted, compareRuns(changed).runs[1]!.curve[0]!.passAtK);
  assert.deepEqual(await first(openWindow(folder), tallies, { ...options, finishedOnly: true }), rates);
});

test("one window counts once, and other work goes on between", async () => {
  const window = openWindow(join(root, String(++folders)));
  let turns = 0;
  const turn = (): void => {
    turns++;
    if (!done) setImmediate(turn);
  };
  let done = false;
  setImmediate(turn);
  const report = await window.of({ tallies, options, settled: true });
  done = true;
  assert.ok(turns >= 4, `${turns} turns`);
  const again = await window.of({ tallies, options, settled: true });
  assert.equal(again.runs[0]!.curve, report.runs[0]!.curve);
  assert.equal(again.differences[0]!.points, report.differences[0]!.points);
});

test("while a run is at work nothing is kept; a torn file is none", async () => {
  const folder = join(root, String(++folders));
  const rates = compareRuns(tallies).runs.map(({ curve }) => curve[0]!.passAtK);
  await openWindow(folder).of({ tallies, options, settled: false });
  assert.throws(() => readdirSync(folder), { code: "ENOENT" });
  await openWindow(folder).of({ tallies, options, settled: true });
  const [name] = readdirSync(folder);
  writeFileSync(join(folder, name!), "torn");
  assert.deepEqual(await first(openWindow(folder)), rates);
});

test("an option that is chosen while it is counted is the one that is counted", async () => {
  const window = openWindow(join(root, String(++folders)));
  let chosen: Parameters<Comparisons["of"]>[0]["options"] = options;
  const asked = window.current({ tallies, settled: false, options: () => chosen });
  setImmediate(() => (chosen = { ...options, interval: "fixed" }));
  const { report, options: used } = await asked;
  assert.deepEqual([report.interval, used], ["fixed", chosen]);
});
