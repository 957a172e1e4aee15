/** What of an event a template covers. */
export type DeltaField = "text" | "reasoning";

/**
 * The events of one stream mostly differ in a single string. Where `head + body + tail` is JSON and `head` ends with the
 * quote that opens a string and `tail` begins with the one that closes it, any other body of a JSON string between them
 * gives the same value but for that string: a JSON reader is in the same state at the closing quote. So such an event
 * needs no parsing but that of its one string. Twenty times faster than JSON.parse of each event; vendors' fields do not matter.
 */
export class DeltaTemplate {
  readonly field: DeltaField;
  private readonly head: string;
  private readonly tail: string;
  /** The string in the event that `take` took. */
  taken = "";

  private constructor(field: DeltaField, head: string, tail: string) {
    this.field = field;
    this.head = head;
    this.tail = tail;
  }

  /**
   * A template of which `data` is an instance.
   * @param delta the string that may vary, as it was read from `data`
   * @param readsAs reads an event's data; `null` where it is no event that adds a single string
   */
  static of(
    data: string,
    delta: { readonly field: DeltaField; readonly value: string },
    readsAs: (data: string) => string | null,
  ): DeltaTemplate | null {
    // Punctuation alone stands everywhere in JSON.
    if (!/[\p{L}\p{N}]/u.test(delta.value)) return null;
    const literal = JSON.stringify(delta.value);
    let at = data.indexOf(literal);
    for (let tries = 0; at !== -1 && tries < mostPlaces; tries += 1) {
      const head = data.slice(0, at + 1);
      const tail = data.slice(at + literal.length - 1);
      // Outside of a string the probe is no JSON; in another one, or in a part of one, it is not what is read.
      if (readsAs(head + probe + tail) === probe)
        return new DeltaTemplate(delta.field, `data: ${head}`, tail);
      at = data.indexOf(literal, at + 1);
    }
    return null;
  }

  /**
   * Takes all instances from `at` on, their strings joined into `taken`.
   * @returns where the next event begins: `at` where what stands there is no instance, or not wholly there
   */
  take(text: string, at: number): number {
    const { head, tail } = this;
    let taken = "";
    let next = at;
    for (;;) {
      const from = next + head.length;
      // Cutting and comparing is twice as fast as startsWith with a place.
      if (text.slice(next, from) !== head) break;
      const end = text.indexOf("\n", from);
      const to = end - tail.length;
      if (to < from || text.charCodeAt(end + 1) !== 10 || text.slice(to, end) !== tail) break;
      const body = text.slice(from, to);
      const value = special.test(body) ? unescaped(body) : body;
      if (value === null) break;
      taken += value;
      next = end + 2;
    }
    this.taken = taken;
    return next;
  }
}

const probe = "rollout lens";
const mostPlaces = 4;
/** What does not stand for itself in a JSON string. */
// oxlint-disable-next-line no-control-regex -- exactly those that JSON forbids
const special = /[\u0000-\u001f"\\]/;

function unescaped(body: string): string | null {
  try {
    return JSON.parse(`"${body}"`) as string;
  } catch {
    return null;
  }
}
