import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fc } from "../../fastCheck.ts";
import { auditRollouts } from "../../../src/core/dataset/auditRollouts.ts";
import { memorySource } from "../../../src/core/dataset/memorySource.ts";
import { readRollouts, type RolloutRun } from "../../../src/core/dataset/readRollouts.ts";
import { compareVerdicts } from "../../../src/core/dataset/verdicts/compareVerdicts.ts";
import { judgeRollouts } from "../../../src/core/dataset/verdicts/judgeRollouts.ts";
import {
  openVerdictLog,
  readVerdictLog,
  verifierOfLog,
} from "../../../src/core/dataset/verdicts/verdictLog.ts";
import { VerdictTable } from "../../../src/core/dataset/verdicts/verdictTable.ts";
import type { Verdict } from "../../../src/core/model.ts";
import type { ByteSource } from "../../../src/core/ports.ts";
import { mathVerifier } from "../../../src/core/verify/math/mathVerifier.ts";
import { mathModes } from "../../../src/core/verify/math/options.ts";
import type { Verifier, VerifyItem } from "../../../src/core/verify/verifier.ts";
import { fileSource } from "../../../src/node/fileSource.ts";
import { nodeFileStore } from "../../../src/node/fileStore.ts";
import { sharedData, without } from "../../paths.ts";

