// A rate and its interval as they are written everywhere: `8.1 [5.5, 10.7]`.
import { el, type Child } from "../shared/dom.ts";

/** `8.1` and `[5.5, 10.7]`; without a value the second part stands alone: `at most 3.1`, or why there is nothing. */
export interface RateText {
  readonly value: string;
  readonly interval: string;
}

/** The value, then its interval smaller. */
export const valueAndInterval = ({ value, interval }: RateText): readonly Child[] => [
  value,
  value && interval && " ",
  interval && el("span", { class: value ? "interval" : "dim" }, interval),
];

/** In one line of plain text. */
export const joined = ({ value, interval }: RateText): string => [value, interval].filter(Boolean).join(" ");
