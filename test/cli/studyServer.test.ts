// Studies of a server that wants a key, goes away, or whose answers a command of the person's judges.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { replayQwen, syntheticRows } from "../fakes/server/answers.ts";
import { type FakeServer, type ServerOptions, startServer } from "../fakes/server/server.ts";
import { type CliEnd, runCli } from "../run/cliProcess.ts";

const key = "sk-very-secret-0123456789";
const rows = syntheticRows(4);
let folder: string;
let server: FakeServer | null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rollout-lens-study-server-"));
  const lines = rows.map(({ question, gt }) => `${JSON.stringify({ question, answer: gt })}\n`);
  writeFileSync(join(folder, "data.jsonl"), lines.join(""));
});
afterEach(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(options: Partial<ServerOptions> = {}): Promise<FakeServer> {
  return (server = await startServer({ answer: replayQwen(rows), ...options }));
}

interface Wish {
  readonly names?: readonly string[];
  readonly endpoint?: object;
  readonly more?: object;
}

function writeStudy({ names = ["base"], endpoint = {}, more = {} }: Wish): string {
  const path = join(folder, "study.json");
  const reached = { baseUrls: [server!.url], model: "fake-model", maxConcurrency: 1, ...endpoint };
  const sampling = { samplesPerProblem: 8, template: "qwen-boxed", temperature: 1, topP: 1, maxTokens: 99 };
  const models = names.map((name) => ({ name, endpoint: reached }));
  writeFileSync(path, JSON.stringify({ name: "S", dataset: "data.jsonl", models, sampling, ...more }));
  return path;
}

const study = (...args: readonly string[]): Promise<CliEnd> =>
  runCli(["study", join(folder, "study.json"), "--out", join(folder, "out"), ...args], {
    LENS_TEST_KEY: key,
  });

interface Line {
  readonly key: string;
  readonly i: number;
  readonly verdict: { readonly kind: string };
  readonly verifier: string;
}

const linesOf = (run: string): readonly Line[] =>
  readFileSync(join(folder, "out/runs", run, "samples.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

test("a key goes only where the person said so, whatever address the study file has", async () => {
  const { url, log } = await serve({ key });
  const { origin } = new URL(url);
  writeStudy({ endpoint: { keyEnv: "LENS_TEST_KEY" } });
  const silent = await study();
  assert.equal(silent.code, 2, silent.notes);
  assert.ok(
    silent.notes.includes(`models[0].endpoint.keyEnv: the study file wants the key in LENS_TEST_KEY`),
  );
  assert.ok(silent.notes.includes(`--send-key LENS_TEST_KEY=${origin}`));
  const elsewhere = await study("--send-key", "LENS_TEST_KEY=https://api.example.com");
  assert.equal(elsewhere.code, 2);
  const another = await study("--send-key", `OTHER_KEY=${origin}`);
  assert.equal(another.code, 2);
  assert.equal(log.length, 0, "nothing was sent");
  const wrong = await study("--send-key", key);
  assert.match(wrong.notes, /--send-key: expected VARIABLE=ORIGIN/);
  for (const { notes } of [silent, elsewhere, another, wrong]) assert.ok(!notes.includes(key));

  const said = await study("--send-key", `LENS_TEST_KEY=${url}`);
  assert.equal(said.code, 0, said.notes);
  assert.ok(log.every(({ headers }) => headers.authorization === `Bearer ${key}`));
  assert.equal(linesOf("base").length, 32);
});

test("a server that refuses in the middle: what stopped, what is kept, what to do; the same command goes on", async () => {
  const { setFaults, log } = await serve();
  writeStudy({ names: ["base", "rl"] });
  // The first run, and five samples of the second.
  setFaults(({ index }) => (index < 37 ? null : { kind: "status", status: 401 }));
  const stopped = await study();
  assert.equal(stopped.code, 1);
  assert.match(stopped.notes, /5 finished samples are kept in .*runs\/rl/);
  assert.match(
    stopped.notes,
    /Everything finished is kept in .*out\. Run the same command again to go on\.$/m,
  );
  const kept = linesOf("rl");
  setFaults([]);
  const before = log.length;
  const again = await study();
  assert.equal(again.code, 0, again.notes);
  for (const run of ["base", "rl"])
    assert.equal(new Set(linesOf(run).map(({ key: problem, i }) => `${problem} ${i}`)).size, 32, run);
  assert.deepEqual(linesOf("rl").slice(0, kept.length), kept);
  assert.equal(log.length - before, 27, "nothing on disk is asked again");
});

test("a command of the person's judges every run of a study that names it, also after a stop", async () => {
  const { setFaults } = await serve();
  const judge = join(folder, "judge.mjs");
  writeFileSync(
    judge,
    `import { createInterface } from "node:readline";
     for await (const line of createInterface({ input: process.stdin })) {
       const { id, response } = JSON.parse(line);
       process.stdout.write(JSON.stringify({ id, score: response.length % 2 === 0 }) + "\\n");
     }`,
  );
  writeStudy({ names: ["base", "rl"], more: { verifier: "custom:even" } });
  const command = ["--", process.execPath, judge];

  const without = await study();
  assert.equal(without.code, 2);
  assert.match(without.notes, /The study is judged by custom:even\. Nothing was sampled\. Give its command/);
  setFaults(({ index }) => (index < 40 ? null : { kind: "status", status: 401 }));
  assert.equal((await study(...command)).code, 1);
  setFaults([]);
  const other = await study("--", process.execPath, judge, "--strict");
  assert.equal(other.code, 2);
  assert.match(
    other.notes,
    /its runs are judged by custom:even@[0-9a-f]{12}, and custom:even is custom:even@/,
  );
  const done = await study(...command);
  assert.equal(done.code, 0, done.notes);
  const judges = new Set(["base", "rl"].flatMap((run) => linesOf(run).map(({ verifier }) => verifier)));
  assert.deepEqual(
    [...judges].map((id) => id.replace(/@.*/, "@")),
    ["custom:even@"],
  );
  const texts = new Map(
    readFileSync(join(folder, "out/runs/base/samples.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Line & { text: string })
      .map(({ text, verdict }) => [text, verdict.kind]),
  );
  for (const [text, kind] of texts) assert.equal(kind, text.length % 2 === 0 ? "correct" : "incorrect", text);

  writeStudy({ names: ["base", "rl"] });
  const unasked = await study(...command);
  assert.match(unasked.notes, /a command goes with "verifier": "custom:NAME"/);
});

test("a broken study file says which file, and which field or what else", async () => {
  await serve();
  const path = writeStudy({ more: { verifier: "mathh" } });
  const wrong = await study();
  assert.equal(wrong.code, 2);
  assert.ok(wrong.notes.includes(`${path}: verifier: expected one of math:standard`), wrong.notes);
  writeFileSync(path, '{"name": "S",');
  const torn = await study();
  assert.equal(torn.code, 2);
  assert.ok(torn.notes.startsWith(`${path}: `), torn.notes);
});
