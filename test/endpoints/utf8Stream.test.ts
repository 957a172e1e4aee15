import assert from "node:assert/strict";
import { test } from "node:test";
import { fc } from "../fastCheck.ts";
import { Utf8Stream } from "../../src/endpoints/utf8Stream.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

test("any bytes in any chunks give the text that a streaming TextDecoder gives, marks and all", () => {
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 6 }),
    fc.string({ unit: "grapheme" }).map(bytesOf),
    fc.constant(Uint8Array.of(0xef, 0xbb, 0xbf)),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 8 }), (parts, cuts) => {
      const bytes = Buffer.concat(parts);
      const places = [0, ...cuts.map((at) => at % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
      const chunks = places.slice(1).map((to, at) => bytes.subarray(places[at], to));
      const stream = new Utf8Stream();
      const text = chunks.map((chunk) => stream.push(chunk)).join("") + stream.end();
      assert.equal(text, new TextDecoder().decode(bytes));
    }),
    { numRuns: 500 },
  );
});
