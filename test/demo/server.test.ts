// What clients do that mean no good, or break.
import assert from "node:assert/strict";
import { request } from "node:http";
import { connect } from "node:net";
import { after, before, describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { openDemo, prompt, token, type OpenDemo } from "./openDemo.ts";

let demo: OpenDemo;
before(async () => {
  demo = await openDemo();
});
after(async () => {
  await demo.close();
  assert.deepEqual(demo.failures, []);
});

const works = async (): Promise<void> => {
  const { status } = await demo.post("/v1/completions", { model: "one", prompt, max_tokens: 3 });
  assert.equal(status, 200);
};

describe("routes", () => {
  it("list the models with their context", async () => {
    const { data } = await demo.client.models.list();
    assert.deepEqual(
      data.map((model) => [model.id, (model as unknown as { max_model_len: number }).max_model_len]),
      [
        ["one", 64],
        ["two", 64],
      ],
    );
  });

  it("tokenize and detokenize", async () => {
    const text = "Numbers: 1 2\nfoo  10 Answer: 7</s>";
    const { body } = await demo.post("/tokenize", { model: "one", prompt: text, return_token_strs: true });
    assert.deepEqual([body.count, body.max_model_len], [body.tokens.length, 64]);
    assert.deepEqual(body.token_strs.slice(0, 4), ["Numbers:", " 1", " 2", "\n"]);
    assert.equal(body.tokens.at(-1), 1);
    const back = await demo.post("/detokenize", { model: "one", tokens: [4, 14, 3, 1] });
    assert.deepEqual(back.body, { prompt: "Numbers: 1\n</s>" });
    const chat = await demo.post("/tokenize", { messages: [{ role: "user", content: "Numbers: 1" }] });
    assert.deepEqual(chat.body.tokens, [4, 14, 3]);
  });

  it("that are not there, or not so, are refused", async () => {
    assert.equal((await demo.post("/v1/embeddings", {})).status, 404);
    assert.equal((await demo.post("/v1/models", {})).status, 405);
    assert.equal((await demo.post("/constructor", {})).status, 404);
  });
});

describe("hostile requests", () => {
  it("with broken bodies are refused, each in words, and the next one is served", async () => {
    const bodies = ["", "{", "[]", "7", "null", '"x"', '{"model":"one","prompt":', "\u0000", '{"model":7}'];
    for (const path of ["/v1/completions", "/v1/chat/completions", "/tokenize", "/detokenize"])
      for (const text of bodies) {
        const { status, body } = await demo.post(path, text);
        assert.ok(status === 400 || status === 404, `${path} ${text}: ${status}`);
        assert.equal(typeof body.error.message, "string");
        assert.equal(body.error.code, status);
      }
    for (const messages of [[], 7, [{}], [{ role: "user" }], [{ role: "user", content: 7 }], [null]]) {
      const { status } = await demo.post("/v1/chat/completions", { model: "one", messages });
      assert.equal(status, 400, JSON.stringify(messages));
    }
    await works();
  });

  it("of 10 MB are refused", async () => {
    const { status, body } = await demo.post("/v1/completions", {
      model: "one",
      prompt: " 7".repeat(5_000_000),
    });
    assert.equal(status, 413);
    assert.match(body.error.message, /longer than 4194304 bytes/);
    const long = await demo.post("/v1/completions", { model: "one", prompt: " 7".repeat(1_000_000) });
    assert.equal(long.status, 400);
    assert.match(long.body.error.message, /your prompt contains 1000000 input tokens/);
    await works();
  });

  it("under another host name are refused", async () => {
    const status = await new Promise<number | undefined>((done, fail) => {
      const headers = { host: "example.com", authorization: `Bearer ${token}` };
      request(`${demo.origin}/v1/models`, { headers }, (reply) => done(reply.resume().statusCode))
        .once("error", fail)
        .end();
    });
    assert.equal(status, 403);
  });

  it("that end in the middle of a body or of a line leave nothing behind", async () => {
    const { port } = new URL(demo.origin);
    const head = `POST /v1/completions HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${token}\r\n`;
    for (const text of [`${head}content-length: 100\r\n\r\n{"model"`, head, "GET /\u0000 nonsense\r\n\r\n"]) {
      const socket = connect(Number(port), "127.0.0.1");
      await new Promise<void>((done) => socket.once("connect", () => socket.write(text, () => done())));
      socket.destroy();
    }
    await works();
  });
});

/** Streams that are left after their first bytes. */
async function vanish(count: number): Promise<void> {
  const body = JSON.stringify({ model: "one", prompt, n: 8, max_tokens: 55, ignore_eos: true, stream: true });
  const leave = (): Promise<void> =>
    new Promise((done) => {
      const headers = { authorization: `Bearer ${token}` };
      const sent = request(`${demo.origin}/v1/completions`, { method: "POST", headers }, (reply) => {
        reply.once("data", () => sent.destroy());
        reply.once("error", () => undefined);
        reply.once("close", done);
      });
      sent.once("error", () => done());
      sent.end(body);
    });
  await Promise.all(Array.from({ length: count }, leave));
}

describe("many clients", () => {
  it("that vanish take their work with them", async () => {
    await vanish(40);
    // 320 texts of 55 tokens were asked for; had they gone on, one step more would wait for all of them.
    await works();
  });

  it("1,000 at once are all answered as each alone would be, and the heap is as before", async () => {
    const ask = (seed: number): Promise<string> =>
      demo
        .post("/v1/completions", { model: seed % 2 ? "one" : "two", prompt, seed, max_tokens: 4 })
        .then(({ status, body }) => `${status} ${body.choices[0].text}`);
    const storm = () => Promise.all(Array.from({ length: 1000 }, (_, seed) => ask(seed)));
    const first = await storm();
    assert.ok(first.every((answer) => answer.startsWith("200 ")));
    for (const seed of [0, 1, 500, 999]) assert.equal(await ask(seed), first[seed]);
    const before = await settledHeap();
    await storm();
    await vanish(40);
    const after = await settledHeap();
    assert.ok(after < before * 1.1, `${before} bytes before, ${after} after`);
  });
});

/** Bytes on the heap and in buffers, when what can go has gone. */
async function settledHeap(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  let least = Infinity;
  for (let round = 0; round < 5; round += 1) {
    await new Promise((done) => setTimeout(done, 40));
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    least = Math.min(least, heapUsed + arrayBuffers);
  }
  return least;
}
