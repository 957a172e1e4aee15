import assert from "node:assert/strict";
import test from "node:test";
import {
  defaultQueueSpec,
  type QueueOrder,
  queueOrders,
  type RunItems,
} from "../../../src/core/label/model.ts";
import { labelQueue } from "../../../src/core/label/queue.ts";

const run: RunItems = {
  runId: "r",
  name: "r",
  problems: Array.from({ length: 5 }, (_, p) => ({
    problemKey: `p${p}`,
    n: 64,
    c: 2,
    items: [0, 1].map((i) => ({ id: `${p}${i}`.padStart(16, "0"), index: i, count: 1, correct: 1 })),
  })),
};
const queueOf = (order: QueueOrder) => labelQueue([run], { ...defaultQueueSpec, order });

for (const order of queueOrders) {
  test(`${order}: what is skipped comes after all others, once each, and looking ahead changes nothing`, () => {
    const plain = queueOf(order);
    const queue = queueOf(order);
    const first = [queue.next(), queue.next()].map((item) => item?.id ?? "");
    assert.equal(first[0], first[1]);
    const [skipped = ""] = first;
    queue.skip(skipped);
    assert.equal(queue.skipped, 1);
    assert.notEqual(queue.next()?.id, skipped);
    const seen: string[] = [];
    for (let item = queue.next(); item !== null; item = queue.next()) {
      const coming = queue.upcoming("wrong");
      queue.record(item.id, "wrong");
      seen.push(item.id);
      assert.equal(queue.next()?.id, coming?.id);
    }
    assert.equal(seen.at(-1), skipped);
    assert.deepEqual([...seen].sort(), [...plain.items.keys()].sort());
    assert.equal(queue.done, queue.total);
  });
}

test("when all that is left was skipped, it comes again; a label ends that", () => {
  const queue = queueOf("random");
  for (let i = 0; i < 25; i++) queue.skip(queue.next()?.id ?? "");
  const item = queue.next();
  assert.ok(item !== null);
  queue.record(item.id, "correct");
  assert.equal(queue.done, 1);
  assert.notEqual(queue.next()?.id, item.id);
});
