// A report before it is a file: blocks that every form (HTML, Markdown, LaTeX) writes in its own way.
import type { LineChart } from "./lineChart.ts";

export type Block =
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "text"; readonly text: string }
  | TableBlock
  | { readonly kind: "chart"; readonly title: string; readonly chart: LineChart };

export interface TableBlock {
  readonly kind: "table";
  readonly title: string;
  /** The first column is words, the others are numbers. */
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Under the table; "" for none. */
  readonly note: string;
}

export interface Report {
  readonly title: string;
  /** ISO date and time at which it was made. */
  readonly madeAt: string;
  readonly blocks: readonly Block[];
}

/** Of a section. */
export const heading = (text: string): Block => ({ kind: "heading", text });
/** A paragraph. */
export const text = (words: string): Block => ({ kind: "text", text: words });
