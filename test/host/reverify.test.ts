import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, beforeEach } from "node:test";
import * as vscode from "vscode";
import { readRollouts } from "../../src/core/dataset/readRollouts.ts";
import type { Verdict } from "../../src/core/model.ts";
import { mathModes } from "../../src/core/verify/math/options.ts";
import { mathVerifier } from "../../src/core/verify/math/mathVerifier.ts";
import type { Verifier, VerifyItem } from "../../src/core/verify/verifier.ts";
import { RunCatalog } from "../../src/host/catalog.ts";
import { Imports } from "../../src/host/imports.ts";
import { ModeShares } from "../../src/host/modeShares.ts";
import { PanelVerdicts } from "../../src/host/panels/panelVerdicts.ts";
import { Reverify } from "../../src/host/reverify.ts";
import { RunData } from "../../src/host/runData.ts";
import type { RunEntry } from "../../src/host/runEntry.ts";
import type { Runs } from "../../src/host/runs.ts";
import { Verdicts } from "../../src/host/verdicts.ts";
import { builtInChoices } from "../../src/host/verifierWords.ts";
import { runDescription } from "../../src/host/views/runWords.ts";
import { fileSource } from "../../src/node/fileSource.ts";
import { nodeFileStore } from "../../src/node/fileStore.ts";
import { fake, FakeMemento } from "../fakes/vscode.ts";

const root = mkdtempSync(join(tmpdir(), "rollout-lens-reverify-"));
after(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => fake.reset());

const options = { interval: "jbb", referenceId: null, finishedOnly: false } as const;
const signal = new AbortController().signal;

