import assert from "node:assert/strict";
import { test } from "node:test";
import { fc } from "../../fastCheck.ts";
import { tokenEntropies } from "../../../src/core/trace/entropy.ts";
import { traceReach } from "../../../src/core/trace/reachability.ts";
import { exactQ, position, sampler, traceOf } from "./distributions.ts";

const numRuns = Number(process.env["LENS_RUNS"] ?? 1_500);

test("entropy lies within its bounds, and they meet when everything is listed", () => {
  fc.assert(
    fc.property(position, (one) => {
      const exact = one.logProbs.reduce((sum, logProb) => sum - Math.exp(logProb) * logProb, 0);
      const { low, high } = tokenEntropies(traceOf([one]));
      if (one.top === 0) return assert.ok(Number.isNaN(low[0]), "no alternatives, no bounds");
      assert.ok((low[0] as number) <= exact + 1e-9, `low ${low[0]} > ${exact}`);
      if (one.knowsSize) assert.ok((high[0] as number) >= exact - 1e-9, `high ${high[0]} < ${exact}`);
      if (one.top === one.logProbs.length) assert.ok(Math.abs((low[0] as number) - exact) < 1e-9);
      if (!one.knowsSize && one.top < one.logProbs.length - 1) assert.ok(Number.isNaN(high[0]), "not known");
      // Never looser than taking the tail as one token (mission A10).
      const listed = one.logProbs.filter((_, i) => i < one.top || i === one.own);
      const rest = Math.max(0, 1 - listed.reduce((sum, logProb) => sum + Math.exp(logProb), 0));
      const simple = listed.reduce(
        (sum, logProb) => sum - Math.exp(logProb) * logProb,
        rest > 0 ? -rest * Math.log(rest) : 0,
      );
      assert.ok((low[0] as number) >= simple - 1e-9);
    }),
    { numRuns },
  );
});

test("reachability is never decided wrongly, and the probability of a draw lies within its bounds", () => {
  let decided = 0;
  let all = 0;
  fc.assert(
    fc.property(position, sampler, (one, settings) => {
      const { reach, logQLow, logQHigh } = traceReach(traceOf([one]), settings);
      const exact = exactQ(one.logProbs, one.own, settings);
      if (exact === null) return;
      all += 1;
      if (reach[0] !== "undecided") decided += 1;
      if (reach[0] === "inside") assert.ok(exact > 0, "inside, but outside the exact nucleus");
      if (reach[0] === "outside") assert.equal(exact, 0, "outside, but in the exact nucleus");
      const logQ = Math.log(exact);
      assert.ok(logQ >= (logQLow[0] as number) - 1e-5, `${logQ} < ${logQLow[0]}`);
      if (exact > 0) assert.ok(logQ <= (logQHigh[0] as number) + 1e-5, `${logQ} > ${logQHigh[0]}`);
    }),
    { numRuns: numRuns * 2 },
  );
  assert.ok(decided / all > 0.6, `only ${decided} of ${all} decided`);
});

test("with everything listed everything is decided, and the probability is exact", () => {
  fc.assert(
    fc.property(position, sampler, (one, settings) => {
      const trace = traceOf([{ ...one, top: one.logProbs.length, knowsSize: true }]);
      const exact = exactQ(one.logProbs, one.own, settings);
      const { reach, logQLow, logQHigh } = traceReach(trace, settings);
      if (exact === null) return;
      assert.equal(reach[0], exact > 0 ? "inside" : "outside");
      if (exact === 0) return;
      assert.ok(Math.abs((logQLow[0] as number) - Math.log(exact)) < 1e-5);
      assert.ok(Math.abs((logQHigh[0] as number) - Math.log(exact)) < 1e-5);
    }),
    { numRuns },
  );
});

test("log10 of the expected draws over a trace holds the exact one", () => {
  fc.assert(
    fc.property(fc.array(position, { minLength: 1, maxLength: 5 }), sampler, (positions, settings) => {
      const same = positions.map((one) => ({ ...one, knowsSize: false }));
      const { log10Draws, firstExit, reach } = traceReach(traceOf(same), settings);
      const exact = same.map((one) => exactQ(one.logProbs, one.own, settings));
      if (exact.some((q) => q === null)) return;
      const draws = -exact.reduce((sum: number, q) => sum + Math.log(q ?? 0), 0) / Math.LN10;
      if (draws === Infinity) assert.equal(log10Draws.high, Infinity);
      else assert.ok(draws <= log10Draws.high + 1e-4 && draws >= log10Draws.low - 1e-4);
      assert.equal(firstExit, reach.includes("outside") ? reach.indexOf("outside") : null);
    }),
    { numRuns: numRuns / 2 },
  );
});

test("greedy: only the most probable token can be drawn", () => {
  const greedy = { temperature: 0, topP: 1, order: "temperatureFirst" } as const;
  const logProbs = [0.6, 0.3, 0.1].map((p) => Math.log(p));
  const of = (own: number, top: number, knowsRank: boolean) =>
    traceReach(traceOf([{ logProbs, own, top, knowsSize: true, knowsRank }]), greedy).reach[0];
  assert.equal(of(0, 0, true), "inside");
  assert.equal(of(0, 0, false), "inside", "0.6 leaves no room for a greater one");
  assert.equal(of(1, 0, false), "undecided");
  assert.equal(of(1, 1, false), "outside");
  assert.equal(of(2, 2, true), "outside");
});

test("sums are bounded as the mission says at T = 0.6 with the top 2 of 5", () => {
  const p = [0.5, 0.2, 0.1, 0.1, 0.1];
  const settings = { temperature: 0.6, topP: 0.95, order: "temperatureFirst" } as const;
  const one = { logProbs: p.map((x) => Math.log(x)), own: 1, top: 2, knowsSize: false, knowsRank: false };
  const { logQLow, logQHigh, reach } = traceReach(traceOf([one]), settings);
  const w = p.map((x) => x ** (1 / 0.6));
  const tail = 0.2 ** (1 / 0.6 - 1) * 0.3;
  assert.equal(reach[0], "inside");
  const listed = (w[0] as number) + (w[1] as number);
  assert.ok(Math.abs((logQHigh[0] as number) - Math.log((w[1] as number) / listed)) < 1e-5);
  assert.ok((logQLow[0] as number) >= Math.log((w[1] as number) / (listed + tail)) - 1e-5);
});
