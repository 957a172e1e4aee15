// The official OpenAI client against the demo server: what a person's own scripts would do.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { APIError, type OpenAI } from "openai";
import { openDemo, prompt, type OpenDemo } from "./openDemo.ts";

let demo: OpenDemo;
before(async () => {
  demo = await openDemo();
});
after(async () => {
  await demo.close();
  assert.deepEqual(demo.failures, []);
});

type Body = OpenAI.CompletionCreateParamsNonStreaming & Readonly<Record<string, unknown>>;
const usual = { model: "one", prompt, max_tokens: 24, temperature: 1, seed: 5 };
const complete = (fields: Partial<Body> = {}) =>
  demo.client.completions.create({ ...usual, ...fields } as Body);
const textsOf = ({ choices }: OpenAI.Completion): string[] => choices.map(({ text }) => text);

describe("completions", () => {
  it("are the same for the same seed, others for another, and other models say other things", async () => {
    const [first, again, other, two] = await Promise.all([
      complete(),
      complete(),
      complete({ seed: 6 }),
      complete({ model: "two" }),
    ]);
    assert.equal(first.choices[0]!.text, again.choices[0]!.text);
    assert.notEqual(first.choices[0]!.text, other.choices[0]!.text);
    assert.notEqual(first.choices[0]!.text, two.choices[0]!.text);
    assert.equal(first.usage?.prompt_tokens, 9);
  });

  it("n choices are those of n requests with the following seeds", async () => {
    const together = await complete({ n: 4 });
    const alone = await Promise.all([0, 1, 2, 3].map((at) => complete({ seed: 5 + at })));
    assert.deepEqual(textsOf(together), alone.flatMap(textsOf));
    const tokens = alone.reduce((sum, { usage }) => sum + (usage?.completion_tokens ?? 0), 0);
    assert.deepEqual(
      { ...together.usage },
      {
        prompt_tokens: 9,
        completion_tokens: tokens,
        total_tokens: 9 + tokens,
        prompt_tokens_details: null,
      },
    );
  });

  it("take texts, token ids and lists of both, prompt by prompt", async () => {
    const { tokens } = (await demo.post("/tokenize", { model: "one", prompt })).body;
    const [text, ids, list] = await Promise.all([
      complete(),
      complete({ prompt: tokens }),
      complete({ prompt: [prompt, "Numbers: 1 2 3 4\nTarget: 10\n"], n: 2 }),
    ]);
    assert.deepEqual(textsOf(ids), textsOf(text));
    assert.deepEqual(
      list.choices.map(({ index }) => index),
      [0, 1, 2, 3],
    );
    assert.equal(list.choices[0]!.text, text.choices[0]!.text);
    assert.equal(
      list.choices[2]!.text,
      textsOf(await complete({ prompt: "Numbers: 1 2 3 4\nTarget: 10\n" }))[0],
    );
  });

  it("without temperature say the likeliest, whatever the seed", async () => {
    const [one, two] = await Promise.all([
      complete({ temperature: 0 }),
      complete({ temperature: 0, seed: 9 }),
    ]);
    assert.deepEqual(textsOf(one), textsOf(two));
    assert.deepEqual(textsOf(await complete({ top_k: 1 })), textsOf(one));
  });

  it("end at a stop string, which is not in the text unless it is asked for", async () => {
    const text = textsOf(await complete())[0]!;
    const stop = text.slice(12, 16);
    const until = text.indexOf(stop);
    const [cut, kept] = await Promise.all([
      complete({ stop: [stop, "never said"] }),
      complete({ stop, include_stop_str_in_output: true }),
    ]);
    assert.equal(cut.choices[0]!.text, text.slice(0, until));
    assert.equal(kept.choices[0]!.text, text.slice(0, until + stop.length));
    const { finish_reason: reason, stop_reason: by } = cut.choices[0] as OpenAI.CompletionChoice & {
      stop_reason: string;
    };
    assert.deepEqual([reason, by], ["stop", stop]);
  });

  it("end at a stop token and at the end token, and go on past it where asked", async () => {
    const all = await complete({ seed: 1, max_tokens: 55, ignore_eos: true, return_token_ids: true });
    const ids = (all.choices[0] as unknown as { token_ids: number[] }).token_ids;
    assert.equal(ids.length, 55);
    assert.equal(all.choices[0]!.finish_reason, "length");
    const one = ids[3]!;
    const stopped = await complete({
      seed: 1,
      max_tokens: 55,
      stop_token_ids: [one],
      return_token_ids: true,
    });
    const choice = stopped.choices[0] as unknown as Record<string, unknown>;
    assert.deepEqual(choice["token_ids"], ids.slice(0, ids.indexOf(one) + 1));
    assert.deepEqual([choice["finish_reason"], choice["stop_reason"]], ["stop", one]);
  });

  it("end where the context does, however many tokens are asked for", async () => {
    const { choices, usage } = await complete({ max_tokens: 1000, ignore_eos: true });
    assert.deepEqual([choices[0]!.finish_reason, usage?.total_tokens], ["length", 64]);
  });

  it("bias and minima are heeded", async () => {
    const biased = await complete({ logit_bias: { "20": 100 }, max_tokens: 5 });
    assert.equal(biased.choices[0]!.text, " 7 7 7 7 7");
    const ending = await complete({ logit_bias: { "1": 100 }, min_tokens: 4, max_tokens: 10 });
    assert.equal(ending.usage?.completion_tokens, 5);
    assert.equal(ending.choices[0]!.finish_reason, "stop");
  });
});