const folder = mkdtempSync(join(tmpdir(), "rollout-lens-verdicts-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let made = 0;
const freshPath = (): string => join(folder, `set-${++made}.jsonl`);

const breathe = (): Promise<void> => Promise.resolve();
const math = mathVerifier();

/** Six problems with five answers each; the label of every seventh says the contrary of the truth. */
const rows = Array.from({ length: 30 }, (_, i) => {
  const problem = Math.floor(i / 5);
  const right = i % 3 === 0;
  return {
    question: `What is ${problem} + 1?`,
    answer: String(problem + 1),
    response: i === 11 ? "I do not know." : `So it is \\boxed{${problem + (right ? 1 : 2)}}.`,
    score: (i % 7 === 0) !== right ? 1 : 0,
  };
});
const fileOf = (lines: readonly object[]): ByteSource =>
  memorySource(
    "rollouts.jsonl",
    new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join("")),
  );

async function onlyRun(source: ByteSource, verifier?: Verifier): Promise<RolloutRun> {
  const { runs } = await readRollouts(source, verifier === undefined ? {} : { verifier });
  assert.equal(runs.length, 1);
  return runs[0]!;
}

/** Remembers what it was asked. */
class CountingVerifier implements Verifier {
  readonly id = math.id;
  readonly asked: VerifyItem[] = [];
  /** Called before each verdict. */
  onAsk: () => void = () => undefined;
  verify(item: VerifyItem): Promise<Verdict> {
    this.asked.push(item);
    this.onAsk();
    return Promise.resolve(math.verify(item));
  }
}

async function judgeInto(path: string, source: ByteSource, verifier: Verifier, signal?: AbortSignal) {
  const log = await openVerdictLog(path, verifier.id, nodeFileStore);
  try {
    const options = { targets: [{ verifier, log }], ...(signal === undefined ? {} : { signal }) };
    const counts = await judgeRollouts(source, options);
    await log.finish("stamp 1");
    return counts;
  } finally {
    await log.close();
  }
}

async function judgedRun(path: string, run: RolloutRun): Promise<RolloutRun> {
  const stored = await readVerdictLog(path, nodeFileStore);
  assert.ok(stored !== null);
  const find = stored.table.find.bind(stored.table);
  return run.judgedBy({ verifier: stored.verifier, find }, breathe);
}

test("a verdict set counts as if the verifier had judged the file without labels", async () => {
  const path = freshPath();
  const labelled = fileOf(rows);
  assert.deepEqual(await judgeInto(path, labelled, math), { samples: 30, withoutGold: 0 });
  const judged = await judgedRun(path, await onlyRun(labelled));
  const plain = await onlyRun(fileOf(rows.map((row) => ({ ...row, score: null }))), math);
  assert.equal(judged.tally.verifier, "math@1:standard");
  assert.deepEqual(judged.tally.problems, plain.tally.problems);
  for (const { problem } of plain.tally.problems) {
    const verdicts = (run: RolloutRun) => run.locate(problem.key).map((ref) => [ref.index, ref.verdict]);
    assert.deepEqual(verdicts(judged), verdicts(plain));
  }
  // The file's own verdicts are what they were.
  const own = await onlyRun(labelled);
  assert.equal(own.tally.verifier, "file");
  assert.equal(own.tally.labels, "score");
});

test("where a verifier differs from the file's labels: no answer is a wrong one", async () => {
  const path = freshPath();
  const source = fileOf(rows);
  await judgeInto(path, source, math);
  const own = await onlyRun(source);
  const judged = await judgedRun(path, own);
  const options = { limit: 100, breathe, unparsedIsWrong: true };
  const found = await compareVerdicts([own, judged], options);
  const expected = rows.flatMap((_row, i) => (i % 7 === 0 ? [[Math.floor(i / 5), i % 5]] : []));
  assert.equal(found.samples, 30);
  assert.deepEqual(
    found.changes.map(({ problem, index }) => [problem.index, index]),
    expected,
  );
  assert.deepEqual(found.counts, [
    { kinds: ["correct", "incorrect"], count: 3 },
    { kinds: ["incorrect", "correct"], count: 2 },
  ]);
  const strictly = await compareVerdicts([own, judged], { ...options, unparsedIsWrong: false, limit: 2 });
  assert.equal(
    strictly.counts.reduce((sum, { count }) => sum + count, 0),
    6,
  );
  assert.equal(strictly.changes.length, 2);
});

test("what is judged outlives a kill: a torn line is cut and only the rest is asked for", async () => {
  const path = freshPath();
  const source = fileOf(rows);
  await judgeInto(path, source, math);
  const whole = readFileSync(path);
  const lines = whole.toString().split("\n");
  const kept = lines.slice(0, 13).join("\n").length + 1;
  truncateSync(path, kept + 9);
  const again = new CountingVerifier();
  await judgeInto(path, source, again);
  assert.equal(again.asked.length, 30 - 12);
  assert.deepEqual(readFileSync(path), whole);
});

test("a cancel keeps what was judged, and rejects", async () => {
  const path = freshPath();
  const many = fileOf(Array.from({ length: 2000 }, (_, i) => ({ ...rows[i % 30], id: i })));
  const abort = new AbortController();
  const verifier = new CountingVerifier();
  verifier.onAsk = () => verifier.asked.length === 1100 && abort.abort();
  await assert.rejects(judgeInto(path, many, verifier, abort.signal), { code: "cancelled" });
  const stored = await readVerdictLog(path, nodeFileStore);
  assert.equal(stored?.table.length, 1024);
  assert.equal(stored?.stamp, null);
  const rest = new CountingVerifier();
  await judgeInto(path, many, rest);
  assert.equal(rest.asked.length, 2000 - 1024);
  assert.equal((await readVerdictLog(path, nodeFileStore))?.stamp, "stamp 1");
});

test("a changed text or gold answer is judged anew; the old lines stay", async () => {
  const path = freshPath();
  await judgeInto(path, fileOf(rows), math);
  const before = readFileSync(path, "utf8");
  const other = rows.map((row, i) => (i === 4 ? { ...row, answer: "7" } : row));
  const changed = other.map((row, i) =>
    i === 8 ? { ...row, response: row.response.replace("So", "Oh") } : row,
  );
  const again = new CountingVerifier();
  await judgeInto(path, fileOf(changed), again);
  assert.deepEqual(
    again.asked.map(({ gold, response }) => [gold, response.slice(0, 2)]),
    [
      ["7", "So"],
      ["2", "Oh"],
    ],
  );
  assert.ok(readFileSync(path, "utf8").startsWith(before));
  // A text that nobody judged has no verdict: it is not graded.
  const third = changed.map((row, i) =>
    i === 9 ? { ...row, response: row.response.replace("So", "Ah") } : row,
  );
  const judged = await judgedRun(path, await onlyRun(fileOf(third)));
  assert.equal(judged.tally.problems[1]?.ungraded, 1);
});

test("one pass judges by several verifiers, and holds only some hundred texts", async () => {
  const strict = mathVerifier({ mode: "strict" });
  let waiting = 0;
  let most = 0;
  const slow = (of: Verifier): Verifier => ({
    id: of.id,
    verify: async (item) => {
      most = Math.max(most, ++waiting);
      await new Promise((resolve) => setImmediate(resolve));
      waiting--;
      return of.verify(item);
    },
  });
  const source = fileOf(Array.from({ length: 3000 }, (_, i) => ({ ...rows[i % 30], id: i })));
  const targets = await Promise.all(
    [math, strict].map(async (verifier) => ({
      verifier: slow(verifier),
      log: await openVerdictLog(freshPath(), verifier.id, nodeFileStore),
    })),
  );
  const progress: number[] = [];
  await judgeRollouts(source, { targets, onProgress: (done, total) => progress.push(done / total) });
  for (const { log } of targets) await log.close();
  assert.deepEqual(
    targets.map(({ log }) => log.table.length),
    [3000, 3000],
  );
  assert.ok(most <= 514, `${most} verdicts were awaited at once`);
  assert.equal(progress.at(-1), 1);
});

test("samples without a gold answer, refused and failed ones are not judged", async () => {
  const path = freshPath();
  const source = fileOf([
    { question: "a", response: "\\boxed{1}", score: 1 },
    { question: "b", answer: "1", response: "", finish_reason: "content_filter", score: 0 },
    { question: "c", answer: "1", response: "\\boxed{1}", finish_reason: "length", score: 0 },
  ]);
  assert.deepEqual(await judgeInto(path, source, math), { samples: 1, withoutGold: 1 });
  const { tally } = await judgedRun(path, await onlyRun(source));
  assert.deepEqual(
    tally.problems.map(({ n, c, ungraded, refused }) => [n, c, ungraded, refused]),
    [
      [0, 0, 1, 0],
      [1, 0, 0, 1],
      [1, 1, 0, 0],
    ],
  );
});

test("sets of another verifier or a newer version are left alone", async () => {
  const path = freshPath();
  await judgeInto(path, fileOf(rows), math);
  assert.equal(await verifierOfLog(path, nodeFileStore), "math@1:standard");
  await assert.rejects(openVerdictLog(path, "choice@1", nodeFileStore), { code: "otherVerdicts" });
  const newer = freshPath();
  writeFileSync(newer, '{"v":2,"verifier":"math@1:standard"}\n');
  await assert.rejects(readVerdictLog(newer, nodeFileStore), { code: "newerSchema" });
  assert.equal(await readVerdictLog(join(folder, "absent"), nodeFileStore), null);
  // A line that a broken disk left is passed over.
  appendFileSync(path, "\0\0\0\n{}\n");
  assert.equal((await readVerdictLog(path, nodeFileStore))?.table.length, 30);
});

test("a table finds the last verdict of a place, in whatever order they came", () => {
  const line = fc.record({
    start: fc.integer({ min: 0, max: 12 }),
    ordinal: fc.integer({ min: 0, max: 3 }),
    print: fc.constantFrom(null, 1, 2),
    basis: fc.constantFrom(5, 6),
    how: fc.constantFrom("a", "b", "c"),
  });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 200 }), (lines) => {
      const table = new VerdictTable();
      const last = new Map<string, (typeof lines)[number]>();
      for (const { how, ...rest } of lines) {
        table.add({ ...rest, verdict: { kind: "correct", how, extracted: null } });
        last.set(`${rest.start} ${rest.ordinal}`, { how, ...rest });
      }
      for (let start = 0; start <= 13; start++) {
        for (let ordinal = 0; ordinal <= 4; ordinal++) {
          const known = last.get(`${start} ${ordinal}`);
          for (const print of [null, 1, 2]) {
            const verdict = table.find({ start, ordinal }, print);
            const expected = known?.print === print ? known.how : null;
            assert.equal(verdict?.kind === "correct" ? verdict.how : null, expected);
            const covered = table.covers({ start, ordinal }, print, 5);
            assert.equal(covered, known?.print === print && known.basis === 5);
          }
        }
      }
    }),
  );
});

