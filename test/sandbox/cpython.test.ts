import assert from "node:assert/strict";
import { test } from "node:test";
import { codeVerifier } from "../../src/core/verify/code/codeVerifier.ts";
import { fixture, sharedData, without } from "../paths.ts";
import { openCPython, withoutBubblewrap } from "./engines.ts";
import { formatCases } from "./formats.ts";
import { holdsAdversaries } from "./holdsAdversaries.ts";

const shared = sharedData("adversarial");

test("CPython in bubblewrap: task formats", { skip: withoutBubblewrap }, async () => {
  const engine = await openCPython(1, 1);
  const verifier = codeVerifier(engine);
  const wrong: string[] = [];
  for (const { name, task, program, verdict, detail } of formatCases) {
    const outcome = await verifier.judge(task, { kind: "solution", text: program });
    const right = outcome.verdict === verdict && (detail?.test(outcome.detail) ?? true);
    if (!right) wrong.push(`${name}: ${outcome.verdict} ${outcome.detail}`);
  }
  await engine.close();
  assert.deepEqual(wrong, []);
});

test(
  "CPython in bubblewrap: adversarial programs of the data folder",
  { skip: withoutBubblewrap || without(shared) },
  async () => holdsAdversaries(await openCPython(2, 1.5), shared!),
);

test("CPython in bubblewrap: adversarial programs of our own", { skip: withoutBubblewrap }, async () =>
  holdsAdversaries(await openCPython(2, 1.5), fixture("adversarial")),
);
