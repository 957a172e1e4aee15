import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fc } from "../fastCheck.ts";
import { KernelMemory, packWeights } from "../../src/demo/kernels.ts";
import type { LlamaConfig } from "../../src/demo/llamaConfig.ts";
import { Transformer, type Row } from "../../src/demo/transformer.ts";
import { demoConfig, kernelModule, randomTensors, unevenConfig } from "./randomModel.ts";
import { logSoftmax, referenceLogits } from "./referenceLlama.ts";

const module = kernelModule();

function open(config: LlamaConfig, seed: number) {
  const tensors = randomTensors(config, seed);
  const { maxPositions } = config;
  return { tensors, transformer: new Transformer({ config, tensors, module, maxPositions, maxRows: 192 }) };
}

const tokensOf = (length: number, vocabSize: number, salt = 0): number[] =>
  Array.from({ length }, (_, at) => (at * at * 7 + at * 3 + salt * 5 + 2) % vocabSize);

const rowsOf = (tokens: readonly number[], slot: number): Row[] =>
  tokens.map((token, position) => ({ token, position, slot, sharedSlot: slot, shared: 0, wanted: true }));

describe("matmul", () => {
  it("is the sum of products for every number of rows and columns, and adds where asked", () => {
    const memory = new KernelMemory(module);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 11 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        (rows, panels, pairs, add) => {
          const [outputs, inputs] = [panels * 8, pairs * 2];
          const number = (at: number): number => ((at * 37) % 19) / 8 - 1;
          const x = Float32Array.from({ length: rows * inputs }, (_, at) => number(at));
          const w = Float32Array.from({ length: outputs * inputs }, (_, at) => number(at + 5));
          const before = Float32Array.from({ length: rows * outputs }, (_, at) => number(at + 9));
          const out = memory.place(before);
          const bytes = [inputs * 4, memory.place(packWeights(w, inputs)), out, outputs * 4] as const;
          memory.kernels.matmul(memory.place(x), ...bytes, rows, inputs, outputs, add ? 1 : 0);
          for (let row = 0; row < rows; row += 1)
            for (let output = 0; output < outputs; output += 1) {
              let sum = add ? before[row * outputs + output]! : 0;
              for (let i = 0; i < inputs; i += 1) sum += x[row * inputs + i]! * w[output * inputs + i]!;
              // Eighths of small numbers: every sum is exact in 32 bits.
              assert.equal(memory.floats[out / 4 + row * outputs + output], sum);
            }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("Transformer against the formulas in 64 bits", () => {
  for (const [name, config] of [
    ["demo shape", demoConfig],
    ["grouped heads, tied, uneven", unevenConfig],
  ] as const)
    it(`${name}: log-probs agree to 1e-4 at every position`, () => {
      const { tensors, transformer } = open(config, 3);
      const tokens = tokensOf(config.maxPositions, config.vocabSize);
      const expected = referenceLogits(tokens, config, tensors);
      const slot = transformer.cache.take();
      const logits = transformer.forward(rowsOf(tokens, slot));
      let spread = 0;
      for (const [position, row] of expected.entries()) {
        const at = position * transformer.logitStride;
        const ours = logSoftmax([...logits.subarray(at, at + config.vocabSize)]);
        const truth = logSoftmax(row);
        spread = Math.max(spread, Math.max(...truth) - Math.min(...truth));
        for (const [token, value] of truth.entries())
          assert.ok(
            Math.abs(value - ours[token]!) < 1e-4,
            `${position}/${token}: ${ours[token]} for ${value}`,
          );
      }
      assert.ok(spread > 3, "the weights make a distribution worth comparing");
    });
});

describe("a row's logits, to the bit", () => {
  const config = demoConfig;
  const { transformer } = open(config, 4);
  const tokens = tokensOf(30, config.vocabSize);
  const stride = transformer.logitStride;
  const alone = (() => {
    const slot = transformer.cache.take();
    return tokens.map((token, position) =>
      transformer.forward([{ token, position, slot, sharedSlot: slot, shared: 0, wanted: true }]).slice(),
    );
  })();

  it("are the same as part of a prompt, in pieces of any size", () => {
    for (const piece of [30, 7, 4]) {
      const rows = rowsOf(tokens, transformer.cache.take());
      for (let start = 0; start < rows.length; start += piece) {
        const part = rows.slice(start, start + piece);
        const logits = transformer.forward(part);
        for (const [at, { position }] of part.entries())
          assert.deepEqual(logits.slice(at * stride, (at + 1) * stride), alone[position]);
      }
    }
  });

  it("are the same beside any number of other sequences", () => {
    for (const others of [1, 2, 3, 70, 150]) {
      const slots = Array.from({ length: others + 1 }, () => transformer.cache.take());
      for (const [position, token] of tokens.slice(0, 12).entries()) {
        const rows = slots.map((slot, index) => {
          const other = index === others ? token : (token + index + 1) % config.vocabSize;
          return { token: other, position, slot, sharedSlot: slot, shared: 0, wanted: true };
        });
        const logits = transformer.forward(rows);
        assert.deepEqual(logits.slice(others * stride, (others + 1) * stride), alone[position]);
      }
      for (const slot of slots) transformer.cache.release(slot);
    }
  });

  it("are the same with the beginning in a cache that is shared", () => {
    for (const shared of [1, 5, 8, 9]) {
      const sharedSlot = transformer.cache.take();
      transformer.forward(rowsOf(tokens.slice(0, shared), sharedSlot));
      const slot = transformer.cache.take();
      for (let position = shared; position < 20; position += 1) {
        const row = { token: tokens[position]!, position, slot, sharedSlot, shared, wanted: true };
        assert.deepEqual(transformer.forward([row]).slice(), alone[position]);
      }
    }
  });
});
