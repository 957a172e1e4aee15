import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fixture } from "../paths.ts";
import { runCli } from "./runCli.ts";

test("claims: the false sums of rollouts, each where it stands; the true ones on demand", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "claims-"));
  t.after(() => rm(folder, { recursive: true }));
  const [wrong, right] = await Promise.all(
    ["townSurvey.md", "townSurveyRight.md"].map((name) => readFile(fixture(`traces/${name}`), "utf8")),
  );
  const path = join(folder, "rollouts.jsonl");
  await writeFile(
    path,
    `${JSON.stringify({ idx: 0, question: "How many?", gt: "73", code: [wrong, right], score: [false, true] })}\n`,
  );
  const { code, stdout, stderr } = await runCli("claims", path, "--json");
  assert.equal(code, 0, stderr);
  const told = JSON.parse(stdout) as {
    traces: number;
    claims: number;
    false: number;
    list: { sample: number; start: number; end: number; text: string; value: string; line: string }[];
  };
  assert.deepEqual([told.traces, told.false], [2, 2]);
  assert.deepEqual(
    told.list.map(({ sample, value }) => [sample, value]),
    [
      [0, "2024"],
      [0, "905"],
    ],
  );
  for (const { start, end, text, line } of told.list) {
    assert.equal(wrong?.slice(start, end), text);
    assert.ok(line.includes(text) && !line.includes("\n"));
  }
  const all = await runCli("claims", path, "--all", "--limit", "1");
  assert.match(all.stdout, /^1\. rollouts q:\w+ #0 /);
  const listed = JSON.parse((await runCli("claims", path, "--all", "--json")).stdout) as typeof told;
  assert.equal(listed.list.length, told.claims);
  assert.match(all.stdout, new RegExp(`${told.claims} claims in 2 traces, 2 of them false as written`));
});
