import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { decodeTrace } from "../../src/core/trace/traceJson.ts";
import { traceSummary } from "../../src/core/trace/traceSummary.ts";
import { encode } from "../fakes/server/scoreModel.ts";
import { startScoreServer, type ScoreServerOptions } from "../fakes/server/scoreServer.ts";
import { truth } from "../endpoints/score/scoring.ts";
import { sharedData, without } from "../paths.ts";
import { runCli } from "./runCli.ts";

const ada = sharedData("logprobs/openai_ada_echo.json");
test("perplexity of a recorded echo", { skip: without(ada) }, async () => {
  const { code, stdout } = await runCli("perplexity", ada ?? "", "--json");
  assert.equal(code, 0);
  const { texts } = JSON.parse(stdout) as { texts: { perplexity: number; alignment: string }[] };
  assert.equal(texts.length, 7);
  assert.ok(Math.abs((texts[0]?.perplexity ?? 0) - 21.74447) < 1e-5);
  assert.ok(texts.every(({ alignment }) => alignment === "exact"));
});

async function folderOf(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "score-"));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

async function rollouts(t: TestContext, options: ScoreServerOptions) {
  const folder = await folderOf(t);
  const server = await startScoreServer(options);
  t.after(() => server.close());
  const traces = join(folder, "traces.jsonl");
  const rows = ["So we have x = 4", "The answer is 4 😀"].map((response) => ({
    question: "2+2?",
    response,
    score: 1,
  }));
  await writeFile(traces, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const out = join(folder, "scores.jsonl");
  const args = [
    "score",
    traces,
    "--url",
    server.url,
    "--model",
    "toy",
    "--template",
    "plain",
    "--out",
    out,
    "--top",
    "3",
    "--json",
  ];
  return { server, out, args, rows };
}

test("score: every trace once, with its tokens; again from the disk", async (t) => {
  const { server, out, args, rows } = await rollouts(t, { shape: "vllm" });
  const first = await runCli(...args);
  assert.equal(first.code, 0, first.stderr);
  const summary = JSON.parse(first.stdout) as { failed: number; traces: { sum: number; tokens: number }[] };
  assert.equal(summary.failed, 0);
  const lines = (await readFile(out, "utf8")).trimEnd().split("\n");
  for (const [i, row] of rows.entries()) {
    const line = JSON.parse(lines[i] ?? "") as { trace: unknown; sum: number };
    const trace = decodeTrace(line.trace);
    const prompt = "2+2?\n";
    const expected = truth(encode(prompt + row.response), encode(prompt).length).reduce(
      (sum, value) => sum + value,
      0,
    );
    assert.ok(Math.abs(line.sum - expected) < 1e-6, `${line.sum}, not ${expected}`);
    assert.equal(trace.text, row.response);
    assert.equal(traceSummary(trace).sum, line.sum);
  }
  const asked = server.requests.length;
  const second = await runCli(...args);
  assert.match(second.stderr, /2 scored \(2 of them before\), 0 failed/);
  assert.deepEqual((JSON.parse(second.stdout) as { traces: unknown }).traces, summary.traces);
  const scoring = server.requests
    .slice(asked)
    .filter(({ body }) => String(body["prompt"]).startsWith("2+2?\n"));
  assert.equal(scoring.length, 0, "nothing is scored twice");
});

test("score: only what was judged so, only the first of each problem, and all together", async (t) => {
  const { args, out } = await rollouts(t, { shape: "vllm" });
  const traces = args[1] ?? "";
  const row = (question: string, score: number) => ({ question, response: `So ${question} = 4`, score });
  const rows = [row("1", 1), row("1", 0), row("1", 1), row("2", 0), row("2", 1), row("3", 0)];
  await writeFile(traces, rows.map((one) => `${JSON.stringify(one)}\n`).join(""));
  const chosen = async (...more: readonly string[]) => {
    const { stdout, code } = await runCli(...args, ...more);
    const { pooled, traces } = JSON.parse(stdout === "" ? "{}" : stdout) as {
      pooled?: { traces: number; natsPerTrace: number };
      traces?: { verdict: string; line: number; sum: number }[];
    };
    return { code, pooled, traces, lines: traces?.map(({ line }) => line) };
  };
  const correct = await chosen("--verdict", "correct");
  assert.deepEqual(correct.lines, [1, 3, 5]);
  assert.ok(correct.traces?.every(({ verdict }) => verdict === "correct"));
  assert.equal(correct.pooled?.traces, 3);
  const nats = correct.traces?.reduce((sum, trace) => sum - trace.sum / 3, 0) ?? 0;
  assert.ok(Math.abs(nats - (correct.pooled?.natsPerTrace ?? 0)) < 1e-9);
  assert.deepEqual((await chosen("--per-problem", "1")).lines, [1, 4, 6]);
  assert.deepEqual(
    (await chosen("--verdict", "incorrect", "--per-problem", "1", "--limit", "2")).lines,
    [2, 4],
  );
  const table = await runCli(...args.filter((arg) => arg !== "--json"));
  assert.match(table.stdout, /^6 traces, \d+ tokens: perplexity \d+\.\d{4} over all tokens/m);
  assert.equal((await readFile(out, "utf8")).trimEnd().split("\n").length, 6);
});

test("score: a server that ignores echo is refused with the reason and what to do", async (t) => {
  const { args } = await rollouts(t, { shape: "echo", defect: "echoIgnored" });
  const { code, stdout, stderr } = await runCli(...args);
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /No perplexity from toy: the tokens are not those of the text sent/);
  assert.match(stderr, /echo is ignored\. Serve it otherwise: vLLM and SGLang/);
});
