import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../paths.ts";
import { closingLines, type Outcome } from "./tally.ts";

const runner = `
const { runTestFile } = await import(process.argv[2]);
const outcomes = [];
await runTestFile(process.argv[3], { fileTimeoutMs: 2000, add: (o) => outcomes.push(o), print: () => {} });
console.log(JSON.stringify(outcomes));
`;

/** Runs one made-up test file the way `npm test` does. */
function outcomesOf(source: string): readonly Outcome[] {
  const folder = mkdtempSync(join(tmpdir(), "rollout-lens-runner-"));
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  try {
    const file = join(folder, "made.test.mjs");
    writeFileSync(file, `import { test, describe } from "node:test";\n${source}`);
    writeFileSync(join(folder, "runner.mjs"), runner);
    const args = [join(folder, "runner.mjs"), join(root, "test/workbench/nodeTests.ts"), file];
    const output = execFileSync(process.execPath, args, {
      cwd: root,
      env,
      encoding: "utf8",
      timeout: 20_000,
    });
    return JSON.parse(output) as Outcome[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const kinds = (outcomes: readonly Outcome[]) => outcomes.map(({ kind }) => kind);

test("passing and failing tests are counted, with the failure's reason", () => {
  const outcomes = outcomesOf(`
    describe("group", () => { test("good", () => {}); test("bad", () => { throw new Error("the reason"); }); });
  `);
  assert.deepEqual(kinds(outcomes), ["passed", "failed"]);
  assert.match(outcomes[1]?.name ?? "", /group › bad$/u);
  assert.match(outcomes[1]?.detail ?? "", /the reason/u);
});

test("a file that dies says why", () => {
  const [outcome] = outcomesOf(`throw new Error("at load");`);
  assert.match(outcome?.detail ?? "", /at load/u);
});

test("a skipped test is counted and says why", () => {
  const outcomes = outcomesOf(`test("later", { skip: "needs the moon" }, () => {});`);
  assert.deepEqual(kinds(outcomes), ["skipped"]);
  assert.equal(outcomes[0]?.detail, "needs the moon");
});

for (const [name, source] of [
  ["that throws when loaded", `throw new Error("at load");`],
  ["that ends its process", `test("t", () => {}); process.exit(3);`],
  ["without a test", ``],
  ["that hangs", `setInterval(() => {}, 1000); test("t", () => new Promise(() => {}));`],
] as const) {
  test(`a file ${name} is a failure`, () => {
    const outcomes = outcomesOf(source);
    assert.ok(kinds(outcomes).includes("failed"), JSON.stringify(outcomes));
  });
}

test("the closing lines repeat failures and end with the counts", () => {
  const lines = closingLines([
    { name: "a", kind: "passed", detail: "" },
    { name: "b", kind: "failed", detail: "why" },
    { name: "c", kind: "skipped", detail: "no data" },
  ]);
  assert.equal(lines.at(-1), "1 passed, 1 failed, 1 skipped");
  assert.ok(lines.includes("✖ b\n    why"));
  assert.ok(lines.includes("  c: no data"));
});
