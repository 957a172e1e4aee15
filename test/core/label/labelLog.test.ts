import assert from "node:assert/strict";
import { test } from "node:test";
import { memorySource } from "../../../src/core/dataset/memorySource.ts";
import { LensError } from "../../../src/core/errors.ts";
import { agreement } from "../../../src/core/label/agreement.ts";
import { encodeLine, type StoredLine } from "../../../src/core/label/labelLine.ts";
import { openLabelLog } from "../../../src/core/label/labelLog.ts";
import { raterFileName } from "../../../src/core/label/labelPaths.ts";
import { type CotVerdict, cotVerdicts, type LabelEntry } from "../../../src/core/label/model.ts";
import { readLabels } from "../../../src/core/label/readLabels.ts";
import { rollUp } from "../../../src/core/label/rollUp.ts";
import type { FileStore } from "../../../src/core/ports.ts";
import { issueText } from "../../../src/core/parse.ts";
import { fc } from "../../fastCheck.ts";
import { itemOf, runOf } from "./labelledRun.ts";

/** Files in memory whose writes can be made to fail, or to stop in the middle as a kill does. */
class MemoryFiles {
  readonly bytes = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly locked = new Set<string>();
  failing = false;

  readonly store: FileStore = {
    read: (path) => Promise.resolve(this.bytes.get(path) ?? null),
    open: (path) => {
      const bytes = this.bytes.get(path);
      return Promise.resolve(bytes === undefined ? null : memorySource(path, bytes));
    },
    replace: () => Promise.reject(new Error("labels are only ever appended")),
    openAppend: (path, truncateTo) => {
      this.bytes.set(path, (this.bytes.get(path) ?? new Uint8Array()).slice(0, truncateTo));
      return Promise.resolve({
        append: (more) => {
          if (this.failing) return Promise.reject(new LensError("diskFull", "The disk is full."));
          const before = this.bytes.get(path) ?? new Uint8Array();
          const all = new Uint8Array(before.length + more.length);
          all.set(before);
          all.set(more, before.length);
          this.bytes.set(path, all);
          return Promise.resolve();
        },
        close: () => Promise.resolve(),
      });
    },
    list: () => Promise.resolve([...this.bytes.keys()]),
    lock: (folder) => {
      if (this.locked.has(folder)) return Promise.resolve(null);
      this.locked.add(folder);
      return Promise.resolve({ release: () => Promise.resolve(void this.locked.delete(folder)) });
    },
  };

  text(path: string): string {
    return new TextDecoder().decode(this.bytes.get(path));
  }

  write(path: string, text: string): void {
    this.bytes.set(path, new TextEncoder().encode(text));
  }
}

const anna = { name: "anna", kind: "human" } as const;
const path = "run/labels/anna.jsonl";

function portsOf(files: MemoryFiles) {
  let now = 1_700_000_000_000;
  let ids = 0;
  return {
    files: files.store,
    // A clock that goes back now and then.
    clock: { now: () => (now += ids % 3 === 0 ? -5000 : 1000) },
    newId: () => `id-${ids++}-${files.bytes.get(path)?.length ?? 0}`,
    owner: "test",
  };
}

const entry = (problem: number, verdict: CotVerdict, more: Partial<LabelEntry> = {}): LabelEntry => ({
  item: itemOf(problem, 0),
  verdict,
  firstWrongStep: null,
  note: "",
  seconds: 1.5,
  ...more,
});

test("labels come back as they were said, the last one of an item counts, though the clock goes back", async () => {
  const files = new MemoryFiles();
  const log = await openLabelLog("run/labels", anna, portsOf(files));
  await log.set(entry(1, "wrong", { firstWrongStep: 3, note: 'he says "x\n<<<<<<< y"' }));
  await log.set(entry(1, "correct"));
  await log.set(entry(2, "ambiguous", { seconds: 0.12345 }));
  await log.close();
  const again = await openLabelLog("run/labels", anna, portsOf(files));
  assert.deepEqual(
    [...again.labels.values()].map(({ item, verdict, seconds }) => [item, verdict, seconds]),
    [
      [itemOf(1, 0), "correct", 1.5],
      [itemOf(2, 0), "ambiguous", 0.123],
    ],
  );
  assert.deepEqual(again.issues, []);
  const [first] = again.lines;
  assert.equal(first?.act.type === "label" && first.act.entry.note, 'he says "x\n<<<<<<< y"');
  await again.close();
});

