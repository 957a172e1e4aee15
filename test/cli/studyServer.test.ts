// Studies of a server that wants a key, goes away, or whose answers a command of the person's judges.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { keyConsents, studyKey } from "../../src/cli/studyKeys.ts";
import { openStudyVerifiers } from "../../src/cli/studyVerifiers.ts";
import type { LensError } from "../../src/core/errors.ts";
import { decodeStudy } from "../../src/core/study/spec.ts";
import { replayQwen, syntheticRows } from "../fakes/server/answers.ts";
import { type FakeServer, type ServerOptions, startServer } from "../fakes/server/server.ts";
import { type CliEnd, runCli } from "../run/cliProcess.ts";

const key = "sk-very-secret-0123456789";
const rows = syntheticRows(4);
let folder: string;
let running: FakeServer | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rollout-lens-study-server-"));
  const lines = rows.map(({ question, gt }) => `${JSON.stringify({ question, answer: gt })}\n`);
  writeFileSync(join(folder, "data.jsonl"), lines.join(""));
});
afterEach(async () => {
  await running?.close();
  running = null;
  rmSync(folder, { recursive: true, force: true });
});

async function serve(options: Partial<ServerOptions> = {}): Promise<FakeServer> {
  return (running = await startServer({ answer: replayQwen(rows), ...options }));
}

const sampling = { samplesPerProblem: 8, template: "qwen-boxed", temperature: 1, topP: 1, maxTokens: 99 };
const smallest = {
  name: "S",
  dataset: "data.jsonl",
  models: [{ name: "m", endpoint: "demo:base" }],
  sampling,
};

interface Wish {
  readonly names?: readonly string[];
  readonly endpoint?: object;
  readonly more?: object;
}

function writeStudy({ names = ["base"], endpoint = {}, more = {} }: Wish): string {
  const path = join(folder, "study.json");
  const reached = { baseUrls: [running?.url], model: "fake-model", maxConcurrency: 1, ...endpoint };
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
  assert.ok(!silent.notes.includes(key));
  assert.equal(log.length, 0, "nothing was sent");

  const said = await study("--send-key", `LENS_TEST_KEY=${url}`);
  assert.equal(said.code, 0, said.notes);
  assert.ok(log.every(({ headers }) => headers.authorization === `Bearer ${key}`));
  assert.equal(linesOf("base").length, 32);
});

test("a server that refuses in the middle: what stopped, what is kept, what to do; the same command goes on", async () => {
  const server = await serve();
  writeStudy({ names: ["base", "rl"] });
  // The first run, and five samples of the second.
  server.setFaults(({ index }) => (index < 37 ? null : { kind: "status", status: 401 }));
  const stopped = await study();
  assert.equal(stopped.code, 1);
  assert.match(stopped.notes, /5 finished samples are kept in .*runs\/rl/);
  assert.match(
    stopped.notes,
    /Everything finished is kept in .*out\. Run the same command again to go on\.$/m,
  );
  const kept = linesOf("rl");
  server.setFaults([]);
  const before = server.log.length;
  const again = await study();
  assert.equal(again.code, 0, again.notes);
  for (const run of ["base", "rl"])
    assert.equal(new Set(linesOf(run).map(({ key: problem, i }) => `${problem} ${i}`)).size, 32, run);
  assert.deepEqual(linesOf("rl").slice(0, kept.length), kept);
  assert.equal(server.log.length - before, 27, "nothing on disk is asked again");
});

test("a command of the person's judges every run of a study that names it, also after a stop", async () => {
  const server = await serve();
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

  server.setFaults(({ index }) => (index < 40 ? null : { kind: "status", status: 401 }));
  assert.equal((await study(...command)).code, 1);
  server.setFaults([]);
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
});

test("a study file that is no JSON is named", async () => {
  await serve();
  const path = writeStudy({});
  writeFileSync(path, '{"name": "S",');
  const torn = await study();
  assert.equal(torn.code, 2);
  assert.ok(torn.notes.startsWith(`${path}: `), torn.notes);
});

test("of --send-key only its variable and origin count, and an address beside them gets no key", () => {
  process.env["LENS_TEST_KEY"] = key;
  const model = { name: "m", role: "base", metadata: {}, endpoint: { keyEnv: "LENS_TEST_KEY" } } as const;
  const keyOf = (sent: readonly string[], ...baseUrls: readonly string[]) =>
    studyKey(model, { baseUrls }, { where: "models[0].endpoint", consents: keyConsents(sent) });
  const url = "https://api.example.com/v1";
  const other = "https://api.example.com.evil.example/v1";
  const allowed = keyOf([`LENS_TEST_KEY=${url}`], url);
  assert.deepEqual([allowed?.(new URL(url).origin), allowed?.(new URL(other).origin)], [key, null]);
  for (const sent of [
    [],
    [`LENS_TEST_KEY=${other}`],
    [`OTHER=${url}`],
    ["LENS_TEST_KEY=http://api.example.com"],
  ])
    assert.throws(() => keyOf(sent, url), { code: "badStudy", message: /Nothing was sent/ });
  assert.throws(() => keyOf([`LENS_TEST_KEY=${url}`], url, other), { message: /evil/ });
  for (const wrong of [key, "LENS_TEST_KEY=ftp://x", "=https://x"])
    assert.throws(
      () => keyConsents([wrong]),
      (error: LensError) => error.code === "usage" && !error.message.includes(key),
    );
  const keyless = { ...model, endpoint: {} };
  assert.equal(studyKey(keyless, { baseUrls: [url] }, { where: "", consents: new Map() }), null);
});

test("a verifier of the person's is only the command behind --", async () => {
  const { signal } = new AbortController();
  const context = { out: assert.fail, note: assert.fail, signal };
  const spec = (verifier: string | null) => decodeStudy({ ...smallest, verifier }, "study.json");
  const none = openStudyVerifiers(spec("custom:even"), [], context);
  await assert.rejects(none.customId("custom:even"), { code: "noVerifier", message: /Give its command/ });
  await assert.rejects(none.open("custom:even@0123456789ab"), { code: "noVerifier" });
  const own = openStudyVerifiers(spec("custom:even"), ["node", "judge.mjs"], context);
  const id = await own.customId("custom:even");
  assert.match(id, /^custom:even@[0-9a-f]{12}$/);
  assert.equal((await own.open(id)).id, id);
  const changed = openStudyVerifiers(spec(id), ["node", "judge.mjs", "--strict"], context);
  await assert.rejects(changed.customId(id), {
    code: "noVerifier",
    message: /the command behind -- is custom:even@/,
  });
  assert.throws(() => openStudyVerifiers(spec(null), ["node"], context), { code: "usage" });
  await Promise.all([none, own, changed].map((each) => each.close()));
});
