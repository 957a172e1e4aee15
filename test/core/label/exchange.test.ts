import assert from "node:assert/strict";
import { test } from "node:test";
import { LensError } from "../../../src/core/errors.ts";
import { type LabelledText, TextIndex } from "../../../src/core/label/exchange/labelledText.ts";
import { fromLabelCsv, toLabelCsv } from "../../../src/core/label/exchange/labelCsv.ts";
import { fromPrm800k, toPrm800k } from "../../../src/core/label/exchange/prm800k.ts";
import { fromProcessBench, toProcessBench } from "../../../src/core/label/exchange/processBench.ts";
import { type CotVerdict, cotVerdicts, type Label } from "../../../src/core/label/model.ts";
import { fc } from "../../fastCheck.ts";
import { itemOf } from "./labelledRun.ts";

const label = (verdict: CotVerdict, more: Partial<Label> = {}): Label => ({
  item: itemOf(1, 2),
  verdict,
  firstWrongStep: null,
  note: "",
  seconds: 2.5,
  lineId: "x",
  rater: "anna",
  raterKind: "human",
  at: Date.UTC(2026, 10, 21, 7, 4, 2),
  adjudication: false,
  ...more,
});
const text = "First, 2 + 3 = 6.\n\nThen the rest\ngoes on.\n\nSo the answer is \\boxed{5}.\n";
const labelled = (own: Label, over: Partial<LabelledText> = {}): LabelledText => ({
  label: own,
  problemId: "aime-3",
  question: "2 + 3?",
  gold: "5",
  generator: "base",
  text,
  answerIsCorrect: true,
  ...over,
});

test("ProcessBench: 0-based first wrong step, -1 for a correct chain, nothing for what it cannot say", () => {
  assert.deepEqual(toProcessBench(labelled(label("wrong", { firstWrongStep: 1 }))), {
    id: `aime-3-${itemOf(1, 2)}`,
    generator: "base",
    problem: "2 + 3?",
    steps: ["First, 2 + 3 = 6.", "Then the rest\ngoes on.", "So the answer is \\boxed{5}."],
    final_answer_correct: true,
    label: 1,
  });
  assert.equal(toProcessBench(labelled(label("correct")))?.["label"], -1);
  assert.equal(toProcessBench(labelled(label("ambiguous"))), null);
  assert.equal(toProcessBench(labelled(label("wrong"))), null);
  assert.throws(() => fromProcessBench({ steps: ["a"], label: 1 }), /label: expected a step below 1, got 1/);
});

test("PRM800K: rated up to the first wrong step, which has no chosen completion; read back the same", () => {
  const line = toPrm800k(labelled(label("wrong", { firstWrongStep: 1 })));
  assert.deepEqual(line?.["label"], {
    steps: [
      {
        completions: [{ text: "First, 2 + 3 = 6.", rating: 1, flagged: null }],
        human_completion: null,
        chosen_completion: 0,
      },
      {
        completions: [{ text: "Then the rest\ngoes on.", rating: -1, flagged: null }],
        human_completion: null,
        chosen_completion: null,
      },
    ],
    total_time: 2500,
    finish_reason: "found_error",
  });
  assert.equal(line?.["timestamp"], "2026-11-21T07:04:02.000000");
  assert.equal(toPrm800k(labelled(label("wrong"))), null);
});

test("PRM800K as it is published: alternatives after the first mistake are not the solution's own steps", () => {
  const line = {
    question: { problem: "p", pre_generated_steps: ["one", "two", "three"] },
    label: {
      steps: [
        { completions: [{ text: "one", rating: 0 }], chosen_completion: 0 },
        {
          completions: [
            { text: "else", rating: 1 },
            { text: "two", rating: -1 },
          ],
          chosen_completion: null,
        },
      ],
      total_time: 1000,
      finish_reason: "found_error",
    },
  };
  assert.deepEqual(fromPrm800k(line), {
    steps: ["one", "two", "three"],
    verdict: "wrong",
    firstWrongStep: 1,
    seconds: 1,
  });
  const firstPhase = { question: { problem: "p" }, label: { steps: [], finish_reason: "solution" } };
  assert.equal(fromPrm800k(firstPhase), null);
  assert.equal(fromPrm800k({ ...line, label: { steps: [], finish_reason: "bad_problem" } }), null);
  assert.throws(() => fromPrm800k({ question: 3 }), { code: "badInput" });
});