test("undo goes back line by line, across restarts, and only ever appends", async () => {
  const files = new MemoryFiles();
  const log = await openLabelLog("run/labels", anna, portsOf(files));
  await log.set(entry(1, "wrong"));
  await log.set(entry(1, "correct"));
  await log.set(entry(2, "wrong"));
  await log.close();
  const before = files.text(path);
  const again = await openLabelLog("run/labels", anna, portsOf(files));
  assert.equal((await again.undo())?.item, itemOf(2, 0));
  assert.equal(again.labels.has(itemOf(2, 0)), false);
  assert.equal((await again.undo())?.verdict, "correct");
  assert.equal(again.labels.get(itemOf(1, 0))?.verdict, "wrong");
  await again.close();
  assert.ok(files.text(path).startsWith(before));
  const third = await openLabelLog("run/labels", anna, portsOf(files));
  assert.equal(third.labels.get(itemOf(1, 0))?.verdict, "wrong");
  assert.equal((await third.undo())?.verdict, "wrong");
  assert.equal(third.canUndo, false);
  assert.equal(await third.undo(), null);
  await third.close();
});

test("a kill at any byte: every label whose write was done is there, the torn rest is cut and written over", async () => {
  const files = new MemoryFiles();
  const log = await openLabelLog("run/labels", anna, portsOf(files));
  for (let i = 0; i < 4; i++) await log.set(entry(i, "wrong"));
  await log.undo();
  const whole = files.bytes.get(path) ?? new Uint8Array();
  const ends = [...whole.keys()].filter((i) => whole[i] === 10).map((i) => i + 1);
  for (let cut = 0; cut <= whole.length; cut++) {
    const torn = new MemoryFiles();
    torn.bytes.set(path, whole.slice(0, cut));
    const reopened = await openLabelLog("run/labels", anna, portsOf(torn));
    // The last line counts from its last brace on; its newline is set where a kill left it out.
    const lines = ends.filter((end) => end - 1 <= cut).length;
    assert.equal(reopened.labels.size, lines === 5 ? 3 : lines, `cut at ${cut}`);
    await reopened.set(entry(9, "correct"));
    await reopened.close();
    const read = await readLabels([memorySource("anna.jsonl", torn.text(path))]);
    assert.deepEqual(read.issues, []);
    assert.equal(read.lines.length, lines + 1);
  }
});

test("a write that fails takes its label back and leaves the others; the next one may succeed", async () => {
  const files = new MemoryFiles();
  const log = await openLabelLog("run/labels", anna, portsOf(files));
  await log.set(entry(1, "correct"));
  files.failing = true;
  const failed = log.set(entry(1, "wrong"));
  assert.equal(log.labels.get(itemOf(1, 0))?.verdict, "wrong");
  await assert.rejects(failed, { code: "diskFull" });
  assert.equal(log.labels.get(itemOf(1, 0))?.verdict, "correct");
  files.failing = false;
  await log.set(entry(2, "wrong"));
  assert.equal(log.labels.size, 2);
  await log.close();
});

test("one writer at a time for a rater, another rater beside it", async () => {
  const files = new MemoryFiles();
  const log = await openLabelLog("run/labels", anna, portsOf(files));
  await assert.rejects(openLabelLog("run/labels", anna, portsOf(files)), { code: "labelsBusy" });
  const other = await openLabelLog("run/labels", { name: "bo/../b", kind: "human" }, portsOf(files));
  assert.equal(other.path, `run/labels/${raterFileName("bo/../b")}`);
  assert.equal(raterFileName("bo/../b"), "bo~2f~~2e~~2e~~2f~b.jsonl");
  await other.close();
  await log.close();
  await (await openLabelLog("run/labels", anna, portsOf(files))).close();
});

