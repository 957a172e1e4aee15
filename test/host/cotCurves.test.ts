import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import * as vscode from "vscode";
import { openLabelLog } from "../../src/core/label/labelLog.ts";
import { mathVerifier } from "../../src/core/verify/math/mathVerifier.ts";
import { RunCatalog } from "../../src/host/catalog.ts";
import { Imports } from "../../src/host/imports.ts";
import { CotCurves } from "../../src/host/label/cotCurves.ts";
import { LabelledRuns } from "../../src/host/label/labelledRuns.ts";
import { RunData } from "../../src/host/runData.ts";
import { nodeFileStore } from "../../src/node/fileStore.ts";
import type { CotLineView } from "../../src/protocol/curves.ts";
import { FakeMemento } from "../fakes/vscode.ts";

const root = mkdtempSync(join(tmpdir(), "rollout-lens-cot-"));
after(() => rmSync(root, { recursive: true, force: true }));

/** Two problems of 4 samples: one with two right answers, one with one. */
const file = join(root, "rollouts.jsonl");
writeFileSync(
  file,
  [2, 1]
    .map((right, problem) =>
      JSON.stringify({
        problem: `What is ${problem}?`,
        answer: String(problem),
        completions: [0, 1, 2, 3].map((i) => `Way ${i} of ${problem}.`),
        scores: [0, 1, 2, 3].map((i) => Number(i < right)),
      }),
    )
    .join("\n"),
);

const quiet = (): void => undefined;
const log = { trace: quiet, debug: quiet, info: quiet, warn: assert.fail, error: assert.fail };
const files = () => Promise.resolve(nodeFileStore);

test("a run with labels gets its CoT-Pass@k in the background, and another one after further labels", async () => {
  const none = { read: () => Promise.resolve(null), current: () => Promise.resolve(null) };
  const data = new RunData({ files, verifier: () => Promise.resolve(mathVerifier()), verdicts: none });
  const state = new FakeMemento() as unknown as vscode.Memento;
  const catalog = new RunCatalog({ state, files, roots: () => [], onIssue: quiet });
  const [id = ""] = await new Imports({ catalog, data }).add([vscode.Uri.file(file)]);
  const entry = catalog.find(id);
  assert.ok(entry !== null);
  const labelled = new LabelledRuns({ catalog, data, storage: join(root, "storage") });
  const curves = new CotCurves({ runs: () => Promise.resolve(labelled), files, log });
  const { stamp } = await data.load(entry);
  const counted = async (): Promise<CotLineView | null> => {
    const told = new Promise<string>((resolve) => {
      const listener = curves.onDidCount((one) => (listener.dispose(), resolve(one)));
    });
    await curves.of(entry, stamp);
    assert.equal(await told, id);
    return curves.of(entry, stamp);
  };

  assert.equal(await curves.of(entry, stamp), null);
  const opening = { signal: new AbortController().signal, onProgress: quiet };
  const [run] = await labelled.open([id], opening);
  const items =
    run?.items.problems.flatMap(({ items: texts }) => texts.filter(({ correct }) => correct > 0)) ?? [];
  assert.equal(items.length, 3);
  const ports = {
    files: nodeFileStore,
    clock: { now: () => Date.now() },
    newId: () => crypto.randomUUID(),
    owner: "t",
  };
  const anna = await openLabelLog(labelled.folderOf(entry), { name: "anna", kind: "human" }, ports);
  const say = (at: number, verdict: "correct" | "wrong") =>
    anna.set({ item: items[at]?.id ?? "", verdict, firstWrongStep: null, note: "", seconds: 1 });
  for (const at of [0, 1, 2]) await say(at, "correct");
  // All read and right: the curve is pass@k, without any doubt.
  const all = await counted();
  assert.deepEqual([all?.read, all?.texts, all?.preliminary], [3, 3, false]);
  assert.deepEqual(all?.points[0], { k: 1, value: 0.375, low: 0.375, high: 0.375 });
  await say(2, "wrong");
  const less = await counted();
  assert.deepEqual(less?.points[0], { k: 1, value: 0.25, low: 0.25, high: 0.25 });
  assert.equal(less?.points.at(-1)?.value, 0.5);
  // A model's labels alone are no labels.
  await anna.close();
  rmSync(labelled.folderOf(entry), { recursive: true });
  const model = await openLabelLog(labelled.folderOf(entry), { name: "m", kind: "model" }, ports);
  await model.set({
    item: items[0]?.id ?? "",
    verdict: "correct",
    firstWrongStep: null,
    note: "",
    seconds: 1,
  });
  await model.close();
  assert.equal(await counted(), null);
  curves.dispose();
});
