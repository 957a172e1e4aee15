import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type AuditOptions,
  type AuditSummary,
  auditRollouts,
  type Disagreement,
} from "../../../src/core/dataset/auditRollouts.ts";
import { encodeSample } from "../../../src/core/dataset/formats/runLog.ts";
import { memorySource } from "../../../src/core/dataset/memorySource.ts";
import type { Problem, Sample } from "../../../src/core/model.ts";
import { mathVerifier } from "../../../src/core/verify/math/mathVerifier.ts";
import { mathModes } from "../../../src/core/verify/math/options.ts";

const modes = mathModes.map((mode) => mathVerifier({ mode }));
const judgeModes: AuditOptions["judgeModes"] = (item) =>
  Promise.all(modes.map(async (verifier) => verifier.verify(item)));
const standard = mathVerifier();
const judge: AuditOptions["judge"] = (item) => standard.verify(item);

async function audit(
  lines: readonly unknown[],
  options: Partial<AuditOptions> = {},
): Promise<{ readonly summary: AuditSummary; readonly found: readonly string[] }> {
  const found: string[] = [];
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
  const tell = ({ run, problem, index, ours, theirs, at }: Disagreement): void =>
    void found.push(`${run ?? "-"} ${problem.id}#${index} line ${at.line}: ${ours.kind}, file ${theirs}`);
  const summary = await auditRollouts(memorySource("r.jsonl", text), { judge, judgeModes, ...options }, tell);
  return { summary, found };
}

const list = (id: string, gold: string, answers: readonly (readonly [string, boolean])[]) => ({
  id,
  question: `Question ${id}?`,
  answer: gold,
  responses: answers.map(([text]) => text),
  correct: answers.map(([, right]) => right),
  judge: { second: answers.map(([, right]) => (right ? 0 : 1)) },
});

test("tells where the file judges otherwise, in order, and counts the rest", async () => {
  const { summary, found } = await audit([
    list("p", "5", [["\\boxed{5}", true], ["\\boxed{6}", true], ["no idea what this is about at all", false], ["\\boxed{9^{9^{9^9}}}", false]]),
    list("q", "1/2", [["\\boxed{0.5}", false], ["so 0.5 is what remains then", true]]),
  ]); // prettier-ignore
  assert.deepEqual(found, [
    "- p#1 line 1: incorrect, file correct",
    "- q#0 line 2: correct, file incorrect",
    "- q#1 line 2: unparsed, file correct",
  ]);
  const { issues, ...counts } = summary;
  assert.deepEqual(issues, []);
  assert.deepEqual(counts, { samples: 6, agree: 2, disagree: 3, undecided: 1, error: 0, unparsed: 2, modeDependent: 1 / 6, withoutGold: 0, withoutVerdict: 0 }); // prettier-ignore
});

test("compares with a field of the records, nested or not; what is not there is an issue", async () => {
  const lines = [list("p", "5", [["\\boxed{5}", true], ["\\boxed{6}", false]]), list("q", "7", [["\\boxed{7}", true]])]; // prettier-ignore
  const { summary, found } = await audit(lines, { against: "judge.second" });
  assert.equal(summary.disagree, 3);
  assert.equal(found[0], "- p#0 line 1: correct, file incorrect");
  const single = { question: "Q?", answer: "5", response: "\\boxed{5}", correct: true, human: "wrong" };
  assert.deepEqual((await audit([single], { against: "human" })).found, [
    "- 0#0 line 1: correct, file incorrect",
  ]);
  await assert.rejects(audit(lines, { against: "nothere" }), {
    code: "input",
    message: /nothere: expected a verdict/,
  });
  const { summary: short } = await audit([lines[0], { ...lines[1], judge: { second: [1, 0] } }], {
    against: "judge.second",
  });
  assert.equal(short.samples, 2);
  assert.deepEqual(
    short.issues.map(({ line, message }) => `${line}: ${message}`),
    ["2: expected 1 verdicts, got 2"],
  );
});

test("numbers samples of rows by problem and run, and leaves out what has no gold or no verdict", async () => {
  const row = (question: string, model: string, correct: boolean | null, gold: string | null = "5") => ({ question, model, ground_truth: gold, response: "\\boxed{5}", correct }); // prettier-ignore
  const { summary, found } = await audit([row("a", "x", true), row("a", "y", false), row("a", "x", false), row("b", "x", null), row("c", "x", true, null)]); // prettier-ignore
  assert.deepEqual(found, ["y 0#0 line 2: correct, file incorrect", "x 0#1 line 3: correct, file incorrect"]);
  assert.deepEqual([summary.samples, summary.withoutVerdict, summary.withoutGold], [3, 1, 1]);
});

test("of a run log the later of two lines holds; problems come from the run folder", async () => {
  const problem: Problem = { key: "q:1", id: "7", index: 0, question: "2+3?", gold: "5", line: 3 };
  const sample = (index: number, text: string, kind: "correct" | "incorrect"): string => {
    const line: Sample = { problemKey: "q:1", index, seed: 0, text, reasoning: null, finishReason: "stop", outcome: { kind: "ok" }, verdict: { kind, how: "string", extracted: "5" }, verifier: "math@1:strict", usage: null }; // prettier-ignore
    return encodeSample(line);
  };
  const lines = [sample(0, "\\boxed{5}", "incorrect"), sample(1, "\\boxed{5}", "incorrect"), sample(0, "\\boxed{5}", "correct")]; // prettier-ignore
  const { summary, found } = await audit(lines, { problems: [problem] });
  assert.deepEqual(found, ["- 7#1 line 2: correct, file incorrect"]);
  assert.deepEqual([summary.samples, summary.agree], [2, 1]);
});

test("a file without rollouts is bad input; a judge that fails ends the audit", async () => {
  await assert.rejects(audit([{ question: "Q?", answer: "5" }]), { code: "input" });
  await assert.rejects(audit([list("p", "5", [["5", true]])], { judge: () => Promise.reject(new Error("gone")) }), /gone/); // prettier-ignore
});
