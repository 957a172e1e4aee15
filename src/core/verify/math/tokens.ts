import { maxTokens, Undecided } from "./limits.ts";
import { endsOperand, nameToken } from "./names.ts";
import { numberAt } from "./numerals.ts";
import {
  accentCommands,
  functionNames,
  greekAliases,
  knownCommands,
  markCommands,
  silentCommands,
  spaceCommands,
  textCommands,
} from "./vocabulary.ts";

export type TokenType = "number" | "letter" | "word" | "function" | "command" | "mark";

export interface Token {
  readonly type: TokenType;
  /** A number's digits, a letter's or function's name, a word's text, a command without its backslash, or a mark. */
  readonly text: string;
  /** White space stands before it. */
  readonly spaced: boolean;
}

export interface TokenOptions {
  /** What `1,234` is where both readings are possible. */
  readonly commas: "natural" | "flipped";
}

interface Scan {
  readonly text: string;
  readonly options: TokenOptions;
  readonly tokens: Token[];
  at: number;
  spaced: boolean;
  /** Round and square brackets and set braces that are open. */
  brackets: number;
}

/** Cuts an answer into tokens, in one pass from left to right. Throws `Undecided` beyond 2000 of them. */
export function tokenise(text: string, options: TokenOptions = { commas: "natural" }): readonly Token[] {
  const scan: Scan = { text, options, tokens: [], at: 0, spaced: false, brackets: 0 };
  while (scan.at < text.length) {
    if (scan.tokens.length > maxTokens) throw new Undecided("answer too long");
    step(scan);
  }
  return scan.tokens;
}

function push(scan: Scan, type: TokenType, text: string): void {
  scan.tokens.push({ type, text, spaced: scan.spaced });
  scan.spaced = false;
}

function step(scan: Scan): void {
  const char = scan.text[scan.at]!;
  if (/\s/.test(char) || char === "~") {
    scan.spaced = true;
    scan.at += 1;
  } else if (/[0-9]/.test(char) || (char === "." && /[0-9]/.test(scan.text[scan.at + 1] ?? ""))) {
    const { digits, length } = numberAt(scan.text, scan.at, {
      insideBrackets: scan.brackets > 0,
      flipped: scan.options.commas === "flipped",
    });
    push(scan, "number", digits);
    scan.at += length;
  } else if (/[A-Za-z\u0370-\u03ff\u0400-\u04ff\u3040-\u9fff\uac00-\ud7af]/.test(char)) name(scan);
  else if (char === "\\") command(scan);
  else mark(scan, char);
}

function name(scan: Scan): void {
  const run = /^(?:[A-Za-z]+|[^ -~\s]+)/.exec(scan.text.slice(scan.at, scan.at + 64))![0];
  scan.at += run.length;
  const before = scan.tokens.at(-1);
  for (const { type, text } of nameToken(run, before)) push(scan, type, text);
}

const doubleMarks: Readonly<Record<string, string>> = {
  "<=": "<=", ">=": ">=", "!=": "!=", "==": "=", "=<": "<=", "=>": "⇒", "**": "^", "->": "→", "~=": "≈", "<>": "!=", ":=": "=", "||": "‖",
}; // prettier-ignore

function mark(scan: Scan, char: string): void {
  const pair = doubleMarks[scan.text.slice(scan.at, scan.at + 2)];
  if (pair !== undefined && !(pair === "!=" && factorialBeforeEquals(scan))) {
    scan.at += 2;
    return push(scan, "mark", pair);
  }
  scan.at += 1;
  if (char === '"' || char === "`") return;
  if (char === "(" || char === "[") scan.brackets += 1;
  if (char === ")" || char === "]") scan.brackets = Math.max(0, scan.brackets - 1);
  push(scan, "mark", char);
}

/** `5!=120` is a factorial and an equals sign. */
const factorialBeforeEquals = (scan: Scan): boolean =>
  scan.tokens.at(-1)?.type === "number" && /^!=\s*\d/.test(scan.text.slice(scan.at, scan.at + 8));

