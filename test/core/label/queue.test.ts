import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type CotVerdict,
  cotVerdicts,
  defaultQueueSpec,
  type ItemId,
  queueOrders,
  type QueueSpec,
} from "../../../src/core/label/model.ts";
import { type LabelQueue, labelQueue } from "../../../src/core/label/queue.ts";
import { fc } from "../../fastCheck.ts";
import { itemOf, runOf } from "./labelledRun.ts";

const everything: QueueSpec = { ...defaultQueueSpec, above: null, below: null };
const problemOf = (item: ItemId): number => Number.parseInt(item.slice(0, 8), 16);

/** c of problem p is `counts[p]`. */
function runWith(counts: readonly number[], n = 64) {
  const problems = counts.map((c, p) => {
    const texts = Array.from({ length: c }, (_, i) => ({ id: itemOf(p, i), index: i, count: 1, correct: 1 }));
    return { problemKey: `p${p}`, n, c, items: texts };
  });
  return { runId: "run", name: "run", problems };
}

/** Labels everything by a rule; the items in the order they were asked for. */
function walked(queue: LabelQueue, verdictOf: (item: ItemId) => CotVerdict): ItemId[] {
  const seen: ItemId[] = [];
  for (let item = queue.next(); item !== null; item = queue.next()) {
    seen.push(item.id);
    queue.record(item.id, verdictOf(item.id));
  }
  return seen;
}

test("hard first: one of each problem in rising c; again where none was right, at most six; then the rest", () => {
  const queue = labelQueue([runWith([9, 2, 20, 0, 4])], everything);
  const wrongProblems = new Set([0, 4]);
  const order = walked(queue, (item) => (wrongProblems.has(problemOf(item)) ? "wrong" : "correct"));
  assert.equal(order.length, 35);
  assert.deepEqual(order.slice(0, 4).map(problemOf), [1, 4, 0, 2]);
  // Rounds 2 to 6: problem 4 has four texts, problem 0 gets six.
  assert.deepEqual(order.slice(4, 12).map(problemOf), [4, 0, 4, 0, 4, 0, 0, 0]);
  assert.equal(new Set(order).size, 35);
});

test("a label that is taken back, or no longer right, brings its items back", () => {
  const queue = labelQueue([runWith([1, 2, 3])], everything);
  const first = queue.next()?.id ?? "";
  queue.record(first, "correct");
  const second = queue.next()?.id ?? "";
  queue.record(second, "correct");
  assert.equal(queue.done, 2);
  queue.record(second, "wrong");
  queue.record(first, null);
  assert.equal(queue.next()?.id, first);
  assert.equal(queue.done, 1);
  queue.record("ffffffffffffffff", "correct");
  assert.equal(queue.done, 1);
});

test("whatever is said, taken back and corrected: the queue is the one that a new session would build", () => {
  const run = runWith([1, 3, 7, 8, 2, 12]);
  const acts = fc.array(
    fc.record({ at: fc.nat(32), verdict: fc.option(fc.constantFrom(...cotVerdicts), { nil: null }) }),
    { maxLength: 40 },
  );
  const specs = fc.record({
    order: fc.constantFrom(...queueOrders),
    size: fc.option(fc.integer({ min: 1, max: 33 }), { nil: null }),
    seed: fc.nat(5),
  });
  fc.assert(
    fc.property(acts, specs, (said, chosen) => {
      const spec = { ...everything, ...chosen };
      const queue = labelQueue([run], spec);
      const items = [...queue.items.keys()];
      const labels = new Map<ItemId, CotVerdict>();
      for (const { at, verdict } of said) {
        const item =
          verdict === null ? items[at % items.length] : (queue.next()?.id ?? items[at % items.length]);
        if (item === undefined) continue;
        queue.record(item, verdict);
        if (verdict === null) labels.delete(item);
        else labels.set(item, verdict);
      }
      const fresh = labelQueue([run], spec, labels);
      assert.equal(queue.done, fresh.done);
      assert.deepEqual(queue.next(), fresh.next());
      assert.deepEqual(
        walked(queue, () => "wrong"),
        walked(fresh, () => "wrong"),
      );
    }),
    { numRuns: 100 },
  );
});

