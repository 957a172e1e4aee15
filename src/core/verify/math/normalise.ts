import { maxAnswerChars, Undecided } from "./limits.ts";

/** Pairs: a look-alike, what it stands for. */
const lookAlikes = "−-–-—-‐-‑-﹣-×*✕*⋅*·*∙*•*÷/∕/⁄/、,【[】]“\"”\"‘'’'′'∣|│|。.∶:";

/** Each sign with its command. */
const signs =
  "≤le ⩽le ≦le ≥ge ⩾ge ≧ge ≠ne ≈approx ≅approx ≡equiv →to ⇒to ∈in ∉notin ∪cup ∩cap ∖setminus ±pm ∓mp ∞infty ∅emptyset √sqrt " +
  "αalpha βbeta γgamma δdelta Δdelta θtheta λlambda μmu ωomega φphi σsigma τtau ρrho πpi ∠angle △triangle …dots ⟨langle ⟩rangle " +
  "⌊lfloor ⌋rfloor ⌈lceil ⌉rceil ℝmathbb{R} ℤmathbb{Z} ℚmathbb{Q} ℕmathbb{N} ℂmathbb{C}";

const replacements: ReadonlyMap<string, string> = new Map([
  ...(lookAlikes.match(/../gs) ?? []).map(([sign, plain]) => [sign!, plain!] as const),
  ...signs.split(" ").map((pair) => [pair[0]!, `\\${pair.slice(1)} `] as const),
  ...Array.from("°º˚", (sign) => [sign, "^\\circ "] as const),
  ...Array.from("€£¥￥₹₽₩₪฿¢\u200b", (sign) => [sign, ""] as const),
  ["℃", "^\\circ\\text{C}"],
  ["℉", "^\\circ\\text{F}"],
  ["∛", "\\sqrt[3]"],
  // LaTeX in a string whose backslash was an escape
  ["\f", "\\f"],
  ["\b", "\\b"],
]);

/** Text of an answer in plain ASCII LaTeX: look-alikes of Unicode, doubled backslashes, \left and \right, and outer `$` put straight. */
export function normalise(text: string): string {
  if (text.length > maxAnswerChars) throw new Undecided("answer too long");
  let out = text
    .replace(/(?:√|\bsqrt\s*)(\d+(?:\.\d+)?)(?!\d)/g, "\\sqrt{$1}")
    .replace(/[⁰¹²³⁴-⁹]+/g, (digits) => `^{${digits.normalize("NFKD")}}`)
    .replace(/[₀-₉]+/g, (digits) => `_{${digits.normalize("NFKD")}}`)
    .replace(/[^\x20-\x7e]/g, asciiOf);
  out = out
    .replace(/\\(?:left|right|[bB]igg?[lr]?)\s*\.(?!\d)/g, " ")
    .replace(/\\(left|right|[bB]igg?[lr])\s*(?:\||\\[lr]?vert\b)/g, (_, side: string) =>
      /^left|l$/.test(side) ? "⎸" : "⎹",
    );
  out = /\\\\begin\b/.test(out) ? out.replace(/\\\\/g, "\\") : out;
  if (!/\\begin\b/.test(out)) out = out.replace(/\\\\(?=[a-zA-Z]{2})/g, "\\");
  return withoutFrame(out);
}

function asciiOf(char: string): string {
  const known = replacements.get(char);
  if (known !== undefined) return known;
  if (char !== "\n" && /\s/.test(char)) return " ";
  if (/[¼-¾⅐-⅞]/.test(char)) return `\\frac{${char.normalize("NFKD").replace("⁄", "}{")}}`;
  const full = char.charCodeAt(0) - 0xff01;
  // The full-width forms of ASCII, such as `１` and `（`
  return full >= 0 && full < 94 ? escaped(String.fromCharCode(full + 33)) : char;
}

const escaped = (char: string): string =>
  char === "%" ? "\\%" : char === "," || char === ";" ? `${char} ` : char;

const marksAround = /^[\s"*.,;:]*(?:\*\*|__)?|[\s"*,;:]*(?:\*\*|__)?[\s"*]*$/g;

/** Without the quotes, stars, `$`, closing full stop and leading equals sign that prose puts around an answer. */
function withoutFrame(text: string): string {
  let out = text
    .replace(/\\[[\]()]|(?<!\\)\\\$/g, " ")
    .replaceAll("$", " ")
    .trim();
  out = /^[\s"*_:]/.test(out) || /["*_]$/.test(out) ? out.replace(marksAround, "").trim() : out;
  return out
    .replace(/^(?:=|\\approx\b|\\sim\b)/, "")
    .replace(/(?<!\.)\.+$/, "")
    .replace(/(?<![,;])[,;]+$/, "")
    .trim();
}
