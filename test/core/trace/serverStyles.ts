import { fc } from "../../fastCheck.ts";
// What each kind of server makes of the same tokens: random texts, cut into tokens of known bytes, and their wire forms.
import type { TokenPiece } from "../../../src/core/trace/tokenPiece.ts";

/** A text and where its tokens end, in bytes: the truth that alignment has to find again. */
export interface CutText {
  readonly text: string;
  readonly tokens: readonly Uint8Array[];
  readonly ends: readonly number[];
}

export interface ServerStyle {
  readonly name: string;
  /** Whether the pieces say all: then alignment must find every end, else only a tiling. */
  readonly exact: boolean;
  /** `characters`: sentencepiece, whose tokens end between characters, but for single bytes. */
  readonly cuts: "bytes" | "characters";
  readonly pieces: (tokens: readonly Uint8Array[]) => readonly TokenPiece[];
  /** A character that this kind of tokenizer cannot have seen. */
  readonly never?: string;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
export const lossy = (bytes: Uint8Array): string => decoder.decode(bytes);
const piece = (text: string | null, bytes: readonly number[] | null = null, special = false): TokenPiece => ({
  text,
  bytes,
  special,
});

const printable = (byte: number): boolean =>
  (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
const byteNames: readonly string[] = (() => {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
})();
const byteLevel = (bytes: Uint8Array): string => [...bytes].map((byte) => byteNames[byte]).join("");
const isWhole = (bytes: Uint8Array): boolean => {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
};
const fallback = (bytes: Uint8Array): string =>
  isWhole(bytes) ? lossy(bytes) : `<0x${(bytes[0] ?? 0).toString(16).toUpperCase().padStart(2, "0")}>`;

/** "" until the character is whole, then all of it: newer vLLM. */
function incremental(tokens: readonly Uint8Array[]): string[] {
  let held: number[] = [];
  return tokens.map((token) => {
    held.push(...token);
    let whole = held.length;
    while (whole > 0 && !isWhole(Uint8Array.from(held.slice(0, whole)))) whole -= 1;
    const text = lossy(Uint8Array.from(held.slice(0, whole)));
    held = held.slice(whole);
    return text;
  });
}

/** Python's `errors="ignore"` on each token: llama-cpp-python. */
function ignoring(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    const length = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 0;
    const char = bytes.subarray(at, at + length);
    const whole = length > 0 && char.length === length && isWhole(char);
    if (whole) text += lossy(char);
    at += whole ? length : 1;
  }
  return text;
}

const eos = piece("<|im_end|>");

export const serverStyles: readonly ServerStyle[] = [
  {
    name: "vLLM before 2026 and SGLang: decoded one by one, U+FFFD for cut characters",
    exact: false,
    cuts: "bytes",
    pieces: (tokens) => tokens.map((token) => piece(lossy(token))),
  },
  {
    name: 'newer vLLM: "" until the character is whole',
    exact: false,
    cuts: "bytes",
    pieces: (tokens) => incremental(tokens).map((text) => piece(text)),
  },
  {
    name: "OpenAI chat: exact bytes",
    exact: true,
    cuts: "bytes",
    pieces: (tokens) => tokens.map((token) => piece(lossy(token), [...token])),
  },
  {
    name: "vLLM chat: bytes of the decoded text",
    exact: false,
    cuts: "bytes",
    pieces: (tokens) =>
      tokens.map((token) => piece(lossy(token), [...new TextEncoder().encode(lossy(token))])),
  },
  {
    name: "llama.cpp: pieces as text, or as bytes where they are no text",
    exact: true,
    cuts: "bytes",
    pieces: (tokens) =>
      tokens.map((token) => (isWhole(token) ? piece(lossy(token)) : piece(null, [...token]))),
  },
  {
    name: "strings of a byte-level vocabulary",
    exact: true,
    cuts: "bytes",
    pieces: (tokens) => tokens.map((token) => piece(byteLevel(token))),
  },
  {
    name: "llama-cpp-python: what cannot be decoded is dropped",
    exact: false,
    cuts: "bytes",
    pieces: (tokens) => tokens.map((token) => piece(ignoring(token))),
  },
  {
    name: "sentencepiece: byte fallback",
    exact: true,
    cuts: "characters",
    pieces: (tokens) => tokens.map((token) => piece(fallback(token))),
  },
  {
    name: "TGI and sentencepiece: a token decoded alone loses its leading space",
    exact: false,
    cuts: "characters",
    pieces: (tokens) => tokens.map((token) => piece(fallback(token).replace(/^ (?=.)/su, ""))),
  },
  {
    name: "strings of a sentencepiece vocabulary, with a dummy prefix",
    never: "▁",
    exact: false,
    cuts: "characters",
    pieces: (tokens) =>
      tokens.map((token, i) =>
        piece((i === 0 && isWhole(token) ? "▁" : "") + fallback(token).replaceAll(" ", "▁")),
      ),
  },
  {
    name: "begin and end of text as names that are not in the text",
    exact: false,
    cuts: "bytes",
    pieces: (tokens) => [piece("<s>"), ...tokens.map((token) => piece(lossy(token))), eos],
  },
  {
    name: "begin of text flagged as special, with no name of its own",
    exact: false,
    cuts: "bytes",
    pieces: (tokens) => [piece("BOS", null, true), ...tokens.map((token) => piece(lossy(token)))],
  },
];

/** What traces are made of, and what breaks naive offsets. */
const stuff = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(" the", " = ", "\n\n", "So ", "12", ".", "\\frac{1}{2}", "  ", " "),
  },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 4 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 3 }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      "😀",
      "👩‍👩‍👧‍👦",
      "👍🏽",
      "🇩🇪",
      "🇫🇷🇯🇵",
      "你好",
      "日本語のテキスト",
      "한국어",
      "e\u0301",
      "a\u0323\u0302",
      "\uFEFF",
      "\r\n",
      "\r",
      "\uFFFD",
      "\uFFFD\uFFFD",
      "\u200D",
      "नमस्ते",
      "עברית",
      "<0x0A>",
      "<s>",
      "<|im_end|>",
      "Ġ",
      "▁",
      "ﬁ",
      "𝔸",
      "\u0000",
    ),
  },
);

