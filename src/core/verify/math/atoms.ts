import { readAbsolute, readBracket, readBraceGroup, readSet } from "./brackets.ts";
import { type Cursor, unreadable } from "./cursor.ts";
import { call, constant, type Expression, number, quotient, sum, symbol, text } from "./expression.ts";
import { operandCommands, readCommand } from "./commands.ts";
import { readFunction } from "./functions.ts";
import { subscriptText } from "./groups.ts";
import { parseNumber } from "./parseNumber.ts";
import { integer } from "./rational.ts";
import { isMeaningful, isSeparatorWord } from "./units.ts";

const openers = new Set(["(", "[", "{", "\\{", "⟨", "⌊", "⌈", "⎸", "‖"]);

/** True when the next token can be a factor without a sign between. */
export function startsOperand(cursor: Cursor): boolean {
  const token = cursor.peek();
  if (token === undefined) return false;
  if (token.type === "number" || token.type === "letter" || token.type === "function") return true;
  if (token.type === "command") return operandCommands.has(token.text) || token.text.startsWith("begin ");
  if (token.type === "word") return false;
  if (token.text === "|") return !cursor.barCloses && barAhead(cursor);
  return openers.has(token.text) && !(token.text === "‖" && cursor.barCloses);
}

function barAhead(cursor: Cursor): boolean {
  for (let k = 1; ; k += 1) {
    const token = cursor.peek(k);
    if (token === undefined || (token.type === "mark" && [",", ";", "\\}", "="].includes(token.text)))
      return false;
    if (token.type === "mark" && token.text === "|") return k > 1;
  }
}

/** One operand, without what hangs on it. */
export function atom(cursor: Cursor): Expression {
  const token = cursor.peek();
  if (token === undefined) throw unreadable;
  return cursor.nested(() => {
    if (token.type === "number") return readNumber(cursor);
    if (token.type === "letter") return readLetter(cursor);
    if (token.type === "function") return readFunction(cursor);
    if (token.type === "command") return readCommand(cursor);
    if (token.type === "word") return readWord(cursor);
    return readMarked(cursor);
  });
}

function readMarked(cursor: Cursor): Expression {
  const mark = cursor.peek()!.text;
  if (mark === "(" || mark === "[" || mark === "⟨") return readBracket(cursor);
  if (mark === "{") return readBraceGroup(cursor);
  if (mark === "\\{") return readSet(cursor);
  if (["|", "⎸", "‖", "⌊", "⌈"].includes(mark)) return readAbsolute(cursor);
  throw unreadable;
}

/** digits, repeating decimals, and mixed numbers (3\frac{1}{2}, 3 1/2) */
function readNumber(cursor: Cursor): Expression {
  const digits = cursor.next().text;
  const value = parseNumber(digits);
  if (value.decimal && (cursor.is("overline", 0, "command") || cursor.is("dot", 0, "command")))
    return repeating(cursor, digits);
  if (value.decimal || !/^\d+$/.test(digits)) return value;
  if (cursor.is("frac", 0, "command")) return mixedFraction(cursor, value) ?? value;
  if (
    cursor.peek()?.type === "number" &&
    cursor.peek()!.spaced &&
    cursor.is("/", 1) &&
    cursor.peek(2)?.type === "number"
  ) {
    const top = parseNumber(cursor.next().text);
    cursor.next();
    return sum(value, quotient(top, parseNumber(cursor.next().text)));
  }
  return value;
}

/** Only where both parts are plain numbers: `3\frac{1}{2}`, `3\frac12`. */
function mixedFraction(cursor: Cursor, value: Expression): Expression | null {
  return cursor.attempt(() => {
    cursor.next();
    const top = digitsArgument(cursor);
    return sum(value, quotient(top, digitsArgument(cursor)));
  });
}

function digitsArgument(cursor: Cursor): Expression {
  const group = cursor.take("{");
  if (!/^\d+$/.test(cursor.peek()?.text ?? "")) throw unreadable;
  const digits = group ? cursor.next().text : cursor.takeDigit();
  if (group && !cursor.take("}")) throw unreadable;
  return number(integer(BigInt(digits)));
}

