// Numbers as the interface, the reports and the command line write them: thousands comma, rates in % with one decimal,
// a true minus sign, a dash for what is not a number.

/** `16,384`. Whole numbers are grouped here: tables write thousands of them, and a locale's rules take long to ask. */
export const count = (value: number): string =>
  trueMinus(
    Number.isSafeInteger(value)
      ? String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, ",")
      : value.toLocaleString("en-US"),
  );

/** `1 problem`, `150 problems` */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** A fraction as percent without its sign: 0.081 -> `8.1`. */
export const percent = (fraction: number, decimals = 1): string => decimal(100 * fraction, decimals);

/** A difference of fractions in points: `+13.4`, `−12.7`, `0.0`. */
export function points(fraction: number, decimals = 1): string {
  const text = percent(fraction, decimals);
  return fraction > 0 && text !== (0).toFixed(decimals) ? `+${text}` : text;
}

/** A plain number: `0.851`, `−0.141`. */
export const decimal = (value: number, decimals: number): string =>
  Number.isFinite(value) ? trueMinus(value.toFixed(decimals)) : "–";

/** `[5.5, 10.7]`, both ends written by `write`. */
export const interval = (low: number, high: number, write: (value: number) => string = percent): string =>
  `[${write(low)}, ${write(high)}]`;

/** A fraction and its interval: `8.1 [5.5, 10.7]` */
export const rate = ({ value, low, high }: Rate): string => `${percent(value)} ${interval(low, high)}`;

interface Rate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The bound that stands for a rate whose count is 0: `at most 1.2`. */
export const atMost = (bound: number): string => `at most ${percent(bound)}`;

/** U+2212 for the sign, and no negative zero. */
function trueMinus(text: string): string {
  if (!text.startsWith("-")) return text;
  return /[1-9]/.test(text) ? `\u2212${text.slice(1)}` : text.slice(1);
}
