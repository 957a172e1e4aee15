import assert from "node:assert/strict";
import { test } from "node:test";
import { fc } from "../../fastCheck.ts";
import { alignTokens } from "../../../src/core/trace/alignTokens.ts";
import { displayUnits, type CharacterBoundary } from "../../../src/core/trace/displayUnits.ts";
import type { UnitColumns } from "../../../src/core/trace/scoredTrace.ts";
import type { TokenPiece } from "../../../src/core/trace/tokenPiece.ts";
import { cutText, serverStyles } from "./serverStyles.ts";

/** The whole 10,000 texts were run for every style; `LENS_RUNS=10000` does it again. */
const numRuns = Number(process.env["LENS_RUNS"] ?? 60);

function assertTiles(text: string, units: UnitColumns, tokens: number): void {
  let end = 0;
  for (let i = 0; i < units.starts.length; i += 1) {
    assert.equal(units.starts[i], end, "no gap and no overlap");
    end = units.ends[i] as number;
    assert.ok(end >= (units.starts[i] as number));
    assert.ok(!/[\uD800-\uDBFF]/.test(text[end - 1] ?? ""), "no unit ends inside a surrogate pair");
    assert.ok(
      (units.firstTokens[i + 1] as number) > (units.firstTokens[i] as number),
      "no unit without a token",
    );
  }
  assert.equal(end, text.length, "the whole text is covered");
  assert.equal(units.firstTokens.at(-1), tokens, "every token is in a unit");
}

function unitsOf(text: string, pieces: readonly TokenPiece[], boundary: CharacterBoundary): UnitColumns {
  const aligned = alignTokens(text, pieces);
  if (aligned.kind === "failed")
    assert.fail(`${aligned.failure.message} in ${JSON.stringify(text.slice(0, 200))}`);
  return displayUnits(text, aligned, pieces, boundary);
}

for (const style of serverStyles) {
  test(`tokens tile the text: ${style.name}`, () => {
    fc.assert(
      fc.property(cutText(style.cuts), ({ text, tokens, ends }) => {
        fc.pre(style.never === undefined || !text.includes(style.never));
        const pieces = style.pieces(tokens);
        const aligned = alignTokens(text, pieces);
        if (aligned.kind === "failed") assert.fail(`${aligned.failure.message}; ${JSON.stringify(pieces)}`);
        if (style.exact) assert.deepEqual([...aligned.ends], ends);
        for (const boundary of ["codePoint", "grapheme"] as const) {
          if (pieces.length === 0) continue;
          assertTiles(text, displayUnits(text, aligned, pieces, boundary), pieces.length);
        }
      }),
      { numRuns },
    );
  });
}

test("units end between graphemes: what Intl.Segmenter says of the whole text", () => {
  fc.assert(
    fc.property(cutText("bytes"), ({ text, tokens }) => {
      const pieces = tokens.map((token) => ({ text: null, bytes: [...token], special: false }));
      if (pieces.length === 0) return;
      const segments = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text);
      const breaks = new Set([...segments].map(({ index }) => index)).add(text.length);
      const units = unitsOf(text, pieces, "grapheme");
      for (const end of units.ends) assert.ok(breaks.has(end), `${end} in ${JSON.stringify(text)}`);
    }),
    { numRuns: numRuns * 2 },
  );
});

const plain = (text: string): TokenPiece => ({ text, bytes: null, special: false });

function shown(
  text: string,
  pieces: readonly TokenPiece[],
  boundary: CharacterBoundary = "grapheme",
): string[] {
  const { starts, ends } = unitsOf(text, pieces, boundary);
  return Array.from(starts, (start, i) => text.slice(start, ends[i]));
}

test("tokens that share a character are one unit; those around it keep their own", () => {
  assert.deepEqual(shown("a😀b", ["a", "\uFFFD", "\uFFFD", "b"].map(plain)), ["a", "😀", "b"]);
  assert.deepEqual(shown("a😀b", ["a", "", "😀", "b"].map(plain)), ["a", "😀", "b"]);
  assert.deepEqual(shown("x é", ["x", "<0x20>", "<0xC3>", "<0xA9>"].map(plain)), ["x", " ", "é"]);
  assert.deepEqual(shown("👍🏽!", ["👍", "🏽", "!"].map(plain)), ["👍🏽", "!"]);
  assert.deepEqual(shown("👍🏽!", ["👍", "🏽", "!"].map(plain), "codePoint"), ["👍", "🏽", "!"]);
  assert.deepEqual(shown("a\r\nb", ["a", "\r", "\n", "b"].map(plain)), ["a", "\r\n", "b"]);
});

