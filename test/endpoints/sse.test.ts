import assert from "node:assert/strict";
import { test } from "node:test";
import { fc } from "../fastCheck.ts";
import { SseDecoder } from "../../src/endpoints/sse.ts";

function decoded(bytes: Uint8Array, cuts: readonly number[] = []): string[] {
  const events: string[] = [];
  const decoder = new SseDecoder({ event: (data) => void events.push(data) });
  let start = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    decoder.push(bytes.subarray(start, cut));
    start = cut;
  }
  decoder.push(bytes.subarray(start));
  decoder.end();
  return events;
}
const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);

test("fields, comments, line ends, several data lines, a missing last blank line", () => {
  for (const [text, events] of [
    ["data: a\n\ndata:b\n\n", ["a", "b"]],
    ["data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"]],
    [": ping\n\ndata: a\n\n: ping\n\n", ["a"]],
    ["event: message\nid: 3\nretry: 5\ndata: a\n\n", ["a"]],
    ["data: a\ndata: b\n\n", ["a\nb"]],
    ["data:  two\n\n", [" two"]],
    ["data: a\n\ndata: [DONE]", ["a", "[DONE]"]],
    ["data:\n\n", [""]],
    ["\n\n\n", []],
    ["", []],
    ["\uFEFFdata: a\n\n", ["a"]],
  ] as const)
    assert.deepEqual(decoded(encoded(text)), events, JSON.stringify(text));
});

test("the network may cut anywhere, also inside a character", () => {
  const line = fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\r\n]/g, ""));
  const streams = fc.record({
    events: fc.array(fc.array(line, { minLength: 1, maxLength: 3 }), { maxLength: 8 }),
    end: fc.constantFrom("\n", "\r\n"),
    cuts: fc.array(fc.nat(1_000), { maxLength: 20 }),
  });
  fc.assert(
    fc.property(streams, ({ events, end, cuts }) => {
      const text = events.map((lines) => lines.map((data) => `data: ${data}${end}`).join("") + end).join("");
      const bytes = encoded(text);
      const within = cuts.map((cut) => cut % (bytes.length + 1));
      assert.deepEqual(
        decoded(bytes, within),
        events.map((lines) => lines.join("\n")),
      );
    }),
  );
});
