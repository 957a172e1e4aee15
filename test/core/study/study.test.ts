import assert from "node:assert/strict";
import { test } from "node:test";
import { LensError } from "../../../src/core/errors.ts";
import { runStudy, type StudyPorts } from "../../../src/core/study/runStudy.ts";
import { decodeStudy, encodeStudy, type StudySpec } from "../../../src/core/study/spec.ts";
import { findingsOf, nextStage, runStages, type Stage } from "../../../src/core/study/stages.ts";
import { openStudy, readStudy, stagesFileName } from "../../../src/core/study/studyLog.ts";
import { MemoryFiles } from "../run/fakes.ts";

const written = {
  name: "Demo",
  dataset: "countdown.jsonl",
  models: [
    { name: "base", role: "base", endpoint: "demo" },
    {
      name: "rl 450",
      role: "rl",
      metadata: { step: 450 },
      endpoint: { baseUrls: ["http://127.0.0.1:1/v1"] },
    },
  ],
  sampling: { samplesPerProblem: 8, template: "verbatim", temperature: 0.6, topP: 0.95, maxTokens: 40 },
};
const study = (more: object = {}): StudySpec => decodeStudy({ ...written, ...more }, "study.json");
const signal = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined };

/** Ten problems: the i-th is right i times of a hundred. Entropy is the temperature, without noise. */
function ports(seen: Stage[], failAt = Infinity): StudyPorts {
  const begin = (stage: Stage): void => {
    if (seen.length >= failAt) throw new LensError("cancelled", "Cancelled.");
    seen.push(stage);
  };
  return {
    sample: async (stage) => {
      begin(stage);
      const counts = Array.from({ length: 10 }, (_, i) => ({ key: `p${i}`, n: 100, c: i }));
      return { kind: "sample", id: stage.id, counts };
    },
    measureEntropy: async (stage) => {
      begin(stage);
      const { temperature, samples } = stage;
      const entropy = stage.model === "base" ? 0.47 : temperature / 3;
      return {
        kind: "entropy",
        id: stage.id,
        measured: { temperature, low: entropy, high: entropy, standardError: 0.0001, samples },
      };
    },
    score: async (stage) => {
      begin(stage);
      return { kind: "score", id: stage.id, traces: 5, refused: 0, failure: null };
    },
  };
}

async function finished(spec: StudySpec, failAt?: number): Promise<{ ids: string[]; files: MemoryFiles }> {
  const files = new MemoryFiles();
  const seen: Stage[] = [];
  const session = async (limit?: number): Promise<void> => {
    const log = await openStudy("s", spec, { files, owner: "test" });
    try {
      await runStudy(log, ports(seen, limit), signal);
    } finally {
      await log.close();
    }
  };
  if (failAt !== undefined) await assert.rejects(session(failAt), { code: "cancelled" });
  await session();
  return { ids: seen.map(({ id }) => id), files };
}

test("models are sampled one after the other, each scored before the next", async () => {
  const scoring = { scorer: "base", correctOnly: true, perProblem: 2 };
  const { ids } = await finished(study({ scoring }));
  assert.deepEqual(ids, ["base", "base-under-base", "rl-450", "rl-450-under-base"]);
});

test("stopped at any stage, a study goes on with that one and repeats none", async () => {
  const spec = study({ plan: { kind: "temperatureSweep", temperatures: [0.6, 1] } });
  const whole = (await finished(spec)).ids;
  assert.deepEqual(whole, ["base-T0.6", "base-T1", "rl-450-T0.6", "rl-450-T1"]);
  for (let at = 0; at < whole.length; at += 1) assert.deepEqual((await finished(spec, at)).ids, whole);
});

test("a torn or foreign line costs its stage and nothing else", async () => {
  const spec = study();
  const { files } = await finished(spec);
  const path = `s/${stagesFileName}`;
  const text = new TextDecoder().decode(files.files.get(path));
  files.files.set(path, new TextEncoder().encode(`${text}{"kind":"sample"}\n${text.slice(0, 30)}`));
  const { results } = await readStudy("s", files);
  assert.deepEqual(
    results.map(({ id }) => id),
    ["base", "rl-450"],
  );
  const log = await openStudy("s", spec, { files, owner: "test" });
  await log.add({ kind: "score", id: "more", traces: 1, refused: 0, failure: null });
  await log.close();
  assert.equal((await readStudy("s", files)).results.length, 3);
});

test("another study in the folder, and a folder at work, are refused", async () => {
  const files = new MemoryFiles();
  const log = await openStudy("s", study(), { files, owner: "test" });
  await assert.rejects(openStudy("s", study(), { files, owner: "test" }), { code: "studyBusy" });
  await log.close();
  await assert.rejects(openStudy("s", study({ name: "Other" }), { files, owner: "test" }), {
    code: "studyDiffers",
  });
  await (await openStudy("s", study(), { files, owner: "test" })).close();
  await assert.rejects(readStudy("t", files), { code: "noStudy" });
});

