import assert from "node:assert/strict";
import test from "node:test";
import type { Question } from "../../src/host/report.ts";
import { ApiKeys } from "../../src/host/secrets.ts";
import { FakeMemento, FakeSecrets } from "../fakes/vscode.ts";

function setUp(answer: boolean) {
  const secrets = new FakeSecrets();
  const asked: Question[] = [];
  const keys = new ApiKeys({
    secrets,
    workspaceState: new FakeMemento(),
    confirm: (question) => (asked.push(question), Promise.resolve(answer)),
  });
  return { keys, secrets, asked };
}
const own = { fromWorkspace: false };
const foreign = { fromWorkspace: true };

test("a key goes to its own origin only: another port, scheme or host gets none", async () => {
  const { keys } = setUp(true);
  await keys.set("http://localhost:8000", " sk-1 ");
  const origins = [
    "http://localhost:8000",
    "http://localhost:8001",
    "https://localhost:8000",
    "http://evil.test:8000",
  ];
  const found = await keys.keysFor(origins, own);
  assert.deepEqual([...found], [["http://localhost:8000", "sk-1"]]);
});

test("a cleared key is gone", async () => {
  const { keys, secrets } = setUp(true);
  await keys.set("https://api.test", "sk-1");
  assert.equal(await keys.has("https://api.test"), true);
  await keys.clear("https://api.test");
  assert.equal(await keys.has("https://api.test"), false);
  assert.equal(secrets.values.size, 0);
});

test("a key goes to an address of the workspace's settings only after a question, asked once", async () => {
  const { keys, asked } = setUp(true);
  await keys.set("https://api.test", "sk-1");
  assert.equal((await keys.keysFor(["https://api.test"], foreign)).get("https://api.test"), "sk-1");
  assert.equal((await keys.keysFor(["https://api.test"], foreign)).size, 1);
  assert.equal(asked.length, 1);
  assert.match(asked[0]!.message, /https:\/\/api\.test/);
});

test("no means no key, and nothing is asked where no key is stored", async () => {
  const { keys, asked } = setUp(false);
  assert.equal((await keys.keysFor(["https://other.test"], foreign)).size, 0);
  assert.equal(asked.length, 0);
  await keys.set("https://api.test", "sk-1");
  assert.equal((await keys.keysFor(["https://api.test"], foreign)).size, 0);
  assert.equal(asked.length, 1);
});

test("a stored key is told, other secrets are not", async () => {
  const { keys, secrets } = setUp(true);
  let changes = 0;
  keys.onDidChange(() => changes++);
  await keys.set("https://api.test", "sk-1");
  await secrets.store("something else", "x");
  assert.equal(changes, 1);
});