test("bad lines are named by file, line and field, and the rest is read; a newer version is refused", async () => {
  const good = encodeLine(lineOf({ id: "a", at: 1, rater: "anna", item: 0, verdict: "wrong" })).trimEnd();
  const text = [
    `\uFEFF${good}`,
    good.replace('"wrong"', '"bad"'),
    good.replace(/"item":"[^"]*"/, '"item":"x"').replace('"id":"a"', '"id":"b"'),
    "{ not JSON",
    good.replace('"at":"', '"at":"soon '),
    "",
    encodeLine(lineOf({ id: "c", at: 2, rater: "anna", item: 1, verdict: "correct" })).trimEnd(),
  ].join("\r\n");
  const read = await readLabels([memorySource("anna.jsonl", text)]);
  assert.equal(read.lines.length, 2);
  assert.deepEqual(read.issues.map(issueText), [
    'anna.jsonl line 2: label.verdict: expected one of wrong, ambiguous, correct, got "bad"',
    'anna.jsonl line 3: label.item: expected 16 hex digits, got "x"',
    "anna.jsonl line 4: not a line of JSON; it is passed over",
    'anna.jsonl line 5: at: expected a time such as 2026-11-21T07:04:02.000Z, got "soon 1970-01-01T00:00:00.001Z"',
  ]);
  const newer = memorySource("anna.jsonl", good.replace('"v":1', '"v":2'));
  await assert.rejects(readLabels([newer]), {
    code: "newerSchema",
    message: /anna.jsonl line 1: v: expected at most 1/,
  });
});

interface Made {
  readonly id: string;
  readonly at: number;
  readonly rater: string;
  readonly item: number;
  readonly verdict: CotVerdict | "undo";
  readonly adjudication?: boolean;
  readonly revokes?: string;
}

function lineOf({ id, at, rater, item, verdict, adjudication = false, revokes = "" }: Made): StoredLine {
  const head = { id, at, rater, kind: "human" } as const;
  if (verdict === "undo") return { ...head, act: { type: "undo", line: revokes } };
  return { ...head, act: { type: adjudication ? "adjudication" : "label", entry: entry(item, verdict) } };
}

const madeLines = fc
  .uniqueArray(
    fc.record({
      // Few times, so that many are equal and the id decides.
      at: fc.integer({ min: 1, max: 6 }),
      id: fc.integer({ min: 0, max: 60 }).map((id) => `line${id}`),
      rater: fc.constantFrom("anna", "bo", "cy"),
      item: fc.integer({ min: 0, max: 5 }),
      verdict: fc.constantFrom<CotVerdict | "undo">(...cotVerdicts, ...cotVerdicts, "undo"),
      adjudication: fc.boolean(),
      revokes: fc.integer({ min: 0, max: 60 }).map((id) => `line${id}`),
    }),
    { selector: ({ id }) => id, maxLength: 30 },
  )
  .map((made) => made.map(lineOf));

test("any split into files, any order of lines, doubled lines and left-over conflict markers: one roll-up", async () => {
  const run = runOf(6, { n: 64, c: 2 });
  const told = async (texts: readonly string[]) => {
    const read = await readLabels(texts.map((text, i) => memorySource(`rater${i}.jsonl`, text)));
    assert.deepEqual(read.issues, []);
    return { rollUp: rollUp([run], read.labels), agreement: agreement(read.labels, { draws: 20 }) };
  };
  await fc.assert(
    fc.asyncProperty(
      madeLines,
      fc.infiniteStream(fc.integer({ min: 0, max: 999 })),
      async (lines, numbers) => {
        const next = (): number => Number(numbers.next().value);
        const plain = await told([lines.map(encodeLine).join("")]);
        const merged = [...lines, ...lines.filter(() => next() % 3 === 0)]
          .map((line) => ({ line: encodeLine(line), key: next() }))
          .sort((a, b) => a.key - b.key)
          .map(({ line }) => line);
        const files = ["", "", ""];
        for (const line of merged) {
          const at = next() % files.length;
          const marker = next() % 8;
          const left = ["<<<<<<< HEAD\n", "=======\n", ">>>>>>> theirs\n"][marker] ?? "";
          files[at] += `${left}${line}`;
        }
        assert.deepEqual(await told(files), plain);
      },
    ),
    { numRuns: 60 },
  );
});
