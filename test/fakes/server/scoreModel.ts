// A small model whose every probability is known: what adapters return is compared with it.

/** Byte-level BPE of a kind: all bytes, and some longer pieces; one of them holds half an emoji. */
const merges = [
  " the",
  "The",
  " of",
  " is",
  " Paris",
  " France",
  " capital",
  " =",
  " 2",
  " 4",
  "2+2",
  "\n\n",
  " so",
  " So",
  " we",
  " have",
  "ing",
  " x",
  " y",
  "Answer",
  " and",
  " to",
];
const pieces: readonly Uint8Array[] = [
  ...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)),
  ...merges.map((text) => new TextEncoder().encode(text)),
  Uint8Array.of(0xf0, 0x9f),
  Uint8Array.of(0xe4, 0xbd),
];
export const vocabularySize = pieces.length;
const byLength = pieces
  .map((_, id) => id)
  .sort((a, b) => (pieces[b]?.length ?? 0) - (pieces[a]?.length ?? 0));
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Greedy: the longest piece that fits. */
export function encode(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  const ids: number[] = [];
  for (let at = 0; at < bytes.length; at += pieces[ids.at(-1) ?? 0]?.length ?? 1) {
    ids.push(byLength.find((id) => pieces[id]?.every((byte, i) => bytes[at + i] === byte)) ?? 0);
  }
  return ids;
}

export const bytesOf = (id: number): Uint8Array => pieces[id] ?? new Uint8Array();
export const textOf = (id: number): string => decoder.decode(bytesOf(id));
export const decode = (ids: readonly number[]): string =>
  decoder.decode(Uint8Array.from(ids.flatMap((id) => [...bytesOf(id)])));

function hash(a: number, b: number, c: number): number {
  let h = Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 7, 0x85ebca6b) ^ Math.imul(c + 13, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return ((h ^ (h >>> 13)) >>> 0) / 2 ** 32;
}

/** Log-probs of every token after the given ones; letters are likelier than other bytes. */
export function logProbsAfter(ids: readonly number[], temperature = 1): Float64Array {
  const [last, before] = [ids.at(-1) ?? -1, ids.at(-2) ?? -1];
  const logits = Float64Array.from(pieces, (piece, id) => {
    const letter = piece.length > 1 || ((piece[0] ?? 0) >= 97 && (piece[0] ?? 0) <= 122);
    return (5 * hash(last, before, id) + (letter ? 2 : 0)) / temperature;
  });
  const most = Math.max(...logits);
  const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0)) + most;
  return logits.map((logit) => logit - total);
}

export interface ModelScore {
  readonly id: number;
  readonly logProb: number;
  readonly rank: number;
  readonly top: readonly { readonly id: number; readonly logProb: number }[];
}

export function scoreAfter(
  before: readonly number[],
  id: number,
  options: { top: number; temperature?: number },
): ModelScore {
  const logProbs = logProbsAfter(before, options.temperature);
  const order = Array.from(logProbs.keys()).sort((a, b) => (logProbs[b] ?? 0) - (logProbs[a] ?? 0) || a - b);
  const top = order.slice(0, options.top).map((one) => ({ id: one, logProb: logProbs[one] ?? 0 }));
  return { id, logProb: logProbs[id] ?? 0, rank: order.indexOf(id) + 1, top };
}

/** The likeliest continuation. */
export function continuation(ids: readonly number[], count: number): number[] {
  const all = [...ids];
  for (let i = 0; i < count; i += 1) {
    const logProbs = logProbsAfter(all);
    all.push(logProbs.indexOf(Math.max(...logProbs)));
  }
  return all.slice(ids.length);
}
