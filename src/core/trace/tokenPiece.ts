/** What alignment knows of one token; every `ReplyToken` is one. */
export interface TokenPiece {
  readonly text: string | null;
  readonly bytes: readonly number[] | null;
  readonly special: boolean;
}

/** One way in which a token may stand in the text. */
export interface PieceForm {
  /** UTF-8; ignored where `lossy` is not `null`. */
  readonly bytes: Uint8Array;
  /** The decoded text where it holds U+FFFD, each of which may stand for part of a character. */
  readonly lossy: string | null;
  /** 0 for the token as it should be; more for each liberty that servers take. */
  readonly cost: number;
  /** Holds at the start of the text only (a dummy space that the tokenizer put there). */
  readonly atStart: boolean;
}

/** How far the forms of tokens may be from the text: each is tried only where the one before it does not tile. */
export type Leniency = "decoded" | "vocabulary" | "dropped";
export const leniencies: readonly Leniency[] = ["decoded", "vocabulary", "dropped"];

const costs = { strippedSpace: 1, dummySpace: 1, asName: 2, zeroWidth: 5 };
const nothing = new Uint8Array(0);
const encoder = new TextEncoder();
const replacement = "\uFFFD";
/** Names of special tokens: `<|im_end|>`, `<s>`, `</s>`, `<bos>`, `<｜end▁of▁sentence｜>`, `[CLS]`, `[/INST]`. */
const specialName = /^(<[^\s<>]{1,48}>|\[\/?[A-Z_]{2,16}\])$/;
const fallbackByte = /^<0x([0-9A-Fa-f]{2})>$/;

/**
 * Every form in which the token may stand in the text, the likeliest first; none where its text is not known.
 * - exact bytes, or decoded text in which U+FFFD stands for the bytes of a character that the token cuts;
 * - sentencepiece's byte fallback `<0xE2>`; a leading space that decoding a single token strips ("▁the" as "the"), and
 *   one that is not in the text (the dummy prefix); "" for a token that only begins a character; names of no width;
 * - with `vocabulary`: strings of the vocabulary, byte-level BPE (`Ġthe`: GPT-2's map of bytes) or sentencepiece (`▁the`).
 */
export function pieceForms(piece: TokenPiece, leniency: Leniency): readonly PieceForm[] {
  const { text } = piece;
  if (piece.bytes !== null) {
    const exact = [...forms(Uint8Array.from(piece.bytes), 0), ...zeroWidth(piece)];
    return text !== null && holdsReplacement(piece.bytes) ? [...exact, ...lossyForms(text)] : exact;
  }
  if (text === null) return piece.special ? [form(nothing, 0)] : [];
  if (text === "") return [form(nothing, 0)];
  // Who drops what cannot be decoded writes no U+FFFD but the text's own.
  if (text.includes(replacement) && leniency !== "dropped") {
    const named = leniency === "vocabulary" && text.includes("▁");
    return named ? [...lossyForms(text), ...lossyForms(text.replaceAll("▁", " "))] : lossyForms(text);
  }
  const found = forms(encoder.encode(text), 0);
  const hex = fallbackByte.exec(text)?.[1];
  if (hex !== undefined) found.unshift(form(Uint8Array.of(Number.parseInt(hex, 16)), 0));
  found.push(...zeroWidth(piece));
  if (leniency === "vocabulary") {
    const bytes = byteLevelBytes(text);
    if (bytes !== null) found.push(...forms(bytes, costs.asName));
    if (text.includes("▁")) found.push(...forms(encoder.encode(text.replaceAll("▁", " ")), costs.asName));
  }
  return found;
}

const form = (bytes: Uint8Array, cost: number): PieceForm => ({ bytes, lossy: null, cost, atStart: false });

/** The bytes themselves, after a stripped space, and without a dummy space of their own. */
function forms(bytes: Uint8Array, cost: number): PieceForm[] {
  const found = [form(bytes, cost)];
  if (bytes[0] === 0x20) {
    if (bytes.length > 1) found.push({ ...form(bytes.subarray(1), cost + costs.dummySpace), atStart: true });
    else found.push({ ...form(nothing, cost + costs.dummySpace), atStart: true });
  }
  const spaced = new Uint8Array(bytes.length + 1);
  spaced[0] = 0x20;
  spaced.set(bytes, 1);
  found.push(form(spaced, cost + costs.strippedSpace));
  return found;
}

function lossyForms(text: string): readonly PieceForm[] {
  const lossy = (form: string, cost: number, atStart = false): PieceForm => ({
    bytes: nothing,
    lossy: form,
    cost,
    atStart,
  });
  const found = [lossy(text, 0), lossy(` ${text}`, costs.strippedSpace)];
  return text.startsWith(" ") ? [...found, lossy(text.slice(1), costs.dummySpace, true)] : found;
}

function zeroWidth(piece: TokenPiece): readonly PieceForm[] {
  const named = piece.special || (piece.text !== null && specialName.test(piece.text));
  return named ? [form(nothing, costs.zeroWidth)] : [];
}

/** Is the token one that stands for no text, by the server's word or by its name? */
export function isSpecialPiece(piece: TokenPiece): boolean {
  return piece.special || (piece.text !== null && specialName.test(piece.text));
}

/** vLLM writes the `bytes` of a cut character as those of U+FFFD: then they say no more than the text. */
function holdsReplacement(bytes: readonly number[]): boolean {
  for (let at = bytes.indexOf(0xef); at !== -1; at = bytes.indexOf(0xef, at + 1)) {
    if (bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd) return true;
  }
  return false;
}

/** GPT-2's map: the printable bytes stand for themselves, the others for the code points from 256 on (openai/gpt-2, encoder.py). */
const byteOfCode: ReadonlyMap<number, number> = new Map(
  (() => {
    const pairs: [number, number][] = [];
    let next = 256;
    for (let byte = 0; byte < 256; byte += 1) {
      const printable =
        (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
      pairs.push([printable ? byte : next++, byte]);
    }
    return pairs;
  })(),
);

function byteLevelBytes(text: string): Uint8Array | null {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) {
    const byte = byteOfCode.get(text.charCodeAt(i));
    if (byte === undefined) return null;
    bytes[i] = byte;
  }
  return bytes;
}
