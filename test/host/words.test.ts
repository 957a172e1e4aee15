import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { LensError } from "../../src/core/errors.ts";
import { formatAge } from "../../src/host/formatAge.ts";
import { LensLog, redact } from "../../src/host/log.ts";
import { Pulse } from "../../src/host/panels/pulse.ts";
import { Report } from "../../src/host/report.ts";
import type { RunEntry, RunSummary } from "../../src/host/runEntry.ts";
import { groupRuns } from "../../src/host/runGroups.ts";
import { runDescription } from "../../src/host/views/runWords.ts";
import { fake } from "../fakes/vscode.ts";

beforeEach(() => fake.reset());

const summary: RunSummary = {
  problems: 150,
  samples: 38_400,
  nMin: 256,
  nMax: 256,
  passAtOne: { value: 0.081, low: 0.055, high: 0.107 },
  truncatedShare: 0.01,
};
const entry = (own: Partial<RunEntry>): RunEntry => ({
  id: "r",
  name: "base",
  role: "base",
  dataset: "aime24",
  datasetProblems: 30,
  problemSet: null,
  source: { kind: "sampled", folder: "/r" },
  state: "done",
  finished: 38_400,
  total: 38_400,
  message: null,
  failure: null,
  summary,
  createdAt: "2026-11-21T00:00:00.000Z",
  stamp: null,
  ...own,
});
const imported = (id: string, own: Partial<RunEntry>): RunEntry =>
  entry({ id, source: { kind: "imported", uri: `file:///${id}`, model: id }, createdAt: null, ...own });

for (const [own, words] of [
  [{}, "n 256 · 8.1 % [5.5, 10.7]"],
  [{ summary: { ...summary, nMin: 4 } }, "n 4 to 256 · 8.1 % [5.5, 10.7]"],
  [{ summary: { ...summary, truncatedShare: 0.22 } }, "n 256 · 22 % cut off"],
  [{ summary: { ...summary, passAtOne: { value: 0, low: 0, high: 0.012 } } }, "n 256 · at most 1.2 %"],
  [{ summary: { ...summary, passAtOne: null } }, "n 256 · not graded"],
  [{ state: "paused", finished: 23_500 }, "paused at 61 %"],
  [{ state: "cancelled", finished: 1024, total: 7680 }, "cancelled, 1,024 of 7,680 kept"],
  [{ state: "failed", finished: 1024, total: 7680 }, "stopped at 1,024/7,680"],
  [
    {
      state: "failed",
      finished: 1024,
      total: 7680,
      failure: { code: "unauthorized", status: 401 },
    },
    "stopped: 401 at 1,024/7,680",
  ],
  [
    { state: "failed", finished: 3, total: 8, failure: { code: "diskFull", status: null } },
    "stopped: disk full at 3/8",
  ],
  [{ state: "running", finished: 8192 }, "8,192/38,400"],
  [{ state: "imported" }, "imported · n 256 · 8.1 % [5.5, 10.7]"],
  [{ state: "queued" }, "queued"],
] as const satisfies readonly (readonly [Partial<RunEntry>, string])[]) {
  test(`a run is described as "${words}"`, () => {
    assert.equal(runDescription(entry(own), null), words);
  });
}

test("imported rollouts stand with the runs over the same problems, whatever their files are called", () => {
  const groups = groupRuns([
    entry({ id: "a", dataset: "math500", problemSet: "s1" }),
    imported("b", { dataset: "verl-300", problemSet: "s1" }),
    imported("c", { dataset: "game_io", problemSet: "s2" }),
    imported("d", { dataset: "game_cot", problemSet: "s2" }),
    entry({ id: "e", dataset: "math500", problemSet: "only one problem" }),
  ]);
  assert.deepEqual(
    groups.map(({ name, runs }) => [name, runs.map(({ id }) => id)]),
    [
      ["game", ["c", "d"]],
      ["math500", ["b", "a", "e"]],
    ],
  );
  assert.equal(new Set(groups.map(({ key }) => key)).size, 2);
});

test("the log takes credentials out of whatever it is given", () => {
  const log = new LensLog();
  for (const text of [
    "Authorization: Bearer sk-verysecret123",
    '{"authorization":"Bearer verysecret123"}',
    "x-api-key: verysecret123",
    "key sk-verysecret123 refused",
    "GET http://user:verysecret123@host/v1",
    "GET http://host/v1?api-key=verysecret123 failed",
  ])
    log.info(text);
  assert.equal(fake.logged.length, 6);
  for (const line of fake.logged) assert.doesNotMatch(line, /verysecret/, line);
  assert.equal(redact("http://localhost:8000/v1 answered 500"), "http://localhost:8000/v1 answered 500");
});

test("a cause is told once, until it is forgotten; the log has it each time", async () => {
  const report = new Report({ log: new LensLog() });
  for (let i = 0; i < 3; i++) await report.tell("It stopped.", { cause: "run-1:unauthorized" });
  assert.equal(fake.messages.length, 1);
  assert.equal(fake.logged.length, 3);
  report.forget("run-1:");
  await report.tell("It stopped.", { cause: "run-1:unauthorized" });
  assert.equal(fake.messages.length, 2);
});

test("a message offers its actions and the log, and runs the one that is pressed", async () => {
  const report = new Report({ log: new LensLog() });
  let resumed = 0;
  fake.press = "Resume";
  await report.failure("Not sampled.", new LensError("diskFull", "The disk is full."), {
    actions: [{ title: "Resume", run: () => resumed++ }],
  });
  assert.deepEqual(fake.messages, [
    { severity: "error", text: "Not sampled. The disk is full.", buttons: ["Resume", "Show log"] },
  ]);
  assert.equal(resumed, 1);
});

test("cancellation is silent; a bug is in the log with its stack", async () => {
  const report = new Report({ log: new LensLog() });
  await report.failure("", new LensError("cancelled", "cancelled"));
  assert.deepEqual([fake.messages.length, fake.logged.length], [0, 0]);
  await report.failure("Oops.", new TypeError("x is not a function"));
  assert.match(fake.logged[0]!, /words\.test/);
});

test("ages are said in words", () => {
  assert.deepEqual([5_000, 720_000, 7_200_000, 200_000_000].map(formatAge), [
    "just now",
    "12 min ago",
    "2 h ago",
    "2 days ago",
  ]);
});

test("a pulse joins beats, keeps its interval, never works twice at a time and loses no beat", async () => {
  const startedAt: number[] = [];
  let working = 0;
  let finish: () => void = () => undefined;
  const work = async (): Promise<void> => {
    startedAt.push(performance.now());
    assert.equal(++working, 1);
    await new Promise<void>((resolve) => (finish = resolve));
    working--;
  };
  const pulse = new Pulse(work, { intervalMs: 40, restShare: 0 });
  const untilCalls = async (count: number): Promise<void> => {
    while (startedAt.length < count) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  for (let i = 0; i < 50; i++) pulse.beat();
  await untilCalls(1);
  for (let i = 0; i < 50; i++) pulse.beat();
  const finishedAt = performance.now();
  finish();
  await untilCalls(2);
  assert.ok(startedAt[1]! - finishedAt >= 38, "the interval was kept");
  finish();
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(startedAt.length, 2);
  pulse.dispose();
  pulse.beat();
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.equal(startedAt.length, 2);
});