function command(scan: Scan): void {
  const found = /^\\([A-Za-z]+|[^])/.exec(scan.text.slice(scan.at, scan.at + 40));
  if (found === null) {
    scan.at += 1;
    return;
  }
  const word = found[1]!;
  scan.at += found[0].length;
  if (word === "\\") return push(scan, "mark", "\\\\");
  if (word === " " || spaceCommands.has(word)) {
    scan.spaced = true;
    return;
  }
  if (textCommands.has(word) && /^\s*\{/.test(scan.text.slice(scan.at, scan.at + 8)))
    return runningText(scan);
  if (word === "mathbb") return blackboard(scan);
  if (word === "begin" || word === "end") return environment(scan, word);
  if (/^(?:hspace|vspace|(?:text)?color)$/.test(word)) return skipGroup(scan);
  if (silentCommands.has(word)) return;
  plainCommand(scan, word);
}

function plainCommand(scan: Scan, word: string): void {
  const markText = markCommands[word];
  if (markText !== undefined) {
    if (markText === "\\{") scan.brackets += 1;
    if (markText === "\\}") scan.brackets = Math.max(0, scan.brackets - 1);
    return push(scan, "mark", markText);
  }
  if (/^[dtc]?frac$/.test(word)) return push(scan, "command", "frac");
  if (/^[dt]?binom$/.test(word)) return push(scan, "command", "binom");
  if (Object.hasOwn(functionNames, word)) return push(scan, "function", functionNames[word]!);
  const command = accentCommands.has(word) || knownCommands.has(word);
  push(scan, command ? "command" : "letter", greekAliases[word] ?? word);
}

function skipGroup(scan: Scan): void {
  const group = /^\*?\s*\{[^{}]*\}/.exec(scan.text.slice(scan.at, scan.at + 64));
  scan.at += group?.[0].length ?? 0;
}

/** The content of a group that opens at or after `at`, and where it ends. An unclosed group goes to the end. */
export function groupAt(text: string, at: number): { readonly content: string; readonly end: number } {
  const open = text.indexOf("{", at);
  let depth = 0;
  for (let k = open; k < text.length; k += 1) {
    if (text[k] === "\\") k += 1;
    else if (text[k] === "{") depth += 1;
    else if (text[k] === "}" && --depth === 0) return { content: text.slice(open + 1, k), end: k + 1 };
  }
  return { content: text.slice(open + 1), end: text.length };
}

function runningText(scan: Scan): void {
  const { content, end } = groupAt(scan.text, scan.at);
  scan.at = end;
  const inner = content.trim();
  if (inner === "") {
    scan.spaced = true;
    return;
  }
  if (Object.hasOwn(functionNames, inner)) return push(scan, "function", functionNames[inner]!);
  if (
    /^[\d\s.,+\-*/^(){}\\%]+$/.test(inner) ||
    /^\\[a-z]+/.test(inner) ||
    measure.test(inner) ||
    choices.test(inner)
  ) {
    for (const token of tokenise(content, scan.options)) push(scan, token.type, token.text);
    return;
  }
  if (/^[a-zA-Z]$/.test(inner) && !/^\s/.test(content)) return singleLetter(scan, inner);
  if (inner === "mod") return push(scan, "command", "bmod");
  push(scan, "word", inner.replace(/\\[ ,;:!]/g, " ").replace(/\s+/g, " "));
}

/** `12 units` */
const measure = /^-?\d[\d.,]*\s?[a-z]{2,}(?:\/[a-z]+)?$/;
/** `B and C`, `(A), (D)` */
const choices = /^\(?(?:[A-Z]|\d+)\)?(?:\s*(?:,|\band\b|\bor\b)\s*(?:(?:and|or)\s+)?\(?(?:[A-Z]|\d+)\)?)+$/;

const unitLetters = /^[mgsNJVAWKLhCF]$/;

/** `10 \mathrm{m}` is a length, `\mathrm{e}^x` a number, `\text{E}` an option. */
function singleLetter(scan: Scan, letter: string): void {
  const last = scan.tokens.at(-1);
  const before = last !== undefined && "*/".includes(last.text) ? scan.tokens.at(-2) : last;
  const afterNumber = before?.type === "word" || (last === before && endsOperand(last));
  push(scan, afterNumber && unitLetters.test(letter) ? "word" : "letter", letter);
}

function blackboard(scan: Scan): void {
  const found = /^\s*\{?\s*([A-Za-z])\s*\}?/.exec(scan.text.slice(scan.at, scan.at + 12));
  if (found === null) return;
  scan.at += found[0].length;
  push(scan, "letter", `mathbb ${found[1]}`);
}

function environment(scan: Scan, word: string): void {
  const found = /^\s*\{([A-Za-z]+)\*?\}/.exec(scan.text.slice(scan.at, scan.at + 40));
  if (found === null) return;
  scan.at += found[0].length;
  if (word === "begin" && /array|tabular/.test(found[1]!)) skipGroup(scan);
  push(scan, "command", `${word} ${found[1]}`);
}
