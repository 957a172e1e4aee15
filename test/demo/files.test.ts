import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fc } from "../fastCheck.ts";
import { parseLlamaConfig } from "../../src/demo/llamaConfig.ts";
import { halfToFloat, readSafetensors } from "../../src/demo/safetensors.ts";
import { Tokenizer } from "../../src/demo/tokenizer.ts";
import { demoConfig, randomTensors, safetensorsOf, tokenizerJson } from "./randomModel.ts";

describe("tokenizer", () => {
  const tokenizer = new Tokenizer(tokenizerJson(), "tokenizer.json");
  const decode = (tokens: readonly number[]): string => tokenizer.decode(tokens, { skipSpecial: false });

  it("gives a trace back as it was", () => {
    const text =
      "Numbers: 2 4 7 7\nTarget: 36\n 7 + 4 = 11 left: 2 7 11\n 11 + 7 = 18 left: 2 18\n 18 * 2 = 36\nAnswer: 36";
    const tokens = tokenizer.encode(text);
    assert.equal(tokens.length, 9 + 27);
    assert.equal(decode(tokens), text);
    assert.ok(!tokens.includes(2));
  });

  it("any tokens become text that is the same tokens again", () => {
    // An end token's text before a word's is not that word with a space: specials are left out.
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 3, max: 63 }), { maxLength: 40 }), (drawn) => {
        // "Answer:" after "Target:" would be one word of both.
        const tokens = drawn.filter(
          (token, at) => !(token >= 4 && token <= 6 && at > 0 && drawn[at - 1] !== 3),
        );
        const text = decode(tokens);
        assert.equal(decode(tokenizer.encode(text)), text);
      }),
    );
  });

  it("takes any text, unknown words as one token each", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        const tokens = tokenizer.encode(text);
        assert.ok(tokens.every((token) => token >= 0 && token < 64));
        assert.ok(tokens.length <= text.length);
      }),
    );
    assert.deepEqual(tokenizer.encode("what </s> 7"), [2, 2, 1, 20]);
    assert.equal(tokenizer.decode([4, 14, 1], { skipSpecial: true }), "Numbers: 1");
  });
});

describe("safetensors", () => {
  it("gives every number back", () => {
    const tensors = randomTensors(demoConfig, 1);
    const read = readSafetensors(safetensorsOf(tensors), "file");
    assert.deepEqual([...read.keys()], [...tensors.keys()]);
    for (const [name, { shape, data }] of tensors) assert.deepEqual(read.get(name), { shape, data });
  });

  it("reads 16-bit numbers of both kinds", () => {
    const known = [
      [0x0000, 0],
      [0x3c00, 1],
      [0xc000, -2],
      [0x7bff, 65_504],
      [0x0400, 2 ** -14],
      [0x0001, 2 ** -24],
      [0x3555, 0.333251953125],
      [0xfc00, -Infinity],
    ] as const;
    for (const [bits, value] of known) assert.equal(halfToFloat(bits), value);
    const header = Buffer.from('{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}');
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const file = Buffer.concat([length, header, Buffer.from([0x80, 0x3f, 0x20, 0xc1])]);
    assert.deepEqual([...readSafetensors(file, "file").get("a")!.data], [1, -10]);
  });

  it("says what is wrong with a broken file", () => {
    const whole = safetensorsOf(new Map([["a", { shape: [2], data: new Float32Array(2) }]]));
    const broken = (bytes: Uint8Array) => () => readSafetensors(bytes, "m.safetensors");
    assert.throws(broken(whole.subarray(0, 4)), /m\.safetensors: the file ends inside its header/);
    assert.throws(
      broken(whole.subarray(0, whole.length - 1)),
      /m\.safetensors: a: its data has not the length/,
    );
  });
});

describe("config.json", () => {
  const fields = {
    model_type: "llama",
    vocab_size: 64,
    hidden_size: 128,
    intermediate_size: 352,
    num_hidden_layers: 4,
    num_attention_heads: 4,
    max_position_embeddings: 64,
  };
  const parse = (more: object) => parseLlamaConfig(JSON.stringify({ ...fields, ...more }), "config.json");

  it("is read with the defaults of the format", () => {
    const config = parse({
      eos_token_id: [1, 2],
      rope_parameters: { rope_type: "default", rope_theta: 500 },
    });
    assert.deepEqual([config.kvHeads, config.headDim, config.tied, config.ropeTheta], [4, 32, false, 500]);
    assert.deepEqual(config.eosTokenIds, [1, 2]);
  });

  it("is refused where the runtime would compute something else", () => {
    assert.throws(
      () => parse({ model_type: "qwen2" }),
      /config\.json: model_type: expected "llama", got "qwen2"/,
    );
    assert.throws(() => parse({ rope_scaling: { rope_type: "yarn" } }), /rope_type "default"/);
    assert.throws(() => parse({ attention_bias: true }), /no biases/);
    assert.throws(() => parse({ num_key_value_heads: 3 }), /a divisor/);
    assert.throws(() => parse({ hidden_size: 0 }), /hidden_size: expected a whole number from 1/);
  });
});
