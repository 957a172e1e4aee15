import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, beforeEach } from "node:test";
import type * as vscode from "vscode";
import type { FileStore } from "../../src/core/ports.ts";
import type { Generator } from "../../src/core/run/generate.ts";
import { EndpointError } from "../../src/core/run/generate.ts";
import { planRun, type RunPlan } from "../../src/core/run/plan.ts";
import { templateNamed } from "../../src/core/run/templates.ts";
import { mathVerifier } from "../../src/core/verify/math/mathVerifier.ts";
import { RunCatalog } from "../../src/host/catalog.ts";
import { countRuns } from "../../src/host/countRuns.ts";
import { sha256 } from "../../src/node/sha256.ts";
import { RunData } from "../../src/host/runData.ts";
import { progressView } from "../../src/host/panels/progressView.ts";
import { Runs } from "../../src/host/runs.ts";
import type { RunStop } from "../../src/host/activeRun.ts";
import { runDescription } from "../../src/host/views/runWords.ts";
import { systemClock } from "../../src/node/clock.ts";
import { nodeFileStore } from "../../src/node/fileStore.ts";
import { fake, FakeMemento } from "../fakes/vscode.ts";

const verifier = mathVerifier();

const root = mkdtempSync(join(tmpdir(), "rollout-lens-runs-"));
/** Read after the other, and empty. */
const laterRoot = mkdtempSync(join(tmpdir(), "rollout-lens-later-"));
after(() => [root, laterRoot].forEach((folder) => rmSync(folder, { recursive: true, force: true })));
beforeEach(() => fake.reset());

let made = 0;
function planFor(samplesPerProblem = 8, stopRule?: RunPlan["stopRule"]): RunPlan {
  const problems = ["1+1", "2+2", "3+3", "4+4"].map((question, index) => ({
    key: `q:${index}`,
    id: String(index),
    index,
    question,
    gold: String(2 * (index + 1)),
    line: index + 1,
  }));
  return planRun(
    {
      id: `run-${++made}`,
      name: "base",
      role: "base",
      dataset: { name: "sums", path: null },
      problems,
      samplesPerProblem,
      stopRule,
      endpointName: "base",
      origin: "http://localhost:1",
      model: "m",
      api: "completions",
      template: templateNamed("plain"),
      verifier: verifier.id,
    },
    sha256,
  );
}

/** Right for even seeds. `requests` are the seeds asked for; `fail` throws instead of answering. */
class FakeModel implements Generator {
  readonly requests: string[] = [];
  fail: EndpointError | null = null;
  /** Answers to come are held until it is called. */
  release: () => void = () => undefined;
  private held: Promise<void> = Promise.resolve();

  /** Lets `count` requests through and holds the others. */
  holdAfter(count: number): void {
    this.free = count;
    this.held = new Promise((resolve) => (this.release = resolve));
  }
  private free = Infinity;

  /** Answers `count` requests and fails the others. */
  refuseAfter(count: number, error: EndpointError): void {
    this.answers = count;
    this.late = error;
  }
  private answers = Infinity;
  private late: EndpointError | null = null;

  async generate(
    { input, seed }: Parameters<Generator["generate"]>[0],
    signal: { readonly aborted: boolean },
  ) {
    const question = input.api === "completions" ? input.prompt.trim() : "";
    this.requests.push(`${question} ${seed}`);
    if (this.requests.length > this.free) await Promise.race([this.held, untilAborted(signal)]);
    if (signal.aborted) throw new EndpointError("cancelled", "cancelled", { retryable: false });
    if (this.fail !== null) throw this.fail;
    if (this.late !== null && this.requests.length > this.answers) throw this.late;
    const answer = 2 * Number(question[0]) + (seed % 2);
    return { text: `draw ${seed}: \\boxed{${answer}}`, reasoning: null, finishReason: "stop", usage: null };
  }
}

