// Bad input: each a message with file, line and field; what could be read is offered; nothing hangs.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { SampleRef } from "../../../src/core/dataset/readRollouts.ts";
import { LensError } from "../../../src/core/errors.ts";
import { issueText } from "../../../src/core/parse.ts";
import { memorySource } from "../../../src/core/dataset/memorySource.ts";
import { readDataset } from "../../../src/core/dataset/readDataset.ts";
import { readRollouts } from "../../../src/core/dataset/readRollouts.ts";
import { readSample } from "../../../src/core/dataset/readSample.ts";
import { sniff } from "../../../src/core/dataset/sniff.ts";
import { fileSource } from "../../../src/node/fileSource.ts";
import { counts, readFile, withFile } from "./sources.ts";

const row = (i: number): string =>
  JSON.stringify({
    question: `What is ${i} + 1?`,
    answer: String(i + 1),
    response: `It is ${i + 1}.`,
    correct: i % 2 === 0,
  });
const rows = (count: number): string[] => Array.from({ length: count }, (_, i) => row(i));

const withCode =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof LensError && error.code === code;

test("line 17 is broken: named, and the other 29 lines are read", async () => {
  const lines = rows(30);
  lines[16] = '{"question": "What is 16 + 1?", "answer": 17, "response": oops}';
  const source = memorySource("rollouts.jsonl", lines.join("\n"));
  const file = await readRollouts(source);
  assert.equal(file.runs[0]?.tally.problems.length, 29);
  assert.equal(file.issues.length, 1);
  assert.match(issueText(file.issues[0]!), /^rollouts\.jsonl line 17: not valid JSON \(/);
  const dataset = await readDataset(source);
  assert.equal(dataset.problems.length, 29);
  assert.equal(dataset.issues[0]?.line, 17);
  assert.equal(dataset.problems[16]?.line, 18);
});

test("a field of another type is named with its line", async () => {
  const lines = rows(20);
  lines[16] = JSON.stringify({ question: 5, answer: "x", response: "y", correct: true });
  const dataset = await readDataset(memorySource("data.jsonl", lines.join("\n")));
  assert.deepEqual(dataset.issues.map(issueText), [
    "data.jsonl line 17: question: expected string, got number",
  ]);
  assert.equal(dataset.problems.length, 19);
  const lists = [
    { question: "a?", code: ["x", "y"], score: [true, false] },
    { question: "b?", code: ["x", 7], score: [true, false] },
    { question: "c?", code: ["x", "y"], score: [true] },
  ].map((value) => JSON.stringify(value));
  const file = await readRollouts(memorySource("r.jsonl", lists.join("\n")));
  assert.deepEqual(file.issues.map(issueText), [
    "r.jsonl line 2: code[1]: expected string, got number",
    "r.jsonl line 3: score: expected 2 values as in code, got 1",
  ]);
  assert.equal(file.runs[0]?.tally.problems.length, 1);
});

test("a byte-order mark, CRLF and blank lines are no matter, and places stay true", async () => {
  const source = memorySource("rollouts.jsonl", `\uFEFF${rows(3).join("\r\n\r\n")}\r\n`);
  const file = await readRollouts(source);
  assert.deepEqual(file.issues, []);
  assert.equal(file.runs[0]?.tally.problems.length, 3);
  for (const { problem } of file.runs[0]?.tally.problems ?? []) {
    const ref: SampleRef | undefined = file.runs[0]?.locate(problem.key)[0];
    assert.equal(ref?.line, 1 + 2 * problem.index);
    assert.equal((await readSample(source, ref)).text, `It is ${problem.index + 1}.`);
  }
});

test("a line of 50 MB between others is read", async () => {
  const long = JSON.stringify({ question: "long?", response: "x".repeat(50e6), correct: true });
  await withFile("long.jsonl", [row(0), long, row(1)].join("\n"), async (path) => {
    const file = await readFile(path);
    assert.deepEqual(
      counts(file).map(({ n }) => n),
      [1, 1, 1],
    );
    assert.deepEqual(file.issues, []);
    const source = await fileSource(path);
    const run = file.runs[0]!;
    const [ref] = run.locate(run.tally.problems[1]!.problem.key);
    assert.equal((await readSample(source, ref!)).text.length, 50e6);
    await source.close();
  });
});

test("a line of 50 MB that is broken costs only itself", async () => {
  const long = `{"question": "long?", "response": "${"x".repeat(50e6)}`;
  const file = await readRollouts(memorySource("long.jsonl", [row(0), long, row(1)].join("\n")));
  assert.deepEqual(
    counts(file).map(({ n }) => n),
    [1, 1],
  );
  assert.equal(file.issues[0]?.line, 2);
  assert.ok((file.issues[0]?.message.length ?? 0) < 300);
});

test("mixed keys: what has a model's text is read, the rest is named", async () => {
  const lines = [
    row(0),
    JSON.stringify({ question: "What is 5 + 1?", completion: "6", is_correct: 1 }),
    JSON.stringify({ totals: { n: 2 } }),
    JSON.stringify([1, 2]),
    "17",
  ];
  const file = await readRollouts(memorySource("mixed.jsonl", lines.join("\n")));
  assert.equal(file.runs[0]?.tally.problems.length, 2);
  assert.deepEqual(file.issues.map(issueText), [
    "mixed.jsonl line 3: response: expected a model's text, got nothing",
    "mixed.jsonl line 4: expected object, got list",
    "mixed.jsonl line 5: expected object, got number",
  ]);
});

test("a torn last line is told apart from a broken one", async () => {
  const whole = rows(5).join("\n");
  const file = await readRollouts(memorySource("torn.jsonl", whole.slice(0, -20)));
  assert.equal(file.runs[0]?.tally.problems.length, 4);
  assert.deepEqual(file.issues.map(issueText), ["torn.jsonl line 5: the last line is cut off"]);
});

test("an empty file, and one of white space alone, say so", async () => {
  for (const content of ["", " \n\r\n"]) {
    const source = memorySource("empty.jsonl", content);
    const dataset = await readDataset(source);
    assert.deepEqual([dataset.problems, dataset.unsure, dataset.issues.length], [[], null, 1]);
    assert.match(dataset.issues[0]?.message ?? "", /empty|white space/);
    const sniffed = await sniff(source);
    assert.equal(sniffed.kind, "unknown");
    assert.equal((await readRollouts(source)).issues.length, 1);
  }
});

test("a directory, a missing file and a closed source are failures with a code", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rollout-lens-test-"));
  try {
    await assert.rejects(fileSource(folder, "data"), (error) => {
      assert.ok(withCode("isDirectory")(error));
      assert.match((error as Error).message, /^data is a folder/);
      return true;
    });
    await assert.rejects(fileSource(join(folder, "none.jsonl")), withCode("notFound"));
    await assert.rejects(fileSource(join(folder, "none.jsonl", "deeper")), withCode("notFound"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await withFile("a.jsonl", row(0), async (path) => {
    const source = await fileSource(path);
    await source.close();
    await assert.rejects(source.slice(0, 10), withCode("unreadable"));
  });
});

test("a Parquet file cut in half, and one with a damaged row group", async () => {
  const count = 4000;
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        {
          name: "question",
          data: Array.from({ length: count }, (_, i) => `What is ${i} + 1?`),
          type: "STRING",
        },
        { name: "answer", data: Array.from({ length: count }, (_, i) => String(i + 1)), type: "STRING" },
      ],
      rowGroupSize: 1000,
      codec: "UNCOMPRESSED",
    }),
  );
  const cut = await readDataset(memorySource("half.parquet", bytes.slice(0, bytes.length / 2)));
  assert.deepEqual(cut.problems, []);
  assert.match(issueText(cut.issues[0]!), /^half\.parquet: the file is cut off: /);
  const damaged = bytes.slice();
  damaged.fill(0xff, 4, 200);
  const rest = await readDataset(memorySource("damaged.parquet", damaged));
  assert.equal(rest.problems.length, 3000);
  assert.match(issueText(rest.issues[0]!), /^damaged\.parquet: rows 1 to 1000 could not be read/);
});

