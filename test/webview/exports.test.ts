import assert from "node:assert/strict";
import { test } from "node:test";
import { fileStem } from "../../webview/curves/exports.ts";

test("file names from titles", () => {
  assert.equal(fileStem("count/down: 4?"), "count-down-4");
  assert.equal(fileStem("../.."), "curves");
  assert.equal(fileStem("überprüfung"), "überprüfung");
});
