import assert from "node:assert/strict";
import test from "node:test";
import { atLook, signLooks, signOrder } from "../../../src/core/estimate/adaptive/signTest.ts";
import { closeTo, plainNormal, plainRandom } from "./brute.ts";

test("looks at fifths of the problems, none under 12; the order is a permutation, the same for a seed", () => {
  assert.deepEqual(
    signLooks(100).map(({ problems }) => problems),
    [20, 40, 60, 80, 100],
  );
  assert.deepEqual(
    signLooks(30).map(({ problems, bound }) => [problems, bound]),
    [
      [12, 3.357],
      [18, 2.68],
      [24, 2.29],
      [30, 2.031],
    ],
  );
  assert.deepEqual(
    signLooks(5).map(({ problems }) => problems),
    [5],
  );
  const order = signOrder(50, 7);
  assert.deepEqual(
    order.toSorted((a, b) => a - b),
    Array.from({ length: 50 }, (_, i) => i),
  );
  assert.deepEqual(order, signOrder(50, 7));
  assert.notDeepEqual(order, signOrder(50, 8));
});

test("a clear difference is decided with its sign, equal values never are", () => {
  const [look] = signLooks(20);
  const clear = Array.from({ length: 20 }, (_, i) => 0.5 + 0.01 * (i % 3));
  const up = atLook(clear, look ?? assert.fail());
  const down = atLook(
    clear.map((d) => -d),
    look ?? assert.fail(),
  );
  assert.deepEqual([up.sign, down.sign], [1, -1]);
  assert.ok(up.low > 0 && up.low < up.difference && up.difference < up.high);
  const same = atLook(
    clear.map(() => 0.3),
    look ?? assert.fail(),
  );
  assert.deepEqual([same.sign, same.low, same.high, same.p], [null, -1, 1, 1]);
});

test("five looks together err in at most 6.5 % of data sets without a difference; one peeking at 5 % errs more often", () => {
  const random = plainRandom(12);
  const looks = signLooks(100);
  const repetitions = 3000;
  let [wrong, naive] = [0, 0];
  for (let i = 0; i < repetitions; i++) {
    const all = Array.from({ length: 100 }, () => plainNormal(random) * (random() < 0.3 ? 0.4 : 0.05));
    const verdicts = looks.map((look) => atLook(all.slice(0, look.problems), look));
    if (verdicts.some(({ sign }) => sign !== null)) wrong++;
    if (verdicts.some(({ p }) => p < 0.05)) naive++;
  }
  assert.ok(wrong / repetitions <= 0.065, String(wrong / repetitions));
  closeTo(naive / repetitions, 0.14, 0.03);
});