async function untilAborted(signal: { readonly aborted: boolean }): Promise<void> {
  while (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** One window: what survives it is the disk and the memento. */
function openWindow(model: FakeModel, state: FakeMemento, mayRun = true, store: FileStore = nodeFileStore) {
  const stops: RunStop[] = [];
  const files = () => Promise.resolve(store);
  const none = (): Promise<null> => Promise.resolve(null);
  const verdicts = { read: none, current: none };
  const data = new RunData({ files, verifier: () => Promise.resolve(verifier), verdicts });
  const memento = state as unknown as vscode.Memento;
  const catalog = new RunCatalog({
    state: memento,
    files,
    roots: () => [root, laterRoot],
    onIssue: () => undefined,
  });
  const quiet = () => undefined;
  const runs = new Runs({
    catalog,
    data,
    files,
    clock: systemClock,
    random: () => 0.5,
    verifier: () => Promise.resolve(verifier),
    openGenerator: () => Promise.resolve({ generator: model, concurrency: 2, close: quiet }),
    onStopped: (stop) => stops.push(stop),
    log: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: (text) => assert.fail(text) },
    mayRun: () => mayRun,
  });
  return { runs, catalog, data, stops };
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > deadline) assert.fail(`not in 10 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const linesOf = (plan: RunPlan): string[] =>
  readFileSync(join(root, plan.id, "samples.jsonl"), "utf8")
    .trimEnd()
    .split("\n");

test("a run goes from running to done, with its counts and pass@1 in the catalog", async () => {
  const model = new FakeModel();
  const { runs, catalog } = openWindow(model, new FakeMemento());
  const plan = planFor();
  await catalog.load();
  await runs.start(plan, join(root, plan.id));
  assert.equal(catalog.find(plan.id)?.state, "running");
  await until("the run ends", () => !runs.isActive(plan.id));
  const entry = catalog.find(plan.id);
  assert.equal(entry?.state, "done");
  assert.deepEqual([entry.finished, entry.total], [32, 32]);
  assert.equal(entry.summary?.passAtOne?.value, 0.5);
  assert.equal(linesOf(plan).length, 32);
});

test("a paused run starts nothing new, and goes on where it was", async () => {
  const model = new FakeModel();
  const { runs, catalog } = openWindow(model, new FakeMemento());
  const plan = planFor();
  model.holdAfter(4);
  await runs.start(plan, join(root, plan.id));
  await until("requests are held", () => model.requests.length === 6);
  await runs.pause(plan.id);
  assert.equal(catalog.find(plan.id)?.state, "paused");
  model.release();
  await until("those in flight are kept", () => linesOf(plan).length === 6);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(model.requests.length, 6);
  await runs.resume(catalog.find(plan.id)!);
  await until("the run ends", () => !runs.isActive(plan.id));
  assert.equal(catalog.find(plan.id)?.state, "done");
  assert.equal(model.requests.length, 32);
});

test("a run that ends while the folders are read stands as it ended", async () => {
  const model = new FakeModel();
  let opened = (): void => undefined;
  let gate: Promise<void> | null = null;
  const reading: string[] = [];
  const slow: FileStore = Object.create(nodeFileStore, {
    list: {
      value: async (folder: string) => {
        if (gate !== null && folder.startsWith(laterRoot)) {
          reading.push(folder);
          await gate;
        }
        return nodeFileStore.list(folder);
      },
    },
  });
  const { runs, catalog } = openWindow(model, new FakeMemento(), true, slow);
  const plan = planFor();
  model.holdAfter(4);
  await catalog.load();
  await runs.start(plan, join(root, plan.id));
  await until("requests are held", () => model.requests.length === 6);
  gate = new Promise((resolve) => (opened = resolve));
  const read = catalog.refresh();
  await until("the folders are being read", () => reading.length > 0);
  model.release();
  await until("the run ends", () => !runs.isActive(plan.id));
  gate = null;
  opened();
  await read;
  assert.deepEqual([catalog.find(plan.id)?.state, catalog.find(plan.id)?.finished], ["done", 32]);
});

/** A window whose run has ten samples on disk and waits for more. */
async function tenSamples(state: FakeMemento) {
  const model = new FakeModel();
  const first = openWindow(model, state);
  const plan = planFor();
  model.holdAfter(10);
  await first.runs.start(plan, join(root, plan.id));
  await until("ten samples are on disk", () => (first.runs.progressOf(plan.id)?.finished ?? 0) >= 10);
  return { first, model, plan };
}

test("a run whose problems all stopped early is done, also when the folders are read again", async () => {
  const state = new FakeMemento();
  const { runs, catalog } = openWindow(new FakeModel(), state);
  const plan = planFor(8, { r: 1, tail: null });
  await catalog.load();
  await runs.start(plan, join(root, plan.id));
  await until("the run ends", () => !runs.isActive(plan.id));
  assert.ok(linesOf(plan).length < 32);
  const standing = ({ state: of, finished, total } = catalog.find(plan.id)!) => [of, finished === total];
  assert.deepEqual(standing(), ["done", true]);
  await catalog.refresh();
  assert.deepEqual(standing(), ["done", true]);
  const later = openWindow(new FakeModel(), state);
  await later.catalog.load();
  assert.deepEqual(standing(later.catalog.find(plan.id)!), ["done", true]);
});

test("a run that an earlier window left is paused, and can be cancelled here", async () => {
  const state = new FakeMemento();
  const { first, model, plan } = await tenSamples(state);
  await first.runs.stopAll();
  model.release();
  const later = openWindow(new FakeModel(), state);
  await later.catalog.load();
  await countRuns(later.catalog, later.data);
  assert.equal(later.catalog.find(plan.id)?.state, "paused");
  await later.runs.cancel(plan.id);
  assert.equal(later.catalog.find(plan.id)?.state, "cancelled");
  await countRuns(later.catalog, later.data);
  assert.equal(later.catalog.find(plan.id)?.state, "cancelled");
  assert.equal(linesOf(plan).length, 10);
});

test("cancelling is silent, keeps what is finished, and a later window resumes the rest only", async () => {
  const state = new FakeMemento();
  const { first, model, plan } = await tenSamples(state);
  await first.runs.cancel(plan.id);
  assert.deepEqual(first.stops, []);
  assert.equal(first.catalog.find(plan.id)?.state, "cancelled");
  assert.equal(first.catalog.find(plan.id)?.finished, 10);
  model.release();

  const again = new FakeModel();
  const later = openWindow(again, state);
  await later.catalog.load();
  await countRuns(later.catalog, later.data);
  const entry = later.catalog.find(plan.id)!;
  assert.deepEqual([entry.state, entry.finished, entry.total], ["cancelled", 10, 32]);
  await later.runs.resume(entry);
  assert.equal(later.runs.liveTally(plan.id)?.problems[0]?.n, 8);
  await until("the run ends", () => !later.runs.isActive(plan.id));
  assert.equal(again.requests.length, 22);
  assert.equal(later.catalog.find(plan.id)?.state, "done");
  assert.equal(later.catalog.find(plan.id)?.summary?.passAtOne?.value, 0.5);
  const keys = linesOf(plan).map((line) => {
    const { key, i } = JSON.parse(line) as { readonly key: string; readonly i: number };
    return `${key} ${i}`;
  });
  assert.equal(keys.length, 32);
  assert.equal(new Set(keys).size, 32);
});

test("a refused key stops the run, which says so and can be resumed", async () => {
  const model = new FakeModel();
  model.fail = new EndpointError("unauthorized", "The server refused the key (401).", {
    status: 401,
    retryable: false,
  });
  const { runs, catalog, stops } = openWindow(model, new FakeMemento());
  const plan = planFor();
  await runs.start(plan, join(root, plan.id));
  await until("the run ends", () => !runs.isActive(plan.id));
  assert.equal(catalog.find(plan.id)?.state, "failed");
  assert.match(catalog.find(plan.id)?.message ?? "", /refused the key \(401\)/);
  assert.deepEqual(
    stops.map(({ reason }) => reason.code),
    ["unauthorized"],
  );
  model.fail = null;
  await runs.resume(catalog.find(plan.id)!);
  await until("the run ends", () => !runs.isActive(plan.id));
  assert.equal(catalog.find(plan.id)?.state, "done");
});

test("why a run stopped is known after a reload, until it went on elsewhere", async () => {
  const model = new FakeModel();
  const refused = new EndpointError("unauthorized", "The server refused the key (401).", {
    status: 401,
    retryable: false,
  });
  model.refuseAfter(6, refused);
  const state = new FakeMemento();
  const first = openWindow(model, state);
  const plan = planFor();
  await first.runs.start(plan, join(root, plan.id));
  await until("the run ends", () => !first.runs.isActive(plan.id));
  const stopped = first.catalog.find(plan.id)!;
  assert.deepEqual([stopped.state, stopped.finished], ["failed", 6]);

  const second = openWindow(new FakeModel(), state);
  await second.catalog.load();
  await countRuns(second.catalog, second.data);
  const again = second.catalog.find(plan.id)!;
  assert.equal(runDescription(again, null), "stopped: 401 at 6/32");
  assert.match(again.message ?? "", /refused the key \(401\)/);
  assert.equal(progressView(again, null).failureCode, "unauthorized");

  // The same folder from somewhere that shares nothing with this window but the disk.
  const elsewhere = openWindow(new FakeModel(), new FakeMemento());
  await elsewhere.catalog.load();
  await elsewhere.runs.resume(elsewhere.catalog.find(plan.id)!);
  await until("the run ends", () => !elsewhere.runs.isActive(plan.id));
  await second.catalog.refresh();
  await countRuns(second.catalog, second.data);
  const done = second.catalog.find(plan.id)!;
  assert.deepEqual([done.state, done.finished, done.failure, done.message], ["done", 32, null, null]);
});

test("a second window on the same run is told that it is busy", async () => {
  const model = new FakeModel();
  const state = new FakeMemento();
  const first = openWindow(model, state);
  const plan = planFor();
  model.holdAfter(2);
  await first.runs.start(plan, join(root, plan.id));
  const second = openWindow(new FakeModel(), state);
  await second.catalog.load();
  await assert.rejects(second.runs.resume(second.catalog.find(plan.id)!), { code: "runBusy" });
  await first.runs.stopAll();
  assert.deepEqual(first.runs.activeIds(), []);
  model.release();
});

test("nothing is sampled in a folder that is not trusted, whatever the menus show", async () => {
  const model = new FakeModel();
  const { runs } = openWindow(model, new FakeMemento(), false);
  const plan = planFor();
  await assert.rejects(runs.start(plan, join(root, plan.id)), { code: "untrusted" });
  assert.deepEqual(model.requests, []);
});