test("out and in again: the same item, verdict and step, whatever white space splitting lost", () => {
  const piece = fc.constantFrom(
    "Step 1: x = 2.",
    "so $$a\n\nb$$ holds",
    "Next, we add.",
    "done",
    "```\ncode\n\n```",
  );
  const texts = fc.array(fc.tuple(piece, fc.constantFrom("\n", "\n\n", "\n \n\n", " ")), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(texts, fc.constantFrom(...cotVerdicts), fc.nat(5), (pieces, verdict, at) => {
      const whole = pieces.flat().join("");
      const index = new TextIndex();
      index.add(itemOf(1, 2), whole);
      const steps = (toProcessBench(labelled(label("correct"), { text: whole }))?.["steps"] ??
        []) as string[];
      const firstWrongStep = verdict === "wrong" ? at % steps.length : null;
      const own = labelled(label(verdict, { firstWrongStep }), { text: whole });
      const said = { item: itemOf(1, 2), verdict, firstWrongStep };
      const back = (entry: ReturnType<TextIndex["entriesOf"]>[number] | undefined) =>
        entry && { item: entry.item, verdict: entry.verdict, firstWrongStep: entry.firstWrongStep };
      const prm = fromPrm800k(JSON.parse(JSON.stringify(toPrm800k(own))));
      assert.deepEqual(prm && back(index.entriesOf(prm)[0]), said);
      const bench = toProcessBench(own);
      if (bench !== null) assert.deepEqual(back(index.entriesOf(fromProcessBench(bench))[0]), said);
    }),
    { numRuns: 200 },
  );
});

test("a text that no rollout has finds nothing", () => {
  assert.deepEqual(
    new TextIndex().entriesOf({ steps: ["a"], verdict: "correct", firstWrongStep: null, seconds: 0 }),
    [],
  );
});

test("CSV: notes with commas, quotes, lines and formulas come back; bad rows are named, the rest is read", () => {
  const notes = ['a "b", c', "two\nlines", "=SUM(A1)", "'quoted", ""];
  const labels = notes.map((note, i) =>
    label(i === 0 ? "wrong" : "correct", { note, item: itemOf(i, 0), firstWrongStep: i === 0 ? 3 : null }),
  );
  const csv = toLabelCsv(labels);
  assert.ok(csv.includes("'=SUM(A1)") && csv.includes(",4,"));
  const { entries, issues } = fromLabelCsv(csv);
  assert.deepEqual(issues, []);
  assert.deepEqual(
    entries.map(({ item, verdict, firstWrongStep, note, rater }) => ({
      item,
      verdict,
      firstWrongStep,
      note,
      rater,
    })),
    labels.map(({ item, verdict, firstWrongStep, note, rater }) => ({
      item,
      verdict,
      firstWrongStep,
      note,
      rater,
    })),
  );
  const bad = fromLabelCsv(
    `verdict,item,first_wrong_step\nwrong,${itemOf(1, 1)},0\nfine,${itemOf(1, 2)},\ncorrect,${itemOf(1, 3)},\n`,
  );
  assert.deepEqual(bad.entries.length, 1);
  assert.deepEqual(
    bad.issues.map(({ row, field }) => [row, field]),
    [
      [2, "first_wrong_step"],
      [3, "verdict"],
    ],
  );
  assert.throws(() => fromLabelCsv("a,b\n1,2\n"), LensError);
});
