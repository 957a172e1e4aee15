import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Verdict } from "../../src/core/model.ts";
import { CommandVerifier, type CommandVerifierOptions } from "../../src/node/commandVerifier.ts";

const folder = mkdtempSync(join(tmpdir(), "rollout-lens-command-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A verifier that does as the response says; else 1 where it is the gold answer, with its process's number. */
const obedient = join(folder, "obedient.mjs");
writeFileSync(
  obedient,
  `import { createInterface } from "node:readline";
   import { appendFileSync } from "node:fs";
   const held = [];
   const say = (reply) => process.stdout.write(JSON.stringify(reply) + "\\n");
   for await (const line of createInterface({ input: process.stdin })) {
     const { id, gold, response } = JSON.parse(line);
     if (process.argv[2]) appendFileSync(process.argv[2], response + "\\n");
     if (response === "crash") { process.stderr.write("Traceback: it broke\\n"); process.exit(3); }
     else if (response === "signal") process.kill(process.pid, "SIGKILL");
     else if (response === "hang") for (;;);
     else if (response === "silence") continue;
     else if (response === "hold") held.push(id);
     else if (response === "release") for (const other of [id, ...held.reverse()]) say({ id: other, score: 1, reason: "late" });
     else if (response === "garbage") process.stdout.write("loading weights...\\n{broken\\n[1]\\n\\n{}\\n" + JSON.stringify({ id, score: 1 }) + "\\n");
     else if (response === "flood") { for (let k = 0; k < 20000; k++) process.stdout.write("noise ".repeat(20) + "\\n"); say({ id, score: 1 }); }
     else if (response === "stderr flood") { for (let k = 0; k < 20000; k++) process.stderr.write("warning " + k + "\\n"); say({ id, score: 1 }); }
     else if (response === "huge") { process.stdout.write("x".repeat(9_000_000) + "\\n"); say({ id, score: 1 }); }
     else if (response === "twice") { say({ id, score: 1 }); say({ id, score: 0 }); }
     else if (response.startsWith("{")) say({ id, ...JSON.parse(response) });
     else say({ id: Number(id), score: response === gold, extracted: response, reason: String(process.pid) });
   }`,
);
/** Answers one line and ends, as a script that was never meant to live. */
const oneShot = join(folder, "oneShot.mjs");
writeFileSync(
  oneShot,
  `process.stdin.once("data", (text) => {
     const { id } = JSON.parse(String(text).split("\\n")[0]);
     process.stdout.write(JSON.stringify({ id, score: 1, reason: "done" }) + "\\n", () => process.exit(0));
   });`,
);

const item = (response: string, gold = "yes") => ({ question: "Q?", gold, response });

async function withVerifier(
  change: Partial<CommandVerifierOptions>,
  use: (verifier: CommandVerifier, log: readonly string[]) => Promise<void>,
): Promise<void> {
  const log: string[] = [];
  const verifier = new CommandVerifier({
    name: "mine",
    command: [process.execPath, obedient],
    onLog: (line) => log.push(line),
    timeoutMs: 1500,
    startMs: 20_000,
    ...change,
  });
  try {
    await use(verifier, log);
  } finally {
    await verifier.close();
  }
}

const judge = (verifier: CommandVerifier, ...responses: readonly string[]): Promise<readonly Verdict[]> =>
  Promise.all(responses.map((response) => verifier.verify(item(response))));
const kinds = (verdicts: readonly Verdict[]): readonly string[] => verdicts.map(({ kind }) => kind);
const reasonOf = (verdict: Verdict | undefined): string =>
  verdict !== undefined && "reason" in verdict ? verdict.reason : JSON.stringify(verdict);

test("its id has the name and a hash of the command: another argument is another verifier", () => {
  const ids = [["a"], ["a", "b"], ["a b"]].map(
    (command) => new CommandVerifier({ name: "my reward!", command }).id,
  );
  for (const id of ids) assert.match(id, /^custom:my-reward-@[0-9a-f]{12}$/);
  assert.equal(new Set(ids).size, 3);
  assert.throws(() => new CommandVerifier({ name: "x", command: [] }), { code: "badInput" });
});

test("one process judges all items; true and 1 are correct, less is not, null is undecided", () =>
  withVerifier({}, async (verifier) => {
    const [yes, no, other] = await judge(verifier, "yes", "no", "yes");
    assert.deepEqual([yes?.kind, no?.kind], ["correct", "incorrect"]);
    assert.ok(yes?.kind === "correct" && other?.kind === "correct");
    assert.equal(yes.extracted, "yes");
    assert.equal(yes.how, other.how, "the same process");
    const replies = ['{"score":1}', '{"score":true}', '{"score":0.999}', '{"score":0}', '{"score":-1}', '{"score":false}', '{"score":null,"reason":"no idea"}', '{"score":7}', '{"score":"1"}', '{"error":"no such dataset"}', "{}"]; // prettier-ignore
    const verdicts = await judge(verifier, ...replies);
    assert.deepEqual(kinds(verdicts), ["correct", "correct", "incorrect", "incorrect", "incorrect", "incorrect", "undecided", "error", "error", "error", "error"]); // prettier-ignore
    assert.deepEqual(verdicts[2], { kind: "incorrect", how: "score 0.999", extracted: null });
    assert.equal(reasonOf(verdicts[6]), "no idea");
    assert.match(reasonOf(verdicts[7]), /score: expected a number up to 1, got 7/);
    assert.match(reasonOf(verdicts[8]), /score: expected number or boolean, got string/);
    assert.equal(reasonOf(verdicts[9]), "no such dataset");
  }));

test("replies may come in any order", () =>
  withVerifier({}, async (verifier) => {
    assert.deepEqual(kinds(await judge(verifier, "hold", "hold", "yes", "release")), [
      "correct",
      "correct",
      "correct",
      "correct",
    ]);
  }));

test("a crash is an error of its sample alone; the others go to a new process", () =>
  withVerifier({}, async (verifier, log) => {
    const responses = ["yes", "no", "crash", "yes", "signal", "no", "yes"];
    const verdicts = await judge(verifier, ...responses);
    const wanted = ["correct", "incorrect", "error", "correct", "error", "incorrect", "correct"];
    assert.deepEqual(kinds(verdicts), wanted);
    assert.match(reasonOf(verdicts[2]), /ended with code 3; it last wrote: Traceback: it broke/);
    assert.match(reasonOf(verdicts[4]), /was ended by SIGKILL/);
    assert.ok(log.some((line) => line.includes("Traceback: it broke")));
    assert.deepEqual(kinds(await judge(verifier, "yes")), ["correct"]);
  }));

test("a hang and a silence are errors of their samples alone, after the time limit", () =>
  withVerifier({ timeoutMs: 700, startMs: 3000 }, async (verifier) => {
    assert.deepEqual(kinds(await judge(verifier, "yes")), ["correct"]);
    const verdicts = await judge(verifier, "yes", "hang", "yes", "silence", "no");
    assert.deepEqual(kinds(verdicts), ["correct", "error", "correct", "error", "incorrect"]);
    assert.match(reasonOf(verdicts[1]), /no answer within/);
  }));

test("a script that answers one line and ends judges all items, one process each", () =>
  withVerifier({ command: [process.execPath, oneShot] }, async (verifier) => {
    const verdicts = await judge(verifier, "a", "b", "c", "d");
    assert.deepEqual(kinds(verdicts), ["correct", "correct", "correct", "correct"]);
  }));

test("garbage, floods and huge lines are named in the log and do no harm", () =>
  withVerifier({ timeoutMs: 20_000 }, async (verifier, log) => {
    const verdicts = await judge(verifier, "garbage", "huge", "twice", "yes");
    assert.deepEqual(kinds(verdicts), ["correct", "correct", "correct", "correct"]);
    assert.ok(log.some((line) => line.includes("not a reply (expected a JSON object): loading weights...")));
    assert.ok(log.some((line) => line.includes("not a reply (id: expected string or number, got nothing)")));
    assert.ok(log.some((line) => line.includes("longer than")));
    assert.ok(log.some((line) => line.includes("which is not asked")));
    assert.deepEqual(kinds(await judge(verifier, "flood", "stderr flood", "no")), ["correct", "correct", "incorrect"]); // prettier-ignore
    assert.ok(log.length <= 302, `${log.length} lines in the log`);
    assert.ok(log.every((line) => line.length < 3000));
  }));

test("a response of a megabyte and every character comes over whole", () =>
  withVerifier({ timeoutMs: 20_000 }, async (verifier) => {
    const long = 'é\u2028\n\u0000"\\ 数'.repeat(100_000);
    const verdict = await verifier.verify({ question: long, gold: long, response: long });
    assert.equal(verdict.kind, "correct");
  }));

test("a command that is not there, or only ever dies, is given up: every sample is an error that says why", async () => {
  await withVerifier({ command: [join(folder, "absent")] }, async (verifier) => {
    const verdicts = await judge(verifier, "a", "b");
    assert.deepEqual(kinds(verdicts), ["error", "error"]);
    assert.match(reasonOf(verdicts[0]), /could not be started \(ENOENT\)/);
  });
  const count = join(folder, "count.txt");
  await withVerifier({ command: [process.execPath, obedient, count] }, async (verifier) => {
    const verdicts = await judge(verifier, ...Array.from({ length: 40 }, () => "crash"));
    assert.ok(verdicts.every(({ kind }) => kind === "error"));
    assert.match(reasonOf(verdicts.at(-1)), /8 times in a row, not started again/);
    assert.ok(readFileSync(count, "utf8").split("\n").length < 60);
  });
});

test("no shell sees the command", () =>
  withVerifier({ command: [process.execPath, obedient, join(folder, "$(touch x); y")] }, async (verifier) => {
    assert.deepEqual(kinds(await judge(verifier, "yes")), ["correct"]);
    assert.equal(readFileSync(join(folder, "$(touch x); y"), "utf8"), "yes\n");
  }));

test("aborting rejects its item; closing rejects all and ends the process with all that it started", async () => {
  const pids = join(folder, "pids.txt");
  const parent = join(folder, "parent.mjs");
  writeFileSync(
    parent,
    `import { spawn } from "node:child_process"; import { writeFileSync } from "node:fs";
     const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
     writeFileSync(${JSON.stringify(pids)}, process.pid + " " + child.pid);
     process.stdin.on("data", (text) => { for (const line of String(text).trim().split("\\n")) { const { id, response } = JSON.parse(line); if (response === "yes") console.log(JSON.stringify({ id, score: 1 })); } });
     process.stdin.on("end", () => {});
     setInterval(() => {}, 1000);`,
  );
  const verifier = new CommandVerifier({ name: "p", command: [process.execPath, parent], timeoutMs: 20_000 });
  assert.equal((await verifier.verify(item("yes"))).kind, "correct");
  const abort = new AbortController();
  const [first, second] = [verifier.verify(item("a"), abort.signal), verifier.verify(item("b"))];
  const rejected = Promise.all([
    assert.rejects(first, { code: "cancelled" }),
    assert.rejects(second, { code: "cancelled" }),
  ]);
  abort.abort();
  await verifier.close();
  await rejected;
  await assert.rejects(verifier.verify(item("c")), { code: "cancelled" });
  if (process.platform === "win32") return;
  for (const pid of readFileSync(pids, "utf8").split(" ").map(Number)) {
    const deadline = Date.now() + 5000;
    while (isAlive(pid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(isAlive(pid), false, `process ${pid}`);
  }
});

/** A zombie that nobody reaps (a container without init) is dead. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

const hasPython = spawnSync("python3", ["--version"]).status === 0;
test(
  "a reward function in Python, as the documentation shows it",
  { skip: hasPython ? false : "no python3" },
  async () => {
    const script = join(folder, "reward.py");
    writeFileSync(
      script,
      `import json, sys
for line in sys.stdin:
    item = json.loads(line)
    found = item["response"].rsplit("=", 1)[-1].strip()
    print(json.dumps({"id": item["id"], "score": float(found == item["gold"]), "extracted": found}), flush=True)
`,
    );
    await withVerifier({ command: ["python3", script] }, async (verifier) => {
      const verdicts = await judge(verifier, "x = yes", "x = no");
      assert.deepEqual(verdicts, [
        { kind: "correct", how: "score 1", extracted: "yes" },
        { kind: "incorrect", how: "score 0", extracted: "no" },
      ]);
    });
  },
);
