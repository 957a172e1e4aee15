import assert from "node:assert/strict";
import test from "node:test";
import { fc } from "../../fastCheck.ts";
import { type EntropyAt, type MatchPlan, matchEntropy } from "../../../src/core/estimate/matchEntropy.ts";
import { plainNormal, plainRandom } from "./brute.ts";

const plan: MatchPlan = {
  target: 0.5,
  targetError: 0,
  tolerance: 0.02,
  start: 0.6,
  from: 0.1,
  to: 4,
  samplesEach: 200,
  budget: 4000,
};

interface World {
  entropy(temperature: number): number;
  /** Of one text's mean. */
  readonly spread: number;
  /** Half of what top-K bounds leave open. */
  readonly width: number;
}

/** Does what the plan says until it ends. */
function search(plan: MatchPlan, world: World, seed = 1) {
  const random = plainRandom(seed);
  const measured: EntropyAt[] = [];
  for (let steps = 0; steps < 100; steps++) {
    const step = matchEntropy(plan, measured);
    if (step.kind !== "measure") return { step, measured };
    const { temperature, samples } = step;
    assert.ok(temperature >= plan.from && temperature <= plan.to && samples >= 1);
    const standardError = world.spread / Math.sqrt(samples);
    const middle = world.entropy(temperature) + standardError * plainNormal(random);
    measured.push({
      temperature,
      low: middle - world.width,
      high: middle + world.width,
      standardError,
      samples,
    });
  }
  return assert.fail("the search does not end");
}

const spent = (measured: readonly EntropyAt[]) => measured.reduce((sum, { samples }) => sum + samples, 0);

test("an entropy that grows with temperature is matched within 2 %, inside the budget", () => {
  const laws = fc.record({
    scale: fc.double({ min: 0.1, max: 1.5, noNaN: true }),
    power: fc.double({ min: 0.5, max: 3, noNaN: true }),
    seed: fc.nat(1000),
  });
  fc.assert(
    fc.property(laws, ({ scale, power, seed }) => {
      const entropy = (t: number) => scale * t ** power;
      const at = (plan.target / scale) ** (1 / power);
      if (at < 0.12 || at > 3.9) return;
      const { step, measured } = search(plan, { entropy, spread: 0.05, width: 0 }, seed);
      assert.equal(step.kind, "matched", JSON.stringify(step));
      if (step.kind !== "matched") return;
      assert.ok(step.within <= 0.02 && spent(measured) <= plan.budget);
      // Exact entropy: what the statement is about. Its noise is inside the 2 %.
      assert.ok(Math.abs(entropy(step.at.temperature) - plan.target) < 0.025 * plan.target);
      assert.ok(measured.length <= 20, `${measured.length} measurements`);
    }),
    // The example: a hit above the target at the edge of the tolerance, with nothing below it yet.
    { numRuns: 200, examples: [[{ scale: 1.208281239818301, power: 0.5, seed: 0 }]] },
  );
});

test("noise is no hit, the target's neither: a match holds for the exact entropy in 97 of 100 searches", () => {
  let [matched, right] = [0, 0];
  const targetError = 0.0035;
  for (let seed = 0; seed < 300; seed++) {
    const entropy = (t: number) => 0.6 * t;
    const target = plan.target + targetError * plainNormal(plainRandom(5000 + seed));
    const noisy = { ...plan, target, targetError, budget: 40_000 };
    const { step } = search(noisy, { entropy, spread: 0.2, width: 0 }, seed);
    if (step.kind !== "matched") continue;
    matched++;
    if (Math.abs(entropy(step.at.temperature) - plan.target) < 0.02 * plan.target) right++;
  }
  assert.ok(matched > 200, String(matched));
  assert.ok(right / matched >= 0.97, `${right} of ${matched}`);
});

test("ends with a reason: out of range on either side, bounds too wide, budget spent with its bracket", () => {
  const flat = (level: number) => ({ entropy: () => level, spread: 0, width: 0 });
  const low = search(plan, flat(0.2)).step;
  const high = search(plan, flat(0.9)).step;
  assert.deepEqual(
    [low, high].map((step) => (step.kind === "outOfRange" ? [step.side, step.at.temperature] : step.kind)),
    [
      ["below", 4],
      ["above", 0.1],
    ],
  );
  const wide = search(plan, { entropy: (t) => 0.8 * t, spread: 0, width: 0.05 }).step;
  assert.equal(wide.kind, "boundsTooWide");
  const noisy = search({ ...plan, budget: 1000 }, { entropy: (t) => 0.4 * t, spread: 3, width: 0 });
  assert.equal(noisy.step.kind, "budgetSpent");
  assert.ok(spent(noisy.measured) <= 1000);
  const step = search(
    { ...plan, budget: 500 },
    { entropy: (t) => 0.2 * t ** 2, spread: 0.01, width: 0 },
  ).step;
  assert.ok(step.kind === "budgetSpent" && step.bracket[0] === 0.6 * 1.5);
});
