// Numbers as the interface writes them: rates in % with one decimal, a true minus sign.
const minus = "\u2212";

/** 0.1234 -> `12.3` */
export const percent = (fraction: number): string => signed(100 * fraction, 1);

/** `12.3 [10.1, 14.9]`; without an end known, a dash in its place. */
export const rate = (value: number, low: number, high: number): string =>
  `${percent(value)} [${percent(low)}, ${percent(high)}]`;

export const whole = (value: number): string => value.toLocaleString("en-US").replace("-", minus);

/** A dash for what is not a number. */
export function signed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return "–";
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `${minus}${text}` : text;
}