test("special tokens have no width, unless their name stands in the text", () => {
  assert.deepEqual(shown("Hi", ["<s>", "Hi", "</s>"].map(plain)), ["", "Hi", ""]);
  assert.deepEqual(shown("Hi</s>", ["<s>", "Hi", "</s>"].map(plain)), ["", "Hi", "</s>"]);
  assert.deepEqual(shown("Hi", [{ ...plain("[CLS]"), special: true }, plain("Hi")]), ["", "Hi"]);
});

test("spaces that a tokenizer takes or adds", () => {
  assert.deepEqual(shown("The cat  sat", ["The", "cat", "", "", " sat"].map(plain)), [
    "The",
    " cat",
    "  sat",
  ]);
  assert.deepEqual(shown("The cat", ["▁The", "▁cat"].map(plain)), ["The", " cat"]);
  assert.deepEqual(shown("The cat", [" The", " cat"].map(plain)), ["The", " cat"]);
  assert.deepEqual(shown("a\n\tb", ["a", "Ċ", "ĉ", "b"].map(plain)), ["a", "\n", "\t", "b"]);
});

test("what does not tile is a named failure at its token", () => {
  const failure = (text: string, pieces: readonly TokenPiece[]) => {
    const aligned = alignTokens(text, pieces);
    return aligned.kind === "failed" ? aligned.failure : assert.fail("it tiled");
  };
  assert.deepEqual(failure("abc", [plain("a"), plain("x")]), {
    code: "mismatch",
    token: 1,
    message: 'token 1 is "x" where the text has "bc"',
  });
  assert.match(failure("abc", [plain("ab")]).message, /end before the text does: "c" is left over/);
  assert.equal(failure("abc", [plain("abc"), plain("d")]).token, 1);
  assert.equal(failure("a\uD83D", [plain("a")]).code, "loneSurrogate");
  const nameless = { text: null, bytes: null, special: false };
  assert.equal(failure("abc", [plain("a"), nameless]).code, "textsMissing");
  assert.deepEqual(shown("Hello world", [nameless, plain(" wor"), plain("ld")]), ["Hello", " wor", "ld"]);
  assert.equal(
    failure("ABC", [plain("abc")]).code,
    "mismatch",
    "a tokenizer that lower-cases is not guessed at",
  );
  assert.equal(alignTokens("", []).kind, "tiled");
});

test("40,000 tokens in less than 300 ms of processor time, whatever they are made of", () => {
  const line = "So we have 3 × 4 = 12, 你好 😀 and then $x^2$ is fine.\r\n";
  const encoder = new TextEncoder();
  const build = (piecesOf: (bytes: Uint8Array) => readonly TokenPiece[]) => {
    const pieces: TokenPiece[] = [];
    let text = "";
    while (pieces.length < 40_000) {
      pieces.push(...piecesOf(encoder.encode(line)));
      text += line;
    }
    return { text, pieces };
  };
  const cut = (bytes: Uint8Array): Uint8Array[] =>
    Array.from({ length: Math.ceil(bytes.length / 3) }, (_, i) => bytes.subarray(3 * i, 3 * i + 3));
  for (const name of [0, 5, 6]) {
    const style = serverStyles[name];
    const { text, pieces } = build((bytes) => style?.pieces(cut(bytes)) ?? []);
    const costs = [1, 2].map(() => {
      const before = process.cpuUsage();
      const aligned = alignTokens(text, pieces);
      assert.equal(aligned.kind, "tiled");
      if (aligned.kind === "tiled") displayUnits(text, aligned, pieces);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    assert.ok(Math.min(...costs) < 300, `${style?.name}: ${Math.min(...costs).toFixed(0)} ms`);
  }
});

test("20,000 tokens of one character, and of cut characters only, stay linear", () => {
  for (const [char, pieces] of [
    ["a", ["a"]],
    ["\uFFFD", ["\uFFFD"]],
    ["😀", ["\uFFFD", "\uFFFD"]],
    ["\u0301", ["\u0301"]],
  ] as const) {
    const count = 20_000;
    const all = Array.from({ length: count }, (_, i) => plain(pieces[i % pieces.length] ?? ""));
    const text = char.repeat(count / pieces.length);
    const before = process.cpuUsage();
    assertTiles(text, unitsOf(text, all, "grapheme"), count);
    const { user, system } = process.cpuUsage(before);
    assert.ok((user + system) / 1000 < 1_000, `${JSON.stringify(char)}: ${(user + system) / 1000} ms`);
  }
});
