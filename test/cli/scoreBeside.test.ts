import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Sample } from "../../src/core/model.ts";
import { createRun } from "../../src/core/run/store.ts";
import { templateNamed } from "../../src/core/run/templates.ts";
import { readScoreSet } from "../../src/core/trace/scoreSetFile.ts";
import { systemClock } from "../../src/node/clock.ts";
import { nodeFileStore } from "../../src/node/fileStore.ts";
import { problemsNamed, testPlan } from "../core/run/fakes.ts";
import { truth } from "../endpoints/score/scoring.ts";
import { encode } from "../fakes/server/scoreModel.ts";
import { startScoreServer } from "../fakes/server/scoreServer.ts";
import { runCli } from "./runCli.ts";

const sample = (problemKey: string, index: number, text: string): Sample => ({
  problemKey,
  index,
  seed: index,
  text,
  reasoning: null,
  finishReason: "stop",
  outcome: { kind: "ok" },
  verdict: { kind: index === 0 ? "correct" : "incorrect", how: "exact", extracted: "4" },
  verifier: "math@1:standard",
  usage: null,
});

test("the tokens of a run go to their own model as they were sampled", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "beside-ids-"));
  t.after(() => rm(folder, { recursive: true }));
  const server = await startScoreServer({ shape: "vllm" });
  t.after(() => server.close());
  const problems = problemsNamed("2+2?");
  const template = templateNamed("plain");
  const { origin } = new URL(server.url);
  const plan = testPlan({ problems, samplesPerProblem: 2, template, origin, model: "toy" });
  const log = await createRun(folder, plan, { files: nodeFileStore, clock: systemClock, owner: "test" });
  const [key, text] = [problems[0]?.key ?? "", "So we have x = 4"];
  // Letter by letter, as the server itself would never cut it.
  const trace = text.split("").flatMap((letter) => encode(letter));
  const prompt = encode("2+2?\n");
  assert.notDeepEqual(trace, encode(text));
  await log.append({ ...sample(key, 0, text), tokenIds: { prompt, trace } });
  await log.append(sample(key, 1, text));
  await log.close();
  const { code, stdout, stderr } = await runCli("score", folder, "--url", server.url, ...asJson);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /sampled token ids are scored as they are/);
  const set = await readScoreSet((JSON.parse(stdout) as { set: string }).set, nodeFileStore);
  // They stand in the order in which they were scored.
  const [sampled, cut] = [...(set?.of(key) ?? [])].sort((a, b) => a.index - b.index);
  assert.ok(sampled?.kind === "scored" && cut?.kind === "scored");
  assert.deepEqual([sampled.byIds, cut.byIds], [true, false]);
  assert.deepEqual([sampled.numbers.tokens, cut.numbers.tokens], [trace.length, encode(text).length]);
  const logProbs = truth([...prompt, ...trace], prompt.length);
  assert.ok(Math.abs(sampled.numbers.sum - logProbs.reduce((sum, value) => sum + value, 0)) < 1e-6);
});

const asJson = ["--model", "toy", "--json"];

test("a run scored beside its samples, with the prompts it was sampled with; again only what is missing", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "beside-"));
  t.after(() => rm(folder, { recursive: true }));
  const server = await startScoreServer({ shape: "vllm" });
  t.after(() => server.close());
  const problems = problemsNamed("2+2?", "3+1?");
  const plan = testPlan({ problems, samplesPerProblem: 2, template: templateNamed("plain") });
  const log = await createRun(folder, plan, { files: nodeFileStore, clock: systemClock, owner: "test" });
  const texts = ["So we have x = 4", "The answer is 4 😀"];
  for (const { key } of problems)
    for (const [index, text] of texts.entries()) await log.append(sample(key, index, text));
  await log.close();
  const args = ["score", folder, "--url", server.url, "--model", "toy", "--json"];
  const first = await runCli(...args, "--verdict", "correct");
  assert.equal(first.code, 0, first.stderr);
  const told = JSON.parse(first.stdout) as { set: string; scored: number; boxes: { incorrect: unknown } };
  assert.deepEqual([told.scored, told.boxes.incorrect], [2, null]);
  const second = await runCli(...args);
  assert.match(second.stderr, /4 scored \(2 of them before\), 0 refused; prompts by plain/);
  const set = await readScoreSet(told.set, nodeFileStore);
  assert.equal(set?.length, 4);
  assert.deepEqual([set.head.scorer.model, set.head.prompt], ["toy", "plain"]);
  for (const { key, question } of problems)
    for (const line of set.of(key)) {
      const prompt = `${question}\n`;
      const logProbs = truth(encode(prompt + (texts[line.index] ?? "")), encode(prompt).length);
      assert.equal(line.kind, "scored");
      assert.equal(line.numbers.tokens, logProbs.length);
      assert.ok(Math.abs(line.numbers.sum - logProbs.reduce((sum, value) => sum + value, 0)) < 1e-6);
    }
  const file = await runCli("score", join(folder, "problems.jsonl"), "--url", server.url, "--model", "toy");
  assert.equal(file.code, 2, file.stderr);
});