test("problems that are sometimes guessed are dropped, and known by name and accuracy", async () => {
  const plan = { kind: "filterGuessable", model: "base", samplesPerProblem: 100 };
  const spec = study({ plan });
  const { ids, files } = await finished(spec);
  assert.deepEqual(ids, ["direct-answers", "base", "rl-450"]);
  const { results } = await readStudy("s", files);
  const dropped = findingsOf(spec, results).dropped?.map(({ key }) => key);
  assert.deepEqual(dropped, ["p1", "p2", "p3", "p4"]);
  for (const stage of runStages(spec, results)) assert.deepEqual(stage.dropped, dropped);
});

test("a temperature of equal entropy is searched within the budget, then both are sampled", async () => {
  const plan = { kind: "matchEntropy", target: "base", model: "rl 450", samplesEach: 10, budget: 200 };
  const spec = study({ plan });
  const { files } = await finished(spec);
  const { results } = await readStudy("s", files);
  const step = findingsOf(spec, results).match?.step;
  assert.equal(step?.kind, "matched");
  assert.ok(step.kind === "matched" && Math.abs(step.at.temperature / 3 - 0.47) < 0.02 * 0.47);
  for (const result of results)
    if (result.kind === "entropy") assert.match(String(result.measured.temperature), /^\d(\.\d{1,4})?$/);
  const [base, rl] = runStages(spec, results);
  assert.deepEqual(
    [base?.temperature, rl?.temperature],
    [0.6, Number(step.at.temperature.toFixed(4))],
    "what is said is what is sampled",
  );
  const texts = results.flatMap((result) => (result.kind === "entropy" ? [result.measured.samples] : []));
  assert.ok(texts.reduce((sum, count) => sum + count, 0) <= 200);
});

test("a search without an end within the budget samples nothing more, and says what it knows", async () => {
  const plan = { kind: "matchEntropy", target: "base", model: "rl 450", samplesEach: 10, budget: 25 };
  const spec = study({ plan });
  const { ids, files } = await finished(spec);
  assert.ok(ids.every((id) => id.startsWith("entropy-")));
  const { results } = await readStudy("s", files);
  assert.equal(nextStage(spec, results), null);
  assert.equal(findingsOf(spec, results).match?.step.kind, "budgetSpent");
});

test("a wrong study names the file, the field and what stood there", () => {
  const wrong: readonly (readonly [object, RegExp])[] = [
    [{ models: [] }, /^study\.json: models: expected at least one/],
    [{ models: [...written.models, { name: "rl-450", endpoint: "demo" }] }, /models\[2\]\.name: rl-450/],
    [{ models: [{ name: "a", endpoint: 3 }] }, /models\[0\]\.endpoint: expected string, got number/],
    [{ sampling: { ...written.sampling, topP: 0 } }, /sampling\.topP: expected a number from/],
    [
      { plan: { kind: "temperatureSweep", temperatures: [1, 1] } },
      /plan\.temperatures: one stands there twice/,
    ],
    [
      { plan: { kind: "matchEntropy", target: "base", model: "gone" } },
      /plan\.model: expected one of base, rl 450/,
    ],
    [{ plan: { kind: "sideways" } }, /plan\.kind: expected one of compareModels/],
    [{ scoring: { scorer: "x" } }, /scoring\.scorer/],
    [{ problems: 0 }, /problems: expected an integer of at least 1/],
    [
      { verifier: "mathh" },
      /^study\.json: verifier: expected one of math:standard, .*custom:NAME, got "mathh"$/,
    ],
    [{ verifier: "custom:" }, /verifier: expected one of/],
    [{ scorng: null }, /^study\.json: scorng: unknown field \(known are version, name, /],
    [{ models: [{ name: "a", endpoint: "demo:base", url: "x" }] }, /models\[0\]\.url: unknown field/],
    [{ sampling: { ...written.sampling, temprature: 1 } }, /sampling\.temprature: unknown field/],
    [{ plan: { kind: "compareModels", temperatures: [1] } }, /plan\.temperatures: unknown field/],
    [{ scoring: { scorer: "base", correctOnly: "yes" } }, /scoring\.correctOnly: expected boolean/],
  ];
  for (const [change, message] of wrong) assert.throws(() => study(change), { code: "badStudy", message });
  assert.throws(() => study({ version: 2 }), { code: "newerSchema" });
  const spec = study({ scoring: { scorer: "base" }, verifier: "custom:reward" });
  assert.deepEqual(decodeStudy(JSON.parse(encodeStudy(spec)), "study.json"), spec);
});
