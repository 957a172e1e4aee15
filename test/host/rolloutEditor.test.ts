// The rollout editor's way to the traces of a file: as lines, packed, and as Parquet.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import * as vscode from "vscode";
import type { Verifier } from "../../src/core/verify/verifier.ts";
import { InspectedRuns, type InspectedRunsPorts } from "../../src/host/inspector/inspectedRuns.ts";
import { openPlace } from "../../src/host/inspector/openPlace.ts";
import { problemTraces } from "../../src/host/inspector/problemTraces.ts";
import type { OpenTraces, TraceSource } from "../../src/host/inspector/traceSource.ts";
import { RunData, type VerdictSets } from "../../src/host/runData.ts";
import { fake } from "../fakes/vscode.ts";

const folder = mkdtempSync(join(tmpdir(), "rollout-lens-editor-"));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Row {
  readonly problem_id: string;
  readonly prompt: string;
  readonly response: string;
  readonly answer: string;
  readonly correct: boolean;
}

/** 12 problems with 3 samples each. */
const rows = Array.from({ length: 36 }, (_, i): Row => {
  const problem = Math.floor(i / 3);
  const response = `First, ${problem} + 1.\n\nSo sample ${i % 3} says \\boxed{${problem + 1}}. 😀`;
  const answer = String(problem + 1);
  return { problem_id: `p${problem}`, prompt: `${problem} + 1?`, response, answer, correct: i % 2 === 0 };
});
const lines = (of: readonly object[]): string => of.map((row) => `${JSON.stringify(row)}\n`).join("");
const parquet = (of: readonly Row[]): Uint8Array => {
  const columns = ["problem_id", "prompt", "response", "answer"] as const;
  const columnData = [
    ...columns.map((name) => ({ name, data: of.map((row) => row[name]), type: "STRING" as const })),
    { name: "correct", data: of.map(({ correct }) => correct), type: "BOOLEAN" as const },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 10 }));
};

function write(name: string, content: string | Uint8Array): vscode.Uri {
  writeFileSync(join(folder, name), content);
  return vscode.Uri.file(join(folder, name));
}

function inspected(): { readonly data: RunData; readonly runs: InspectedRuns } {
  const data = new RunData({
    files: () => Promise.reject(new Error("no run folder is read")),
    verifier: () => Promise.resolve({ id: "none" } as Verifier),
    verdicts: {} as VerdictSets,
  });
  return { data, runs: new InspectedRuns({ data } as unknown as InspectedRunsPorts) };
}

const whole = { run: null, problemKey: null, index: null };

/** Every trace of every problem, in the order of the list. */
async function allTexts(runs: InspectedRuns, uri: vscode.Uri): Promise<readonly string[]> {
  const first = await runs.openFile(uri, whole);
  const texts: string[] = [];
  for (let at = 0; at < (first.problems?.of ?? 0); at++) {
    const source = first.problems?.source(at) as TraceSource & { readonly kind: "file" };
    const opened = await runs.openFile(uri, source);
    for (const i of opened.rows.keys()) texts.push((await opened.read(i)).text);
  }
  return texts;
}

const files = {
  "r.jsonl": lines(rows),
  "r.jsonl.gz": gzipSync(lines(rows)),
  "r.json.gz": gzipSync(JSON.stringify(rows, null, 1)),
  "r.parquet": parquet(rows),
};
for (const [name, content] of Object.entries(files)) {
  test(`${name}: problems and traces`, async () => {
    const { data, runs } = inspected();
    const uri = write(name, content);
    const opened = await runs.openFile(uri, whole);
    assert.deepEqual([opened.problems?.of, opened.rows.length, opened.title], [12, 3, "p0 · r"]);
    assert.deepEqual(
      opened.rows.map(({ verdict }) => verdict),
      ["correct", "incorrect", "correct"],
    );
    const [row] = opened.problems?.rows().slice(-1) ?? [];
    assert.deepEqual([row?.id, row?.question, row?.samples, row?.correct], ["p11", "11 + 1?", 3, 1]);
    assert.deepEqual(
      await allTexts(runs, uri),
      rows.map(({ response }) => response),
    );
    const { question, gold } = await opened.read(0);
    assert.deepEqual([question, gold], ["0 + 1?", "1"]);
    data.dispose();
  });
}

test("a packed file is unpacked once for all its samples, and again after it changed", async () => {
  const { data, runs } = inspected();
  const uri = write("kept.jsonl.gz", gzipSync(lines(rows)));
  const opened = await runs.openFile(uri, whole);
  assert.match((await opened.read(0)).text, /^First, 0 \+ 1/);
  rmSync(uri.fsPath);
  assert.match((await opened.read(2)).text, /sample 2 says/);
  const other = rows.map((row) => ({ ...row, response: `Other. ${row.response}` }));
  write("kept.jsonl.gz", gzipSync(lines(other)));
  const again = await runs.openFile(uri, whole);
  assert.match((await again.read(1)).text, /^Other\. First/);
  // Whoever looks at what was read before is told, and not shown another text.
  await assert.rejects(opened.read(1), { code: "stale" });
  data.dispose();
  await assert.doesNotReject(again.read(2), "what was given back is opened anew");
  data.dispose();
});