test("labels are called what the file calls them", async () => {
  const label = async (...lines: readonly object[]) => (await onlyRun(fileOf(lines))).tally.labels;
  const row = { question: "a", answer: "1", response: "1" };
  assert.equal(await label({ ...row, is_correct: true }), "is_correct");
  assert.equal(await label({ ...row, reward: null, acc: 1 }), "acc");
  assert.equal(await label({ question: "a", answer: "1", responses: ["1", "2"], accs: [1, 0] }), "accs");
  assert.equal(await label({ question: "a", samples: [{ text: "1", correct: true }] }), "correct");
  assert.equal(await label({ question: "a", gt: "1", code: ["1"], score: [true] }), "score");
  assert.equal(await label({ ys: ["1"], infos: [{ r: 1 }], idx: 900 }), "infos");
  assert.equal(await label({ question: "a", m: { is_correct: true, solution: "1" } }), "is_correct");
  assert.equal(await label(row), null);
});

const qwen = sharedData("rollouts/math_cot_100x8.jsonl");
test(
  "800 real solutions: differences and mode dependence are those of the audit on the command line",
  { skip: without(qwen) },
  async () => {
    const source = await fileSource(qwen!);
    try {
      const run = await onlyRun(source);
      const judged: RolloutRun[] = [];
      for (const mode of mathModes) {
        const path = freshPath();
        await judgeInto(path, source, mathVerifier({ mode }));
        judged.push(await judgedRun(path, run));
      }
      const disagreements: string[] = [];
      const audit = await auditRollouts(
        source,
        {
          judge: (item) => math.verify(item),
          judgeModes: (item) =>
            Promise.all(mathModes.map(async (mode) => mathVerifier({ mode }).verify(item))),
        },
        ({ problem, index }) => void disagreements.push(`${problem.key} ${index}`),
      );
      const options = { limit: 800, breathe };
      const standard = judged[mathModes.indexOf("standard")]!;
      const labels = await compareVerdicts([run, standard], { ...options, unparsedIsWrong: true });
      const differ = labels.changes.filter(({ verdicts }) =>
        verdicts.every(({ kind }) => kind !== "undecided" && kind !== "error"),
      );
      assert.deepEqual(
        differ.map(({ problem, index }) => `${problem.key} ${index}`),
        disagreements,
      );
      const modes = await compareVerdicts(judged, { ...options, unparsedIsWrong: false });
      assert.equal(modes.changes.length, Math.round(audit.modeDependent! * audit.samples));
      assert.equal(modes.samples, 800);
    } finally {
      await source.close();
    }
  },
);

test("programs that fail in different tests keep their own details", () => {
  const table = new VerdictTable();
  const verdict = (got: string): Verdict => ({
    kind: "incorrect",
    how: "wrong answer",
    extracted: null,
    trial: { call: "f(1)", expected: "2", got },
  });
  for (const ordinal of [0, 1, 2])
    table.add({ start: 0, ordinal, print: null, basis: 0, verdict: verdict(String(ordinal % 2)) });
  assert.deepEqual(
    [0, 1, 2].map((ordinal) => table.find({ start: 0, ordinal }, null)),
    ["0", "1", "0"].map(verdict),
  );
});
