import { maxAnswerChars, Undecided } from "./limits.ts";

const replacements: Readonly<Record<string, string>> = {
  "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "﹣": "-", "－": "-", "×": "*", "✕": "*", "⋅": "*", "·": "*", "∙": "*", "•": "*", "÷": "/", "∕": "/", "⁄": "/",
  "≤": "\\le ", "⩽": "\\le ", "≦": "\\le ", "≥": "\\ge ", "⩾": "\\ge ", "≧": "\\ge ", "≠": "\\ne ", "≈": "\\approx ", "≅": "\\approx ",
  "≡": "\\equiv ", "→": "\\to ", "∈": "\\in ", "∉": "\\notin ", "∪": "\\cup ", "∩": "\\cap ", "∖": "\\setminus ", "±": "\\pm ", "∓": "\\mp ",
  "∞": "\\infty ", "π": "\\pi ", "√": "\\sqrt ", "∛": "\\sqrt[3]", "°": "^\\circ ", "º": "^\\circ ", "˚": "^\\circ ", "∅": "\\emptyset ", "ℝ": "\\mathbb{R}", "ℤ": "\\mathbb{Z}",
  "ℚ": "\\mathbb{Q}", "ℕ": "\\mathbb{N}", "ℂ": "\\mathbb{C}", "α": "\\alpha ", "β": "\\beta ", "γ": "\\gamma ", "δ": "\\delta ", "Δ": "\\Delta ", "θ": "\\theta ",
  "λ": "\\lambda ", "μ": "\\mu ", "ω": "\\omega ", "φ": "\\phi ", "σ": "\\sigma ", "τ": "\\tau ", "ρ": "\\rho ", "∠": "\\angle ", "△": "\\triangle ",
  "½": "\\frac{1}{2}", "⅓": "\\frac{1}{3}", "⅔": "\\frac{2}{3}", "¼": "\\frac{1}{4}", "¾": "\\frac{3}{4}", "⅕": "\\frac{1}{5}", "⅛": "\\frac{1}{8}",
  "²": "^{2}", "³": "^{3}", "⁴": "^{4}", "⁵": "^{5}", "⁶": "^{6}", "⁷": "^{7}", "⁸": "^{8}", "⁹": "^{9}", "⁰": "^{0}", "¹": "^{1}",
  "₀": "_{0}", "₁": "_{1}", "₂": "_{2}", "₃": "_{3}", "₄": "_{4}", "₅": "_{5}", "₆": "_{6}", "₇": "_{7}", "₈": "_{8}", "₉": "_{9}",
  "，": ", ", "、": ", ", "；": "; ", "：": ":", "（": "(", "）": ")", "【": "[", "】": "]", "％": "\\%", "＝": "=", "＋": "+", "＜": "<", "＞": ">", "．": ".",
  "“": "\"", "”": "\"", "‘": "'", "’": "'", "′": "'", "€": "", "£": "", "¥": "", "￥": "", "₹": "", "₽": "", "₩": "", "₪": "", "฿": "", "¢": "",
  "\f": "\\f", "\b": "\\b", "\u00a0": " ", "\u2009": "\\,", "\u202f": "\\,", "\u2002": " ", "\u2003": " ", "\u3000": " ", "\u200b": "", "\ufeff": "", "…": "\\dots ", "∣": "|", "│": "|",
  "⟨": "\\langle ", "⟩": "\\rangle ", "⌊": "\\lfloor ", "⌋": "\\rfloor ", "⌈": "\\lceil ", "⌉": "\\rceil ",
}; // prettier-ignore

const knownAfterDouble =
  /\\\\(?=(?:[dtc]?frac|left|right|le|leq|ge|geq|ne|neq|lt|gt|text|textbf|mathrm|mathbf|boxed|sqrt|pi|infty|cup|cap|pm|cdot|times|in|quad|begin|end|binom|sin|cos|tan|ln|log|circ|angle|alpha|beta|theta|lambda)\b)/g;

/** Text of an answer in plain ASCII LaTeX: look-alikes of Unicode, doubled backslashes and outer `$` put straight. */
export function normalise(text: string): string {
  if (text.length > maxAnswerChars) throw new Undecided("answer too long");
  let out = text
    .replace(/(?:√|\bsqrt\s*)(\d+(?:\.\d+)?)(?!\d)/g, "\\sqrt{$1}")
    .replace(/[^\x20-\x7e]/g, asciiOf);
  out = /\\\\begin\b/.test(out) ? out.replace(/\\\\/g, "\\") : out;
  if (!/\\begin\b/.test(out)) out = out.replace(knownAfterDouble, "\\");
  return withoutFrame(out);
}

function asciiOf(char: string): string {
  const code = char.charCodeAt(0);
  if (code >= 0xff10 && code <= 0xff19) return String.fromCharCode(code - 0xff10 + 48);
  return replacements[char] ?? char;
}

const marksAround = /^[\s"*.,;:]*(?:\*\*|__)?|[\s"*,;:]*(?:\*\*|__)?[\s"*]*$/g;

/** Without the quotes, stars, `$` and closing full stop that prose puts around an answer. */
function withoutFrame(text: string): string {
  let out = text.replace(/\\\[|\\\]|\\\(|\\\)/g, " ").trim();
  out = out
    .replace(/(?<!\\)\\\$/g, " ")
    .replaceAll("$", " ")
    .trim();
  out = /^[\s"*_:]/.test(out) || /["*_]$/.test(out) ? out.replace(marksAround, "").trim() : out;
  return out
    .replace(/(?<!\.)[.。]+$/, "")
    .replace(/[,;。]+$/, "")
    .trim();
}
