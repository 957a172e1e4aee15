import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { KeptFiles } from "../../src/node/keptFiles.ts";

const root = mkdtempSync(join(tmpdir(), "rollout-lens-kept-"));
after(() => rmSync(root, { recursive: true, force: true }));
const folderOf = (name: string): string => join(root, name, "deeper");
const content = (length: number, value = 7): Uint8Array => new Uint8Array(length).fill(value);

test("what was written is read, beginning at a multiple of 8, by any window", async () => {
  const folder = folderOf("a");
  const [one, other] = [0, 1].map(() => new KeptFiles({ folder, mostBytes: 1e6 }));
  assert.equal(await one!.read("x"), null);
  assert.ok(await one!.write("x", [content(1000), content(1)]));
  const read = await other!.read("x");
  assert.ok(read);
  assert.deepEqual(read, content(1001));
  assert.equal(read.byteOffset % 8, 0);
  assert.ok(await other!.write("x", [content(5, 1)]));
  assert.deepEqual(await one!.read("x"), content(5, 1));
});

test("many windows that write at once leave one whole file", async () => {
  const folder = folderOf("b");
  const writes = Array.from({ length: 8 }, (_, i) =>
    new KeptFiles({ folder, mostBytes: 1e6 }).write("x", [content(10_000 + i, i)]),
  );
  assert.ok((await Promise.all(writes)).every(Boolean));
  const read = await new KeptFiles({ folder, mostBytes: 1e6 }).read("x");
  assert.deepEqual(read, content(10_000 + read![0]!, read![0]));
  assert.deepEqual(readdirSync(folder), ["x.kept"]);
});

test("a torn, longer, changed or foreign file is not there", async () => {
  const folder = folderOf("c");
  const kept = new KeptFiles({ folder, mostBytes: 1e6 });
  await kept.write("x", [content(100)]);
  const path = join(folder, "x.kept");
  const whole = readFileSync(path);
  const changed = Buffer.from(whole);
  changed[60]! ^= 1;
  for (const bytes of [
    whole.subarray(0, 60),
    whole.subarray(0, 9),
    Buffer.alloc(0),
    changed,
    Buffer.from("{}"),
  ]) {
    writeFileSync(path, bytes);
    assert.equal(await kept.read("x"), null);
  }
  writeFileSync(path, Buffer.concat([whole, Buffer.from([0])]));
  assert.equal(await kept.read("x"), null);
  writeFileSync(path, whole);
  assert.deepEqual(await kept.read("x"), content(100));
});

test("where the folder cannot be written nothing is kept, and nobody is troubled", async () => {
  const folder = folderOf("d");
  writeFileSync(join(root, "d"), "a file where the folder would be");
  const kept = new KeptFiles({ folder, mostBytes: 1e6 });
  assert.equal(await kept.write("x", [content(10)]), false);
  assert.equal(await kept.read("x"), null);
});

test("the file that was used the longest ago makes room, and what a killed window left is cleared away", async () => {
  const folder = folderOf("e");
  const kept = new KeptFiles({ folder, mostBytes: 1000 });
  const used = (name: string, hoursAgo: number): void => {
    const at = Date.now() / 1000 - 3600 * hoursAgo;
    utimesSync(join(folder, name), at, at);
  };
  for (const name of ["a", "b", "c"]) await kept.write(name, [content(284)]);
  used("a.kept", 3);
  used("b.kept", 2);
  used("c.kept", 1);
  writeFileSync(join(folder, "x.kept.abc"), "half");
  used("x.kept.abc", 2);
  writeFileSync(join(folder, "y.kept.def"), "");
  // Reading is use: now b is the oldest.
  assert.ok(await kept.read("a"));
  await kept.write("d", [content(284)]);
  assert.deepEqual(readdirSync(folder).sort(), ["a.kept", "c.kept", "d.kept", "y.kept.def"]);
  assert.equal(await kept.write("huge", [content(1000)]), false);
  assert.ok(await kept.read("d"));
});
