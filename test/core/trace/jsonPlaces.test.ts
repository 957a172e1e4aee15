import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonStrings, tracePlaces } from "../../../src/core/trace/jsonPlaces.ts";
import { fc } from "../../fastCheck.ts";

/** Text as a trace has it, and what must be escaped in JSON. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "So ",
        '"',
        "\\",
        "\n",
        "\t",
        "\u0000",
        "\u2028",
        "😀",
        "é",
        "你",
        "/",
        "\\u0041",
        "\r\n",
      ),
      fc.string(),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(""));

/** Writers escape as they like: all of it, or what must be. */
const asciiOnly = (json: string): string =>
  json.replaceAll(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

test("every offset of a string of a record leads to where its character stands", () => {
  fc.assert(
    fc.property(text, text, fc.boolean(), (value, other, ascii) => {
      const plain = JSON.stringify({ id: 7, other, completion: value, more: [other, { a: null }] });
      const json = ascii ? asciiOnly(plain) : plain;
      const found = [...jsonStrings(json)].find((one) => one.value === value);
      assert.ok(found);
      const units = value.split("");
      for (const [offset, unit] of units.entries()) {
        const written = json.slice(found.placeOf(offset), found.placeOf(offset + 1));
        // Half a surrogate pair stands for itself in a slice; it parses alone as well.
        assert.equal(JSON.parse(`"${written}"`), unit, `${offset} of ${json}`);
      }
    }),
  );
});

const shown = (json: string, trace: string): string[] =>
  tracePlaces(json, trace).map(({ start, end, placeOf }) => json.slice(placeOf(start), placeOf(end)));

test("a trace is found in the string that is it, in one that holds it, and in the parts it was put together of", () => {
  const trace = 'First, "x" is 3.\nSo 2x = 6.';
  const line = JSON.stringify({ prompt: "What is 2x?", response: trace, score: 1 });
  assert.deepEqual(shown(line, trace), ['First, \\"x\\" is 3.\\nSo 2x = 6.']);
  const held = JSON.stringify({ text: `Q: why?\nA: ${trace}\nend` });
  assert.deepEqual(shown(held, trace), ['First, \\"x\\" is 3.\\nSo 2x = 6.']);
  const [reasoning, answer] = ["Let me think\nabout it.", "The answer is 6."];
  const parts = JSON.stringify({ answer, reasoning, other: "think" });
  const whole = `<think>${reasoning}</think>${answer}`;
  assert.deepEqual(shown(parts, whole), ["Let me think\\nabout it.", "The answer is 6."]);
  const [first] = tracePlaces(parts, whole);
  assert.equal(first?.start, "<think>".length);
});

test("a trace that stands nowhere has no place, and hostile lines end", () => {
  assert.deepEqual(tracePlaces('{"a": 1}', "So it is."), []);
  assert.deepEqual(tracePlaces("", "So it is."), []);
  assert.deepEqual(tracePlaces('{"a": "x"}', ""), []);
  assert.deepEqual(tracePlaces(`{"a": "${"\\\\".repeat(50_000)}`, "So it is."), []);
  assert.equal(tracePlaces(`"${"a".repeat(200_000)}"`, "a".repeat(200_000)).length, 1);
  assert.deepEqual(tracePlaces('"\\x not JSON, So it is."', "So it is."), []);
});
