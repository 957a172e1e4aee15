import { leniencies, type Leniency, pieceForms, type PieceForm, type TokenPiece } from "./tokenPiece.ts";

/** Where each token ends, in bytes of the text's UTF-8; or why the tokens are not those of the text. */
export type TokenAlignment =
  | { readonly kind: "tiled"; readonly bytes: Uint8Array; readonly ends: Uint32Array }
  | { readonly kind: "failed"; readonly failure: AlignmentFailure };

export interface AlignmentFailure {
  /** `textsMissing`: a token has neither text nor bytes. `mismatch`: no way to lay the tokens over the text. */
  readonly code: "loneSurrogate" | "textsMissing" | "mismatch";
  /** The token at which it failed, 0-based; `null` where it is not one token's fault. */
  readonly token: number | null;
  readonly message: string;
}

/** So many places in the text are followed at once; a text of cut characters only could otherwise cost n^2. */
const mostPlaces = 48;
const droppedCost = 3;
/** Bytes; below `mostPlaces`. */
const longestNameless = 40;

/**
 * Lays tokens over the text: the cheapest tiling by dynamic programming over (token, byte), exact or a named failure.
 * At almost every token one place is reached in one way, so it costs one comparison of bytes a token.
 */
export function alignTokens(text: string, pieces: readonly TokenPiece[]): TokenAlignment {
  if (/\p{Surrogate}/u.test(text)) {
    return failed(
      "loneSurrogate",
      null,
      "the text holds half of a surrogate pair, which no tokenizer can have seen",
    );
  }
  // The first token alone may be nameless: vLLM says nothing of it. The others leave it its place.
  const nameless = pieces.findIndex((piece, i) => i > 0 && isNameless(piece));
  if (nameless !== -1) {
    return failed("textsMissing", nameless, `token ${nameless} came without its text`);
  }
  const bytes = new TextEncoder().encode(text);
  let farthest: AlignmentFailure | null = null;
  for (const leniency of leniencies) {
    const found = new Lattice(bytes, leniency).tile(pieces);
    if (found.kind === "tiled") return found;
    if (farthest === null || (found.failure.token ?? 0) > (farthest.token ?? 0)) farthest = found.failure;
  }
  return { kind: "failed", failure: farthest as AlignmentFailure };
}

const failed = (code: AlignmentFailure["code"], token: number | null, message: string): TokenAlignment => ({
  kind: "failed",
  failure: { code, token, message },
});

/** Places reached after a token: byte position, cost, and the index of the place before it. */
interface Layer {
  readonly at: number[];
  readonly cost: number[];
  readonly from: number[];
}

class Lattice {
  private readonly bytes: Uint8Array;
  private readonly leniency: Leniency;
  private readonly known = new Map<string, readonly PieceForm[]>();

  constructor(bytes: Uint8Array, leniency: Leniency) {
    this.bytes = bytes;
    this.leniency = leniency;
  }

  tile(pieces: readonly TokenPiece[]): TokenAlignment {
    const layers: Layer[] = [];
    let expected: Float64Array | null = null;
    let layer: Layer = { at: [0], cost: [0], from: [-1] };
    for (const [i, piece] of pieces.entries()) {
      let next = i === 0 && isNameless(piece) ? this.anyStart() : this.step(layer, this.formsOf(piece));
      if (next.at.length === 0) return this.mismatch(i, piece, layer);
      if (next.at.length > mostPlaces) {
        expected ??= expectedEnds(pieces, this.bytes.length);
        next = likeliest(next, expected[i] as number);
      }
      layers.push(next);
      layer = next;
    }
    return this.traceBack(layers, layer);
  }

  /** Most tokens occur many times. */
  private formsOf(piece: TokenPiece): readonly PieceForm[] {
    if (piece.bytes !== null || piece.special || piece.text === null) return pieceForms(piece, this.leniency);
    let forms = this.known.get(piece.text);
    if (forms === undefined) this.known.set(piece.text, (forms = pieceForms(piece, this.leniency)));
    return forms;
  }

  private step(layer: Layer, forms: readonly PieceForm[]): Layer {
    const next: Layer = { at: [], cost: [], from: [] };
    for (let from = 0; from < layer.at.length; from += 1) {
      const place = { at: layer.at[from] as number, cost: layer.cost[from] as number, from };
      for (const form of forms) {
        if (form.atStart && place.at !== 0) continue;
        if (form.lossy !== null) this.addLossy(next, { ...place, cost: place.cost + form.cost }, form.lossy);
        else this.addExact(next, place, form);
      }
    }
    return next;
  }

  private anyStart(): Layer {
    const count = Math.min(longestNameless, this.bytes.length) + 1;
    const at = Array.from({ length: count }, (_, i) => i);
    return { at, cost: at.map(() => 0), from: at.map(() => 0) };
  }

  private addExact(next: Layer, place: Place, form: PieceForm): void {
    if (this.holds(place.at, form.bytes)) add(next, place.at + form.bytes.length, place, form.cost);
    if (this.leniency === "dropped") this.addDropped(next, place, form);
  }

  /** A decoder that drops what it cannot decode (`errors="ignore"`) is silent on the bytes of a cut character at both ends. */
  private addDropped(next: Layer, place: Place, form: PieceForm): void {
    const inside = isContinuation(this.bytes[place.at]);
    const start = inside ? this.charEnd(place.at) : place.at;
    if (this.holds(start, form.bytes)) {
      const end = start + form.bytes.length;
      if (inside) add(next, end, place, form.cost + droppedCost);
      if (end < this.bytes.length)
        this.addWithin(next, place, { from: end + 1, cost: form.cost + droppedCost });
    }
    if (inside && form.bytes.length === 0) {
      this.addWithin(next, place, { from: place.at + 1, cost: form.cost + droppedCost });
    }
  }

