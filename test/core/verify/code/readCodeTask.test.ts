import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { fc } from "../../../fastCheck.ts";
import { pickledString } from "../../../../src/core/verify/code/pickledString.ts";
import { rawFields } from "../../../../src/core/verify/code/rawFields.ts";
import { readCodeTask } from "../../../../src/core/verify/code/readCodeTask.ts";
import { unpackTests } from "../../../../src/node/sandbox/unpackTests.ts";

const read = (task: unknown) =>
  readCodeTask(typeof task === "string" ? task : JSON.stringify(task), unpackTests);

/** As Python's pickle.dumps(text) writes it, protocol 4 (frame, short or long string) or 2. */
function pickled(text: string, protocol: 2 | 4): Buffer {
  const body = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  if (protocol === 2)
    return Buffer.concat([Buffer.from([0x80, 2, 0x58]), length, body, Buffer.from([0x71, 0, 0x2e])]);
  const string =
    body.length < 256 ? [Buffer.from([0x8c, body.length]), body] : [Buffer.from([0x58]), length, body];
  const framed = Buffer.concat([...string, Buffer.from([0x94, 0x2e])]);
  const frame = Buffer.alloc(8);
  frame.writeBigUInt64LE(BigInt(framed.length));
  return Buffer.concat([Buffer.from([0x80, 4, 0x95]), frame, framed]);
}

test("raw fields: what JSON.parse gives, and the text between for what it cannot hold", () => {
  const values = fc.dictionary(
    fc.string(),
    fc.jsonValue().map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(values, fc.constantFrom("", " ", "\t ", "\n"), (object, blank) => {
      const text = `{${Object.entries(object)
        .map(([name, raw]) => `${blank}${JSON.stringify(name)}${blank}:${blank}${raw}${blank}`)
        .join(",")}}`;
      assert.deepEqual(Object.fromEntries(rawFields(text)), { ...object });
    }),
  );
  const fields = rawFields('{"a": [[Infinity, -Infinity, NaN, 123456789012345678901234567890]], "b": "}],"}');
  assert.equal(fields.get("a"), "[[Infinity, -Infinity, NaN, 123456789012345678901234567890]]");
  assert.equal(fields.get("b"), '"}],"');
});

for (const broken of [
  "",
  "[]",
  "{",
  '{"a"',
  '{"a":',
  '{"a":1',
  '{"a":}',
  '{"a":1}x',
  '{"a":"x}',
  '{"a":[1}',
  "{a:1}",
]) {
  test(`raw fields: ${JSON.stringify(broken)} is refused`, () => {
    assert.throws(() => rawFields(broken), { code: "badInput" });
  });
}

test("pickle of a string: protocols 2 and 4, short and long", () => {
  for (const protocol of [2, 4] as const) {
    for (const text of ["", "[]", "é".repeat(100), "x".repeat(70_000)]) {
      assert.equal(pickledString(pickled(text, protocol)), text);
    }
  }
});

test("pickle: anything that is not one string is refused, whatever it holds", () => {
  const system = Buffer.from("cos\nsystem\n(S'id'\ntR.", "latin1");
  const reduce = Buffer.from([
    0x80,
    4,
    0x8c,
    2,
    0x6f,
    0x73,
    0x94,
    0x8c,
    6,
    ...Buffer.from("system"),
    0x94,
    0x93,
    0x2e,
  ]);
  for (const bytes of [
    system,
    reduce,
    Buffer.from([0x80, 4, 0x4b, 5, 0x2e]),
    pickled("x", 4).subarray(0, 8),
    Buffer.concat([pickled("x", 4), Buffer.from("x")]),
    Buffer.from([0x80, 4, 0x8d, 255, 255, 255, 255, 255, 255, 255, 255, 0x2e]),
    Buffer.from([0x2e]),
    Buffer.alloc(0),
  ]) {
    assert.throws(() => pickledString(bytes), { code: "badPickle" });
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        assert.equal(typeof pickledString(bytes), "string");
      } catch (error) {
        assert.equal((error as { code?: string }).code, "badPickle");
      }
    }),
  );
});

test("LiveCodeBench: public tests as JSON text, private ones packed; func_name decides the kind", () => {
  const line = {
    question_id: "abc1_a",
    question_content: "Add.",
    starter_code: "",
    public_test_cases: JSON.stringify([{ input: "1 2\n", output: "3\n", testtype: "stdin" }]),
    private_test_cases: deflateSync(
      pickled(JSON.stringify([{ input: "4 5\n", output: "9", testtype: "stdin" }]), 4),
    ).toString("base64"),
    metadata: "{}",
  };
  const task = read(line);
  assert.ok(task.format === "livecodebench");
  assert.equal(task.id, "abc1_a");
  assert.equal(task.funcName, null);
  assert.deepEqual(task.tests, [
    { input: "1 2\n", output: "3\n" },
    { input: "4 5\n", output: "9" },
  ]);
  const functional = read({ ...line, private_test_cases: "", metadata: '{"func_name": "twoSum"}' });
  assert.ok(functional.format === "livecodebench");
  assert.equal(functional.funcName, "twoSum");
});

test("EvalPlus: inputs are kept as they stand in the file", () => {
  const task = read(
    '{"task_id": "Mbpp/9", "prompt": "p", "entry_point": "f", "canonical_solution": "\\ndef f(x):\\n    return x", "base_input": [[1]], "plus_input": [[Infinity], [99999999999999999999]], "atol": 0, "contract": ""}',
  );
  assert.ok(task.format === "evalplus");
  assert.equal(task.dataset, "mbpp");
  assert.equal(task.plus, "[[Infinity], [99999999999999999999]]");
  assert.equal(task.reference, "p\n\ndef f(x):\n    return x");
});

test("MBPP: text or prompt, imports and set-up of its tests", () => {
  const full = read({
    task_id: 7,
    text: "t",
    code: "def f(): pass",
    test_list: ["assert f() is None"],
    test_setup_code: "x = 1",
  });
  assert.ok(full.format === "mbpp");
  assert.equal(full.id, "7");
  assert.equal(full.setup.trim(), "x = 1");
  const sanitized = read({
    task_id: 7,
    prompt: "t",
    code: "",
    test_list: ["assert 1"],
    test_imports: ["import math"],
  });
  assert.ok(sanitized.format === "mbpp");
  assert.match(sanitized.setup, /^import math\n/);
});

for (const [name, task, message] of [
  ["nothing of a task", { a: 1 }, /expected a task/],
  [
    "an entry point that is code",
    { task_id: "a", prompt: "", entry_point: "f(); x", test: "" },
    /entry_point: expected a name/,
  ],
  [
    "tests that are no strings",
    { task_id: "a", text: "", test_list: [1] },
    /test_list\[0\]: expected string, got number/,
  ],
  ["no test", { task_id: "a", text: "", test_list: [] }, /test_list: expected at least one test/],
  [
    "private tests that are no zlib",
    { question_id: "a", public_test_cases: [], private_test_cases: "AAAA" },
    /private_test_cases: expected JSON or base64/,
  ],
  ["a missing prompt", { task_id: "a", entry_point: "f", test: "" }, /prompt: expected string, got nothing/],
] as const) {
  test(`a line with ${name} is refused by field`, () => {
    assert.throws(() => read(task), { code: "badInput", message });
  });
}
