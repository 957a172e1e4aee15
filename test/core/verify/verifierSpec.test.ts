import assert from "node:assert/strict";
import { test } from "node:test";
import {
  defaultVerifier,
  verifierId,
  verifierName,
  verifierSpec,
  verifierSpecs,
} from "../../../src/core/verify/verifierSpec.ts";
import { verifierOf } from "../../../src/core/verify/verifiers.ts";

test("every verifier goes by its name and by its id, and judges under that id", () => {
  assert.deepEqual(verifierSpecs.map(verifierId), [
    "math@1:standard",
    "math@1:strict",
    "math@1:lenient",
    "choice@1",
    "countdown@1:strict",
    "countdown@1:answer",
  ]);
  for (const spec of verifierSpecs) {
    assert.equal(verifierSpec(verifierId(spec)), spec);
    assert.equal(verifierSpec(verifierName(spec)), spec);
    assert.equal(verifierOf(spec).id, verifierId(spec));
  }
  assert.equal(verifierSpec("math"), defaultVerifier);
  assert.equal(verifierId(verifierSpec("countdown")!), "countdown@1:strict");
});

test("no verifier goes by another version's id, or by words that only look like one", () => {
  for (const id of [
    "basic@1",
    "math@2:standard",
    "math@1",
    "math:",
    "math@1:Strict",
    "choice@1:strict",
    "countdown@1",
    "",
    "custom:x@1",
  ])
    assert.equal(verifierSpec(id), null, id);
});
