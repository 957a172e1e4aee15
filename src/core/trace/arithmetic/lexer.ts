/** One piece of a text, as far as arithmetic goes. */
export interface ArithmeticToken {
  readonly kind:
    | "number"
    | "operator" // + - * / ^
    | "open"
    | "close"
    | "fraction"
    | "root"
    | "binomial"
    | "percent"
    | "degree"
    | "equals"
    | "dollar"
    | "line" // a line's end, in text or in LaTeX
    | "break" // what may stand beside an expression: punctuation, delimiters, arrows, other relations
    | "word"
    | "block"; // what may belong to the expression and is not understood: variables, functions, subscripts, dots
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly spaceBefore: boolean;
}

type Kind = ArithmeticToken["kind"];

/** In the order of trial at each place. */
const rules: readonly (readonly [Kind | "space", RegExp])[] = (
  [
    [
      "space",
      /(?:[ \t\u00a0]|\\[,;:! ]|\\(?:left|right|big[lr]?|Big[lr]?|displaystyle|limits)(?![a-zA-Z])|&)+/,
    ],
    ["line", /(?:\r?\n|\\\\(?:\[[^\]\n]*\])?)/],
    ["break", /\\[()[\]]|\$\$/],
    ["dollar", /\\?\$/],
    ["number", /\d{1,3}(?:(?:,|\{,\}|\\,|,\\!)\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+/],
    ["operator", /\\(?:cdot|times|ast|div)(?![a-zA-Z])|[+*×·⋅∗/÷^−–-]|[²³]/],
    ["fraction", /\\[dtc]?frac(?![a-zA-Z])/],
    ["binomial", /\\[dt]?binom(?![a-zA-Z])/],
    ["root", /\\sqrt(?![a-zA-Z[])/],
    ["percent", /\\?%/],
    ["degree", /\^\\circ|\^\{\\circ\}|\\circ(?![a-zA-Z])|°/],
    ["word", /\\(?:text|textbf|textit|textrm|mathrm|mbox)\{[^{}]*\}/],
    [
      "break",
      /\\(?:approx|neq?|leq?|geq?|lt|gt|implies|impliedby|iff|Rightarrow|Leftrightarrow|[Ll]ongrightarrow|rightarrow|to|therefore|because|quad|qquad|boxed|fbox|par|item|newline|hline)(?![a-zA-Z])|\\(?:begin|end|tag)\{[^{}]*\}/,
    ],
    ["block", /\\(?:[a-zA-Z]+|.)/],
    ["block", /[=<>!:~+*/-]=|=[=>]/],
    ["equals", /=/],
    ["open", /[([{]/],
    ["close", /[)\]}]/],
    ["block", /\.{2,}|…/],
    ["break", /[,;:.?"'“”‘’<>≈≠≤≥→⇒⟹•#>`~]/],
    ["word", /\p{L}[\p{L}\p{N}’'-]*/u],
    ["block", /[\s\S]/u],
  ] as const
).map(
  ([kind, pattern]) => [kind, new RegExp(pattern.source, pattern.flags.includes("u") ? "uy" : "y")] as const,
);

/** Cuts a text into tokens that cover all but its spaces; linear in its length. */
export function lexArithmetic(text: string): readonly ArithmeticToken[] {
  const tokens: ArithmeticToken[] = [];
  let spaceBefore = true;
  for (let at = 0; at < text.length;) {
    const [kind, end] = longestAt(text, at);
    if (kind === "space") spaceBefore = true;
    else {
      tokens.push({ kind, text: text.slice(at, end), start: at, end, spaceBefore });
      spaceBefore = kind === "line";
    }
    at = end;
  }
  return tokens.map((token, i) => refined(tokens, token, i));
}

function longestAt(text: string, at: number): readonly [Kind | "space", number] {
  for (const [kind, pattern] of rules) {
    pattern.lastIndex = at;
    if (pattern.test(text)) return [kind, pattern.lastIndex];
  }
  throw new Error(`no rule for ${JSON.stringify(text.slice(at, at + 10))}`);
}

/** What its neighbours decide: bullets and bold, `x` between numbers, "20 % of", letters glued to numbers. */
function refined(tokens: readonly ArithmeticToken[], token: ArithmeticToken, i: number): ArithmeticToken {
  const [before, after] = [tokens[i - 1], tokens[i + 1]];
  const atLineStart = before === undefined || before.kind === "line";
  const as = (kind: Kind, text = token.text): ArithmeticToken => ({ ...token, kind, text });
  if (token.kind === "operator") {
    const bullet = atLineStart && after?.spaceBefore === true && after.kind !== "line";
    if (bullet) return as("break");
    const starred =
      token.text === "*" && [before, after].some((one) => one?.text === "*" && !isApart(one, token));
    return starred ? as("break") : token;
  }
  if (token.kind === "number") {
    const listed = atLineStart && after !== undefined && /^[.)]$/.test(after.text) && !after.spaceBefore;
    if (listed) return as("break");
    const glued =
      after?.kind === "word" &&
      !after.spaceBefore &&
      !/^[xX]$/.test(after.text) &&
      !after.text.startsWith("\\");
    return glued ? as("block") : token;
  }
  if (token.kind !== "word") return token;
  if (/^[xX]$/.test(token.text) && endsOperand(before) && startsOperand(after)) return as("operator", "*");
  if (token.text === "of" && before?.kind === "percent" && startsOperand(after)) return as("operator", "*");
  const single = token.text.length === 1 && !/^[aAI]$/.test(token.text);
  return single ? as("block") : token;
}

const isApart = (one: ArithmeticToken, token: ArithmeticToken): boolean =>
  one.start > token.start ? one.spaceBefore : token.spaceBefore;
const endsOperand = (token: ArithmeticToken | undefined): boolean =>
  token?.kind === "number" || (token?.kind === "close" && token.text === ")");
const startsOperand = (token: ArithmeticToken | undefined): boolean =>
  token?.kind === "number" || token?.kind === "dollar" || (token?.kind === "open" && token.text === "(");
