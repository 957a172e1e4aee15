import assert from "node:assert/strict";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import * as vscode from "vscode";
import { encodeSample } from "../../src/core/dataset/formats/runLog.ts";
import type { RolloutOptions } from "../../src/core/dataset/readRollouts.ts";
import { mathVerifier } from "../../src/core/verify/math/mathVerifier.ts";
import type { Verifier } from "../../src/core/verify/verifier.ts";
import { KeptReadings } from "../../src/host/keptReadings.ts";
import { RunData } from "../../src/host/runData.ts";
import { KeptFiles } from "../../src/node/keptFiles.ts";
import { nodeFileStore } from "../../src/node/fileStore.ts";
import { fake } from "../fakes/vscode.ts";

const root = mkdtempSync(join(tmpdir(), "rollout-lens-readings-"));
after(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => fake.reset());

let folders = 0;
const newFolder = (): string => join(root, String(++folders));

/** A window with a storage. What was read of the file shows in what the verifier was asked. */
function openWindow(storage: string, { id = "math@1:standard", version = "1.0.0" } = {}) {
  const asked: string[] = [];
  const verifier: Verifier = {
    id,
    verify: (item) => (asked.push(item.response), mathVerifier().verify(item)),
  };
  const warnings: string[] = [];
  const log = {
    info: () => undefined,
    warn: (message: string) => void warnings.push(message),
    error: () => undefined,
  };
  const files = new KeptFiles({ folder: storage, mostBytes: 1e7 });
  const kept = new KeptReadings({
    files: () => Promise.resolve(files),
    version,
    log: log as never,
    leastBytes: 100,
  });
  const none = { read: () => Promise.resolve(null), current: () => Promise.resolve(null) };
  const data = new RunData({
    files: () => Promise.resolve(nodeFileStore),
    verifier: () => Promise.resolve(verifier),
    verdicts: none,
    kept,
  });
  const read = async (path: string, options: RolloutOptions = {}) => {
    const file = await data.readFile(vscode.Uri.file(path), options);
    await kept.written();
    return file;
  };
  return { asked, warnings, read, forget: (path: string) => data.forget(vscode.Uri.file(path)) };
}

const counts = async (reading: ReturnType<ReturnType<typeof openWindow>["read"]>) =>
  (await reading).runs.map(({ tally }) => tally.problems.map(({ n, c }) => [n, c]));

function readNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const row = (question: string, gold: number, said: number): string =>
  `${JSON.stringify({ question, answer: String(gold), response: `It is \\boxed{${said}}.` })}\n`;
const few = row("1+1", 2, 2) + row("1+1", 2, 3) + row("2+2", 4, 4);

function writeFew(text = few): string {
  mkdirSync(root, { recursive: true });
  const path = join(root, `rollouts-${++folders}.jsonl`);
  writeFileSync(path, text);
  return path;
}

test("a file is read by one window only, as long as it stays the same", async () => {
  const [storage, path] = [newFolder(), writeFew()];
  const first = openWindow(storage);
  assert.deepEqual(await counts(first.read(path)), [
    [
      [2, 1],
      [1, 1],
    ],
  ]);
  assert.equal(first.asked.length, 3);
  const second = openWindow(storage);
  const file = await second.read(path);
  assert.deepEqual(await counts(Promise.resolve(file)), [
    [
      [2, 1],
      [1, 1],
    ],
  ]);
  assert.equal(second.asked.length, 0);
  const [problem] = file.runs[0]!.tally.problems;
  assert.deepEqual(
    file.runs[0]!.locate(problem!.problem.key).map(({ verdict }) => verdict?.kind),
    ["correct", "incorrect"],
  );
});

test("another time, another text of the same size and time, another verifier, another version: it is read again", async () => {
  const [storage, path] = [newFolder(), writeFew()];
  const at = new Date(1_700_000_000_000);
  utimesSync(path, at, at);
  await openWindow(storage).read(path);
  const readBy = async (...how: Parameters<typeof openWindow> extends [string, ...infer R] ? R : never) => {
    const window = openWindow(storage, ...how);
    await window.read(path);
    return window.asked.length;
  };
  assert.equal(await readBy(), 0);
  assert.equal(await readBy({ id: "math@2:standard" }), 3);
  assert.equal(await readBy({ id: "math@2:standard", version: "1.0.1" }), 3);
  assert.equal(await readBy({ id: "math@2:standard", version: "1.0.1" }), 0);
  utimesSync(path, at, new Date(at.getTime() + 1000));
  assert.equal(await readBy({ id: "math@2:standard", version: "1.0.1" }), 3);
  writeFileSync(path, few.replace("boxed{3}", "boxed{2}"));
  utimesSync(path, at, new Date(at.getTime() + 1000));
  const changed = openWindow(storage, { id: "math@2:standard", version: "1.0.1" });
  assert.deepEqual(await counts(changed.read(path)), [
    [
      [2, 2],
      [1, 1],
    ],
  ]);
});

