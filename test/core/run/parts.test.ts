import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fc } from "../../fastCheck.ts";
import { LensError } from "../../../src/core/errors.ts";
import { CancelSource } from "../../../src/core/run/cancel.ts";
import { EndpointGate } from "../../../src/core/run/gate.ts";
import { EndpointError } from "../../../src/core/run/generate.ts";
import { originOf } from "../../../src/core/run/plan.ts";
import { defaultRetryPolicy, retryDelayMs } from "../../../src/core/run/retry.ts";
import {
  customTemplate,
  promptTemplates,
  renderPrompt,
  templateNamed,
} from "../../../src/core/run/templates.ts";
import { FakeClock, problemsNamed, testPlan } from "./fakes.ts";

describe("retryDelayMs", () => {
  const error = (retryAfterMs?: number): EndpointError =>
    new EndpointError("server", "busy", {
      retryable: true,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });

  it("is between 1 s and 60 s, below twice the former ceiling", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (tries, u) => {
          const delay = retryDelayMs(error(), tries, () => u);
          assert.ok(delay >= 1000 && delay <= Math.min(60_000, 1000 * 2 ** tries));
        },
      ),
    );
  });

  it("is what the server asked for, however long", () => {
    for (const ms of [0, 1000, 120_000, 600_000])
      assert.equal(
        retryDelayMs(error(ms), 3, () => 0.9),
        ms,
      );
    assert.equal(defaultRetryPolicy.maxRetryAfterMs, 600_000);
  });
});

describe("EndpointGate", () => {
  const never = new CancelSource().signal;
  const opened = (clock: FakeClock): EndpointGate => {
    const gate = new EndpointGate(clock);
    for (let failures = 0; failures < 5; failures += 1) gate.unreached();
    return gate;
  };

  it("opens after five connection errors in a row, not after four, and an answer between starts the count again", () => {
    const gate = new EndpointGate(new FakeClock());
    for (let failures = 0; failures < 4; failures += 1) gate.unreached();
    gate.reached();
    for (let failures = 0; failures < 4; failures += 1) gate.unreached();
    assert.equal(gate.open, false);
    gate.unreached();
    assert.equal(gate.open, true);
  });

  it("lets one trial through; when it fails the pause doubles, when it succeeds all pass", async () => {
    const clock = new FakeClock();
    const gate = opened(clock);
    const start = clock.now();
    const passed: number[] = [];
    const enter = (): Promise<void> => gate.enter(never).then(() => void passed.push(clock.now() - start));
    const [first, second, third] = [enter(), enter(), enter()];
    await clock.until(Promise.race([first, second, third]));
    assert.deepEqual(passed, [1000]);
    gate.unreached();
    await clock.until(clock.sleep(1500));
    assert.equal(passed.length, 1);
    await clock.until(clock.sleep(600));
    assert.deepEqual(passed, [1000, 3000]);
    gate.reached();
    await clock.until(Promise.all([first, second, third]));
    assert.equal(passed.length, 3);
    assert.equal(gate.waiting, null);
  });

  it("lets those who wait go when the run ends", async () => {
    const clock = new FakeClock();
    const gate = opened(clock);
    const cancel = new CancelSource();
    const waiting = gate.enter(cancel.signal);
    cancel.cancel();
    await clock.until(waiting);
  });
});

describe("prompt templates", () => {
  it("hold no plain word as a stop string, and each has its question once in both forms", () => {
    for (const template of promptTemplates) {
      for (const stop of template.stop) assert.match(stop, /[<|\n[#]/);
      assert.equal(template.prompt.split("{question}").length, 2, template.id);
      assert.equal(template.user.split("{question}").length, 2, template.id);
    }
  });

  it("fill the question in as it stands", () => {
    const question = "If $x = $& and $$ {question} \\frac{1}{2}$'";
    const filled = renderPrompt(templateNamed("qwen-boxed"), question, { api: "completions", system: null });
    assert.deepEqual(filled, {
      api: "completions",
      prompt: `<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n${question}\nPlease reason step by step, and put your final answer within \\boxed{}.<|im_end|>\n<|im_start|>assistant\n`,
    });
    const chat = renderPrompt(templateNamed("qwen25-math-cot"), question, { api: "chat", system: "S" });
    assert.deepEqual(chat, {
      api: "chat",
      messages: [
        { role: "system", content: "S" },
        { role: "user", content: question },
      ],
    });
  });

  it("open the thinking of R1-Zero in the prompt, and not in a chat message", () => {
    const { prompt, user } = templateNamed("r1-zero");
    assert.ok(prompt.endsWith("\nUser: {question}\nAssistant: <think>"));
    assert.ok(user.endsWith("\nUser: {question}"));
  });

  it("from a file need the placeholder; an unknown name is told with the known ones", () => {
    assert.equal(customTemplate("Q: {question}\nA:", "abc").id, "custom:abc");
    assert.throws(
      () => customTemplate("Q:", "abc"),
      (error) => error instanceof LensError && error.code === "badTemplate",
    );
    assert.throws(() => templateNamed("nope"), /qwen-boxed, .*direct/);
  });
});

describe("planRun", () => {
  it("has the paper's defaults", () => {
    const { temperature, topP, maxTokens, seed } = testPlan().protocol;
    assert.deepEqual(
      { temperature, topP, maxTokens, seed },
      { temperature: 0.6, topP: 0.95, maxTokens: 16_384, seed: 0 },
    );
  });

  it("takes a question that stands twice once, and keeps origins without key, path and query", () => {
    assert.equal(testPlan({ problems: problemsNamed("a", "b", "a") }).problems.length, 2);
    assert.equal(
      testPlan({ origin: "HTTPS://u:secret@Host.example:8443/v1?key=s" }).origin,
      "https://host.example:8443",
    );
    assert.throws(() => originOf("file:///x"), /expected http/);
  });

  it("hashes key and gold of every problem in order", () => {
    const [a, b] = problemsNamed("a", "b");
    const hash = (...problems: readonly (typeof a)[]) =>
      testPlan({ problems: problems.map((one) => one!) }).protocol.datasetHash;
    assert.equal(hash(a, b), hash({ ...a!, id: "other", index: 9 }, b));
    assert.notEqual(hash(a, b), hash(b, a));
    assert.notEqual(hash(a, b), hash({ ...a!, gold: "2" }, b));
  });

  for (const [field, change] of [
    ["samples per problem", { samplesPerProblem: 0 }],
    ["problems", { problems: [] }],
    ["temperature", { temperature: Number.NaN }],
    ["top-p", { topP: 0 }],
    ["max tokens", { maxTokens: 1.5 }],
    ["seed", { seed: 0.5 }],
  ] as const) {
    it(`refuses a bad value: ${field}`, () => {
      assert.throws(
        () => testPlan(change),
        (error) => error instanceof LensError && error.code === "badPlan" && error.message.startsWith(field),
      );
    });
  }

  it("system prompts belong to chat; completions have theirs in the template", () => {
    const template = templateNamed("qwen-boxed");
    assert.equal(testPlan({ template, api: "completions", system: "x" }).protocol.system, null);
    assert.equal(testPlan({ template, api: "chat" }).protocol.system, "You are a helpful assistant.");
    assert.equal(testPlan({ template, api: "chat", system: null }).protocol.system, null);
  });
});