test("a JSON list that is cut off gives its whole elements", async () => {
  const whole = JSON.stringify(
    rows(5).map((line) => JSON.parse(line) as unknown),
    null,
    2,
  );
  const inside = await readRollouts(memorySource("cut.json", whole.slice(0, -30)));
  assert.equal(inside.runs[0]?.tally.problems.length, 4);
  assert.match(issueText(inside.issues[0]!), /^cut\.json line 26: the file ends inside this value/);
  const between = await readRollouts(
    memorySource("cut.json", `${whole.slice(0, whole.lastIndexOf("}") + 1)}\n`),
  );
  assert.equal(between.runs[0]?.tally.problems.length, 5);
  assert.match(between.issues[0]?.message ?? "", /not closed/);
});

test("a gzip file that is cut off gives what can be unpacked; a damaged one is a failure", async () => {
  // Hardly compressible, so that half of the file holds about half of the lines.
  const noise = (i: number): string =>
    Array.from({ length: 40 }, (_, j) => Math.imul(i * 40 + j, 0x9e3779b1) >>> 0).join();
  const lines = Array.from({ length: 3000 }, (_, i) =>
    JSON.stringify({ question: noise(i), answer: "1" }),
  ).join("\n");
  const packed = gzipSync(lines);
  await withFile("data.jsonl.gz", packed.subarray(0, packed.length / 2), async (path) => {
    const source = await fileSource(path, "data.jsonl.gz");
    const { problems, issues } = await readDataset(source);
    await source.close();
    assert.ok(problems.length > 1000 && problems.length < 2000, String(problems.length));
    assert.equal(issues.length, 1);
    assert.equal(issues[0]?.line, problems.length + 1);
  });
  packed.fill(0xff, 1000, 1100);
  await withFile("bad.jsonl.gz", packed, (path) => assert.rejects(fileSource(path), withCode("unreadable")));
});

