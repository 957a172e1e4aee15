import assert from "node:assert/strict";
import test from "node:test";
import { crossover } from "../../../src/core/estimate/crossover.ts";
import { crossoverSentence } from "../../../src/core/estimate/crossoverSentence.ts";
import { difference, type ProblemPair } from "../../../src/core/estimate/difference.ts";
import { passAtK } from "../../../src/core/estimate/passAtK.ts";
import { without } from "../../paths.ts";
import { mean, plainRandom } from "./brute.ts";
import { cotPath, ioPath, readCounts } from "./game24.ts";

const pair = (n: number, a: number, b: number): ProblemPair => [
  { n, c: a },
  { n, c: b },
];

/** Sharp: some problems always solved, many never. Wide: a little of everything. They cross, clearly, at a small k. */
const crossing: readonly ProblemPair[] = Array.from({ length: 200 }, (_, i) =>
  pair(32, i % 2 === 0 ? 30 : 0, 6),
);

/** The definition, straight: from the largest k down while the second leads. */
function stableLead(pairs: readonly ProblemPair[], kEnd: number): number | null {
  let found: number | null = null;
  for (let k = kEnd; k >= 1; k--) {
    const lead = mean(pairs.map(([a, b]) => (passAtK(b.n, b.c, k) ?? 0) - (passAtK(a.n, a.c, k) ?? 0)));
    if (lead <= 1e-12) return found;
    found = k;
  }
  return found;
}

test("a clear crossing is resolved, at the k of the definition, inside a narrow interval", () => {
  const found = crossover(crossing);
  assert.ok(found);
  assert.deepEqual([found.overtaker, found.verdict, found.kEnd, found.problems], [1, "resolved", 32, 200]);
  assert.equal(found.k, stableLead(crossing, 32));
  assert.ok(
    found.k !== null && found.high !== null && 1 < found.low && found.low <= found.k && found.k <= found.high,
  );
  assert.equal(
    crossoverSentence(found, ["sharp", "wide"]),
    `wide overtakes sharp at k = ${found.k}, 95 % [${found.low}, ${found.high}].`,
  );
});

test("the order of the runs does not matter", () => {
  const found = crossover(crossing);
  const turned = crossover(crossing.map(([a, b]) => [b, a] as const));
  assert.ok(found && turned);
  assert.deepEqual([turned.overtaker, turned.k, turned.verdict], [0, found.k, found.verdict]);
  assert.ok(Math.abs(turned.low - found.low) <= 1);
  assert.match(crossoverSentence(turned, ["wide", "sharp"]), /^wide overtakes sharp/);
});

test("a lead throughout is k = 1 and no crossing; a tie at the end is nobody's", () => {
  const always = crossover(Array.from({ length: 50 }, (_, i) => pair(16, i % 4, 4 + (i % 4))));
  assert.deepEqual([always?.overtaker, always?.k, always?.low, always?.verdict], [1, 1, 1, "notResolved"]);
  assert.match(crossoverSentence(always!, ["low", "high"]), /^No crossover: high leads at every k up to 16/);
  const level = crossover(Array.from({ length: 50 }, () => pair(16, 3, 3)));
  assert.deepEqual(
    [level?.overtaker, level?.k, level?.high, level?.verdict],
    [null, null, null, "notResolved"],
  );
  assert.match(
    crossoverSentence(level!, ["x", "y"]),
    /^No crossover up to k = 16\. x and y are level there\./,
  );
});

test("noise crosses several times, but is not called a crossing", () => {
  const random = plainRandom(8);
  let called = 0;
  for (let repetition = 0; repetition < 60; repetition++) {
    const pairs = Array.from({ length: 40 }, () => {
      const rate = random() ** 4;
      const count = () => Array.from({ length: 16 }, () => random() < rate).filter(Boolean).length;
      return pair(16, count(), count());
    });
    const found = crossover(pairs, { draws: 200, seed: repetition });
    assert.equal(
      found?.k ?? null,
      found?.overtaker === 1
        ? stableLead(pairs, 16)
        : found?.overtaker === 0
          ? stableLead(
              pairs.map(([a, b]) => [b, a]),
              16,
            )
          : null,
    );
    if (found?.verdict === "resolved") called++;
  }
  assert.ok(called <= 1, `${called} of 60 called resolved`);
});

