import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, beforeEach } from "node:test";
import { LensLog } from "../../src/host/log.ts";
import { Report } from "../../src/host/report.ts";
import { Settings } from "../../src/host/settings.ts";
import { HostVerifiers } from "../../src/host/verifiers.ts";
import { readVerifierSettings } from "../../src/host/verifierSettings.ts";
import { fake, Uri, workspace } from "../fakes/vscode.ts";

const folder = mkdtempSync(join(tmpdir(), "rollout-lens-verifiers-"));
after(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => fake.reset());

/** Says that it was started, then gives its score to every sample; told to, it ends at once. */
writeFileSync(
  join(folder, "reward.mjs"),
  `import { writeFileSync, existsSync } from "node:fs";
   import { createInterface } from "node:readline";
   writeFileSync("started", "");
   if (existsSync("broken")) process.exit(7);
   for await (const line of createInterface({ input: process.stdin }))
     console.log(JSON.stringify({ id: JSON.parse(line).id, score: 1, reason: process.argv[2] ?? "plain" }));`,
);
const reward = { name: "my reward", command: process.execPath, args: ["reward.mjs"] };
const item = { question: "q", gold: "g", response: "r" };

function setUp(verifiers: readonly unknown[] = [reward]): HostVerifiers {
  fake.settings.set("rolloutLens.verifiers", { globalValue: verifiers });
  workspace.workspaceFolders = [{ uri: Uri.file(folder) }];
  const log = new LensLog();
  const settings = new Settings({ onIssue: () => undefined });
  return new HostVerifiers({ folder, storage: folder, settings, report: new Report({ log }), log });
}

const custom = async (verifiers: HostVerifiers) =>
  (await verifiers.choices()).filter(({ id }) => id.startsWith("custom:"));

test("a person's own command is among the verifiers, and judges in the workspace folder", async () => {
  const verifiers = setUp();
  const [choice, ...others] = await custom(verifiers);
  assert.ok(choice !== undefined && others.length === 0);
  assert.deepEqual([choice.words, choice.needsTrust], ["my-reward", true]);
  assert.ok(!existsSync(join(folder, "started")), "listing starts nothing");
  const verifier = await verifiers.get(choice.id);
  assert.equal(verifier.id, choice.id);
  assert.deepEqual(await verifier.verify(item), { kind: "correct", how: "plain", extracted: null });
  assert.equal(await verifiers.get(choice.id), verifier, "one process for all runs");
  verifiers.dispose();
});

test("programs have the time of the settings in runs that begin, and that of its id in one that goes on", async () => {
  const verifiers = setUp();
  assert.equal(verifiers.codeId, "code-pyodide@1");
  fake.settings.set("rolloutLens.codeTimeLimit", { globalValue: 2.5 });
  assert.equal(verifiers.codeId, "code-pyodide@1:2.5s");
  const offered = (await verifiers.choices()).filter(({ id }) => id.startsWith("code-"));
  assert.deepEqual(offered.map(({ id, words }) => [id, words])[0], [
    "code-pyodide@1:2.5s",
    "programs, pyodide, 2.5 s",
  ]);
  const before = await verifiers.get("code-pyodide@1");
  const limited = await verifiers.get(verifiers.codeId);
  assert.deepEqual([before.id, limited.id], ["code-pyodide@1", "code-pyodide@1:2.5s"]);
  assert.equal(await verifiers.get("code-pyodide@1"), before, "the interpreters stay");
  fake.settings.set("rolloutLens.codeTimeLimit", { globalValue: 0 });
  assert.equal(verifiers.codeId, "code-pyodide@1");
  assert.equal(await verifiers.get("code-pyodide@1:2.5s"), limited);
  verifiers.dispose();
});

test("another command is another verifier; one that the settings lost is refused with words", async () => {
  const [before] = await custom(setUp());
  const verifiers = setUp([{ ...reward, args: ["reward.mjs", "other"] }]);
  const [now] = await custom(verifiers);
  assert.ok(before !== undefined && now !== undefined);
  assert.notEqual(now.id, before.id);
  await assert.rejects(verifiers.get(before.id), {
    code: "noVerifier",
    message:
      "my-reward is not among your verifiers, or its command is another one now. Correct rolloutLens.verifiers, or choose another verifier.",
  });
  verifiers.dispose();
});

test("in a folder that is not trusted nothing is started: neither commands nor programs", async () => {
  const verifiers = setUp();
  const [choice] = await custom(verifiers);
  assert.ok(choice !== undefined);
  rmSync(join(folder, "started"), { force: true });
  workspace.isTrusted = false;
  for (const id of [choice.id, "code-pyodide@1", "code-pyodide@1:2s", "code-cpython@1"]) {
    await assert.rejects(verifiers.get(id), (error: Error & { code?: string }) => {
      assert.equal(error.code, "untrusted");
      assert.match(error.message, /Nothing was started\. Trust the folder, or choose another verifier\.$/);
      return true;
    });
  }
  assert.deepEqual(
    (await verifiers.choices()).filter(({ needsTrust }) => needsTrust),
    [],
    "they are not offered",
  );
  assert.equal((await verifiers.get("math@1:strict")).id, "math@1:strict");
  assert.ok(!existsSync(join(folder, "started")));
  verifiers.dispose();
});

test("a command that always ends is told once, with what to do, and is tried again for the next run", async () => {
  writeFileSync(join(folder, "broken"), "");
  const verifiers = setUp();
  const [choice] = await custom(verifiers);
  assert.ok(choice !== undefined);
  const broken = await verifiers.get(choice.id);
  const verdicts = await Promise.all(Array.from({ length: 20 }, async () => broken.verify(item)));
  assert.ok(verdicts.every(({ kind }) => kind === "error"));
  const said = fake.messages.filter(({ text }) => text.startsWith("my reward gives no verdicts"));
  assert.equal(said.length, 1);
  assert.match(said[0]?.text ?? "", /ended with code 7[^]*The samples are kept[^]*Mend the command/);
  rmSync(join(folder, "broken"));
  const mended = await verifiers.get(choice.id);
  assert.equal((await mended.verify(item)).kind, "correct");
  assert.equal((await broken.verify(item)).kind, "error", "a run that still has the broken one is told why");
  verifiers.dispose();
});

test("entries that cannot be used are named by index and field, the others are kept", () => {
  const { verifiers, issues } = readVerifierSettings([
    reward,
    { name: "no command" },
    { ...reward, name: "x", args: "reward.py" },
    { ...reward, name: "y", timeoutMs: 0 },
    reward,
    7,
  ]);
  assert.deepEqual(
    verifiers.map(({ name }) => name),
    ["my reward"],
  );
  assert.deepEqual(issues, [
    "rolloutLens.verifiers[1].command: expected string, got nothing",
    "rolloutLens.verifiers[2].args: expected a list of strings",
    "rolloutLens.verifiers[3].timeoutMs: expected an integer of at least 1, got 0",
    'rolloutLens.verifiers[4].name: "my reward" is taken by another verifier',
    "rolloutLens.verifiers[5]: expected object, got number",
  ]);
  assert.deepEqual(readVerifierSettings({}).issues, ["rolloutLens.verifiers: expected a list"]);
});
