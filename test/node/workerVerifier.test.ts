import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { WorkerVerifier } from "../../src/node/workerVerifier.ts";
import { WorkerVerifiers } from "../../src/node/workerVerifiers.ts";
import { root } from "../paths.ts";

const workerFile = resolve(root, "src/node/verifyWorker.ts");
const item = (response: string, gold = "1/2") => ({ question: "", gold, response });

/** A worker that does as the response says: hangs, fills its memory, throws, or says correct. */
const folder = mkdtempSync(join(tmpdir(), "rollout-lens-worker-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const obedient = join(folder, "obedient.mjs");
writeFileSync(
  obedient,
  `import { parentPort, workerData } from "node:worker_threads";
   const verdictOf = ({ response }) => {
     if (response === "hang") for (;;);
     if (response === "fill") for (const kept = []; ; ) kept.push(new Array(1e5).fill({}).map((_, k) => ({ k })));
     if (response === "throw") throw new Error("broken");
     return { kind: "correct", how: response, extracted: null };
   };
   parentPort.on("message", ({ items }) => {
     const verdicts = items.map((item, at) => {
       const verdict = verdictOf(item);
       Atomics.store(workerData.progress, 0, at + 1);
       return verdict;
     });
     parentPort.postMessage({ verdicts: verdicts.slice(0, 3) });
   });
   parentPort.postMessage("ready");`,
);

test("judges in the order asked for, under the id of the verifier and its mode", async () => {
  const verifier = new WorkerVerifier({ workerFile, spec: { name: "math", mode: "lenient" } });
  assert.equal(verifier.id, "math@1:lenient");
  const verdicts = await Promise.all([
    verifier.verify(item("\\boxed{0.5}")),
    verifier.verify(item("\\boxed{0.6}")),
    verifier.verify(item("\\boxed{9^{9^{9^{9}}}}")),
    verifier.verify(item("I have no idea what to say.")),
  ]);
  assert.deepEqual(
    verdicts.map(({ kind }) => kind),
    ["correct", "incorrect", "undecided", "unparsed"],
  );
  await verifier.close();
});

test("an item past its deadline is undecided alone; its worker is replaced", async () => {
  const verifier = new WorkerVerifier({ workerFile: obedient, deadlineMs: 150 });
  const verdicts = await Promise.all(
    ["a", "hang", "b", "hang", "c"].map((response) => verifier.verify(item(response))),
  );
  assert.deepEqual(verdicts, [
    { kind: "correct", how: "a", extracted: null },
    { kind: "undecided", reason: "time limit", extracted: null },
    { kind: "correct", how: "b", extracted: null },
    { kind: "undecided", reason: "time limit", extracted: null },
    { kind: "correct", how: "c", extracted: null },
  ]);
  await verifier.close();
});

test("an item that fills the heap or throws takes only its own worker with it", async () => {
  const verifier = new WorkerVerifier({ workerFile: obedient, deadlineMs: 20_000, heapMegabytes: 32 });
  const [full, thrown, fine] = await Promise.all(
    ["fill", "throw", "fine"].map((response) => verifier.verify(item(response))),
  );
  assert.deepEqual(full, { kind: "undecided", reason: "memory limit", extracted: null });
  assert.equal(thrown?.kind, "error");
  assert.equal(fine?.kind, "correct");
  await verifier.close();
});

test("a worker file that is not there is an error verdict, not a hang", async () => {
  const verifier = new WorkerVerifier({ workerFile: join(folder, "absent.mjs") });
  const verdict = await verifier.verify(item("\\boxed{1}"));
  assert.equal(verdict.kind, "error");
  await verifier.close();
});

test("aborting rejects the item with `cancelled`, closing all that wait", async () => {
  const verifier = new WorkerVerifier({ workerFile: obedient, deadlineMs: 20_000 });
  const abort = new AbortController();
  const [first, second, third] = [
    verifier.verify(item("hang")),
    verifier.verify(item("b"), abort.signal),
    verifier.verify(item("c")),
  ];
  const rejected = Promise.all(
    [first, second, third].map((verdict) => assert.rejects(verdict, { code: "cancelled" })),
  );
  abort.abort();
  await verifier.close();
  await rejected;
  await assert.rejects(verifier.verify(item("d")), { code: "cancelled" });
});

test("a window has one worker for each verifier; an id that is no longer here is the default one", async () => {
  const verifiers = new WorkerVerifiers(resolve(root, "src/cli"));
  const [standard, choice] = [verifiers.get(), verifiers.get("choice@1")];
  assert.equal(verifiers.get("basic@1"), standard);
  assert.equal(verifiers.get("math@1:standard"), standard);
  const question = "Q?\n(A) 1\n(B) 2";
  const verdicts = await Promise.all([
    standard.verify({ question, gold: "2", response: "The answer is (B)." }),
    choice.verify({ question, gold: "2", response: "The answer is (B)." }),
  ]);
  assert.deepEqual(
    verdicts.map(({ kind }) => kind),
    ["incorrect", "correct"],
  );
  await verifiers.close();
  await assert.rejects(async () => standard.verify(item("\\boxed{1}")), { code: "cancelled" });
});

test("starting beforehand waits for the worker, or for its failure", async () => {
  const [there, absent] = [workerFile, join(folder, "absent.mjs")].map(
    (file) => new WorkerVerifier({ workerFile: file }),
  );
  await Promise.all([there!.start(), there!.start(), absent!.start()]);
  const started = performance.now();
  assert.equal((await there!.verify(item("\\boxed{1/2}"))).kind, "correct");
  assert.ok(performance.now() - started < 1000);
  await Promise.all([there!.close(), absent!.close()]);
});
