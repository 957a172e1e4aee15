import type { Token } from "./tokens.ts";
import { functionNames, shortWords, unitWords } from "./vocabulary.ts";

type Named = Pick<Token, "type" | "text">;

const infinities = new Set(["infinity", "infty", "inf", "oo"]);

/**
 * What a run of bare letters means: a function (`sin`), a unit after a number (`5cm`), an English word, or a product of
 * variables (`xy`).
 */
export function nameToken(run: string, before: Token | undefined): readonly Named[] {
  if (run.length === 1) return [{ type: run.charCodeAt(0) > 127 ? "word" : "letter", text: run }];
  if (infinities.has(run)) return [{ type: "letter", text: "infty" }];
  if (run === "pi") return [{ type: "letter", text: "pi" }];
  if (run === "mod") return [{ type: "command", text: "bmod" }];
  if (run === "frac" || run === "dfrac" || run === "binom")
    return [{ type: "command", text: run.replace("dfrac", "frac") }];
  const glued = /^(and|or)(?=[A-Z])(.*)$/.exec(run);
  if (glued !== null && before !== undefined)
    return [{ type: "word", text: glued[1]! }, ...nameToken(glued[2]!, undefined)];
  if (Object.hasOwn(functionNames, run)) return [{ type: "function", text: functionNames[run]! }];
  if (isWord(run) || (unitWords.has(run) && endsOperand(before))) return [{ type: "word", text: run }];
  return functionInside(run) ?? lettersOf(run);
}

const lettersOf = (run: string): Named[] => Array.from(run, (letter) => ({ type: "letter", text: letter }));

function isWord(run: string): boolean {
  if (run.charCodeAt(0) > 127) return true;
  if (shortWords.has(run.toLowerCase()) && !/^[A-Z]+$/.test(run)) return true;
  return run.length >= 4 && /^[A-Z]?[a-z]+$/.test(run) && /[aeiouy]/.test(run) && !consecutive(run);
}

/** `abcd` is four variables. */
const consecutive = (run: string): boolean =>
  Array.from(run).every((letter, k) => k === 0 || letter.charCodeAt(0) === run.charCodeAt(k - 1) + 1);

export const endsOperand = (token: Token | undefined): boolean =>
  token !== undefined && (token.type === "number" || [")", "}", "]", "%", "°"].includes(token.text));

/** `xsin`, `pir`: a product that ends or starts in a name. */
function functionInside(run: string): readonly Named[] | null {
  const found = /^([a-z]{0,2})(sin|cos|tan|ln|log|sqrt|pi)([a-z]?)$/.exec(run);
  if (found === null) return null;
  const [, head = "", name = "", tail = ""] = found;
  const middle: Named =
    name === "pi" ? { type: "letter", text: "pi" } : { type: "function", text: functionNames[name]! };
  return [...lettersOf(head), middle, ...lettersOf(tail)];
}
