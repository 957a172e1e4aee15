import assert from "node:assert/strict";
import type { Frame } from "playwright-core";

/** What a cell says to a program and to a person. */
export interface Cell {
  readonly text: string;
  readonly data: Data;
}

type Data = Readonly<Record<string, string | undefined>>;

export interface Row {
  readonly data: Data;
  readonly cells: readonly Cell[];
}

/** The rows of a table of the panel. */
export const rowsOf = (frame: Frame, id: string): Promise<readonly Row[]> =>
  frame.$$eval(`#${id} tbody tr`, (rows) =>
    (rows as HTMLElement[]).map((row) => ({
      data: Object.fromEntries(Object.entries(row.dataset)),
      cells: [...row.querySelectorAll<HTMLElement>("td")].map((cell) => ({
        text: cell.textContent,
        data: Object.fromEntries(Object.entries(cell.dataset)),
      })),
    })),
  );

/** The same numbers, to the last digits that a text keeps. */
export function close(shown: string | undefined, expected: number | undefined, what: string): void {
  assert.ok(shown !== undefined && expected !== undefined, `${what}: ${shown} against ${expected}`);
  assert.ok(Math.abs(Number(shown) - expected) < 1e-9, `${what}: shown ${shown}, counted ${expected}`);
}
