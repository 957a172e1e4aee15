import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile, appendFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { LensError } from "../../../src/core/errors.ts";
import { EndpointError } from "../../../src/core/run/generate.ts";
import { traceOfTokens } from "../../../src/core/trace/buildTrace.ts";
import { pickTraces } from "../../../src/core/trace/pickTraces.ts";
import {
  decodeScoreLine,
  encodeScoreLine,
  perplexityOf,
  type ScoreLine,
} from "../../../src/core/trace/scoreSet.ts";
import { openScoreSet, readScoreSet, scoreSetPath } from "../../../src/core/trace/scoreSetFile.ts";
import { scoreTraces, type TraceTarget } from "../../../src/core/trace/scoreTraces.ts";
import type { ScoreRequest, TraceScorer } from "../../../src/core/trace/scorer.ts";
import { nodeFileStore } from "../../../src/node/fileStore.ts";
import { fc } from "../../fastCheck.ts";

const head = {
  scorer: { name: "base", source: "http://127.0.0.1:8000", model: "org/base", method: "vllmPromptLogProbs" },
  prompt: "verbatim",
  texts: "samples",
} as const;

async function folderOf(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "scores-"));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

const double = fc.double({ min: -1e6, max: 0, noNaN: true });
const numbers = fc.record({
  tokens: fc.nat(),
  nullCount: fc.nat(),
  floorCount: fc.nat(),
  endCount: fc.nat(),
  sum: double.map((value) => value + 0),
  least: fc.option(double),
  lowCount: fc.nat(),
  entropy: fc.option(fc.record({ low: fc.double({ min: 0, max: 9, noNaN: true }), high: fc.constant(null) })),
});
const place = { problemKey: fc.string(), index: fc.nat(), print: fc.option(fc.nat()) };
const anyLine: fc.Arbitrary<ScoreLine> = fc.oneof(
  fc.record({ ...place, kind: fc.constant("scored" as const), numbers, byIds: fc.boolean() }),
  fc.record({ ...place, kind: fc.constant("refused" as const), reason: fc.string() }),
);

test("a line is read as it was written", () => {
  fc.assert(
    fc.property(anyLine, (line) => {
      const text = encodeScoreLine(line);
      assert.equal(text.indexOf("\n"), text.length - 1);
      // JSON has one zero.
      const plain: unknown = JSON.parse(JSON.stringify({ type: "trace", line }));
      assert.deepEqual(JSON.parse(JSON.stringify(decodeScoreLine(JSON.parse(text)))), plain);
    }),
  );
});

/** Every token has log-prob -0.5; "bad" is refused, "gone" ends it all. */
function scorer(asked: string[]): TraceScorer {
  return {
    score: async ({ text, context, top }: ScoreRequest) => {
      asked.push(text);
      await new Promise((done) => setImmediate(done));
      if (text === "bad") throw new LensError("tooLong", "The trace does not fit.");
      if (text === "gone") throw new EndpointError("connection", "no connection", { retryable: true });
      assert.deepEqual(context, { api: "completions", prompt: "2+2?" });
      const tokens = text.split(" ").map((word, i) => ({
        id: i,
        text: i === 0 ? word : ` ${word}`,
        bytes: null,
        special: false,
        logProb: i === 0 ? Number.NaN : word === "never" ? -Infinity : -0.5,
        rank: null,
        top: [],
        topComplete: true,
      }));
      const facts = {
        source: "",
        model: "",
        method: "file",
        logProbKind: "raw",
        tokenisation: "ids",
      } as const;
      const built = traceOfTokens(text, tokens, {
        ...facts,
        top,
        vocabularySize: null,
        window: null,
        notes: [],
      });
      if (built.kind !== "built") throw new Error("not built");
      return built.trace;
    },
  };
}

const target = (problemKey: string, index: number, text: string): TraceTarget => ({
  problemKey,
  index,
  print: text.length,
  read: () => Promise.resolve({ context: { api: "completions", prompt: "2+2?" }, text, ids: null }),
});

const options = { top: 0, tooLong: "refuse", concurrency: 3, signal: new AbortController().signal } as const;

