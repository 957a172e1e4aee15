import assert from "node:assert/strict";
import { test } from "node:test";
import type { SampleRef } from "../../src/core/dataset/readRollouts.ts";
import { ScoreSet } from "../../src/core/trace/scoreSetFile.ts";
import type { ScoreSetHead } from "../../src/core/trace/scoreSet.ts";
import { perplexitySet, ProblemNumbers, scorerView } from "../../src/host/scores/perplexityView.ts";
import { syntheticRuns } from "../webview/harness/syntheticRuns.ts";

const head = (texts: ScoreSetHead["texts"], model = "base"): ScoreSetHead => ({
  scorer: { name: model, source: "http://127.0.0.1:1", model, method: "vllmPromptLogProbs" },
  prompt: "verbatim",
  texts,
});

const ref = (problemKey: string, index: number, kind: "correct" | "incorrect" | "undecided"): SampleRef => ({
  runId: "",
  format: "",
  problemKey,
  index,
  verdict:
    kind === "undecided"
      ? { kind, reason: "unsure", extracted: null }
      : { kind, how: "exact", extracted: null },
  extracted: null,
  outcome: { kind: "ok" },
  finishReason: null,
  tokens: null,
  fingerprint: index,
  line: null,
  start: 0,
  end: 0,
  ordinal: 0,
});

const counts = { nullCount: 1, floorCount: 0, endCount: 0, least: -1, lowCount: 0, entropy: null };
const scored = (problemKey: string, index: number, sum: number, print = index) =>
  ({
    kind: "scored",
    problemKey,
    index,
    print,
    numbers: { ...counts, tokens: 10, sum },
    byIds: index === 0,
  }) as const;

const [tally] = syntheticRuns({ runs: 1, problems: 3, n: 3 });
const refs = new Map([
  ["key-0", [ref("key-0", 0, "correct"), ref("key-0", 1, "incorrect"), ref("key-0", 2, "undecided")]],
  ["key-1", [ref("key-1", 0, "incorrect")]],
]);
const run = { tally: tally!, model: "base", locate: (key: string) => refs.get(key) ?? [] };

test("traces by verdict; a changed text, one refused and one without a token are beside the boxes", () => {
  const set = new ScoreSet(head("samples"));
  set.add(scored("key-0", 0, -1));
  set.add(scored("key-0", 1, -2));
  set.add(scored("key-0", 2, -3));
  set.add(scored("key-1", 0, -4, 99));
  set.add({ kind: "refused", problemKey: "key-2", index: 0, print: 0, reason: "too long" });
  const view = perplexitySet(run, set, new ProblemNumbers());
  assert.equal(view.own, true);
  assert.deepEqual([...view.verdicts], [1, 0, 2]);
  assert.deepEqual([...view.surprisals], [1, 2, 3]);
  assert.equal(view.boxes.all?.traces, 3);
  assert.equal(view.boxes.correct?.median, Math.exp(0.1));
  assert.equal(view.boxes.wrong?.median, Math.exp(0.2));
  assert.deepEqual([view.of, view.beside.nullTokens, view.beside.stale, view.byIds], [4, 3, 2, 1]);
});

test("reference solutions: one text a problem, of no verdict and nobody's own, under the same scorer", () => {
  const set = new ScoreSet(head("gold"));
  set.add(scored("key-0", 0, -1));
  set.add(scored("key-2", 0, -2));
  const view = perplexitySet(run, set, new ProblemNumbers());
  assert.equal(view.own, false);
  assert.deepEqual([...view.problems], [0, 2]);
  assert.deepEqual([...view.verdicts], [2, 2]);
  assert.equal(view.boxes.all?.traces, 2);
  assert.equal(view.boxes.correct, null);
  assert.equal(view.scorerId, scorerView(new ScoreSet(head("samples"))).id);
});
