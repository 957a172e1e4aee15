import { number, type Of } from "./expression.ts";
import { integer, multiply, parseDecimal, power } from "./rational.ts";
import { unreadable } from "./cursor.ts";

/** A number token (`12`, `.5`, `6.5e-2`). With a point or a negative exponent it is a decimal. */
export function parseNumber(digits: string): Of<"number"> {
  const [mantissa = "", exponent] = digits.split("e");
  if (exponent === undefined) return number(parseDecimal(mantissa), mantissa.includes("."));
  if (exponent.length > 5) throw unreadable;
  const scale = power(integer(10), BigInt(exponent.replace("+", "")));
  return number(multiply(parseDecimal(mantissa), scale), true);
}
