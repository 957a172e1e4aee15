// How numbers are written (mock/tokens.md sections 3 and 4): true minus, thousands comma, rates in % with one decimal.

const grouped = new Intl.NumberFormat("en-US");

/** `16,384` */
export const count = (value: number): string => minus(grouped.format(value));

/** `1 problem`, `150 problems` */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** A fraction as percent without its sign: `8.1`. */
export const percent = (fraction: number, decimals = 1): string => minus((100 * fraction).toFixed(decimals));

/** A difference of fractions in points: `+13.4`, `−12.7`, `0.0`. */
export function points(fraction: number, decimals = 1): string {
  const text = percent(fraction, decimals);
  return fraction > 0 && text !== (0).toFixed(decimals) ? `+${text}` : text;
}

/** A plain number: `0.851`, `−0.141`. */
export const decimal = (value: number, decimals: number): string => minus(value.toFixed(decimals));

/** `[5.5, 10.7]`, both ends written by `write`. */
export const interval = (low: number, high: number, write: (value: number) => string = percent): string =>
  `[${write(low)}, ${write(high)}]`;

/** The bound that stands for a rate whose count is 0: `at most 1.2`. */
export const atMost = (bound: number): string => `at most ${percent(bound)}`;

/** U+2212 for the sign, and no negative zero. */
function minus(text: string): string {
  if (!text.startsWith("-")) return text;
  return /[1-9]/.test(text) ? `\u2212${text.slice(1)}` : text.slice(1);
}