describe("streams", () => {
  it("say piece by piece what the whole reply says, with the usage at the end", async () => {
    const whole = await complete({ n: 3, stop: " 40 4" });
    const texts = ["", "", ""];
    const reasons: (string | null)[] = [null, null, null];
    let events = 0;
    let usage: OpenAI.CompletionUsage | null | undefined = null;
    const stream = await demo.client.completions.create({
      ...usual,
      n: 3,
      stop: " 40 4",
      stream: true,
      stream_interval: 2,
      stream_options: { include_usage: true },
    } as OpenAI.CompletionCreateParamsStreaming);
    for await (const event of stream) {
      events += 1;
      usage = event.usage;
      for (const { index, text, finish_reason: reason } of event.choices) {
        texts[index] += text;
        reasons[index] = reason;
      }
    }
    assert.deepEqual(texts, textsOf(whole));
    assert.deepEqual(
      reasons,
      whole.choices.map(({ finish_reason: reason }) => reason),
    );
    assert.ok(events > 12, `${events} events`);
    assert.deepEqual({ ...usage, prompt_tokens_details: null }, { ...whole.usage });
  });

  it("of a chat begin with the role", async () => {
    const body = {
      model: "one",
      seed: 5,
      max_tokens: 24,
      messages: [{ role: "user" as const, content: prompt }],
    };
    const whole = await demo.client.chat.completions.create(body);
    const stream = await demo.client.chat.completions.create({ ...body, stream: true });
    const deltas = [];
    for await (const { choices } of stream) deltas.push(choices[0]!.delta);
    assert.deepEqual(deltas[0], { role: "assistant", content: "" });
    assert.equal(deltas.map(({ content }) => content).join(""), whole.choices[0]!.message.content);
    assert.equal(whole.choices[0]!.message.content, textsOf(await complete())[0]);
  });
});

