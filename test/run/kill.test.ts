import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { syntheticRows, replayQwen } from "../fakes/server/answers.ts";
import { type FakeServer, startServer } from "../fakes/server/server.ts";
import { runCli, startCli } from "./cliProcess.ts";

const problems = 20;
const perProblem = 100;
const kills = 25;
/** At 16 at a time and 40 ms each, all samples take 5 s. */
const latencyMs = 40;
/** A session is killed after at most so many requests, so that a slow machine has as many kills as a fast one. */
const mostRequests = 70;
/** And so much later: at any moment between two requests, or of start-up, when folder, lock and plan are made or read. */
const latestKillMs = 100;

const rows = syntheticRows(problems);
const promptsToKeys = new Map<string, string>();

let server: FakeServer;
let folder: string;
let args: string[];

before(async () => {
  server = await startServer({
    answer: replayQwen(rows),
    latency: { medianMs: latencyMs, sigma: 0.3, seed: 3 },
  });
  folder = mkdtempSync(join(tmpdir(), "rollout-lens-kill-"));
  const dataset = join(folder, "problems.jsonl");
  writeFileSync(
    dataset,
    rows.map(({ question, gt }) => `${JSON.stringify({ question, answer: gt })}\n`).join(""),
  );
  args = ["sample", dataset, "--url", server.url, "--model", "fake-model", "-n", `${perProblem}`];
  args.push("--out", join(folder, "run"), "--template", "plain", "--concurrency", "16", "--json");
});

after(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const samplesFile = (): string => join(folder, "run", "samples.jsonl");

/** `key#index` of every whole line on disk. */
function onDisk(): readonly string[] {
  let text = "";
  try {
    text = readFileSync(samplesFile(), "utf8");
  } catch {
    return [];
  }
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  return whole
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const { key, i } = JSON.parse(line) as { key: string; i: number };
      return `${key}#${i}`;
    });
}

/** `key#index` of the requests from the server's log, from a place on. */
function askedSince(start: number): readonly string[] {
  if (promptsToKeys.size === 0) {
    const lines = readFileSync(join(folder, "run", "problems.jsonl"), "utf8")
      .trim()
      .split("\n");
    for (const line of lines) {
      const { key, question } = JSON.parse(line) as { key: string; question: string };
      promptsToKeys.set(`${question}\n`, key);
    }
  }
  return server.log
    .slice(start)
    .map(({ body }) => `${promptsToKeys.get(String(body.prompt))}#${String(body.seed)}`);
}

/** Starts a session and kills it, `ms` after it has made so many requests. */
async function killedSession(requests: number, ms: number): Promise<void> {
  const start = server.log.length;
  const { child, ended } = startCli(args);
  while (server.log.length < start + requests && child.exitCode === null) await delay(2);
  await delay(ms);
  child.kill("SIGKILL");
  const { signal, notes } = await ended;
  assert.equal(signal, "SIGKILL", `the session ended before it was killed: ${notes}`);
}

describe("kill -9", () => {
  it(`${kills} times during ${problems * perProblem} samples: each is there once, none on disk is asked for again`, async () => {
    const random = xoroshiro128plus(20_251_120);
    let kept: readonly string[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      const start = server.log.length;
      // One in five during start-up.
      const requests = kill % 5 === 0 ? 0 : uniformInt(random, 1, mostRequests);
      await killedSession(requests, uniformInt(random, 0, latestKillMs));
      const requested = server.log.length > start ? askedSince(start) : [];
      const known = new Set(kept);
      assert.deepEqual(
        requested.filter((sample) => known.has(sample)),
        [],
      );
      const now = onDisk();
      assert.deepEqual(now.slice(0, kept.length), kept, "what was on disk stays there, in place");
      kept = now;
    }
    assert.ok(
      kept.length > 100 && kept.length < problems * perProblem,
      `${kept.length} before the last session`,
    );
    const start = server.log.length;
    const end = await runCli(args);
    assert.equal(end.code, 0, end.notes);
    const requested = askedSince(start);
    assert.equal(requested.length, problems * perProblem - kept.length);
    assert.equal(requested.filter((sample) => kept.includes(sample)).length, 0);
    const all = onDisk();
    assert.equal(all.length, problems * perProblem);
    assert.equal(new Set(all).size, problems * perProblem);
    const summary = JSON.parse(end.out) as {
      status: string;
      finished: number;
      total: number;
      graded: number;
    };
    assert.deepEqual([summary.status, summary.finished, summary.total], ["done", 2000, 2000]);
    assert.equal(summary.graded, 2000);
  });

  it("a finished run asks for nothing and says it is done", async () => {
    const start = server.log.length;
    const { code, out } = await runCli(args);
    assert.equal(code, 0);
    assert.equal(server.log.length, start);
    assert.equal((JSON.parse(out) as { finishedNow: number }).finishedNow, 0);
  });

  it("other settings on the same folder are refused and change nothing", async () => {
    const before = readFileSync(samplesFile());
    const { code, notes } = await runCli([...args, "--temperature", "1"]);
    assert.equal(code, 2);
    assert.match(notes, /holds another run \(temperature there 0\.6, here 1\)/);
    assert.deepEqual(readFileSync(samplesFile()), before);
  });
});

describe("two processes on one run", () => {
  const runArgs = (): string[] =>
    args.map((arg) => (arg === join(folder, "run") ? join(folder, "shared") : arg));

  it("the second is told who has it; the first goes on, and Ctrl-C keeps what is finished", async () => {
    const start = server.log.length;
    const first = startCli(runArgs());
    while (server.log.length === start) await delay(5);
    const second = await runCli(runArgs());
    assert.equal(second.code, 1);
    assert.match(
      second.notes,
      new RegExp(`is being written by command line \\(process ${first.child.pid} on `),
    );
    first.child.kill("SIGINT");
    const end = await first.ended;
    assert.equal(end.code, 1);
    assert.match(end.notes, /finished samples? (is|are) kept in/);
    const { status, reason, finished } = JSON.parse(end.out) as {
      status: string;
      reason: string;
      finished: number;
    };
    assert.deepEqual([status, reason], ["stopped", "cancelled"]);
    const lines = readFileSync(join(folder, "shared", "samples.jsonl"), "utf8")
      .trimEnd()
      .split("\n");
    assert.equal(lines.length, finished);
  });
});