const anyText: fc.Arbitrary<string> = fc
  .array(stuff, { maxLength: 14 })
  .map((parts) => parts.join(""))
  .filter((text) => !/\p{Surrogate}/u.test(text));

/** The text with random ends of tokens: anywhere between bytes, or between characters but for whole characters cut into bytes. */
export function cutText(cuts: "bytes" | "characters"): fc.Arbitrary<CutText> {
  return fc.tuple(anyText, fc.infiniteStream(fc.nat(6))).map(([text, stream]) => {
    const bytes = new TextEncoder().encode(text);
    const tokens: Uint8Array[] = [];
    const ends: number[] = [];
    const take = (start: number, end: number): void => {
      tokens.push(bytes.subarray(start, end));
      ends.push(end);
    };
    let start = 0;
    const next = (): number => stream.next().value as number;
    const charEnd = (at: number): number => {
      let end = at + 1;
      while (end < bytes.length && ((bytes[end] as number) & 0xc0) === 0x80) end += 1;
      return end;
    };
    while (start < bytes.length) {
      if (cuts === "bytes") {
        const end = Math.min(bytes.length, start + 1 + next());
        take(start, end);
        start = end;
      } else if (next() === 0 && charEnd(start) > start + 1) {
        for (const end = charEnd(start); start < end; start += 1) take(start, start + 1);
      } else {
        let end = start;
        for (let chars = 1 + (next() % 4); chars > 0 && end < bytes.length; chars -= 1) end = charEnd(end);
        take(start, end);
        start = end;
      }
    }
    return { text, tokens, ends };
  });
}