test("the band's two ends are what a draw of them alone gives, so the verdict needs no second one", () => {
  const random = plainRandom(7);
  const whole = (below: number): number => Math.floor(below * random());
  const pairs = Array.from({ length: 60 }, (_, i) => {
    const n = i % 9 === 0 ? 40 : 32;
    return pair(n, whole(n), i % 2 === 0 ? 0 : whole(n));
  });
  for (const some of [crossing, pairs]) {
    const found = crossover(some);
    assert.ok(found);
    assert.deepEqual(difference(some, [1, found.kEnd], { draws: 1000 }), [found.first, found.last]);
  }
});

test("a crossing that is only suggested is told from none as 10,000 draws of the percentile bootstrap tell them", () => {
  const random = plainRandom(11);
  const verdicts = new Map<string, number>();
  for (let i = 0; i < 40; i++) {
    const pairs = Array.from({ length: 24 }, (_, j) => {
      const hard = j % 3 === 0;
      return pair(8, hard ? 0 : Math.floor(5 + 4 * random()), Math.floor(1 + 6 * random()));
    });
    const found = crossover(pairs, { seed: i });
    assert.ok(found);
    verdicts.set(found.verdict, 1 + (verdicts.get(found.verdict) ?? 0));
    if (found.verdict === "resolved") continue;
    const drawn = difference(pairs, [1, 8], { interval: "percentile", draws: 10_000, seed: i });
    const [first, last] = [drawn[0]!, drawn[1]!];
    const apart = (first.high < 0 && last.low > 0) || (first.low > 0 && last.high < 0);
    assert.equal(found.verdict, apart ? "suggestive" : "notResolved", `pairs ${i}`);
  }
  assert.ok(
    (verdicts.get("suggestive") ?? 0) > 3 && (verdicts.get("notResolved") ?? 0) > 3,
    [...verdicts].join(),
  );
});

test("kEnd is what 9 of 10 problems have; a straggler is left out, not allowed to end the curve", () => {
  const found = crossover([...crossing, pair(2, 1, 0)]);
  assert.deepEqual([found?.kEnd, found?.problems], [32, 200]);
  const half = crossover([...crossing.slice(0, 100), ...crossing.slice(0, 100).map(() => pair(8, 4, 4))]);
  assert.deepEqual([half?.kEnd, half?.problems], [8, 200]);
  assert.equal(crossover([]), null);
  assert.equal(crossover([pair(0, 0, 0)]), null);
});

test(
  "Game of 24: CoT overtakes at k = 6; suggestive for other problems, resolved for these very problems",
  { skip: without(ioPath, cotPath) },
  () => {
    const [io, cot] = [readCounts(ioPath as string), readCounts(cotPath as string)];
    const pairs = io.map((count, i): ProblemPair => [count, cot[i] ?? { n: 0, c: 0 }]);
    for (const seed of [1, 2, 3]) {
      const found = crossover(pairs, { seed });
      assert.ok(found);
      assert.deepEqual([found.overtaker, found.k, found.kEnd, found.verdict], [1, 6, 100, "suggestive"]);
      assert.ok(
        found.low === 1 && found.high !== null && found.high >= 12 && found.high <= 24,
        `${found.low} ${found.high}`,
      );
      const sentence = crossoverSentence(found, ["IO", "CoT"]);
      assert.match(
        sentence,
        /^Crossover suggestive, not resolved\. The curves differ at k = 100 \(CoT \+16\.0 points/,
      );
      assert.match(sentence, /not resolved at k = 1 \(IO \+3\.3 points \[−0\.\d/);
      assert.match(sentence, new RegExp(`anywhere from k = 1 to ${found.high} `));
    }
    const fixed = crossover(pairs, { interval: "fixed" });
    assert.deepEqual([fixed?.k, fixed?.verdict], [6, "resolved"]);
  },
);