test("window, wrong answers, repeats and texts of two runs", () => {
  const base = runWith([1, 4, 40]);
  // A text that three samples have, two of them right; and one that is never right.
  const text = { id: itemOf(1, 0), index: 0, count: 3, correct: 2 };
  const wrong = { id: itemOf(1, 9), index: 7, count: 5, correct: 0 };
  const rl = {
    runId: "rl",
    name: "rl",
    problems: [{ problemKey: "p1", n: 64, c: 2, items: [text, wrong] }],
  };
  const narrow = labelQueue([base, rl], defaultQueueSpec);
  // 1/64 and 2/64 are inside 0 < a < 5 %, 4/64 and 40/64 are not.
  assert.deepEqual([narrow.total, narrow.problems, narrow.repeats], [2, 2, 1]);
  const wide = labelQueue([base, rl], everything);
  assert.deepEqual(wide.items.get(text.id)?.places, [
    { runId: "run", index: 0, count: 1, correct: 1 },
    { runId: "rl", index: 0, count: 3, correct: 2 },
  ]);
  assert.equal(wide.total, 45);
  assert.equal(labelQueue([base, rl], { ...everything, correctOnly: false }).total, 46);
  // Problems that were named, and no others.
  const [, second] = base.problems;
  const named = labelQueue([base, rl], { ...everything, problems: [second?.problemKey ?? "", "gone"] });
  assert.deepEqual([named.total, named.problems], [4, 2]);
});

test("raters: shared problems for all, the others dealt out; together everything, in one order for all", () => {
  const run = runOf(40, { n: 64, c: 3 });
  for (const order of queueOrders) {
    const queues = [0, 1, 2].map((rater) =>
      labelQueue([run], { ...everything, order, raters: 3, rater, overlap: 0.25 }),
    );
    const walks = queues.map((queue) => walked(queue, () => "correct"));
    const problems = walks.map((walk) => new Set(walk.map(problemOf)));
    assert.deepEqual(
      problems.map(({ size }) => size),
      [20, 20, 20],
    );
    const shared = [...(problems[0] ?? [])].filter((p) => problems[1]?.has(p) && problems[2]?.has(p));
    assert.equal(shared.length, 10);
    assert.equal(new Set(walks.flat().map(problemOf)).size, 40);
    const isShared = (item: ItemId) => queues[0]?.isShared(item) === true;
    assert.deepEqual(walks[0]?.filter(isShared), walks[1]?.filter(isShared));
    assert.deepEqual(new Set(walks[2]?.filter(isShared).map(problemOf)), new Set(shared));
  }
});

test("sizes and seeds: random and by problem take a simple random sample, the same for the same seed", () => {
  const run = runOf(30, { n: 64, c: 4 });
  const take = (more: Partial<QueueSpec>) =>
    walked(labelQueue([run], { ...everything, ...more }), () => "wrong");
  assert.equal(take({ size: 25 }).length, 25);
  assert.deepEqual(take({ order: "random", size: 25 }), take({ order: "random", size: 25 }));
  assert.notDeepEqual(take({ order: "random", size: 25 }), take({ order: "random", size: 25, seed: 2 }));
  const byProblem = take({ order: "problem", size: 25 });
  assert.deepEqual([...byProblem].sort(), byProblem);
  assert.deepEqual(new Set(byProblem), new Set(take({ order: "random", size: 25 })));
});

test("100,000 items: each next costs no more in the middle than at the begin", () => {
  const queue = labelQueue([runOf(1000, { n: 100, c: 100 })], everything);
  assert.equal(queue.total, 100_000);
  assert.equal(walked(queue, (item) => (problemOf(item) % 7 === 0 ? "wrong" : "correct")).length, 100_000);
});
