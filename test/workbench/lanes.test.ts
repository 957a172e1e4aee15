import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inLanes, type Job } from "./lanes.ts";

interface Watch {
  readonly job: (name: string, ms: number) => Job;
  readonly started: string[];
  /** Names that were at work together, at each start. */
  readonly together: string[][];
}

function watch(): Watch {
  const started: string[] = [];
  const together: string[][] = [];
  const atWork = new Set<string>();
  const job = (name: string, ms: number) => async () => {
    started.push(name);
    atWork.add(name);
    together.push([...atWork]);
    await sleep(ms);
    atWork.delete(name);
  };
  return { job, started, together };
}

test("a lane of its own is one at a time, the shared jobs run beside it, every job runs once", async () => {
  const { job, started, together } = watch();
  const own = ["own 1", "own 2"].map((name) => job(name, 20));
  const shared = ["a", "b", "c", "d", "e"].map((name) => job(name, 10));
  await inLanes(own, shared, 2);
  assert.deepEqual(started.toSorted(), ["a", "b", "c", "d", "e", "own 1", "own 2"]);
  const most = (kind: (name: string) => boolean) =>
    Math.max(...together.map((names) => names.filter(kind).length));
  assert.equal(
    most((name) => name.startsWith("own")),
    1,
  );
  assert.equal(
    most(() => true),
    3,
  );
});

test("a shared lane that has ended helps the own one, and no third does", async () => {
  const { job, started, together } = watch();
  const own = ["own 1", "own 2", "own 3", "own 4", "own 5"].map((name) => job(name, 10));
  await inLanes(own, [job("a", 1), job("b", 1)], 2);
  assert.equal(started.length, 7);
  const atOnce = together.map((names) => names.filter((name) => name.startsWith("own")).length);
  assert.equal(Math.max(...atOnce), 2);
});

test("the lane that has ended helps with the shared jobs; a failing job is told", async () => {
  const { job, together } = watch();
  await inLanes(
    [],
    ["a", "b", "c"].map((name) => job(name, 10)),
    2,
  );
  assert.deepEqual(together.at(2), ["a", "b", "c"]);
  await assert.rejects(inLanes([], [() => Promise.reject(new Error("broken"))], 1), /broken/u);
});
