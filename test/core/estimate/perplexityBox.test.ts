import assert from "node:assert/strict";
import { test } from "node:test";
import { clusterMean } from "../../../src/core/estimate/clusterMean.ts";
import { perplexityBox } from "../../../src/core/estimate/perplexityBox.ts";
import { SeededRandom } from "../../../src/core/estimate/seededRandom.ts";
import { normal } from "../../../src/core/estimate/variates.ts";
import { fc } from "../../fastCheck.ts";

const box = (rows: readonly (readonly [problem: number, perplexity: number])[]) =>
  perplexityBox({
    problems: Uint32Array.from(rows, ([problem]) => problem),
    perplexities: Float64Array.from(rows, ([, perplexity]) => perplexity),
    surprisals: Float64Array.from(rows, ([, perplexity]) => Math.log(perplexity)),
  });

test("quantiles are those of a sorted list, whatever the order of the traces", () => {
  const row = fc.tuple(fc.integer({ min: 3, max: 20 }), fc.double({ min: 1, max: 50, noNaN: true }));
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (rows) => {
      const own = box(rows);
      const sorted = rows.map(([, value]) => value).sort((a, b) => a - b);
      const at = (p: number): number => {
        const place = p * (sorted.length - 1);
        const [low, high] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
        return low + (place - Math.floor(place)) * (high - low);
      };
      for (const [value, p] of [
        [own?.q05, 0.05],
        [own?.q25, 0.25],
        [own?.median, 0.5],
        [own?.q75, 0.75],
        [own?.q95, 0.95],
      ] as const)
        assert.ok(Math.abs((value ?? 0) - at(p)) < 1e-9);
      assert.equal(own?.problems, new Set(rows.map(([problem]) => problem)).size);
      assert.ok(own !== null);
      const { interval, median, problems } = own;
      assert.equal(interval === null, problems < 6);
      if (interval) assert.ok(interval.low <= median && median <= interval.high);
    }),
    { numRuns: 200 },
  );
  assert.equal(box([]), null);
});

test("many traces of few problems do not make a narrow interval: copies of every trace leave it as it is", () => {
  const random = new SeededRandom(4);
  const rows = Array.from({ length: 40 }, (_, problem) => [problem, 1.2 + 0.2 * random.uniform()] as const);
  const copied = rows.flatMap((row) => Array.from({ length: 25 }, () => row));
  const [one, many] = [box(rows), box(copied)];
  const width = (own: typeof one): number => (own?.interval?.high ?? 0) - (own?.interval?.low ?? 0);
  assert.ok(Math.abs(width(one) - width(many)) < 0.2 * width(one), `${width(one)} and ${width(many)}`);
});

/** Problems differ more than the traces of one do: the median of all such traces is exp(0.2). */
test("the interval holds the median of the population in 95 of 100 draws, where one over traces would not", () => {
  const random = new SeededRandom(11);
  const [draws, problems, traces] = [200, 40, 6];
  let held = 0;
  for (let draw = 0; draw < draws; draw++) {
    const rows = Array.from({ length: problems }, (_, problem) => {
      const own = 0.2 + 0.05 * normal(random);
      return Array.from({ length: traces }, () => [problem, Math.exp(own + 0.02 * normal(random))] as const);
    }).flat();
    const interval = box(rows)?.interval;
    if (interval && interval.low <= Math.exp(0.2) && Math.exp(0.2) <= interval.high) held++;
  }
  assert.ok(held / draws >= 0.925, `${held} of ${draws}`);
});

test("a mean over samples: by hand, and its interval over problems holds the truth", () => {
  assert.equal(clusterMean([]), null);
  assert.equal(clusterMean([{ count: 0, sum: 0 }]), null);
  const few = clusterMean([
    { count: 2, sum: 10 },
    { count: 1, sum: 2 },
  ]);
  assert.deepEqual(few, { value: 4, samples: 3, problems: 2, interval: null });
  const random = new SeededRandom(12);
  let held = 0;
  for (let draw = 0; draw < 200; draw++) {
    const groups = Array.from({ length: 40 }, () => {
      const own = 100 + 20 * normal(random);
      return {
        count: 8,
        sum: Array.from({ length: 8 }, () => own + 5 * normal(random)).reduce((a, b) => a + b),
      };
    });
    const interval = clusterMean(groups)?.interval;
    if (interval && interval.low <= 100 && 100 <= interval.high) held++;
  }
  assert.ok(held / 200 >= 0.925, `${held} of 200`);
});
