// Under stop plans: do the intervals still hold, and how often is the sign test wrong?
import type { Measurement } from "../bench/measurement.ts";
import { plainRandom } from "../core/estimate/brute.ts";
import { adaptiveCurve, adaptiveGap } from "../../src/core/estimate/adaptive/adaptiveCurve.ts";
import { solvedAfter } from "../../src/core/estimate/adaptive/solvedAfter.ts";
import type { EndPoint, StopPlan } from "../../src/core/estimate/adaptive/stopPlan.ts";
import { samplesForPassAt1, usualTail } from "../../src/core/run/plan.ts";
import { coverageOf, coverageRow } from "./coverage.ts";
import { flips, looked, plainEnd, rateOf } from "./draws.ts";
import { type Pairing, pairings, trueGap } from "./pairings.ts";
import { type Random, shapes } from "./shapes.ts";

/** Under stop plans: population curve (r = 2 and 4, and with a tail) and gap, on every shape and pairing. */
export function* coverage(): Generator<Measurement> {
  const effort = { least: 500, most: 2000 };
  const nMax = 256;
  const ks = [1, 64, 256];
  const plans: readonly StopPlan[] = [
    { r: 2, nMax },
    { r: 4, nMax },
    { r: 2, nMax, tail: usualTail(nMax) },
  ];
  for (const plan of plans) {
    const held = shapes.flatMap((shape) =>
      coverageOf(
        ks.map((k) => `${shape.name} k=${k}`),
        (repetition) => {
          const random = plainRandom(7 * repetition + plan.r);
          const ends = Array.from({ length: 100 }, () => stoppedDraw(random, plan, shape.draw(random)));
          return adaptiveCurve({ plan, ends }, ks, { seed: repetition }).map(({ low, high }, i) => {
            const truth = 1 - shape.missed(ks[i] ?? 1);
            return low <= truth + 1e-9 && truth <= high + 1e-9;
          });
        },
        effort,
      ),
    );
    yield coverageRow(`population, P = 100, r = ${plan.r}${plan.tail ? ", random continuation" : ""}`, held);
  }
  const held = pairings.flatMap((pairing) => gapHeld(pairing, { r: 2, nMax }, effort));
  yield coverageRow("gap dSE, P = 100, base r = 2, other 16 samples", held);
}

function gapHeld(pairing: Pairing, plan: StopPlan, effort: { least: number; most: number }) {
  const truth = trueGap(pairing, plan.nMax);
  return coverageOf(
    [pairing.name],
    (repetition) => {
      const random = plainRandom(11 * repetition + 3);
      const rates = Array.from({ length: 100 }, () => pairing.draw(random));
      const base = { plan, ends: rates.map(([p]) => stoppedDraw(random, plan, p)) };
      const other = {
        plan: null,
        ends: rates.map(([, q]) => plainEnd(flips(random, samplesForPassAt1(plan.nMax), q))),
      };
      const found = adaptiveGap([base, other], plan.nMax, { seed: repetition });
      return [found !== null && found.low <= truth && truth <= found.high];
    },
    effort,
  );
}

/** Type I error where both models are equally good at k, and wrong signs where they are not. */
export function* signErrors(): Generator<Measurement> {
  const repetitions = 1500;
  let [worst, where, wrong] = [0, "", 0];
  for (const problems of [30, 100, 300])
    for (const k of [1, 64])
      for (const shape of shapes) {
        const random = plainRandom(problems + k);
        let errors = 0;
        for (let i = 0; i < repetitions; i++) {
          const differences = Array.from({ length: problems }, () =>
            differenceAt(random, k, [shape.draw(random), shape.draw(random)]),
          );
          if (looked(differences).sign !== null) errors++;
        }
        if (errors / repetitions > worst) {
          worst = errors / repetitions;
          where = `${shape.name}, P = ${problems}, k = ${k}`;
        }
      }
  yield {
    name: `sign: type I error, worst of ${shapes.length * 6}: ${where}`,
    value: worst,
    aim: "<= 0.065",
    ok: worst <= 0.065,
  };
  let decided = 0;
  for (const pairing of pairings.filter((one) => one.name === "crossing" || one.name === "never"))
    for (const problems of [30, 100]) {
      const random = plainRandom(problems);
      for (let i = 0; i < repetitions; i++) {
        const differences = Array.from({ length: problems }, () =>
          differenceAt(random, 1, pairing.draw(random)),
        );
        // In both pairings the second model is better at k = 1.
        const { sign } = looked(differences);
        if (sign !== null) decided++;
        if (sign === 1) wrong++;
      }
    }
  yield { name: `sign: wrong ones among ${decided} decided`, value: wrong, aim: "0", ok: wrong === 0 };
}

/** k = 1: eight samples of each model; else both stopped at their second success, at most k draws. */
function differenceAt(random: Random, k: number, [p, q]: readonly [number, number]): number {
  if (k === 1) return rateOf(flips(random, 8, p)) - rateOf(flips(random, 8, q));
  const plan = { r: 2, nMax: k };
  const [x] = solvedAfter(plan, stoppedDraw(random, plan, p), [k]);
  const [y] = solvedAfter(plan, stoppedDraw(random, plan, q), [k]);
  return (x ?? 0) - (y ?? 0);
}

/** An end point by geometric gaps between successes. */
function stoppedDraw(random: Random, { r, nMax, tail }: StopPlan, p: number): EndPoint {
  const heads = !tail || random() < tail.probability;
  const scale = Math.log1p(-p);
  let [draws, correct] = [0, 0];
  while (correct < r) {
    const gap = p >= 1 ? 1 : p <= 0 ? Infinity : 1 + Math.floor(Math.log(1 - random()) / scale);
    if (tail && correct === 0 && draws + gap > tail.n0 && !heads)
      return { draws: tail.n0, correct: 0, cutOff: true };
    if (draws + gap > nMax) return { draws: nMax, correct, cutOff: false };
    draws += gap;
    correct++;
  }
  return { draws, correct, cutOff: false };
}
