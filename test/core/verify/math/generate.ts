// Rewrites that keep the meaning of an answer and near misses that do not, made from gold answers.

export interface Pair {
  readonly gold: string;
  readonly response: string;
  readonly expected: "equal" | "different";
  readonly rule: string;
}

type Rule = (gold: string) => string | null;

const simpleFraction = /^(-?)\\[dt]?frac\s*\{(\d+)\}\s*\{(\d+)\}$/;
const wholeNumber = /^-?\d{1,15}$/;
const decimal = /^-?\d*\.\d{1,8}$/;
const pair = /^(\\left)?\(([^()[\],]+),([^()[\],]+)(\\right)?\)$/;
const bareList = /^[^()[\]{},=\\]+(?:,[^()[\]{},=\\]+)+$/;
const interval = /^([([])([^()[\],]+),([^()[\],]+)([)\]])$/;

const changed = (before: string, after: string): string | null => (after === before ? null : after);
const thousands = (digits: string, comma: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, comma);
const listItems = (gold: string): string[] => gold.split(",").map((item) => item.trim());

/** Each gives another way to write the answer, or `null` where it does not apply. */
export const rewrites: Readonly<Record<string, Rule>> = {
  box: (gold) => `So we have $\\boxed{${gold}}$.`,
  announced: (gold) => `Thus the final answer is $${gold}$. I hope it is correct.`,
  chinese: (gold) => `因此，最终答案为 $${gold}$。`,
  hash: (gold) => (wholeNumber.test(gold) ? `Adding up.\n#### ${gold}` : null),
  dfrac: (gold) => changed(gold, gold.replaceAll("\\frac", "\\dfrac")),
  tfrac: (gold) => changed(gold, gold.replace(/\\d?frac/g, "\\tfrac")),
  slash: (gold) => changed(gold, gold.replace(simpleFraction, "$1$2/$3")),
  negativeTop: (gold) => changed(gold, gold.replace(/^-\\frac\{(\d+)\}\{(\d+)\}$/, "\\frac{-$1}{$2}")),
  unreduced: (gold) => {
    const [, sign, top, bottom] = simpleFraction.exec(gold) ?? [];
    return top === undefined ? null : `${sign}\\frac{${Number(top) * 6}}{${Number(bottom) * 6}}`;
  },
  leftRight: (gold) => (/\\left|\\right|\|/.test(gold) || !/[([]/.test(gold) ? null : gold.replace(/(?<!\\)[([]/g, "\\left$&").replace(/(?<!\\)[)\]]/g, "\\right$&")),
  spaced: (gold) => (/\\text|\\mbox|\\mathrm|[a-z]{2}|\d\s|,\d{3}|\d[a-z]/i.test(gold) ? null : gold.replace(/([+=<>])/g, " $1 ")),
  thin: (gold) => changed(gold, gold.replace(/,\s*/g, (comma) => (/\d,\d{3}/.test(gold) || gold.includes(",\\") ? comma : ",\\ "))),
  braces: (gold) => (/^-?[\w.]+$/.test(gold) ? `{${gold}}` : null),
  pointZero: (gold) => (wholeNumber.test(gold) ? `${gold}.0` : null),
  comma: (gold) => (/^-?\d{4,12}$/.test(gold) && !/^-?0/.test(gold) ? thousands(gold, ",") : null),
  thinComma: (gold) => (/^-?\d{4,12}$/.test(gold) && !/^-?0/.test(gold) ? thousands(gold, ",\\!") : null),
  braceComma: (gold) => (/^-?\d{4,12}$/.test(gold) && !/^-?0/.test(gold) ? thousands(gold, "{,}") : null),
  halves: (gold) => (decimal.test(gold) && !gold.startsWith("-") ? `\\frac{${gold.replace(".", "").replace(/^0+(?=\d)/, "")}}{${10 ** gold.split(".")[1]!.length}}` : null),
  unit: (gold) => (wholeNumber.test(gold) || decimal.test(gold) ? `${gold} \\text{ cm}` : null),
  squareUnit: (gold) => (wholeNumber.test(gold) || simpleFraction.test(gold) ? `${gold}\\text{ m}^2` : null),
  dollars: (gold) => (wholeNumber.test(gold) ? `\\$${gold}` : null),
  degrees: (gold) => (wholeNumber.test(gold) ? `${gold}^{\\circ}` : null),
  named: (gold) => (/[=<>]|\\(?:in|le|ge|ne|text|neq|leq|geq)/.test(gold) || gold.includes(",") || /[A-Za-z]{3}/.test(gold.replace(/\\[a-z]+/g, "")) ? null : `x = ${gold}`),
  reordered: (gold) => (bareList.test(gold) && !/^\d{1,3}(,\d{3})+$/.test(gold) ? listItems(gold).reverse().join(", ") : null),
  asSet: (gold) => (bareList.test(gold) && !/^\d{1,3}(,\d{3})+$/.test(gold) ? `\\{${gold}\\}` : null),
  half: (gold) => (/^[^,=<>]*x[^,=<>]*$/.test(gold) && !/\\|[A-Z]{2}/.test(gold) ? `\\frac{2(${gold})}{2}` : null),
  infinity: (gold) => changed(gold, gold.replace(/(?<![-+])\\infty/g, "+\\infty")),
}; // prettier-ignore

const bump = (digit: string): string => (digit === "9" ? "8" : String(Number(digit) + 1));

/** Each gives an answer that is nearly the gold one and wrong. */
export const nearMisses: Readonly<Record<string, Rule>> = {
  lastDigit: (gold) => (gold.startsWith("\\binom") ? null : changed(gold, gold.replace(/(\d)(?=\D*$)/, bump))),
  firstDigit: (gold) => changed(gold, gold.replace(/[1-9]/, bump)),
  sign: (gold) => ((wholeNumber.test(gold) && Number(gold) !== 0) || simpleFraction.test(gold) || (decimal.test(gold) && Number(gold) !== 0) ? (gold.startsWith("-") ? gold.slice(1) : `-${gold}`) : null),
  upsideDown: (gold) => {
    const [, sign, top, bottom] = simpleFraction.exec(gold) ?? [];
    return top === undefined || top === bottom ? null : `${sign}\\frac{${bottom}}{${top}}`;
  },
  swapped: (gold) => {
    const [, , a, b] = pair.exec(gold) ?? [];
    return a === undefined || a.trim() === b!.trim() ? null : `(${b},${a})`;
  },
  otherBracket: (gold) => {
    const [, open, a, b, close] = interval.exec(gold) ?? [];
    return open === undefined ? null : `${open === "(" ? "[" : "("}${a},${b}${close}`;
  },
  dropped: (gold) => (bareList.test(gold) && !/^\d{1,3}(,\d{3})+$/.test(gold) ? listItems(gold).slice(1).join(", ") : null),
  added: (gold) => (bareList.test(gold) && !/^\d{1,3}(,\d{3})+$/.test(gold) ? `${gold}, 987654` : null),
  exponent: (gold) => changed(gold, gold.replace(/\^\{?(\d)/, (all, digit: string) => all.replace(digit, bump(digit)))),
  plusMinus: (gold) => (/\w\s*\+\s*[\\\w]/.test(gold) && !/^[^=]*\+\s*C$/.test(gold) ? gold.replace(/\+(?!.*\+)/, "-") : null),
  base: (gold) => (/^\d+_\{?\d\}?$/.test(gold) ? gold.replace(/_\{?(\d)\}?$/, (_, digit: string) => `_${bump(digit)}`) : null),
  relation: (gold) => changed(gold, gold.replace(/\\leq?\b|\\geq?\b|[<>]/, (sign) => ({ "<": ">", ">": "<" })[sign] ?? (sign.startsWith("\\l") ? "\\ge" : "\\le"))),
  strictness: (gold) => changed(gold, gold.replace(/(?<![\\{|])[<>](?!=)/, (sign) => (sign === "<" ? "\\le " : "\\ge "))),
  ...Object.fromEntries(
    [1e-6, 1e-5, 1e-4, 1e-3, 1e-2].map((step) => [
      `off by ${step}`,
      (gold: string) => (wholeNumber.test(gold) && gold.length < 8 ? (Number(gold) + step).toFixed(6) : null),
    ]),
  ),
  otherVariable: (gold) => (/^[^a-wyz\\]*x[^a-wyz\\]*$/i.test(gold) ? gold.replaceAll("x", "z") : null),
  tenfold: (gold) => (wholeNumber.test(gold) && Number(gold) !== 0 ? `${gold}0` : null),
  percent: (gold) => (wholeNumber.test(gold) && Number(gold) !== 0 ? `${gold}\\%` : null),
}; // prettier-ignore

const texts = /^(?:\\text|[A-Z]$|\\text\{)|[a-z]{4,}\s[a-z]{2,}/;

export function* generate(golds: Iterable<string>): Generator<Pair> {
  for (const gold of golds) {
    for (const [rule, rewrite] of Object.entries(rewrites)) {
      const response = rewrite(gold);
      if (response !== null) yield { gold, response: framed(rule, response), expected: "equal", rule };
    }
    if (texts.test(gold)) continue;
    for (const [rule, miss] of Object.entries(nearMisses)) {
      const response = miss(gold);
      if (response !== null) yield { gold, response: framed(rule, response), expected: "different", rule };
    }
  }
}

const complete = new Set(["box", "announced", "chinese", "hash"]);
const framed = (rule: string, response: string): string =>
  complete.has(rule) ? response : `\\boxed{${response}}`;
