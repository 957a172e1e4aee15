/** One string of a JSON text, with where its characters stand. */
export interface JsonString {
  readonly value: string;
  /** Of the first character behind the opening quote. */
  readonly start: number;
  /** Place in the JSON text of the character at `offset` of the value; of its end for the value's length. */
  readonly placeOf: (offset: number) => number;
}

/** A part of a trace that stands in one string of a JSON text. UTF-16 offsets. */
export interface TracePlace {
  /** Of the trace. */
  readonly start: number;
  readonly end: number;
  /** Offset in the JSON text of an offset of the trace between the two. */
  readonly placeOf: (offset: number) => number;
}

const string = /"[^"\\]*(?:\\.[^"\\]*)*"/gs;
const escape = /\\(?:u[0-9a-fA-F]{4}|.)/gs;

/** The strings of a JSON text that are longer than `least`, names of fields among them. */
export function* jsonStrings(json: string, least = 0): Generator<JsonString> {
  for (const { 0: literal, index } of json.matchAll(string)) {
    if (literal.length - 2 < least) continue;
    const value = decoded(literal);
    if (value === null || value.length < least) continue;
    const start = index + 1;
    yield { value, start, placeOf: placesIn(literal.slice(1, -1), start) };
  }
}

/** `null` for what is no JSON string after all. */
function decoded(literal: string): string | null {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return null;
  }
}

/** An escape is one UTF-16 unit of the value and several characters of the text; all else stands for itself. */
function placesIn(body: string, start: number): (offset: number) => number {
  const values: number[] = [];
  const places: number[] = [];
  let extra = 0;
  for (const { 0: found, index } of body.matchAll(escape)) {
    values.push(index - extra);
    extra += found.length - 1;
    places.push(extra);
  }
  return (offset) => {
    let [low, high] = [0, values.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((values[middle] as number) < offset) low = middle + 1;
      else high = middle;
    }
    return start + offset + (low === 0 ? 0 : (places[low - 1] as number));
  };
}

/** Shorter strings than this are no part of a trace, but a trace that is all of one. */
const leastPart = 8;

/**
 * Where a trace stands in a record's JSON text: in one string, or (a reasoning and an answer) in several that follow each
 * other in the trace. Parts of the trace that stand nowhere (tags that were put round them) are left out; empty where none
 * of it does. A trace that stands there twice is taken where it stands first.
 */
export function tracePlaces(json: string, trace: string): readonly TracePlace[] {
  if (trace === "") return [];
  const least = Math.min(leastPart, trace.length);
  const strings = [...jsonStrings(json, least)];
  const whole =
    strings.find(({ value }) => value === trace) ?? strings.find(({ value }) => value.includes(trace));
  if (whole !== undefined)
    return [placeIn(whole, { start: 0, end: trace.length, at: whole.value.indexOf(trace) })];
  const parts = strings.flatMap((one) => {
    const at = trace.indexOf(one.value);
    return at === -1 ? [] : [{ one, start: at, end: at + one.value.length }];
  });
  // The longest first: a short string that happens to stand in the trace must not take its place.
  const taken: typeof parts = [];
  for (const part of parts.toSorted((a, b) => b.one.value.length - a.one.value.length))
    if (taken.every(({ start, end }) => part.end <= start || part.start >= end)) taken.push(part);
  return taken
    .toSorted((a, b) => a.start - b.start)
    .map(({ one, start, end }) => placeIn(one, { start, end, at: 0 }));
}

const placeIn = (
  one: JsonString,
  { start, end, at }: { readonly start: number; readonly end: number; readonly at: number },
): TracePlace => ({ start, end, placeOf: (offset) => one.placeOf(offset - start + at) });
