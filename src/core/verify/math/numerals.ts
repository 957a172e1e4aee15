export interface NumeralContext {
  /** `(312,123)` is rather a pair, `312,123` rather one number. */
  readonly insideBrackets: boolean;
  /** Takes the other reading where both are possible. */
  readonly flipped: boolean;
}

export interface Numeral {
  /** Plain digits with at most one point, perhaps with an exponent: `1234.5`, `6e-10`. */
  readonly digits: string;
  /** How many characters of the text it took. */
  readonly length: number;
}

/** Separators that can only be meant as thousands. */
const explicitGroup = /^(?:\{,\}|,\\!|\\!,|\\,|,\{\}|\{,\\!\}|\{\\,\}|,\\! )\s?(?=\d{3}(?!\d))/;
/** `12.345,6` where commas are taken the other way, `1.234.567` always */
const pointGroups = /^[1-9]\d{0,2}(?:\.\d{3})+,\d+(?![\d,.])/;
const severalPointGroups = /^[1-9]\d{0,2}(?:\.\d{3}){2,}(?![\d,.])/;
const commaGroups = /^(?:,\d{3})+(?!\d)/;
const spaceGroups = /^(?:[ ~]\d{3})+(?![\d/]| \d|\s*\\frac)/;

/** The number that starts at `at`, with its thousands separators, decimals and exponent. */
export function numberAt(text: string, at: number, context: NumeralContext): Numeral {
  const window = text.slice(at, at + 1400);
  const european = (context.flipped ? pointGroups : severalPointGroups).exec(window)?.[0];
  if (european !== undefined && !context.insideBrackets)
    return { digits: european.replaceAll(".", "").replace(",", "."), length: european.length };
  const head = /^\d*/.exec(window)![0];
  let digits = head;
  let length = head.length;
  if (/^[1-9]\d{0,2}$/.test(head)) {
    const groups = groupsAfter(window.slice(length), context);
    digits += groups.replace(/\D/g, "");
    length += groups.length;
  }
  const fraction =
    /^\.\d+/.exec(window.slice(length))?.[0] ??
    (/^\.(?![.\d])/.test(window.slice(length)) && head !== "" ? "." : "");
  const period = fraction === "." && /^\.\s*\\(?:overline|dot|bar)\b/.test(window.slice(length));
  digits += fraction === "." && !period ? "" : fraction;
  length += fraction.length;
  const exponent = /^[eE][+-]?\d{1,5}(?![\d.A-Za-z])/.exec(window.slice(length))?.[0] ?? "";
  return { digits: digits + exponent.toLowerCase(), length: length + exponent.length };
}

function groupsAfter(rest: string, context: NumeralContext): string {
  const explicit = explicitGroups(rest);
  if (explicit !== "") return explicit;
  const spaces = spaceGroups.exec(rest);
  if (spaces !== null) return spaces[0];
  const commas = commaGroups.exec(rest)?.[0];
  if (commas === undefined) return "";
  const onlyThousands = /,0/.test(commas);
  return onlyThousands || context.insideBrackets === context.flipped ? commas : "";
}

function explicitGroups(rest: string): string {
  let taken = 0;
  for (;;) {
    const found =
      explicitGroup.exec(rest.slice(taken)) ??
      (taken > 0 ? /^,(?=\d{3}(?!\d))/.exec(rest.slice(taken)) : null);
    if (found === null) return rest.slice(0, taken);
    taken += found[0].length + 3;
  }
}

/** True when the answer reads differently with its commas taken the other way. */
export const hasAmbiguousCommas = (text: string): boolean =>
  /(?:^|[^\d.,])[1-9]\d{0,2}(?:(?:,[1-9]\d{2})+|(?:\.\d{3})+,\d+)(?!\d)/.test(text);
