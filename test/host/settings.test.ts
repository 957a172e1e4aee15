import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { Settings } from "../../src/host/settings.ts";
import { fake, workspace } from "../fakes/vscode.ts";

beforeEach(() => fake.reset());

function setUp() {
  const issues: string[] = [];
  return { settings: new Settings({ onIssue: ({ message }) => issues.push(message) }), issues };
}
const set = (name: string, globalValue: unknown) => fake.settings.set(`rolloutLens.${name}`, { globalValue });
const endpoint = { name: "base", role: "base", baseUrls: ["http://localhost:8000/v1"], model: "m" };

test("without settings the defaults hold, and nothing is told", () => {
  const { settings, issues } = setUp();
  assert.deepEqual(settings.sampling(), {
    samplesPerProblem: 16,
    temperature: 0.6,
    topP: 0.95,
    maxTokens: 16_384,
    template: "",
  });
  assert.equal(settings.get("interval"), "jbb");
  assert.deepEqual(issues, []);
});

for (const [name, value, said] of [
  [
    "samplesPerProblem",
    0,
    "rolloutLens.samplesPerProblem: expected a whole number from 1, got 0. 16 is used.",
  ],
  [
    "samplesPerProblem",
    "8",
    'rolloutLens.samplesPerProblem: expected a whole number from 1, got "8". 16 is used.',
  ],
  ["topP", 0, "rolloutLens.topP: expected a number above 0 and up to 1, got 0. 0.95 is used."],
  ["temperature", -1, "rolloutLens.temperature: expected a number from 0 to 2, got -1. 0.6 is used."],
  [
    "codeTimeLimit",
    0.05,
    "rolloutLens.codeTimeLimit: expected 0, or a number of seconds from 0.1 to 600, got 0.05. 0 is used.",
  ],
  [
    "codeTimeLimit",
    "2",
    'rolloutLens.codeTimeLimit: expected 0, or a number of seconds from 0.1 to 600, got "2". 0 is used.',
  ],
  ["runsFolder", " ", 'rolloutLens.runsFolder: expected a path, got " ". ".rollout-lens/runs" is used.'],
] as const) {
  test(`${name} ${JSON.stringify(value)} is refused with words`, () => {
    const { settings, issues } = setUp();
    set(name, value);
    settings.get(name);
    assert.deepEqual(issues, [said]);
  });
}

test("a value that fits is taken", () => {
  const { settings, issues } = setUp();
  set("topP", 1);
  assert.equal(settings.get("topP"), 1);
  set("codeTimeLimit", 600);
  assert.equal(settings.get("codeTimeLimit"), 600);
  assert.deepEqual(issues, []);
});

test("endpoints that cannot be used are named by index and field, the others are kept", () => {
  const { settings } = setUp();
  set("endpoints", [
    endpoint,
    { ...endpoint, name: "b", baseUrls: [] },
    endpoint,
    { ...endpoint, name: "c", role: "xl" },
  ]);
  const { endpoints, issues } = settings.endpoints();
  assert.deepEqual(
    endpoints.map(({ config }) => config.name),
    ["base"],
  );
  assert.equal(issues.length, 3);
  assert.match(issues[0]!, /^rolloutLens\.endpoints\[1\]\.baseUrls: /);
  assert.match(issues[1]!, /^rolloutLens\.endpoints\[2\]\.name: "base" is taken/);
  assert.match(issues[2]!, /^rolloutLens\.endpoints\[3\]\.role: expected one of base, rl/);
});

test("endpoints of the workspace are marked, and are not read in a folder that is not trusted", () => {
  const { settings } = setUp();
  const theirs = { ...endpoint, baseUrls: ["http://theirs.test/v1"] };
  fake.settings.set("rolloutLens.endpoints", { globalValue: [endpoint], workspaceValue: [theirs] });
  const [found] = settings.endpoints().endpoints;
  assert.equal(found?.fromWorkspace, true);
  assert.deepEqual(found?.config.baseUrls, ["http://theirs.test/v1"]);
  workspace.isTrusted = false;
  const [safe] = settings.endpoints().endpoints;
  assert.equal(safe?.fromWorkspace, false);
  assert.deepEqual(safe?.config.baseUrls, endpoint.baseUrls);
});

test("an added endpoint goes to the person's own settings, beside those that are there", async () => {
  const { settings } = setUp();
  set("endpoints", [endpoint]);
  let changes = 0;
  settings.onDidChange(() => changes++);
  await settings.addEndpoint({ ...endpoint, name: "rl" });
  assert.deepEqual(
    settings.endpoints().endpoints.map(({ config }) => config.name),
    ["base", "rl"],
  );
  assert.equal(changes, 1);
});