/** 0.1\overline{6} = 1/6 */
function repeating(cursor: Cursor, digits: string): Expression {
  cursor.next();
  const period = subscriptText(cursor);
  if (!/^\d{1,60}$/.test(period)) throw unreadable;
  const decimals = digits.split(".")[1]?.length ?? 0;
  const scale = 10n ** BigInt(decimals);
  const tail = number({ n: BigInt(period), d: 1n });
  const nines = number({ n: (10n ** BigInt(period.length) - 1n) * scale, d: 1n });
  const head = parseNumber(digits);
  return sum(number(head.value), quotient(tail, nines));
}

const callable = new Set(["f", "g", "h", "F", "G", "H", "P", "φ", "phi", "psi"]);

function readLetter(cursor: Cursor): Expression {
  const name = cursor.next().text;
  if (name === "pi" || name === "e" || name === "i") {
    if (!(cursor.is("(") && callAhead(cursor))) return constant(name);
  }
  if (name === "infty") return constant("infinity");
  if (name === "angle" || name === "triangle") return namedFigure(cursor, name);
  const full = name + decorations(cursor);
  if (!cursor.is("(")) return inverseCall(cursor, full, name) ?? symbol(full);
  if (callable.has(name) || callAhead(cursor) || atNumber(cursor)) return readCall(cursor, full);
  return symbol(full);
}

/** subscripts and primes that belong to the name of a function: `f'`, `y_{1}` */
function decorations(cursor: Cursor): string {
  let out = "";
  for (;;) {
    if (cursor.is("'")) out += cursor.next().text;
    else if (cursor.take("_")) out += `_${subscriptText(cursor)}`;
    else return out;
  }
}

/** `I(0)` is a value of I: a product would be written the other way round. */
const atNumber = (cursor: Cursor): boolean => cursor.peek(1)?.type === "number" && cursor.is(")", 2);

/** `C(h)=...`: a letter before brackets is a function's name where an equals sign follows them. */
function callAhead(cursor: Cursor): boolean {
  const end = cursor.closingAhead("(", ")");
  return end > 0 && end < 12 && cursor.is("=", end + 1);
}

/** `f^{-1}(x)` */
function inverseCall(cursor: Cursor, full: string, name: string): Expression | null {
  if (!callable.has(name) || !cursor.is("^")) return null;
  return cursor.attempt(() => {
    cursor.next();
    if (subscriptText(cursor) !== "-1" || !cursor.is("(")) throw unreadable;
    return readCall(cursor, `${full}^-1`);
  });
}

function readCall(cursor: Cursor, name: string): Expression {
  cursor.next();
  const argument = cursor.withBars(false, () => cursor.grammar.list(cursor));
  if (cursor.take("|")) {
    const given = cursor.withBars(false, () => cursor.grammar.list(cursor));
    cursor.close(")");
    return call(`${name}|`, argument, given);
  }
  cursor.close(")");
  return call(name, ...(argument.kind === "list" ? argument.items : [argument]));
}

/** `\angle ABC`, `\triangle ABC`: one name */
function namedFigure(cursor: Cursor, name: string): Expression {
  let full = name;
  while (cursor.peek()?.type === "letter") full += cursor.next().text;
  return symbol(full);
}

/** Words where an operand is wanted: a name (`Area = 5`), a courtesy before one, or the whole answer. */
function readWord(cursor: Cursor): Expression {
  const { text: words } = cursor.next();
  if (isSeparatorWord(words)) throw unreadable;
  const namesSomething = cursor.atEnd || cursor.peek()!.type === "mark" || cursor.peek()!.type === "word";
  if (namesSomething && !cursor.is("(") && !cursor.is("\\{") && !cursor.is("-")) return text(words);
  if (isMeaningful(words)) throw unreadable;
  cursor.dropped.push(words);
  return cursor.grammar.tight(cursor);
}
