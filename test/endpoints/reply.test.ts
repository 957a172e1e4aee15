import assert from "node:assert/strict";
import { test } from "node:test";
import { fc } from "../fastCheck.ts";
import type { Generation } from "../../src/core/run/generate.ts";
import { chatPiece } from "../../src/endpoints/chat.ts";
import { completionPiece } from "../../src/endpoints/completions.ts";
import { CutReply, MalformedReply } from "../../src/endpoints/failure.ts";
import { ReplyReader, type PieceOf } from "../../src/endpoints/reply.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Reads `bytes` cut at these places. */
function read(pieceOf: PieceOf, bytes: Uint8Array, cuts: readonly number[] = []): Generation {
  const reader = new ReplyReader(pieceOf, "text/event-stream; charset=utf-8");
  let start = 0;
  for (const cut of [...cuts.map((at) => at % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)) {
    reader.push(bytes.subarray(start, cut));
    start = cut;
  }
  return reader.end();
}

/** What the API says the events mean, each parsed by itself. */
function meaning(chat: boolean, events: readonly string[]): Pick<Generation, "text" | "reasoning"> {
  let [text, reasoning] = ["", ""];
  for (const event of events) {
    const choice = JSON.parse(event).choices[0];
    const from = chat ? choice.delta : choice;
    text += (chat ? from.content : from.text) ?? "";
    reasoning += from.reasoning ?? from.reasoning_content ?? "";
  }
  return { text, reasoning: reasoning === "" ? null : reasoning };
}

/** Texts of the kinds that models write, and those that look like the JSON around them. */
const delta = fc.oneof(
  fc.constantFrom(
    "text",
    "content",
    "id",
    "index",
    "rollout lens",
    "the",
    " answer",
    "0",
    "null",
    ",",
    '":"',
  ),
  fc.constantFrom(
    "\\frac{1}{2}",
    'say "hi"',
    "\n\n",
    "\r\n",
    "\t",
    "\\",
    '"',
    "data: x\n\n",
    "[DONE]",
    "\u2028",
  ),
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 8 }),
);

/** Some servers escape what is not ASCII, and the slash. */
const written = (escapes: boolean, value: unknown): string => {
  const json = JSON.stringify(value);
  if (!escapes) return json;
  const ascii = json.replace(
    /[\u007f-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return ascii.replaceAll("/", "\\/");
};

const streams = fc.record({
  chat: fc.boolean(),
  escapes: fc.boolean(),
  deltas: fc.array(fc.record({ thinks: fc.boolean(), text: delta }), { minLength: 1, maxLength: 24 }),
  reasoningField: fc.constantFrom("reasoning", "reasoning_content"),
  /** Vendors' fields: constant, or another with each event. */
  before: fc.dictionary(fc.constantFrom("id", "system_fingerprint", "text", "note"), delta, { maxKeys: 2 }),
  counts: fc.boolean(),
  lineEnd: fc.constantFrom("\n", "\n", "\r\n"),
  space: fc.constantFrom(" ", " ", ""),
  ping: fc.boolean(),
  cuts: fc.array(fc.nat(), { maxLength: 12 }),
});

test("the text of a stream is that of its events read one by one, wherever the network cut it", () => {
  fc.assert(
    fc.property(streams, ({ chat, escapes, deltas, reasoningField, before, lineEnd, ...more }) => {
      const events = deltas.map(({ thinks, text }, at) => {
        const field = thinks && chat ? reasoningField : chat ? "content" : "text";
        const choice = chat ? { delta: { [field]: text } } : { text };
        const counted = more.counts ? { n: at } : {};
        return written(escapes, {
          ...before,
          choices: [{ index: 0, ...choice, finish_reason: null }],
          ...counted,
        });
      });
      const end = written(escapes, { choices: [{ index: 0, text: "", finish_reason: "stop" }] });
      const ping = more.ping ? `: ping${lineEnd}${lineEnd}` : "";
      const framed = (data: string): string => `${ping}data:${more.space}${data}${lineEnd}${lineEnd}`;
      const bytes = bytesOf([...events, end, "[DONE]"].map(framed).join(""));
      const { text, reasoning } = read(chat ? chatPiece : completionPiece, bytes, more.cuts);
      assert.deepEqual({ text, reasoning }, meaning(chat, events));
    }),
    { numRuns: 400 },
  );
});

test("one broken character anywhere gives what reading without a template gives", () => {
  const events = ["Let", " us", " add", " \\frac", " 3", " and", " 4"].map(
    (text) => `data: ${JSON.stringify({ id: "c", choices: [{ index: 0, text, finish_reason: null }] })}\n\n`,
  );
  const whole = bytesOf(
    `${events.join("")}data: {"choices":[{"text":"","finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`,
  );
  const outcome = (bytes: Uint8Array, pieceOf: PieceOf): unknown => {
    try {
      return read(pieceOf, bytes);
    } catch (error) {
      return error instanceof MalformedReply || error instanceof CutReply ? error.constructor.name : error;
    }
  };
  // A text with its length besides is no single string: such a reader learns no template.
  const plain: PieceOf = (choice) => ({ ...completionPiece(choice), reasoning: "x" });
  const damage = fc.tuple(
    fc.nat(whole.length - 1),
    fc.constantFrom('"', "\\", "{", "}", ",", ":", "n", "\n"),
  );
  fc.assert(
    fc.property(damage, ([at, by]) => {
      const bytes = whole.slice();
      bytes[at] = by.charCodeAt(0);
      const [fast, slow] = [outcome(bytes, completionPiece), outcome(bytes, plain)];
      const textOf = (one: unknown): unknown => (typeof one === "string" ? one : (one as Generation).text);
      assert.deepEqual(textOf(fast), textOf(slow));
    }),
    { numRuns: 600 },
  );
});

test("a field with the same string as the text is not taken for it", () => {
  for (const note of ["Let", 'x"Let', "text", "choices"]) {
    const event = (said: string, text: string): string =>
      `data: ${JSON.stringify({ note: said, choices: [{ text, finish_reason: null }] })}\n\n`;
    const text = note.slice(-3);
    const stream = [event(note, text), event("other", text), event(note, "next"), event("other", "last")];
    const end = `data: {"choices":[{"text":"","finish_reason":"stop"}]}\n\n`;
    assert.equal(read(completionPiece, bytesOf(stream.join("") + end)).text, `${text}${text}nextlast`);
  }
});

test("an event that says more than its text is read whole", () => {
  const event = (fields: object): string => `data: ${JSON.stringify({ id: "c", ...fields })}\n\n`;
  const piece = (text: string, more: object = {}): object => ({
    choices: [{ index: 0, text, finish_reason: null, ...more }],
  });
  const stream = [
    event(piece("one")),
    event(piece(" two")),
    event({ ...piece(" three"), usage: { prompt_tokens: 3, completion_tokens: 3 } }),
    event(piece(" other", { index: 1 })),
    event(piece(" four", { finish_reason: "length" })),
    event({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } }),
    "data: [DONE]\n\n",
    event(piece(" after the end")),
  ];
  assert.deepEqual(read(completionPiece, bytesOf(stream.join(""))), {
    text: "one two three four",
    reasoning: null,
    finishReason: "length",
    usage: { promptTokens: 3, completionTokens: 4, reasoningTokens: null },
  });
});
