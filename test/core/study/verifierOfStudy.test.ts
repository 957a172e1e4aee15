import assert from "node:assert/strict";
import { test } from "node:test";
import { LensError } from "../../../src/core/errors.ts";
import { createRun } from "../../../src/core/run/store.ts";
import { decodeStudyVerifier, studyVerifierText } from "../../../src/core/study/studyVerifier.ts";
import { verifierOfStudy } from "../../../src/core/study/verifierOfStudy.ts";
import { FakeClock, MemoryFiles, testPlan } from "../run/fakes.ts";

const math = "math@1:standard";
const own = "custom:reward@0123456789ab";
const changed = "custom:reward@ba9876543210";

/** The id for a study whose first run, if any, was judged by `used`; the settings have the command of `now`. */
async function idOf(parts: {
  readonly wanted: string | null;
  readonly used?: string;
  readonly now?: string;
  readonly suitable?: string;
}): Promise<string> {
  const { wanted, used, now = own, suitable = math } = parts;
  const files = new MemoryFiles();
  if (used !== undefined) {
    const plan = testPlan({ verifier: used });
    await (await createRun("s/runs/b", plan, { files, clock: new FakeClock(), owner: "test" })).close();
    // A stage that was killed before its first line.
    files.files.set("s/runs/a/problems.jsonl", new Uint8Array());
  }
  const customId = async (text: string): Promise<string> => {
    if (now === text || now.startsWith(`${text}@`)) return now;
    throw new LensError("noVerifier", text);
  };
  return verifierOfStudy("s", { wanted, suitable, customId }, files);
}

test("nobody chose: what suits the dataset, then what judged the runs that are there", async () => {
  assert.equal(await idOf({ wanted: null }), math);
  assert.equal(await idOf({ wanted: null, used: "choice@1" }), "choice@1");
  assert.equal(
    await idOf({ wanted: null, used: "basic@1" }),
    math,
    "of one that is no longer here nothing is kept",
  );
});

test("a built-in one is known by name or id", async () => {
  assert.equal(await idOf({ wanted: "math:strict" }), "math@1:strict");
  assert.equal(await idOf({ wanted: "math@1:lenient" }), "math@1:lenient");
});

test("a command of the person's is that of the settings, and stays the same for all runs of the study", async () => {
  assert.equal(await idOf({ wanted: "custom:reward" }), own);
  assert.equal(await idOf({ wanted: own, used: own }), own);
  await assert.rejects(idOf({ wanted: "custom:gone" }), { code: "noVerifier" });
  await assert.rejects(idOf({ wanted: own, used: own, now: changed }), { code: "noVerifier" });
  await assert.rejects(idOf({ wanted: "custom:reward", used: own, now: changed }), {
    code: "verifierDiffers",
    message: /its runs are judged by custom:reward@0123456789ab, and custom:reward is .*Everything is kept/,
  });
  await assert.rejects(idOf({ wanted: "math:strict", used: math }), { code: "verifierDiffers" });
});

test("programs and answers have verifiers of their own; a command may judge either", async () => {
  const programs = { suitable: "code-pyodide@1" };
  assert.equal(await idOf({ wanted: "custom:reward", ...programs }), own);
  assert.equal(await idOf({ wanted: "code-cpython@1", ...programs }), "code-cpython@1");
  await assert.rejects(idOf({ wanted: "math:strict", ...programs }), {
    code: "badStudy",
    message: /^study\.json: verifier: math:strict: programs are judged by their tests/,
  });
  await assert.rejects(idOf({ wanted: "code-pyodide@1" }), { code: "badStudy", message: /no programs/ });
});

test("the time that programs have is part of the id: a study keeps it, and does not mix two", async () => {
  const programs = { suitable: "code-pyodide@1" };
  const limited = "code-pyodide@1:2s";
  assert.equal(await idOf({ wanted: limited, ...programs }), limited);
  assert.equal(await idOf({ wanted: null, used: limited, ...programs }), limited);
  await assert.rejects(idOf({ wanted: limited, used: "code-pyodide@1", ...programs }), {
    code: "verifierDiffers",
  });
  assert.equal(decodeStudyVerifier(limited, "verifier"), limited);
  assert.throws(() => decodeStudyVerifier("code-pyodide@1:0s", "verifier"), /verifier: expected one of/);
  assert.equal(studyVerifierText(limited, "code-pyodide@1"), limited);
});

test("a study keeps built-in verifiers by name, commands by their whole id, and the suitable one not at all", () => {
  assert.equal(studyVerifierText(math, math), null);
  assert.equal(studyVerifierText("math@1:strict", math), "math:strict");
  assert.equal(studyVerifierText(own, math), own);
  assert.equal(studyVerifierText("code-cpython@1", "code-pyodide@1"), "code-cpython@1");
});
