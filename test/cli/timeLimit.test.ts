import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type OptionTable, parsedArgs } from "../../src/cli/args.ts";
import { timeLimitFrom } from "../../src/cli/openVerifier.ts";
import { planFrom } from "../../src/cli/samplePlan.ts";
import { parseEndpointConfig } from "../../src/endpoints/config.ts";
import { addTask } from "../sandbox/adversarial.ts";

const folder = mkdtempSync(join(tmpdir(), "rollout-lens-limit-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const [programs, sums] = [join(folder, "tasks.jsonl"), join(folder, "sums.jsonl")];
const { id: task_id, prompt, entryPoint: entry_point, test: check } = addTask;
writeFileSync(programs, `${JSON.stringify({ task_id, prompt, entry_point, test: check })}\n`);
writeFileSync(sums, '{"question": "1 + 1?", "answer": "2"}\n');

const table: OptionTable = { n: { type: "string" }, "time-limit": { type: "string" } };
const limitOf = (...args: readonly string[]): number | null => timeLimitFrom(parsedArgs(args, table));

test("--time-limit is a number of seconds", () => {
  assert.equal(limitOf(), null);
  assert.equal(limitOf("--time-limit", "2.5"), 2.5);
  for (const text of ["0", "0.01", "601", "fast", "", " ", "NaN", "Infinity", "-1"])
    assert.throws(() => limitOf(`--time-limit=${text}`), {
      code: "usage",
      message: `--time-limit: expected a number of seconds from 0.1 to 600, got ${JSON.stringify(text)}.`,
    });
});

test("sample: the limit is in the plan's verifier, and goes with programs only", async () => {
  const baseUrls = ["http://localhost:1/v1"];
  const endpoint = parseEndpointConfig({ name: "m", role: "other", baseUrls, model: "m" }, "--url");
  const context = { out: () => undefined, note: () => undefined, signal: new AbortController().signal };
  const verifierOf = async (file: string, ...more: readonly string[]): Promise<string> =>
    (await planFrom(parsedArgs([file, "--n", "1", ...more], table), endpoint, context)).protocol.verifier;
  assert.equal(await verifierOf(programs), "code-pyodide@1");
  assert.equal(await verifierOf(programs, "--time-limit", "2"), "code-pyodide@1:2s");
  await assert.rejects(verifierOf(sums, "--time-limit", "2"), {
    code: "usage",
    message: "--time-limit: the dataset holds no programs. Leave it out.",
  });
});
