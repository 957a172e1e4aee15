import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { parquetTable } from "../../../src/core/report/parquetTable.ts";

describe("parquetTable", () => {
  it("keeps numbers, texts and gaps, tells columns of one name apart, and carries its notes", async () => {
    const bytes = parquetTable({
      head: ["run", "k", "rate", "rate", "mixed"],
      rows: [
        ["base", 1, 0.25, null, 1],
        ["RL \u2603", 256, 1, 0.5, "x"],
      ],
      notes: { parity: "Not only the model differs." },
    });
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      [
        { run: "base", k: 1, rate: 0.25, "rate 2": null, mixed: "1" },
        { run: "RL \u2603", k: 256, rate: 1, "rate 2": 0.5, mixed: "x" },
      ],
    );
    const { schema, key_value_metadata: notes } = parquetMetadata(file);
    assert.deepEqual(
      schema.slice(1).map(({ type }) => type),
      ["BYTE_ARRAY", "INT32", "DOUBLE", "DOUBLE", "BYTE_ARRAY"],
    );
    assert.deepEqual(notes, [{ key: "parity", value: "Not only the model differs." }]);
  });

  it("writes a table without rows", async () => {
    const bytes = parquetTable({ head: ["k"], rows: [], notes: {} });
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    assert.equal(Number(parquetMetadata(file).num_rows), 0);
  });
});
