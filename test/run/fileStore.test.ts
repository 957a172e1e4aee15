import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { LensError } from "../../src/core/errors.ts";
import { nodeFileStore as store } from "../../src/node/fileStore.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "rollout-lens-files-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const code = (expected: string) => (error: unknown) => error instanceof LensError && error.code === expected;

describe("files", () => {
  it("cuts to the given length, then appends in order", async () => {
    const path = join(folder, "deep/er/samples.jsonl");
    const first = await store.openAppend(path);
    await first.append(bytes("one\ntwo\nthr"));
    await first.close();
    const second = await store.openAppend(path, 8);
    await second.append(bytes("three\n"));
    await second.append(bytes("four\n"));
    await second.close();
    assert.equal(readFileSync(path, "utf8"), "one\ntwo\nthree\nfour\n");
  });

  it("replaces whole, and leaves nothing beside", async () => {
    const path = join(folder, "run.json");
    await store.replace(path, bytes("old"));
    await store.replace(path, bytes("new"));
    assert.equal(readFileSync(path, "utf8"), "new");
    assert.deepEqual(readdirSync(folder), ["run.json"]);
  });

  it("reads ranges, and null for what is not there", async () => {
    writeFileSync(join(folder, "a"), "0123456789");
    const source = await store.open(join(folder, "a"));
    assert.equal(source!.byteLength, 10);
    assert.equal(new TextDecoder().decode(await source!.slice(3, 6)), "345");
    assert.equal(new TextDecoder().decode(await source!.slice(8)), "89");
    assert.equal(await store.open(join(folder, "b")), null);
    assert.equal(await store.read(join(folder, "b")), null);
    assert.deepEqual(await store.list(join(folder, "c")), []);
  });

  it(
    "a full device is `diskFull` with words, other failures are `storeFailed`",
    { skip: existsSync("/dev/full") ? false : "needs /dev/full" },
    async () => {
      symlinkSync("/dev/full", join(folder, "samples.jsonl"));
      const file = await store.openAppend(join(folder, "samples.jsonl"));
      await assert.rejects(
        file.append(bytes("x")),
        (error) => code("diskFull")(error) && /disk is full/.test((error as Error).message),
      );
      await file.close();
      writeFileSync(join(folder, "file"), "");
      await assert.rejects(store.openAppend(join(folder, "file/samples.jsonl")), code("storeFailed"));
      await assert.rejects(store.read(folder), code("storeFailed"));
    },
  );
});

describe("the lock of a folder", () => {
  const lockPath = (): string => join(folder, "run.lock");
  const deadPid = (): number => spawnSync(process.execPath, ["-e", ""]).pid;
  const holder = (changes: Record<string, unknown>): void =>
    writeFileSync(
      lockPath(),
      JSON.stringify({ pid: 1, host: hostname(), startedAt: null, at: "then", owner: "x", ...changes }),
    );

  it("is held by one, says who, and is free after release", async () => {
    const first = await store.lock(folder, "VS Code");
    const { pid, host, owner } = JSON.parse(readFileSync(lockPath(), "utf8")) as Record<string, unknown>;
    assert.deepEqual([pid, host, owner], [process.pid, hostname(), "VS Code"]);
    assert.equal(await store.lock(folder, "other"), null);
    await first!.release();
    await first!.release();
    const second = await store.lock(folder, "other");
    assert.notEqual(second, null);
    await second!.release();
    assert.deepEqual(readdirSync(folder), []);
  });

  const stale: readonly (readonly [string, () => void])[] = [
    ["a dead process", () => holder({ pid: deadPid() })],
    ["an earlier process with our id", () => holder({ pid: process.pid })],
    ["a process id that another process has by now", () => holder({ pid: process.ppid, startedAt: "1" })],
    ["a process that died before it wrote its name", () => writeFileSync(lockPath(), "")],
    ["a text that is no lock", () => writeFileSync(lockPath(), "{")],
    [
      "another machine that was silent for long",
      () => {
        holder({ host: "elsewhere" });
        const old = new Date(Date.now() - 600_000);
        utimesSync(lockPath(), old, old);
      },
    ],
  ];
  for (const [who, make] of stale) {
    it(`of ${who} is taken over, by one of several`, async () => {
      make();
      const takers = await Promise.all(["a", "b", "c"].map((owner) => store.lock(folder, owner)));
      const taken = takers.filter((lock) => lock !== null);
      assert.equal(taken.length, 1);
      await taken[0]!.release();
      assert.deepEqual(readdirSync(folder), []);
    });
  }

  const live: readonly (readonly [string, Record<string, unknown>])[] = [
    ["a live process", { pid: process.ppid }],
    ["another machine that was seen lately", { host: "elsewhere", pid: 999_999 }],
  ];
  for (const [who, changes] of live) {
    it(`of ${who} is respected and left as it is`, async () => {
      holder(changes);
      const text = readFileSync(lockPath(), "utf8");
      assert.equal(await store.lock(folder, "me"), null);
      assert.equal(readFileSync(lockPath(), "utf8"), text);
    });
  }
});
