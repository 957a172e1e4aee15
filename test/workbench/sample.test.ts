import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../paths.ts";

interface Row {
  readonly question: string;
  readonly gt: string;
  readonly code: readonly string[];
  readonly pred: readonly string[];
  readonly score: readonly boolean[];
}

const sample = join(root, "media/sample");
const names = ["problems.jsonl", "rollouts/sample-base.jsonl", "rollouts/sample-rl.jsonl"];
const rows = (name: string): readonly Row[] =>
  readFileSync(join(sample, name), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);

test("the sample data is what its script makes", () => {
  const folder = mkdtempSync(join(tmpdir(), "rollout-lens-sample-"));
  try {
    execFileSync(process.execPath, [join(sample, "make.mjs"), folder]);
    for (const name of names) {
      assert.deepEqual(readFileSync(join(folder, name)), readFileSync(join(sample, name)), name);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the sample data is small", () => {
  const bytes = names.map((name) => statSync(join(sample, name)).size).reduce((sum, size) => sum + size);
  assert.ok(bytes < 320_000, `${bytes} bytes`);
});

test("scores of the sample rollouts are those of their boxed answers", () => {
  for (const name of names.slice(1)) {
    for (const { gt, code, pred, score } of rows(name)) {
      assert.ok(Number(gt) >= 0, `${name}: gold ${gt}`);
      const boxed = code.map((text) => /\\boxed\{(-?\d+)\}\.?$/u.exec(text)?.[1] ?? "");
      assert.deepEqual(pred, boxed);
      assert.equal(new Set(code).size, code.length, "no text twice");
      assert.deepEqual(
        score,
        boxed.map((answer) => answer === gt),
      );
    }
  }
});

test("the sample's RL model leads at k = 1 and the base model at k = 32", () => {
  const [base, rl] = names
    .slice(1)
    .map((name) => rows(name).map(({ score }) => score.filter(Boolean).length));
  assert.ok(base !== undefined && rl !== undefined);
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  const solved = (counts: readonly number[]) => counts.filter((count) => count > 0).length;
  assert.ok(total(rl) > total(base));
  assert.ok(solved(base) > solved(rl));
});
