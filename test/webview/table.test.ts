import assert from "node:assert/strict";
import { test } from "node:test";
import { sorted, type Column } from "../../webview/shared/table.ts";

test("sorting: numbers by value, text by number in it, empty last either way, ties in order", () => {
  const columns: Column<{ v: number | string | null; i: number }>[] = [
    { id: "v", head: "v", cell: ({ v }) => v, sortBy: ({ v }) => v },
  ];
  const order = (values: readonly (number | string | null)[], descending: boolean): readonly number[] =>
    sorted({ rows: values.map((v, i) => ({ v, i })), columns, sort: { column: "v", descending } }).map(
      ({ i }) => i,
    );
  assert.deepEqual(order([3, null, 1, 2], false), [2, 3, 0, 1]);
  assert.deepEqual(order([3, null, 1, 2], true), [0, 3, 2, 1]);
  assert.deepEqual(order(["p10", "p9", "p10"], false), [1, 0, 2]);
});