test("scored once, refused ones tried again, a torn line cut, another text not covered", async (t) => {
  const folder = await folderOf(t);
  const targets = [target("a", 0, "so it is 4"), target("a", 1, "bad"), target("b", 0, "it is never 4")];
  const asked: string[] = [];
  const log = await openScoreSet(folder, head, nodeFileStore);
  const told: string[] = [];
  const first = await scoreTraces(
    targets,
    { scorer: scorer(asked), log },
    { ...options, onProgress: (done, total) => told.push(`${done}/${total}`) },
  );
  await log.close();
  assert.deepEqual(first, { before: 0, scored: 2, refused: 1 });
  assert.deepEqual([told[0], told.at(-1)], ["0/3", "3/3"]);
  const path = scoreSetPath(folder, head);
  assert.match(path, /org-base\.[0-9a-f]{8}\.jsonl$/);
  await appendFile(path, '{"k":"b","i":1,"t":');

  const again = await openScoreSet(folder, head, nodeFileStore);
  const more = [...targets, target("c", 0, "now")];
  const second = await scoreTraces(more, { scorer: scorer(asked), log: again }, options);
  await again.close();
  assert.deepEqual(second, { before: 2, scored: 1, refused: 1 });
  assert.deepEqual(asked, ["so it is 4", "bad", "it is never 4", "bad", "now"]);

  const set = await readScoreSet(path, nodeFileStore);
  assert.equal(set?.length, 4);
  const line = set.find({ problemKey: "b", index: 0, print: 13 });
  assert.equal(line?.kind, "scored");
  // The first token has no log-prob, "never" is at a floor: counted, and in no mean.
  assert.deepEqual([line.numbers.tokens, line.numbers.nullCount, line.numbers.floorCount], [2, 1, 1]);
  assert.ok(Math.abs((perplexityOf(line.numbers) ?? 0) - Math.exp(0.5)) < 1e-12);
  assert.equal(set.find({ problemKey: "b", index: 0, print: 12 }), null);
  assert.deepEqual(
    set.perplexities("b").map((value) => value.toFixed(4)),
    [Math.exp(0.5).toFixed(4)],
  );
  assert.deepEqual(set.perplexities("a").length, 1);
  assert.equal((await readFile(path, "utf8")).split("\n").length, 7);
});

test("no connection, and a cancel: what was scored is kept", async (t) => {
  const folder = await folderOf(t);
  const log = await openScoreSet(folder, head, nodeFileStore);
  const targets = [target("a", 0, "one two"), target("a", 1, "gone"), target("a", 2, "three four")];
  await assert.rejects(scoreTraces(targets, { scorer: scorer([]), log }, options), { code: "connection" });
  const abort = new AbortController();
  abort.abort();
  const cancelled = scoreTraces(
    [target("z", 0, "x")],
    { scorer: scorer([]), log },
    { ...options, signal: abort.signal },
  );
  await assert.rejects(cancelled, { code: "cancelled" });
  await log.close();
  const kept = await readScoreSet(scoreSetPath(folder, head), nodeFileStore);
  assert.deepEqual(
    [...(kept?.lines() ?? [])].map(({ index }) => index).sort((a, b) => a - b),
    [0, 2],
  );
});

test("a file of a newer version, and one that is no set, are left as they are", async (t) => {
  const folder = await folderOf(t);
  const path = scoreSetPath(folder, head);
  await writeFile(path, '{"v":2}\n');
  await assert.rejects(openScoreSet(folder, head, nodeFileStore), { code: "newerSchema" });
  await writeFile(path, "hello\n");
  await assert.rejects(openScoreSet(folder, head, nodeFileStore), { code: "otherScores" });
  assert.equal(await readFile(path, "utf8"), "hello\n");
  assert.notEqual(scoreSetPath(folder, { ...head, prompt: "plain" }), path);
  assert.equal(scoreSetPath(folder, { ...head, scorer: { ...head.scorer, name: "other" } }), path);
});

test("a sample of m of each problem: seeded, of the fitting ones, and a part of a larger one", () => {
  const candidate = fc.record({
    problemKey: fc.constantFrom("a", "b", "c"),
    index: fc.nat(50),
    correct: fc.boolean(),
  });
  const distinct = fc.uniqueArray(candidate, {
    selector: ({ problemKey, index }) => `${problemKey} ${index}`,
  });
  fc.assert(
    fc.property(distinct, fc.nat(5), fc.boolean(), (all, perProblem, correctOnly) => {
      const choice = { correctOnly, perProblem, seed: 7 };
      const chosen = pickTraces(all, choice);
      const fitting = all.filter(({ correct }) => correct || !correctOnly);
      for (const key of ["a", "b", "c"]) {
        const own = fitting.filter(({ problemKey }) => problemKey === key).length;
        assert.equal(chosen.filter(({ problemKey }) => problemKey === key).length, Math.min(own, perProblem));
      }
      const more = new Set(pickTraces(all, { ...choice, perProblem: perProblem + 1 }));
      assert.ok(chosen.every((one) => fitting.includes(one) && more.has(one)));
      assert.deepEqual(pickTraces(all, choice), chosen);
    }),
  );
  const hundred = Array.from({ length: 100 }, (_, index) => ({ problemKey: "a", index, correct: true }));
  const drawn = pickTraces(hundred, { correctOnly: false, perProblem: 10, seed: 0 }).map(
    ({ index }) => index,
  );
  assert.ok(Math.max(...drawn) > 30, drawn.join());
});