  /** Every end from `from` on that lies inside the character. */
  private addWithin(next: Layer, place: Place, ends: { readonly from: number; readonly cost: number }): void {
    for (let at = ends.from; isContinuation(this.bytes[at]); at += 1) add(next, at, place, ends.cost);
  }

  private holds(at: number, bytes: Uint8Array): boolean {
    const { length } = bytes;
    if (at + length > this.bytes.length) return false;
    for (let i = 0; i < length; i += 1) if (this.bytes[at + i] !== bytes[i]) return false;
    return true;
  }

  /** The end of the character that the byte at `at` belongs to. */
  private charEnd(at: number): number {
    let end = at + 1;
    while (isContinuation(this.bytes[end])) end += 1;
    return Math.min(end, this.bytes.length);
  }

  /**
   * Each U+FFFD is the character itself where the text has it, else one continuation byte of a character that begins
   * before the token, or the first 1..3 bytes of one that ends after it: what Python's `replace`, Rust's
   * `from_utf8_lossy` and TextDecoder make of them (maximal subparts: Unicode 3.9, best practice for U+FFFD).
   */
  private addLossy(next: Layer, place: Place, text: string): void {
    let at = place.at;
    let i = 0;
    while (text[i] === "\uFFFD" && isContinuation(this.bytes[at])) {
      at += 1;
      i += 1;
    }
    if (isContinuation(this.bytes[at]) && i < text.length) return;
    for (; i < text.length; i += 1) {
      if (at >= this.bytes.length) return;
      const end = this.charEnd(at);
      if (text[i] === "\uFFFD" && !this.isReplacement(at)) {
        if (i === text.length - 1) for (let cut = at + 1; cut < end; cut += 1) add(next, cut, place, 0);
        return;
      }
      if (text[i] === "\uFFFD" && i === text.length - 1) {
        for (let cut = at + 1; cut < end; cut += 1) add(next, cut, place, 1);
      }
      const code = text.codePointAt(i) as number;
      if (code !== this.codeAt(at, end)) return;
      if (code > 0xffff) i += 1;
      at = end;
    }
    add(next, at, place, 0);
  }

  private isReplacement(at: number): boolean {
    return this.bytes[at] === 0xef && this.bytes[at + 1] === 0xbf && this.bytes[at + 2] === 0xbd;
  }

  private codeAt(at: number, end: number): number {
    const lead = this.bytes[at] as number;
    const length = end - at;
    let code = length === 1 ? lead : lead & (0xff >> (length + 1));
    for (let i = at + 1; i < end; i += 1) code = (code << 6) | ((this.bytes[i] as number) & 0x3f);
    return code;
  }

  private traceBack(layers: readonly Layer[], last: Layer): TokenAlignment {
    let place = last.at.indexOf(this.bytes.length);
    if (place === -1) {
      const reached = Math.max(...last.at);
      const rest = JSON.stringify(this.shown(reached));
      return failed("mismatch", layers.length, `the tokens end before the text does: ${rest} is left over`);
    }
    const ends = new Uint32Array(layers.length);
    for (let i = layers.length - 1; i >= 0; i -= 1) {
      const layer = layers[i] as Layer;
      ends[i] = layer.at[place] as number;
      place = layer.from[place] as number;
    }
    return { kind: "tiled", bytes: this.bytes, ends };
  }

  private mismatch(index: number, piece: TokenPiece, layer: Layer): TokenAlignment {
    const here = JSON.stringify(this.shown(Math.max(...layer.at)));
    const token = JSON.stringify(piece.text ?? piece.bytes);
    return failed("mismatch", index, `token ${index} is ${token} where the text has ${here}`);
  }

  private shown(at: number): string {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.bytes.subarray(at, at + 24));
  }
}

const isNameless = (piece: TokenPiece): boolean =>
  piece.text === null && piece.bytes === null && !piece.special;

interface Place {
  readonly at: number;
  readonly cost: number;
  readonly from: number;
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

function add(next: Layer, at: number, place: Place, cost: number): void {
  const total = place.cost + cost;
  const known = next.at.indexOf(at);
  if (known === -1) {
    next.at.push(at);
    next.cost.push(total);
    next.from.push(place.from);
  } else if (total < (next.cost[known] as number)) {
    next.cost[known] = total;
    next.from[known] = place.from;
  }
}

/** Where tokens end if all U+FFFD stand for equally many bytes: what to keep when too many places are possible. */
function expectedEnds(pieces: readonly TokenPiece[], total: number): Float64Array {
  const marks = (text: string): number => text.split("\uFFFD").length - 1;
  const texts = pieces.map((piece) => piece.text ?? "");
  const clean = texts.map((text) => utf8Length(text) - 3 * marks(text));
  const [cleanBytes, allMarks] = [sumOf(clean), sumOf(texts.map(marks))];
  const each = allMarks === 0 ? 0 : Math.max(1, (total - cleanBytes) / allMarks);
  let end = 0;
  return Float64Array.from(texts, (text, i) => (end += (clean[i] as number) + each * marks(text)));
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code < 0xe000 ? 2 : 3;
  }
  return length;
}

function likeliest(layer: Layer, expected: number): Layer {
  const oddness = (i: number): number =>
    Math.abs((layer.at[i] as number) - expected) + 4 * (layer.cost[i] as number);
  const kept = layer.at
    .map((_, i) => i)
    .sort((a, b) => oddness(a) - oddness(b))
    .slice(0, mostPlaces);
  const pick = (values: readonly number[]): number[] => kept.map((i) => values[i] as number);
  return { at: pick(layer.at), cost: pick(layer.cost), from: pick(layer.from) };
}
