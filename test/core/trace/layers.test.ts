import assert from "node:assert/strict";
import { test } from "node:test";
import { traceOfTokens } from "../../../src/core/trace/buildTrace.ts";
import {
  entropyLayer,
  forkUnits,
  rankLayer,
  reachLayer,
  surprisalLayer,
} from "../../../src/core/trace/layers.ts";
import { traceReach } from "../../../src/core/trace/reachability.ts";
import type { ReplyToken } from "../../../src/core/trace/replyToken.ts";

const token = (text: string, p: number, top: readonly number[]): ReplyToken => ({
  id: null,
  text,
  bytes: null,
  special: false,
  logProb: Math.log(p),
  rank: null,
  top: top.map((one, i) => ({ id: null, text: one === p ? text : `other${i}`, logProb: Math.log(one) })),
  topComplete: true,
});

const built = traceOfTokens(
  "a😀b",
  [
    token("a", 0.9, [0.9, 0.1]),
    token("\uFFFD", 0.5, [0.5, 0.5]),
    token("\uFFFD", 0.1, [0.7, 0.2]),
    token("b", 0.04, [0.95, 0.04]),
  ],
  {
    source: "f",
    model: "m",
    method: "file",
    logProbKind: "raw",
    tokenisation: "text",
    top: 2,
    vocabularySize: null,
    window: null,
    notes: [],
  },
);

test("one number a unit: tokens that share a character are summed, or the worst of them counts", () => {
  assert.ok(built.kind === "built");
  const { trace } = built;
  const near = (value: number | undefined, expected: number): void =>
    assert.ok(Math.abs((value ?? 0) - expected) < 1e-5, `${value}`);
  const surprisal = surprisalLayer(trace);
  assert.equal(surprisal.length, 3);
  near(surprisal[1], -Math.log(0.05));
  assert.deepEqual([...rankLayer(trace)], [1, -2, 2]);
  const entropy = entropyLayer(trace);
  near(entropy[1], -(0.7 * Math.log(0.7) + 0.2 * Math.log(0.2) + 0.1 * Math.log(0.1)));
  const reach = traceReach(trace, { temperature: 1, topP: 0.85, order: "temperatureFirst" });
  assert.deepEqual([...reachLayer(trace, reach)], [0, 2, 2]);
  assert.deepEqual(forkUnits(entropy, 0.34), [1]);
  assert.deepEqual(forkUnits(new Float32Array([Number.NaN])), []);
});