/** Four problems with four samples; the second label of each problem says the contrary of the truth. */
function writeRollouts(name: string, problems = 4): string {
  const lines = Array.from({ length: 4 * problems }, (_, i) => {
    const problem = Math.floor(i / 4);
    const right = i % 2 === 0;
    const answer = problem + (right ? 1 : 2);
    // The last sample of a problem marks its answer in no way.
    const response = i % 4 === 3 ? `Then we have ${answer}` : `So it is \\boxed{${answer}}.`;
    return JSON.stringify({
      question: `${problem} + 1`,
      answer: String(problem + 1),
      response,
      score: i % 4 === 1 ? 1 : right ? 1 : 0,
    });
  });
  const path = join(root, name);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

/** As a verifier in a worker: answers later, and remembers what it was asked. */
class LateVerifier implements Verifier {
  readonly id: string;
  readonly asked: VerifyItem[] = [];
  onAsk: () => void = () => undefined;
  private readonly of: Verifier;
  constructor(of: Verifier) {
    this.of = of;
    this.id = of.id;
  }
  async verify(item: VerifyItem): Promise<Verdict> {
    this.asked.push(item);
    this.onAsk();
    await new Promise((resolve) => setImmediate(resolve));
    return this.of.verify(item);
  }
}

/** One window; what survives it is the disk and the memento. */
function openWindow(state = new FakeMemento(), mayRun = true) {
  const files = () => Promise.resolve(nodeFileStore);
  const verifiers = new Map(
    mathModes.map((mode) => {
      const verifier = new LateVerifier(mathVerifier({ mode }));
      return [verifier.id, verifier] as const;
    }),
  );
  const custom = { id: "custom:reward@0123456789ab", words: "reward", detail: "", needsTrust: true };
  const choices = () => Promise.resolve([...builtInChoices(), custom]);
  const quiet = (): void => undefined;
  const warnings: string[] = [];
  const log = {
    trace: quiet,
    debug: quiet,
    info: quiet,
    error: quiet,
    warn: (t: string) => warnings.push(t),
  };
  const verifier = (id: string) => Promise.resolve(verifiers.get(id) ?? assert.fail(id));
  const storage = join(root, "storage");
  const verdicts = new Verdicts({ files, storage, verifier, choices, mayRun: () => mayRun, log });
  const data = new RunData({ files, verifier: () => verifier("math@1:standard"), verdicts });
  const memento = state as unknown as vscode.Memento;
  const catalog = new RunCatalog({ state: memento, files, roots: () => [], onIssue: quiet });
  const runs = { isActive: () => false } as unknown as Runs;
  const reverify = new Reverify({ catalog, runs, data, verdicts, choices, mayRun: () => mayRun });
  const shares = new ModeShares({ data, verdicts, log });
  const panel = new PanelVerdicts({ reverify, shares, verdicts, choices, mayRun: () => mayRun });
  return { catalog, data, verdicts, verifiers, reverify, shares, panel, storage, warnings };
}

async function importInto(catalog: RunCatalog, path: string): Promise<RunEntry> {
  await catalog.load();
  const source = await fileSource(path);
  const [run] = (await readRollouts(source)).runs;
  await source.close();
  assert.ok(run !== undefined);
  const uri = vscode.Uri.file(path).toString();
  const entry: RunEntry = {
    id: `${uri}#${run.tally.name}`,
    name: run.tally.name,
    role: "other",
    dataset: "d",
    datasetProblems: run.tally.problems.length,
    problemSet: null,
    source: { kind: "imported", uri, model: run.tally.name },
    state: "imported",
    finished: 16,
    total: 16,
    message: null,
    failure: null,
    summary: null,
    createdAt: null,
    stamp: null,
  };
  await catalog.put(entry);
  return entry;
}

const pass = (entry: RunEntry | null): number | undefined => entry?.summary?.passAtOne?.value;

test("a rollout file with wrong labels is verified again: the row, the changes, the sample", async () => {
  const path = writeRollouts("labels.jsonl");
  const before = readFileSync(path);
  const { catalog, data, reverify, panel, storage } = openWindow();
  const entry = await importInto(catalog, path);
  fake.pick = (labels) => labels.find((label) => label === "math, lenient");
  const judge = await reverify.askJudge([entry], "Re-verify");
  assert.ok(judge === "math@1:lenient");
  await reverify.judge([entry], judge);

  const shown = catalog.find(entry.id)!;
  assert.equal(pass(shown), 0.5);
  assert.match(runDescription(shown, null), /^imported · math, lenient · n 4 · 50\.0 % \[/);
  const loaded = await data.load(shown);
  const view = await panel.ofRun(shown, loaded);
  assert.deepEqual(view.own, { id: "own", words: "labels \u201cscore\u201d in the file" });
  assert.deepEqual(view.changed, {
    samples: 16,
    withoutVerdict: 0,
    differ: 4,
    counts: [{ kinds: ["correct", "incorrect"], count: 4 }],
  });
  const compared = await panel.compare(shown, ["own", judge], { options, signal });
  assert.deepEqual(
    compared.rows.map(({ problemId, index, gold, verdicts }) => [
      problemId,
      index,
      gold,
      ...verdicts.map(({ kind, extracted }) => `${kind} ${extracted}`),
    ]),
    [0, 1, 2, 3].map((i) => [String(i), 1, String(i + 1), "correct null", `incorrect ${i + 2}`]),
  );
  assert.deepEqual(
    compared.curves?.runs.map(({ name, curve }) => [name, curve[0]?.passAtK]),
    [
      ["labels \u201cscore\u201d in the file", 0.75],
      ["math, lenient", 0.5],
    ],
  );
  const ref = loaded.locate(compared.rows[0]!.problemKey)[1]!;
  assert.equal(ref.verdict?.kind, "incorrect");
  assert.deepEqual(
    (await panel.others(shown, ref)).map(({ words, kind }) => [words, kind]),
    [["labels \u201cscore\u201d in the file", "correct"]],
  );
  // The file is untouched, and its labels are there to go back to.
  assert.deepEqual(readFileSync(path), before);
  assert.equal(readdirSync(join(storage, "verdicts")).length, 1);
  await reverify.judge([shown], "own");
  assert.equal(pass(catalog.find(entry.id)), 0.75);
});

test("the choice and the verdicts outlive the window; nothing is asked twice", async () => {
  const state = new FakeMemento();
  const path = writeRollouts("again.jsonl");
  const first = openWindow(state);
  const entry = await importInto(first.catalog, path);
  await first.reverify.judge([entry], "math@1:strict");
  assert.equal(first.verifiers.get("math@1:strict")?.asked.length, 16);

  const later = openWindow(state);
  await later.catalog.load();
  const known = later.catalog.find(entry.id)!;
  assert.equal(known.verdicts, "math@1:strict");
  const { tally } = await later.data.load(known);
  assert.equal(tally.verifier, "math@1:strict");
  assert.deepEqual(
    tally.problems.map(({ c, unparsed }) => [c, unparsed]),
    Array.from({ length: 4 }, () => [2, 1]),
  );
  assert.equal(later.verifiers.get("math@1:strict")?.asked.length, 0);
  // The file grows: what is new is judged when it is shown.
  writeRollouts("again.jsonl", 6);
  assert.equal((await later.data.load(known)).tally.problems.length, 6);
  assert.equal(later.verifiers.get("math@1:strict")?.asked.length, 8);
});

test("a cancel is silent, keeps what was judged and changes nothing that is shown", async () => {
  const path = writeRollouts("cancel.jsonl", 300);
  const { catalog, reverify, verifiers } = openWindow();
  const entry = await importInto(catalog, path);
  const strict = verifiers.get("math@1:strict")!;
  strict.onAsk = () => strict.asked.length === 600 && fake.progress[0]?.cancel();
  await assert.rejects(reverify.judge([entry], "math@1:strict"), { code: "cancelled" });
  assert.equal(catalog.find(entry.id)?.verdicts ?? null, null);
  const asked = strict.asked.length;
  assert.ok(asked < 1200);
  await reverify.judge([entry], "math@1:strict");
  // The batch in which it was cancelled was not written whole: at most that one is asked for again.
  assert.ok(strict.asked.length - asked >= 1200 - asked && strict.asked.length <= 1200 + 512);
  assert.equal(fake.progress[1]?.title, "Verifying by math, strict");
  assert.ok(fake.progress[1].messages.at(-1)?.endsWith("100 %"));
});

test("the share of verdicts that depend on the mode is counted in the background and kept", async () => {
  const path = writeRollouts("modes.jsonl");
  const { catalog, data, reverify, shares, panel, verifiers } = openWindow();
  const entry = await importInto(catalog, path);
  // Labels of a file have no mode.
  assert.equal((await panel.ofRun(entry, await data.load(entry))).modes, null);
  await reverify.judge([entry], "math@1:standard");
  const shown = catalog.find(entry.id)!;
  const counted = new Promise<string>((resolve) => shares.onDidCount(resolve));
  const before = (await panel.ofRun(shown, await data.load(shown))).modes;
  assert.deepEqual([before?.dependent, before?.onRequest], [null, false]);
  assert.equal(await counted, entry.id);
  const { modes } = await panel.ofRun(shown, await data.load(shown));
  assert.deepEqual([modes?.dependent, modes?.samples], [4, 16]);
  assert.deepEqual(
    modes?.judges.map(({ words }) => words),
    ["math, strict", "math, standard", "math, lenient"],
  );
  for (const verifier of verifiers.values()) assert.equal(verifier.asked.length, 16);
  const judges = modes?.judges.map(({ id }) => id) ?? [];
  const list = await panel.compare(shown, judges, { options, signal });
  assert.deepEqual(list.counts, [{ kinds: ["unparsed", "incorrect", "incorrect"], count: 4 }]);
  // Another mode is there at once.
  await reverify.judge([shown], "math@1:lenient");
  assert.equal(fake.progress.length, 1);
});

test("a person's wish goes before what is counted in the background, which goes on afterwards", async () => {
  const path = writeRollouts("wish.jsonl", 150);
  const { catalog, data, reverify, panel, verifiers } = openWindow();
  const entry = await importInto(catalog, path);
  await reverify.judge([entry], "math@1:standard");
  const shown = catalog.find(entry.id)!;
  await panel.ofRun(shown, await data.load(shown));
  const strict = verifiers.get("math@1:strict")!;
  while (strict.asked.length < 200) await new Promise((resolve) => setImmediate(resolve));
  await reverify.judge([shown], "math@1:lenient");
  assert.equal(catalog.find(entry.id)?.verdicts, "math@1:lenient");
  const now = catalog.find(entry.id)!;
  const samples = async () => (await panel.ofRun(now, await data.load(now))).modes?.samples;
  // On a busy machine the background may have been done before the wish: then nothing is told any more.
  while ((await samples()) !== 600) await new Promise((resolve) => setImmediate(resolve));
});

test("a folder that is not trusted: verifiers that compute may judge, programs may not", async () => {
  const path = writeRollouts("trust.jsonl");
  const { catalog, reverify, panel, verdicts } = openWindow(new FakeMemento(), false);
  const entry = await importInto(catalog, path);
  let offered: readonly string[] = [];
  fake.pick = (labels) => void (offered = labels);
  assert.equal(await reverify.askJudge([entry], "Re-verify"), null);
  assert.ok(offered.includes("math, strict") && !offered.includes("reward"));
  assert.ok(!(await panel.judges()).some(({ words }) => words === "reward"));
  await reverify.judge([entry], "math@1:strict");
  await assert.rejects(verdicts.judge(entry, ["custom:reward@0123456789ab"]), { code: "untrusted" });
});

test("sets lie beside the samples of a run folder, and only one window judges at a time", async () => {
  const folder = join(root, "run");
  const source = writeRollouts("plain.jsonl");
  const { verdicts } = openWindow();
  const entry = { ...(await importInto(openWindow().catalog, source)), id: "run" };
  const held = await nodeFileStore.lock(join(folder, "verdicts"), "another window");
  const sampled: RunEntry = { ...entry, source: { kind: "sampled", folder } };
  writeFileSync(join(folder, "samples.jsonl"), "");
  await assert.rejects(verdicts.judge(sampled, ["math@1:strict"]), { code: "verdictsBusy" });
  await held?.release();
  assert.ok(existsSync(join(folder, "verdicts")));
});

test("a file that is opened again keeps the verdicts that were chosen for it", async () => {
  const path = writeRollouts("again.jsonl");
  const { catalog, data, reverify } = openWindow();
  const imports = new Imports({ catalog, data });
  const open = () => imports.add([vscode.Uri.file(path)]);
  const [id = ""] = await open();
  await reverify.judge([catalog.find(id)!], "math@1:lenient");
  assert.deepEqual(await open(), [id]);
  assert.equal(catalog.find(id)?.verdicts, "math@1:lenient");
  assert.equal(pass(catalog.find(id)), 0.5);
});

test("samples that wait for a run's own verifier are not judged by another one", async () => {
  const path = join(root, "waiting.jsonl");
  writeFileSync(path, `${JSON.stringify({ question: "1 + 1?", answer: "2", responses: ["\\boxed{2}"] })}\n`);
  const uri = vscode.Uri.file(path);
  const judges = async (grader: string) =>
    (await openWindow().data.readFile(uri, { grader })).runs.map(({ tally }) => tally.verifier);
  assert.deepEqual(await judges("math@1:standard"), ["math@1:standard"]);
  assert.deepEqual(await judges("countdown@1:strict"), ["none"]);
});
