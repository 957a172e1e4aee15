import { closingBrace } from "./extract.ts";

/** Wrappers whose content stays: `\text{(C)}` is (C), `\mathrm{cm}` is cm. */
const wrappers =
  /\\(?:text(?:bf|it|rm|normal|sf)?|mbox|hbox|mathrm|mathbf|mathit|mathsf|boldsymbol|operatorname)\s*\{/g;
const spacing =
  /\\\\|\\[!,;: ]|~|\\(?:quad|qquad|thinspace|displaystyle|textstyle|limits|left|right|big[lr]?|Big[lr]?)(?![a-zA-Z])/g;
const unicode: Readonly<Record<string, string>> = {
  "−": "-",
  "–": "-",
  "×": "\\times",
  "·": "\\cdot",
  "⋅": "\\cdot",
  π: "\\pi",
  "∞": "\\infty",
  "≤": "\\le",
  "≥": "\\ge",
  "√": "\\sqrt",
  "∪": "\\cup",
  "½": "\\frac{1}{2}",
  "，": ",",
  "：": ":",
};
/** Units are dropped, never compared (as Math-Verify). Only known words: `5x` is no 5. */
const units =
  /(?<=[\d}%)\s])\s*(?:(?:square|sq\.?|cubic|cu\.?)\s*)?(?:units?|dollars?|cents?|degrees?|inch(?:es)?|in\.|foot|feet|ft|yards?|miles?|mph|meters?|metres?|km|cm|mm|kg|grams?|pounds?|lbs?|ounces?|oz|liters?|litres?|gallons?|seconds?|sec|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|people|students?|points?|ways|times|apples|oranges)(?:\s*(?:per|\/)\s*(?:hour|minute|second|day|week|month|year|hr|h|s|min|sec|gallon))?(?:\s*\^?\s*\{?[23]\}?)?$/i;

/**
 * An answer in one spelling: no math delimiters, spacing commands, text wrappers, degrees, currency or known units; one
 * form of fractions and roots; no spaces. Two answers with the same result are the same text.
 */
export function normaliseAnswer(raw: string): string {
  if (/^-?\d{1,15}$/.test(raw)) return raw; // most answers, and the fastest way
  let text = trimEnds(raw.trim());
  text = text.replace(/[−–×·⋅π∞≤≥√∪½，：]/g, (char) => unicode[char] ?? char);
  text = text.replaceAll("{,}", ",").replace(/,\\!/g, ",");
  text = text.replace(/\\(?:dfrac|tfrac|cfrac)(?![a-zA-Z])/g, "\\frac");
  text = unwrap(
    text.replace(spacing, (command) => (command === "\\\\" ? command : " ")).replace(/\s+/g, " "),
  );
  text = text.replace(/\\(?:leq|geq)(?![a-zA-Z])/g, (command) => command.slice(0, -1));
  text = text.replace(/\s*\^?\s*(?:\{\s*\\circ\s*\}|\\circ(?![a-zA-Z])|°|\\degree(?![a-zA-Z]))/g, "");
  text = text.replace(/\\[$£€]|^\s*[$£€](?=\s*[\d.])|\\(?:pounds|euro)(?![a-zA-Z])/g, "");
  text = trimEnds(text.trim()).replace(units, "").trim();
  text = text.replace(/^(-?\d{1,3}(?: \d{3})+)(?=$|\.)/, (number) => number.replaceAll(" ", ""));
  text = text.replace(/^(-?\d+) +(\d+\/\d+)$/, "$1_$2");
  text = text.replace(/(\d), (?=\d{3}(?!\d))/g, "$1;");
  return withFractionBraces(text.replace(/\s+/g, ""))
    .replaceAll(";", ",\u200a")
    .replace(/([\^_])\{(\w)\}/g, "$1$2")
    .replace(/^\{([^{}]*)\}$/, "$1");
}

/** Math delimiters round the whole, Markdown stars, and the sentence's full stop. */
function trimEnds(text: string): string {
  let now = text;
  for (let layer = 0; layer < 8; layer += 1) {
    const before = now;
    now = now
      .replace(/^\*+|\*+$/g, "")
      .replace(/[.,;:]+$/, "")
      .replace(/^\$+([^$]*)\$+$/, "$1")
      .replace(/^\\[([]((?:(?!\\[()[\]]).)*)\\[)\]]$/s, "$1")
      .trim();
    if (now === before) break;
  }
  return now;
}

function unwrap(text: string): string {
  let now = text;
  // Each round takes one wrapper away; the text is short and gets shorter.
  for (;;) {
    wrappers.lastIndex = 0;
    const match = wrappers.exec(now);
    if (match === null) return now;
    const open = match.index + match[0].length - 1;
    const close = closingBrace(now, open);
    if (close === -1) return now;
    const inside = now.slice(open + 1, close);
    const joined = /^\s*(?:and|or)\s*$/i.test(inside) ? ", " : ` ${inside} `;
    now = now.slice(0, match.index) + joined + now.slice(close + 1);
  }
}

/** `\frac12` and `\frac{1}2` get their braces, `\sqrt2` too. */
function withFractionBraces(text: string): string {
  return text
    .replace(/\\frac(\w)(\w)/g, "\\frac{$1}{$2}")
    .replace(/\\frac(\w)\{/g, "\\frac{$1}{")
    .replace(/(\\frac\{[^{}]*\})(\w)/g, "$1{$2}")
    .replace(/\\sqrt(\w)/g, "\\sqrt{$1}");
}