test("files that are not text are refused with what to do", async () => {
  const refused = async (name: string, bytes: readonly number[]): Promise<string> => {
    const sniffed = await sniff(memorySource(name, new Uint8Array(bytes)));
    return sniffed.kind === "unknown" ? sniffed.reason : sniffed.kind;
  };
  assert.match(await refused("a.pkl", [0x80, 4, 0x95, 0]), /pickle.*runs code/);
  assert.match(await refused("a.zip", [0x50, 0x4b, 3, 4]), /zip/);
  assert.match(await refused("a.gz", [0x1f, 0x8b, 8, 0]), /gzip/);
  assert.match(await refused("a.bin", [1, 2, 0, 3]), /neither text/);
  assert.match(await refused("a.md", [...Buffer.from("# Title\n\nSome prose.\n")]), /not JSON lines/);
});

test("many bad lines: the first thousand are named, the others counted", async () => {
  const file = await readRollouts(
    memorySource("bad.jsonl", [row(0), ...Array<string>(1500).fill("oops")].join("\n")),
  );
  assert.equal(file.issues.length, 1001);
  assert.match(file.issues.at(-1)?.message ?? "", /^500 more places/);
});

test("a dataset opened as rollouts says once that it has no samples", async () => {
  const lines = Array.from({ length: 50 }, (_, i) => JSON.stringify({ question: `${i}?`, answer: "1" })).join(
    "\n",
  );
  const file = await readRollouts(memorySource("data.jsonl", lines));
  assert.equal(file.format, null);
  assert.deepEqual(file.issues.map(issueText), [
    "data.jsonl line 1: no samples in it (columns: question, answer)",
  ]);
});

test("a file that changed under a reference is told, not misread", async () => {
  const lines = rows(3);
  const file = await readRollouts(memorySource("r.jsonl", lines.join("\n")));
  const run = file.runs[0]!;
  const [ref] = run.locate(run.tally.problems[1]!.problem.key);
  const other = memorySource("r.jsonl", lines.toReversed().join("\n").replace("It is 2.", "It is 7."));
  await assert.rejects(readSample(other, ref!), withCode("stale"));
  await assert.rejects(readSample(memorySource("r.jsonl", ""), ref!), withCode("stale"));
});

test("cancelling ends the reading with code cancelled", async () => {
  const content = Array.from({ length: 20000 }, (_, i) => row(i)).join("\n");
  const controller = new AbortController();
  const reading = readRollouts(memorySource("r.jsonl", content), {
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  await assert.rejects(reading, withCode("cancelled"));
});

test("an issue ends without a full stop, whoever wrote its message", () => {
  const issue = { file: "a.jsonl", line: null, field: null, message: "nothing in it." };
  assert.equal(issueText(issue), "a.jsonl: nothing in it");
});

test("skipped lines are counted with their total: broken JSON and records without samples, no blank lines", async () => {
  const good = '{"question":"2+3?","response":"5","score":1}';
  const lines = [good, "{broken", good, "", '{"question":"2+3?","score":1}', good, '{"question":', ""];
  const { lines: counted, issues } = await readRollouts(memorySource("a.jsonl", lines.join("\n")));
  assert.deepEqual(counted, { skipped: 3, total: 6 });
  assert.deepEqual(
    issues.map(({ line }) => line),
    [2, 5, 7],
  );
});

test("counting many samples lets other work go on in between", async () => {
  const row = (i: number) => JSON.stringify({ question: `${i % 100}+1?`, response: `r${i}`, score: i % 2 });
  const content = Array.from({ length: 10_000 }, (_, i) => row(i)).join("\n");
  let breaths = 0;
  const breathe = async (): Promise<void> => void breaths++;
  const { runs } = await readRollouts(memorySource("a.jsonl", content), { breathe });
  assert.equal(runs[0]?.tally.problems.length, 100);
  assert.equal(breaths, 3 * 5); // one for 2,000 samples read, looked through for repeats and counted
});