test("an imported file that grew is read again, all of it", async () => {
  const [storage, path] = [newFolder(), writeFew()];
  await openWindow(storage).read(path);
  appendFileSync(path, row("2+2", 4, 5));
  const window = openWindow(storage);
  assert.deepEqual(await counts(window.read(path)), [
    [
      [2, 1],
      [2, 1],
    ],
  ]);
  assert.equal(window.asked.length, 4);
});

const problems = [{ key: "p", id: "p", index: 0, question: "1+1", gold: "2", line: 1 }];
const line = (index: number, said: number): string =>
  `${encodeSample({
    problemKey: "p",
    index,
    seed: index,
    text: `It is \\boxed{${said}}.`,
    reasoning: null,
    finishReason: "stop",
    outcome: { kind: "ok" },
    verdict: null,
    verifier: null,
    usage: null,
  })}\n`;

test("of a run's log that grew only the new lines are read, and they alone are judged", async () => {
  const [storage, path] = [newFolder(), writeFew(line(0, 2) + line(1, 3))];
  const options = { problems, grader: "math@1:standard" };
  await openWindow(storage).read(path, options);
  appendFileSync(path, line(2, 2) + line(1, 2));
  const second = openWindow(storage);
  assert.deepEqual(await counts(second.read(path, options)), [[[3, 3]]]);
  assert.equal(second.asked.length, 2);
  const third = openWindow(storage);
  assert.deepEqual(await counts(third.read(path, options)), [[[3, 3]]]);
  assert.equal(third.asked.length, 0);
  // The run's problems are part of what its samples mean.
  const other = openWindow(storage);
  const harder = { ...options, problems: [{ ...problems[0]!, gold: "3" }] };
  assert.deepEqual(await counts(other.read(path, harder)), [[[3, 0]]]);
  assert.equal(other.asked.length, 4);
});

test("a log that was cut and went on otherwise is read again", async () => {
  const [storage, path] = [newFolder(), writeFew(line(0, 2) + line(1, 3))];
  const options = { problems, grader: "math@1:standard" };
  await openWindow(storage).read(path, options);
  writeFileSync(path, line(0, 2) + line(1, 2) + line(2, 3));
  const window = openWindow(storage);
  assert.deepEqual(await counts(window.read(path, options)), [[[3, 2]]]);
  assert.equal(window.asked.length, 3);
});

test("a torn or foreign kept file is no reading, and a storage that cannot be written is none", async () => {
  const [storage, path] = [newFolder(), writeFew()];
  await openWindow(storage).read(path);
  const [name] = readNames(storage);
  writeFileSync(join(storage, name!), "torn");
  const torn = openWindow(storage);
  assert.deepEqual(await counts(torn.read(path)), [
    [
      [2, 1],
      [1, 1],
    ],
  ]);
  assert.equal(torn.asked.length, 3);
  const full = openWindow(join(path, "no folder can be here"));
  assert.deepEqual(await counts(full.read(path)), [
    [
      [2, 1],
      [1, 1],
    ],
  ]);
  assert.equal(full.warnings.length, 1);
});

test("of a file that was given up nothing is kept", async () => {
  const [storage, path, other] = [newFolder(), writeFew(), writeFew()];
  const window = openWindow(storage);
  await window.read(path);
  await window.read(other);
  assert.equal(readNames(storage).length, 2);
  await window.forget(path);
  assert.equal(readNames(storage).length, 1);
  const later = openWindow(storage);
  await later.read(path);
  await later.read(other);
  assert.equal(later.asked.length, 3, "the other one's reading is still there");
});

test("small files are not kept", async () => {
  const [storage, path] = [newFolder(), writeFew('{"question":"?","response":"a","score":1}\n')];
  await openWindow(storage).read(path);
  assert.deepEqual(readNames(storage), []);
});

test("all who wait for one reading are told how far it is, and it is read once", async () => {
  const path = writeFew();
  const window = openWindow(newFolder());
  const told: number[][] = [[], []];
  const reads = told.map((shares) =>
    window.read(path, { onProgress: (bytes, total) => void shares.push(bytes / total) }),
  );
  await Promise.all(reads);
  assert.equal(window.asked.length, 3);
  assert.deepEqual(
    told.map((shares) => shares.at(-1)),
    [1, 1],
  );
});