async function shownOf(
  opened: OpenTraces,
  trace: number,
): Promise<readonly { name: string; text: string }[]> {
  const shown: { name: string; text: string }[] = [];
  fake.reset();
  await openPlace(await opened.place(trace), { show: async (text) => void shown.push(text) });
  return shown;
}

test("the place in the file: a line of text, of a packed file the record, of Parquet the row", async () => {
  const { data, runs } = inspected();
  const source = async (name: keyof typeof files, problem: number): Promise<OpenTraces> => {
    const uri = write(name, files[name]);
    const found = (await runs.openFile(uri, whole)).problems?.source(problem);
    return runs.openFile(uri, found as TraceSource & { readonly kind: "file" });
  };
  assert.deepEqual(await shownOf(await source("r.jsonl", 4), 1), []);
  assert.deepEqual(
    (await (await source("r.jsonl", 4)).place(1)).line,
    14,
    "the text editor opens at its line",
  );
  for (const [name, place] of [
    ["r.jsonl.gz", "r.jsonl.gz line 14.json"],
    ["r.parquet", "r.parquet row 14.json"],
  ] as const) {
    const [shown] = await shownOf(await source(name, 4), 1);
    assert.equal(shown?.name, place);
    assert.deepEqual(JSON.parse(shown?.text ?? ""), rows[13]);
    assert.deepEqual(fake.executed, []);
  }
  data.dispose();
});

test("samples without a text: they are listed with their verdicts, and say that they have none", async () => {
  const { data, runs } = inspected();
  const bare = [
    { idx: 1, ys: ["", ""], infos: [{ r: 1 }, { r: 0 }] },
    { idx: 2, ys: ["", ""], infos: [{ r: 0 }, { r: 0 }] },
  ];
  const opened = await runs.openFile(write("bare.json", JSON.stringify(bare)), whole);
  assert.equal(opened.problems?.of, 2);
  assert.deepEqual(
    opened.rows.map(({ verdict }) => verdict),
    ["correct", "incorrect"],
  );
  const trace = await opened.read(1);
  assert.deepEqual([trace.text, trace.own], ["", null]);
  data.dispose();
});

test("what holds no rollouts says so, with the file's name", async () => {
  const { data, runs } = inspected();
  const dataset = lines(rows.map(({ prompt, answer }) => ({ question: prompt, answer })));
  for (const [name, content, words] of [
    ["d.jsonl", dataset, /No rollouts in .*d\.jsonl.*Quick pass@k/],
    ["torn.parquet", parquet(rows).slice(0, 400), /torn\.parquet.*cut off/],
    ["torn.jsonl.gz", gzipSync(dataset).slice(0, 30), /torn\.jsonl\.gz/],
  ] as const)
    await assert.rejects(runs.openFile(write(name, content), whole), (error: Error) => {
      assert.match(error.message, words);
      return true;
    });
  data.dispose();
});

test("100,000 problems in the list take no longer than a moment", () => {
  const problem = (i: number) => ({
    key: `k${i}`,
    id: `p${i}`,
    question: `${i} + 1?`,
    gold: "1",
    source: null,
  });
  const tallies = Array.from({ length: 100_000 }, (_, i) => ({ problem: problem(i), n: 1, c: 0 }));
  const zero = { undecided: 0, error: 0, failed: 0, ungraded: 0 };
  const ref = { index: 0, start: 0, verdict: null, extracted: null };
  const run = {
    tally: { problems: tallies.map((tally) => ({ ...tally, ...zero })) },
    file: vscode.Uri.file("/big.parquet"),
    locate: () => [ref],
  };
  const before = process.cpuUsage();
  const opened = problemTraces(
    [{ name: "big", run, sampled: null, withFile: () => Promise.reject(new Error("not read")) } as never],
    { ...whole, problemKey: "k99999" },
    (place) => ({ kind: "file", uri: "file:///big.parquet", ...place }),
  );
  const list = opened.problems?.rows() ?? [];
  assert.deepEqual([list.length, list[99_999]?.id, opened.problems?.at], [100_000, "p99999", 99_999]);
  const { user, system } = process.cpuUsage(before);
  // About 50 ms; a list that is searched for each row would take minutes.
  assert.ok((user + system) / 1000 < 5000, `${(user + system) / 1000} ms of processor time`);
});
