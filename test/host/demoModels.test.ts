import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import type * as vscode from "vscode";
import { planRun, type RunPlan } from "../../src/core/run/plan.ts";
import { templateNamed } from "../../src/core/run/templates.ts";
import { DemoModels, demoName } from "../../src/host/demoModels.ts";
import { Endpoints } from "../../src/host/endpoints.ts";
import { sha256 } from "../../src/node/sha256.ts";
import { ApiKeys } from "../../src/host/secrets.ts";
import { SharedTokenizers } from "../../src/host/inspector/sharedTokenizers.ts";
import { TraceScoring } from "../../src/host/inspector/traceScoring.ts";
import { Settings } from "../../src/host/settings.ts";
import { nodeFileStore } from "../../src/node/fileStore.ts";
import { TryDemo, type TryDemoPorts } from "../../src/host/tryDemo.ts";
import { fake, FakeMemento, FakeSecrets, Uri } from "../fakes/vscode.ts";
import { root } from "../paths.ts";

const question = "Numbers: 2 4 7 7\nTarget: 36\n";

function setUp(state = new FakeMemento()) {
  const secrets = new FakeSecrets();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined } as never;
  const settings = new Settings({ onIssue: ({ message }) => assert.fail(message) });
  const keys = new ApiKeys({ secrets, workspaceState: state, confirm: () => Promise.resolve(false) });
  const lost: string[] = [];
  const endpoints: Endpoints = new Endpoints({
    settings,
    keys,
    state,
    log,
    onIssue: assert.fail,
    revive: async (name) => void (demo.isOurs(name) && (await demo.start())),
  });
  const demo: DemoModels = new DemoModels({
    folder: join(root, "dist"),
    log,
    offer: (offered) => endpoints.offer(offered),
    onLost: (message) => lost.push(message),
  });
  return { demo, endpoints, state, secrets, lost, log };
}

const planFor = (endpointName: string): RunPlan =>
  planRun(
    {
      id: "earlier",
      name: endpointName,
      role: "base",
      dataset: { name: "countdown", path: null },
      problems: [{ key: "q:1", id: "1", index: 0, question, gold: "36", line: 1 }],
      samplesPerProblem: 1,
      endpointName,
      // Of an earlier window: the port is another one now.
      origin: "http://127.0.0.1:1",
      model: "base",
      api: "completions",
      template: templateNamed("verbatim"),
      verifier: "countdown@1:strict",
    },
    sha256,
  );

let opened: ReturnType<typeof setUp>;
before(() => {
  fake.reset();
  opened = setUp();
});
beforeEach(() => fake.reset());
after(() => opened.demo.dispose());

test("a run of an earlier window starts the models again; their endpoints and key are written nowhere", async () => {
  const { endpoints, state, secrets, lost } = opened;
  assert.deepEqual(await endpoints.list(), []);
  const { generator, concurrency, ...open } = await endpoints.openFor(planFor("Demo base"));
  const signal = new AbortController().signal;
  const { text, usage } = await generator.generate(
    {
      input: { api: "completions", prompt: question },
      seed: 1,
      temperature: 1,
      topP: 1,
      // The product's default, far beyond the models' context: the endpoint has a limit of its own.
      maxTokens: 16_384,
      stop: [],
      extraBody: {},
      stickyKey: "1",
    },
    signal,
  );
  open.close();
  assert.match(text, /^ \d+ [-+*/] \d+ = /, "a trained model begins with a step");
  assert.equal(usage?.promptTokens, 9);
  assert.equal(concurrency, 128);
  const [base] = await endpoints.list();
  assert.ok(base !== undefined);
  assert.deepEqual(
    [base.config.name, base.config.role, base.hasKey, base.offered],
    ["Demo base", "base", true, true],
  );
  await endpoints.probe(base);
  const written = JSON.stringify([state.keys().map((key) => state.get(key)), [...secrets.values]]);
  assert.ok(!written.includes("127.0.0.1") && !written.includes("Demo"), written);
  assert.deepEqual(lost, []);
});

test("an endpoint that a person gave the same name is theirs; one that is nobody's is not found", async () => {
  const { endpoints } = opened;
  const theirs = { name: "Demo base", baseUrls: ["http://localhost:8000/v1"], model: "m" };
  fake.settings.set("rolloutLens.endpoints", { globalValue: [theirs] });
  const named = await endpoints.named("Demo base");
  assert.deepEqual([named?.config.model, named?.offered, named?.hasKey], ["m", false, false]);
  await assert.rejects(endpoints.ofPlan({ endpointName: "gone" }), { code: "noEndpoint" });
});

test("a score is kept for the next window, where the models have another address", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "rollout-lens-demo-scores-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const prompt = {
    text: " 7 + 4 = 11 left: 2 7 11\n",
    context: () => ({ api: "completions", prompt: question }) as const,
  };
  const scoringOf = ({ endpoints, state, log }: ReturnType<typeof setUp>): TraceScoring =>
    new TraceScoring({
      endpoints,
      state,
      files: () => Promise.resolve(nodeFileStore),
      folder,
      mayRun: () => true,
      log,
      tokenizers: new SharedTokenizers({ endpoints, state, log }),
    });
  const call = { signal: new AbortController().signal, slow: false, onPhase: () => undefined };
  const first = scoringOf(opened);
  const scored = await first.score("Demo base", prompt, call);
  assert.equal(await first.stored("Demo RL 450", prompt), null, "another model's");
  await first.closed();
  const later = setUp(opened.state);
  t.after(() => later.demo.dispose());
  const second = scoringOf(later);
  t.after(() => second.closed());
  await later.demo.start();
  const [before, now] = [await opened.endpoints.named("Demo base"), await later.endpoints.named("Demo base")];
  assert.notEqual(before?.origin, now?.origin);
  assert.equal(before?.identity, now?.identity);
  const kept = await second.stored("Demo base", prompt);
  assert.deepEqual(kept?.tokens.logProbs, scored.tokens.logProbs);
});

test("models are called as a person would", () => {
  assert.deepEqual(["base", "rl-450", "distilled"].map(demoName), [
    "Demo base",
    "Demo RL 450",
    "Demo distilled",
  ]);
});

test("in a folder that is not trusted nothing is started", async () => {
  const never = new Proxy({}, { get: () => assert.fail("something was used") });
  const ports = { extensionUri: Uri.file(root) as unknown as vscode.Uri, mayRun: () => false, runsRoot: "" };
  const parts = { demo: never, datasets: never, catalog: never, runs: never, showCurves: assert.fail };
  const tryDemo = new TryDemo({ ...ports, ...parts } as unknown as TryDemoPorts);
  await assert.rejects(tryDemo.run(), { code: "untrusted" });
});
