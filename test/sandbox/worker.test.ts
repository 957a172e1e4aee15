import assert from "node:assert/strict";
import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { encodeCodeGold } from "../../src/core/verify/code/codeGold.ts";
import { WorkerCodeVerifier } from "../../src/node/workerCodeVerifier.ts";
import { sourceSandboxFiles } from "../../src/node/sandbox/sandboxFiles.ts";
import { root } from "../paths.ts";
import { until } from "../e2e/until.ts";

const workerFile = join(root, "src/node/codeVerifyWorker.ts");
const wish = {
  engine: "pyodide",
  files: sourceSandboxFiles(root),
  cache: join(root, "dist", "sandbox-cache"),
  jobs: 1,
  bubblewrap: null,
} as const;

const add = JSON.stringify({
  task_id: "t/add",
  prompt: "def add(a, b):\n",
  entry_point: "add",
  test: "def check(candidate):\n    assert candidate(1, 2) == 3\n    assert candidate(2, 2) == 4\n",
});
const gold = encodeCodeGold(add, null);
const item = (response: string, ofTask = gold) => ({ question: "", gold: ofTask, response });

test("samples of a run are judged in a thread, with what failed; a cancelled one frees the interpreter", async () => {
  const verifier = new WorkerCodeVerifier({ workerFile, wish, idleMs: 100 });
  assert.equal(verifier.id, "code-pyodide@1");
  const [right, chat, wrong, plain] = await Promise.all([
    verifier.verify(item("    return a + b\n")),
    verifier.verify(item("Here it is:\n```python\ndef add(a, b):\n    return b + a\n```\nDone.")),
    verifier.verify(item("    return 3\n")),
    verifier.verify(item("4", "4")),
  ]);
  assert.deepEqual(right, { kind: "correct", how: "2 tests passed", extracted: null });
  assert.equal(chat.kind, "correct");
  assert.deepEqual(wrong, {
    kind: "incorrect",
    how: "test 2 of 2: assertion failed",
    extracted: null,
    trial: { call: "add(2, 2)", expected: "4", got: "3" },
  });
  assert.equal(plain.kind, "error");
  const leave = new AbortController();
  const hanging = verifier.verify(item("    while True: pass\n"), leave.signal);
  setTimeout(() => leave.abort(), 300);
  await assert.rejects(hanging, { code: "cancelled" });
  await new Promise((done) => setTimeout(done, 300)); // idle: its processes ended meanwhile
  assert.equal((await verifier.verify(item("    return a + b\n"))).kind, "correct");
  const left = verifier.verify(item("    while True: pass\n"));
  void verifier.close();
  await assert.rejects(left, { code: "cancelled" });
  await verifier.close();
  await assert.rejects(verifier.verify(item("")), { code: "cancelled" });
});

test("a limit of the person's ends what takes longer, and is told by the id", async () => {
  const limited = { ...wish, limitSeconds: 0.5 };
  const verifier = new WorkerCodeVerifier({ workerFile, wish: limited });
  try {
    assert.equal(verifier.id, "code-pyodide@1:0.5s");
    // It sleeps for longer than this limit, and for less than the benchmark's 4 s: under that it would pass.
    const slow = await verifier.verify(item("    import time\n    time.sleep(1)\n    return a + b\n"));
    assert.match(slow.kind === "incorrect" ? slow.how : slow.kind, /^timeout/);
  } finally {
    await verifier.close();
  }
});

test("tests that stay in their file are read from it; a file that changed is said", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rollout-lens-tasks-"));
  const verifier = new WorkerCodeVerifier({ workerFile, wish });
  try {
    const file = join(folder, "tasks.jsonl");
    const long = JSON.stringify({ ...JSON.parse(add), note: "x".repeat(300_000) });
    writeFileSync(file, `${long}\n`);
    const kept = encodeCodeGold(long, { file, start: 0, end: long.length });
    assert.ok(kept.length < 400);
    assert.equal((await verifier.verify(item("    return a + b\n", kept))).kind, "correct");
    writeFileSync(file, `${long.replace("== 3", "== 5")}\n`);
    const other = kept.replace('"end"', ' "end"'); // not the one that is remembered
    const changed = await verifier.verify(item("    return a + b\n", other));
    assert.match(
      changed.kind === "error" ? changed.reason : changed.kind,
      /has changed since the run was made/,
    );
  } finally {
    await verifier.close();
    rmSync(folder, { recursive: true });
  }
});

test("a sandbox that does not start is told once; every sample says so", async () => {
  const told: string[] = [];
  const verifier = new WorkerCodeVerifier({
    workerFile,
    wish: {
      ...wish,
      files: { ...wish.files, pyodide: join(root, "absent") },
      cache: join(tmpdir(), "absent"),
    },
    onFailure: ({ code }) => told.push(code),
  });
  const verdicts = await Promise.all(["a", "b"].map((text) => verifier.verify(item(text))));
  assert.deepEqual(
    verdicts.map(({ kind }) => kind),
    ["error", "error"],
  );
  await until("it was told", () => told.length > 0, 1000);
  assert.deepEqual(told, ["sandboxFailed"]);
  await verifier.close();
});
