// The byte scanners against JSON.parse of the whole, with chunk ends at every place.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fc } from "../../fastCheck.ts";
import type { ByteSource } from "../../../src/core/ports.ts";
import type { RecordAt, RecordFile } from "../../../src/core/dataset/records/recordFile.ts";
import { memorySource } from "../../../src/core/dataset/memorySource.ts";
import { csv } from "../../../src/core/dataset/records/csv.ts";
import { jsonLines } from "../../../src/core/dataset/records/jsonLines.ts";
import { jsonValues } from "../../../src/core/dataset/records/jsonValues.ts";
import { isRefusal, openRecords } from "../../../src/core/dataset/records/openRecords.ts";
import { parseJson } from "../../../src/core/dataset/records/parseJson.ts";

/** Gives at most `most` bytes at a time, so that records lie across many chunks. */
function stingy(source: ByteSource, most: number): ByteSource {
  return {
    ...source,
    slice: (start, end = source.byteLength) => source.slice(start, Math.min(end, start + most)),
  };
}

interface Seen {
  readonly values: readonly unknown[];
  readonly places: readonly RecordAt[];
  readonly issues: readonly string[];
}

async function seen(file: RecordFile): Promise<Seen> {
  const values: unknown[] = [];
  const places: RecordAt[] = [];
  const issues: string[] = [];
  await file.each({
    record(value, at) {
      values.push(value);
      places.push(at);
    },
    issue: ({ line, message }) => void issues.push(`${line}: ${message}`),
  });
  return { values, places, issues };
}

// Texts with all that a scanner may trip over.
const text = fc
  .array(fc.constantFrom('"', "\\", "\n", "{", "}", "[", "]", ",", ":", "é", "≤", "😀", "a", " ", "\uFEFF"), {
    maxLength: 12,
  })
  .map((parts) => parts.join(""));
const value = fc.oneof(text, fc.integer(), fc.constantFrom(true, null), fc.array(text, { maxLength: 3 }));
// Not as a key: V8's JSON.parse (Node 24.21) takes the key "\"" for the key "\\" where an earlier object had that one in its place.
const name = text.map((made) => made.replaceAll("\\", ""));
const record = fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true });
const records = fc.array(record, { maxLength: 6 });
const bytesAtATime = fc.integer({ min: 1, max: 40 });

async function agree(
  open: (source: ByteSource) => RecordFile,
  content: string,
  most: number,
  expected: readonly unknown[],
): Promise<void> {
  const whole = memorySource("r", content);
  const { values, places, issues } = await seen(open(stingy(whole, most)));
  assert.deepEqual(issues, []);
  assert.deepEqual(values, expected);
  const bytes = Buffer.from(content);
  for (const [i, at] of places.entries()) {
    assert.deepEqual(await open(whole).read(at.start, at.end), expected[i]);
    const newlines = bytes.subarray(0, at.start).filter((byte) => byte === 10).length;
    assert.equal(at.line, newlines + 1);
  }
}

test("JSON lines: any records, any line ends, any chunks", async () => {
  await fc.assert(
    fc.asyncProperty(
      records,
      bytesAtATime,
      fc.constantFrom("\n", "\r\n", "\n\n"),
      fc.boolean(),
      async (list, most, end, last) => {
        const content = list.map((each) => JSON.stringify(each)).join(end) + (last ? end : "");
        await agree(jsonLines, content, most, list);
      },
    ),
  );
});

test("a JSON list: any records, plain or pretty, any chunks", async () => {
  await fc.assert(
    fc.asyncProperty(records, bytesAtATime, fc.constantFrom(0, 2), async (list, most, indent) => {
      await agree(jsonValues, JSON.stringify(list, null, indent), most, list);
    }),
  );
});

test("a JSON list of any values, and objects one after the other", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(value, { maxLength: 5 }), records, bytesAtATime, async (values, list, most) => {
      await agree(jsonValues, JSON.stringify(values), most, values);
      await agree(jsonValues, list.map((each) => JSON.stringify(each, null, 1)).join("\n"), most, list);
    }),
  );
});

test("CSV: any cells, any chunks", async () => {
  const cell = text.map((made) => made.replaceAll("\uFEFF", "").replaceAll("\r", ""));
  const quoted = (made: string): string => `"${made.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 }),
      bytesAtATime,
      fc.constantFrom("\n", "\r\n"),
      async (rows, most, end) => {
        const content = [["a", "b"], ...rows].map((cells) => cells.map(quoted).join(",")).join(end);
        await agree(
          csv,
          content,
          most,
          rows.map(([a, b]) => ({ a, b })),
        );
      },
    ),
  );
});

test("CSV: a row of another length, and a quote that does not end, cost only themselves", async () => {
  const short = await seen(csv(memorySource("r.csv", "a,b\n1,2\n3\n5,6\n")));
  assert.deepEqual(short.values, [
    { a: "1", b: "2" },
    { a: "5", b: "6" },
  ]);
  assert.deepEqual(short.issues, ["3: expected 2 values as in the header, got 1"]);
  const open = await seen(csv(memorySource("r.csv", 'a,b\n1,2\n"3,4\n5,6\n')));
  assert.deepEqual(open.values, [{ a: "1", b: "2" }]);
  assert.match(open.issues[0] ?? "", /^3: not valid CSV/);
});

test("parseJson: NaN and Infinity outside strings are null, all else is JSON", () => {
  fc.assert(
    fc.property(record, (made) => {
      const json = JSON.stringify({ x: made });
      assert.deepEqual(parseJson(json), JSON.parse(json));
      assert.deepEqual(parseJson(`{"s": NaN, "t": [-Infinity, Infinity], "x": ${JSON.stringify(made)}}`), {
        s: null,
        t: [null, null],
        x: made,
      });
    }),
  );
  assert.deepEqual(parseJson('{"a\\"NaN": "Infinity NaN", "b": NaN}'), { 'a"NaN': "Infinity NaN", b: null });
  assert.throws(() => parseJson('{"a": NaNa}'), SyntaxError);
});

test("how a file is made up is decided by its content, its name only where that is open", async () => {
  const kind = async (name: string, content: string): Promise<string> => {
    const opened = await openRecords(memorySource(name, content));
    return isRefusal(opened) ? "refused" : opened.kind;
  };
  assert.equal(await kind("a.txt", '{"a": 1}\n{"a": 2}\n'), "jsonl");
  assert.equal(await kind("a.json", '{"a": 1}\n{"a": 2}\n'), "jsonl");
  assert.equal(await kind("a.txt", '{\n "a": 1\n}\n'), "json");
  assert.equal(await kind("a.jsonl", '{\n "a": 1\n}\n'), "json");
  assert.equal(await kind("a.jsonl", '[\n{"a": 1}\n]\n'), "json");
  assert.equal(await kind("a.txt", ' [{"a": 1}]'), "json");
  assert.equal(await kind("a.jsonl", "broken\n{}\n"), "jsonl");
  assert.equal(await kind("a.json", '{"a": oops}\n{"a": 2}\n'), "jsonl");
  assert.equal(await kind("a", "question;answer\nx;y\n"), "csv");
  assert.equal(await kind("a.csv", "question\nx\n"), "csv");
  assert.equal(await kind("a.txt", "hello\n"), "refused");
});
