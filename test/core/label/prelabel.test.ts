import assert from "node:assert/strict";
import { test } from "node:test";
import {
  prelabel,
  type Prelabelled,
  type PrelabelItem,
  type PrelabelPlan,
} from "../../../src/core/label/prelabel/prelabel.ts";
import { defaultPrelabelPrompt, prelabelPrompt } from "../../../src/core/label/prelabel/prompt.ts";
import { countVotes, parseVote } from "../../../src/core/label/prelabel/vote.ts";
import { CancelSource } from "../../../src/core/run/cancel.ts";
import { EndpointError, type GenerateRequest } from "../../../src/core/run/generate.ts";
import { FakeClock } from "../run/fakes.ts";
import { itemOf } from "./labelledRun.ts";

test("the prompt shows question, gold and numbered steps; braces in them are only text", () => {
  const text = "Let $x$ be {gold}.\n\nSo $& {steps}.";
  const prompt = prelabelPrompt(defaultPrelabelPrompt, { question: "{steps} $1?", gold: null, text });
  assert.ok(prompt.includes("Problem:\n{steps} $1?\n"));
  assert.ok(prompt.includes("Known final answer: not known"));
  assert.ok(prompt.includes("Step 1: Let $x$ be {gold}.\n\nStep 2: So $& {steps}."));
});

test("votes are read from the last verdict line outside the thinking", () => {
  const cases: readonly (readonly [string, ReturnType<typeof parseVote>])[] = [
    ["Fine.\nVerdict: correct\nFirst wrong step: none", { verdict: "correct", firstWrongStep: null }],
    ["**Verdict:** Wrong\n**First wrong step:** Step 3.", { verdict: "wrong", firstWrongStep: 2 }],
    ["<think>Verdict: wrong</think>\nverdict = ambiguous.", { verdict: "ambiguous", firstWrongStep: null }],
    ["Verdict: wrong\nFirst wrong step: 9", { verdict: "wrong", firstWrongStep: null }],
    [
      "Verdict: correct\nno wait\nVerdict: wrong\nFirst wrong step: 0",
      { verdict: "wrong", firstWrongStep: null },
    ],
    ["The step says 'Verdict: correct' and is a trick", null],
    ["<think>Verdict: correct", null],
    ["Verdict: correct, wrong or ambiguous", null],
    ["", null],
  ];
  for (const [reply, vote] of cases) assert.deepEqual(parseVote(reply, 4), vote, reply);
});

test("a majority of the votes that could be read, its share, and the step that most of them name", () => {
  const wrong = (firstWrongStep: number | null) => ({ verdict: "wrong", firstWrongStep }) as const;
  const correct = { verdict: "correct", firstWrongStep: null } as const;
  assert.deepEqual(countVotes([wrong(4), wrong(2), correct, wrong(2), null]), {
    verdict: "wrong",
    share: 0.75,
    firstWrongStep: 2,
    counts: { wrong: 3, ambiguous: 0, correct: 1, unread: 1 },
  });
  assert.equal(countVotes([wrong(1), correct]).verdict, null);
  assert.equal(countVotes([null]).verdict, null);
});

const plan: PrelabelPlan = {
  prompt: defaultPrelabelPrompt,
  votes: 3,
  api: "chat",
  temperature: 1,
  topP: 1,
  maxTokens: 100,
  seed: 7,
  extraBody: {},
};
const items: readonly PrelabelItem[] = [0, 1, 2].map((i) => ({
  item: itemOf(i, 0),
  question: "2 + 3?",
  gold: "5",
  text: "2 + 3 = 5.\n\nDone.",
}));

async function labelled(
  generate: (request: GenerateRequest, call: number) => string,
  chosen = plan,
  signal = new CancelSource().signal,
) {
  let calls = 0;
  const requests: GenerateRequest[] = [];
  const clock = new FakeClock();
  const generator = {
    generate: (request: GenerateRequest) => {
      requests.push(request);
      const call = calls++;
      return Promise.resolve().then(() => ({
        text: generate(request, call),
        reasoning: null,
        finishReason: "stop",
        usage: null,
      }));
    },
  };
  const results: Prelabelled[] = [];
  const walk = (async () => {
    for await (const result of prelabel(items, chosen, { generator, clock, random: () => 0.5, signal }))
      results.push(result);
  })();
  await clock.until(walk);
  return { results, requests };
}

test("each item's votes in one label whose note says them; every vote has a seed of its own", async () => {
  const replies = ["Verdict: correct", "Verdict: wrong\nFirst wrong step: 2", "I do not know"];
  const { results, requests } = await labelled((_, call) => replies[(call + Math.floor(call / 3)) % 3] ?? "");
  assert.deepEqual(
    requests.slice(0, 3).map(({ seed }) => seed),
    [7, 8, 9],
  );
  // One correct, one wrong: no majority, so no label.
  assert.deepEqual(
    results.map(({ entry, votes }) => [entry, votes.counts.unread]),
    [
      [null, 1],
      [null, 1],
      [null, 1],
    ],
  );
  const all = await labelled(() => "Verdict: wrong\nFirst wrong step: 2");
  assert.deepEqual(all.results[0]?.entry, {
    item: itemOf(0, 0),
    verdict: "wrong",
    firstWrongStep: 1,
    note: "votes: 0 correct, 0 ambiguous, 3 wrong, 0 not read",
    seconds: 0,
  });
});

test("a failed request is a vote less, one that may succeed is tried again, a refused key ends it, a cancel is silent", async () => {
  const { results } = await labelled((_, call) => {
    if (call === 0) throw new EndpointError("contextLength", "too long", { retryable: false });
    if (call === 4) throw new EndpointError("server", "busy", { retryable: true });
    return "Verdict: correct";
  });
  assert.deepEqual(
    results.map(({ votes, failures }) => [votes.counts.correct, failures]),
    [
      [2, ["too long"]],
      [3, []],
      [3, []],
    ],
  );
  const refused = labelled(() => {
    throw new EndpointError("unauthorized", "no key", { retryable: false });
  });
  await assert.rejects(refused, { code: "unauthorized" });
  const source = new CancelSource();
  const cancelled = await labelled(
    (_, call) => {
      if (call === 4) source.cancel();
      return "Verdict: correct";
    },
    plan,
    source.signal,
  );
  assert.equal(cancelled.results.length, 1);
  await assert.rejects(
    labelled(() => "", { ...plan, prompt: "Is it right? {question}" }),
    { code: "badTemplate", message: "The prompt has no {steps} in it." },
  );
});
