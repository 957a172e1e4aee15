import type { LlamaConfig } from "../../../src/demo/llamaConfig.ts";
import type { Tensor } from "../../../src/demo/safetensors.ts";

const names: Readonly<Record<string, string>> = {
  "model.embed_tokens": "token_embd",
  "model.norm": "output_norm",
  lm_head: "output",
  "self_attn.q_proj": "attn_q",
  "self_attn.k_proj": "attn_k",
  "self_attn.v_proj": "attn_v",
  "self_attn.o_proj": "attn_output",
  "mlp.gate_proj": "ffn_gate",
  "mlp.up_proj": "ffn_up",
  "mlp.down_proj": "ffn_down",
  input_layernorm: "attn_norm",
  post_attention_layernorm: "ffn_norm",
};

/** The weights as a GGUF file (version 3) of 32-bit floats, for llama.cpp. Its words are numbers: only token ids are used. */
export function ggufOf(config: LlamaConfig, tensors: ReadonlyMap<string, Tensor>): Buffer {
  const fields = fieldsOf(config);
  const head = new Writer();
  head.bytes(Buffer.from("GGUF")).u32(3).u64(tensors.size).u64(fields.length);
  for (const [key, write] of fields) write(head.text(key));
  const data: Buffer[] = [];
  let offset = 0;
  for (const [name, { shape, data: values }] of tensors) {
    const floats = /[qk]_proj/.test(name) ? interleaved(values, shape, headsOf(name, config)) : values;
    head.text(nameOf(name)).u32(shape.length);
    for (const size of shape.toReversed()) head.u64(size);
    head.u32(0).u64(offset);
    const bytes = Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength);
    const padded = Buffer.alloc(Math.ceil(bytes.length / 32) * 32);
    bytes.copy(padded);
    data.push(padded);
    offset += padded.length;
  }
  head.bytes(Buffer.alloc((32 - (head.length % 32)) % 32));
  return Buffer.concat([head.all(), ...data]);
}

type Field = readonly [key: string, write: (out: Writer) => void];

function fieldsOf(config: LlamaConfig): readonly Field[] {
  const whole = (key: string, value: number): Field => [key, (out) => out.u32(4).u32(value)];
  const float = (key: string, value: number): Field => [key, (out) => out.u32(6).f32(value)];
  const text = (key: string, value: string): Field => [key, (out) => out.u32(8).text(value)];
  const flag = (key: string, value: boolean): Field => [
    key,
    (out) => out.u32(7).bytes(Buffer.from([+value])),
  ];
  const list = (key: string, type: number, write: (out: Writer, at: number) => void): Field => [
    key,
    (out) => {
      out.u32(9).u32(type).u64(config.vocabSize);
      for (let at = 0; at < config.vocabSize; at += 1) write(out, at);
    },
  ];
  return [
    text("general.architecture", "llama"),
    whole("general.file_type", 0),
    whole("llama.vocab_size", config.vocabSize),
    whole("llama.context_length", config.maxPositions),
    whole("llama.embedding_length", config.hiddenSize),
    whole("llama.block_count", config.layers),
    whole("llama.feed_forward_length", config.intermediateSize),
    whole("llama.attention.head_count", config.heads),
    whole("llama.attention.head_count_kv", config.kvHeads),
    whole("llama.rope.dimension_count", config.headDim),
    float("llama.rope.freq_base", config.ropeTheta),
    float("llama.attention.layer_norm_rms_epsilon", config.normEpsilon),
    text("tokenizer.ggml.model", "t5"),
    list("tokenizer.ggml.tokens", 8, (out, at) => out.text(`<${at}>`)),
    list("tokenizer.ggml.scores", 6, (out) => out.f32(-1)),
    list("tokenizer.ggml.token_type", 5, (out, at) => out.u32(at === 2 ? 2 : at < 2 ? 3 : 1)),
    whole("tokenizer.ggml.eos_token_id", 1),
    whole("tokenizer.ggml.padding_token_id", 0),
    whole("tokenizer.ggml.unknown_token_id", 2),
    flag("tokenizer.ggml.add_bos_token", false),
    flag("tokenizer.ggml.add_eos_token", false),
  ];
}

function nameOf(name: string): string {
  const stem = name.replace(/\.weight$/, "");
  const layer = /^model\.layers\.(\d+)\.(.*)$/.exec(stem);
  return layer === null ? `${names[stem]}.weight` : `blk.${layer[1]}.${names[layer[2]!]}.weight`;
}

const headsOf = (name: string, { heads, kvHeads }: LlamaConfig): number =>
  name.includes("q_proj") ? heads : kvHeads;

/** llama.cpp rotates neighbours, Hugging Face the two halves of a head: the rows are put in turns. */
function interleaved(values: Float32Array, shape: readonly number[], heads: number): Float32Array {
  const [rows, columns] = shape as readonly [number, number];
  const headDim = rows / heads;
  const out = new Float32Array(values.length);
  for (let row = 0; row < rows; row += 1) {
    const within = row % headDim;
    const from = row - within + (within % 2) * (headDim / 2) + (within >> 1);
    out.set(values.subarray(from * columns, (from + 1) * columns), row * columns);
  }
  return out;
}

class Writer {
  length = 0;
  private readonly parts: Buffer[] = [];

  bytes(part: Buffer): this {
    this.parts.push(part);
    this.length += part.length;
    return this;
  }

  u32(value: number): this {
    const part = Buffer.alloc(4);
    part.writeUInt32LE(value);
    return this.bytes(part);
  }

  u64(value: number): this {
    const part = Buffer.alloc(8);
    part.writeBigUInt64LE(BigInt(value));
    return this.bytes(part);
  }

  f32(value: number): this {
    const part = Buffer.alloc(4);
    part.writeFloatLE(value);
    return this.bytes(part);
  }

  text(value: string): this {
    const part = Buffer.from(value);
    return this.u64(part.length).bytes(part);
  }

  all(): Buffer {
    return Buffer.concat(this.parts);
  }
}