describe("log-probs", () => {
  it("of drawn tokens are those of the same tokens in a prompt", async () => {
    const drawn = await complete({ logprobs: 3, return_token_ids: true });
    const { prompt_token_ids: before, token_ids: ids } = drawn.choices[0] as unknown as Record<
      string,
      number[]
    >;
    const scored = await complete({ prompt: [...before!, ...ids!], prompt_logprobs: 0, max_tokens: 1 });
    const list = (
      scored.choices[0] as unknown as { prompt_logprobs: (Record<string, { logprob: number }> | null)[] }
    ).prompt_logprobs;
    assert.equal(list.length, before!.length + ids!.length);
    assert.equal(list[0], null);
    const {
      token_logprobs: said,
      tokens,
      top_logprobs: tops,
      text_offset: offsets,
    } = drawn.choices[0]!.logprobs!;
    for (const [at, id] of ids!.entries()) {
      // Equal to the bit: a position is computed alike in a prompt and after it.
      assert.equal(list[before!.length + at]![id]!.logprob, said![at]);
      const values = Object.values(tops![at]!);
      assert.ok(values.length === 3 || values.length === 4);
      assert.equal(tops![at]![tokens![at]!], said![at]);
    }
    assert.equal(tokens!.join("").replace("</s>", ""), drawn.choices[0]!.text);
    assert.deepEqual(offsets!.slice(0, 2), [0, tokens![0]!.length]);
  });

  it("with echo begin with the prompt's, whose first is null", async () => {
    const echoed = await complete({ echo: true, logprobs: 1, max_tokens: 2 });
    const { tokens, token_logprobs: values, top_logprobs: tops } = echoed.choices[0]!.logprobs!;
    assert.ok(echoed.choices[0]!.text.startsWith(prompt));
    assert.equal(tokens!.length, 11);
    assert.equal(tokens!.slice(0, 9).join(""), prompt);
    assert.deepEqual([values![0], tops![0]], [null, null]);
    const only = await complete({ echo: true, logprobs: 1, max_tokens: 0 });
    assert.equal(only.choices[0]!.text, prompt);
    assert.deepEqual(only.choices[0]!.logprobs!.token_logprobs, values!.slice(0, 9));
    assert.equal(only.usage?.completion_tokens, 0);
  });

  it("of a whole position sum to one, and ranks go by them", async () => {
    const { choices } = await complete({ prompt_logprobs: -1, max_tokens: 1 });
    const list = (
      choices[0] as unknown as { prompt_logprobs: Record<string, { logprob: number; rank: number }>[] }
    ).prompt_logprobs;
    const entries = Object.values(list[4]!);
    assert.equal(entries.length, 64);
    const sum = entries.reduce((total, { logprob }) => total + Math.exp(logprob), 0);
    assert.ok(Math.abs(sum - 1) < 1e-6);
    const byRank = entries.toSorted((a, b) => a.rank - b.rank).map(({ logprob }) => logprob);
    assert.deepEqual(
      byRank,
      byRank.toSorted((a, b) => b - a),
    );
  });

  it("of an assistant's message are those of its text after the question's", async () => {
    const messages = [
      { role: "user", content: prompt.trimEnd() },
      { role: "assistant", content: " 7 + 4" },
    ];
    const fields = {
      continue_final_message: true,
      add_generation_prompt: false,
      max_tokens: 1,
      prompt_logprobs: 0,
    };
    const chat = (await demo.post("/v1/chat/completions", { model: "one", messages, ...fields })).body;
    const plain = await complete({ prompt: `${prompt} 7 + 4`, prompt_logprobs: 0, max_tokens: 1 });
    assert.equal(chat.prompt_logprobs.length, 12);
    assert.deepEqual(
      chat.prompt_logprobs,
      (plain.choices[0] as unknown as Record<string, unknown>)["prompt_logprobs"],
    );
  });

  it("of a chat hold tokens, bytes and alternatives", async () => {
    const reply = await demo.client.chat.completions.create({
      model: "one",
      messages: [{ role: "user", content: prompt }],
      seed: 5,
      max_tokens: 3,
      logprobs: true,
      top_logprobs: 2,
    });
    const plain = await complete({ max_tokens: 3, logprobs: 0 });
    const content = reply.choices[0]!.logprobs!.content!;
    assert.deepEqual(
      content.map(({ logprob }) => logprob),
      plain.choices[0]!.logprobs!.token_logprobs,
    );
    for (const one of content) {
      assert.equal(Buffer.from(one.bytes!).toString(), one.token);
      assert.equal(one.top_logprobs.length, 2);
    }
  });
});

describe("errors", () => {
  const refusal = async (work: Promise<unknown>): Promise<APIError> => {
    const error = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof APIError);
    return error;
  };

  it("arrive as the client's own, with vLLM's words", async () => {
    const cases: readonly (readonly [Partial<Body>, number, RegExp])[] = [
      [{ model: "three" }, 404, /The model `three` does not exist/],
      [{ prompt: Array(70).fill(5) }, 400, /maximum context length is 64 tokens.*70 input tokens/],
      [{ prompt: Array(64).fill(5) }, 400, /max_tokens must be at least 1, got 0/],
      [{ prompt: [1, 64] }, 400, /out of vocabulary/],
      [{ prompt: "" }, 400, /must be provided and non-empty/],
      [{ n: 2, temperature: 0 }, 400, /n must be 1 when using greedy sampling, got 2/],
      [{ temperature: -1 }, 400, /temperature/],
      [{ top_p: 0 }, 400, /top_p must be in \(0, 1\]/],
      [{ max_tokens: 0 }, 400, /max_tokens must be at least 1/],
      [{ logprobs: 65 }, 400, /logprobs of 65, which is greater than max allowed: 64/],
      [
        { prompt_logprobs: 1, stream: true } as unknown as Partial<Body>,
        400,
        /not available when `stream=True`/,
      ],
      [{ presence_penalty: 1 }, 400, /presence_penalty is not supported/],
      [{ stop: 7 } as unknown as Partial<Body>, 400, /body\.stop.*Input should be/],
      [{ n: 1.5 }, 400, /body\.n'.*Input should be a valid integer/],
      [{ prompt: { text: 1 } } as unknown as Partial<Body>, 400, /prompt/],
    ];
    for (const [fields, status, words] of cases) {
      const error = await refusal(complete(fields));
      assert.equal(error.status, status, JSON.stringify(fields));
      assert.match(error.message, words);
    }
  });

  it("without the token nothing is told", async () => {
    const stranger = demo.client.withOptions({ apiKey: "another" });
    assert.equal((await refusal(stranger.models.list())).status, 401);
    assert.deepEqual((await demo.post("/v1/completions", usual, { authorization: "" })).body, {
      error: "Unauthorized",
    });
    assert.equal((await fetch(`${demo.origin}/health`)).status, 200);
  });
});
