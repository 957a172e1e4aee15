import type { LlamaConfig } from "../../src/demo/llamaConfig.ts";
import type { Tensor } from "../../src/demo/safetensors.ts";

/** Logits of every position of one text, in 64-bit floats, straight from the formulas: no cache, no batch, no packing. */
export function referenceLogits(
  tokens: readonly number[],
  config: LlamaConfig,
  tensors: ReadonlyMap<string, Tensor>,
): number[][] {
  const weight = (name: string): Tensor => tensors.get(`${name}.weight`)!;
  const times = (name: string, x: readonly number[]): number[] => {
    const { shape, data } = weight(name);
    const columns = shape[1]!;
    return Array.from({ length: shape[0]! }, (_, row) =>
      x.reduce((sum, value, column) => sum + value * data[row * columns + column]!, 0),
    );
  };
  const norm = (name: string, x: readonly number[]): number[] => {
    const mean = x.reduce((sum, value) => sum + value * value, 0) / x.length;
    return x.map((value, at) => (value / Math.sqrt(mean + config.normEpsilon)) * weight(name).data[at]!);
  };
  const width = config.hiddenSize;
  const embedding = weight("model.embed_tokens").data;
  let hidden = tokens.map((token) => [...embedding.subarray(token * width, (token + 1) * width)]);
  for (let layer = 0; layer < config.layers; layer += 1) {
    const at = `model.layers.${layer}.`;
    const inputs = hidden.map((x) => norm(`${at}input_layernorm`, x));
    const queries = inputs.map((x, position) => rotated(times(`${at}self_attn.q_proj`, x), position, config));
    const keys = inputs.map((x, position) => rotated(times(`${at}self_attn.k_proj`, x), position, config));
    const values = inputs.map((x) => times(`${at}self_attn.v_proj`, x));
    hidden = hidden.map((x, position) => {
      const mixed = attention(queries[position]!, keys.slice(0, position + 1), values, config);
      return added(x, times(`${at}self_attn.o_proj`, mixed));
    });
    hidden = hidden.map((x) => {
      const input = norm(`${at}post_attention_layernorm`, x);
      const up = times(`${at}mlp.up_proj`, input);
      const gated = times(`${at}mlp.gate_proj`, input).map((g, i) => (g / (1 + Math.exp(-g))) * up[i]!);
      return added(x, times(`${at}mlp.down_proj`, gated));
    });
  }
  const head = config.tied ? "model.embed_tokens" : "lm_head";
  return hidden.map((x) => times(head, norm("model.norm", x)));
}

const added = (a: readonly number[], b: readonly number[]): number[] => a.map((value, at) => value + b[at]!);

function rotated(x: readonly number[], position: number, { headDim, ropeTheta }: LlamaConfig): number[] {
  const half = headDim / 2;
  return x.map((value, at) => {
    const within = at % headDim;
    const angle = position * ropeTheta ** ((-2 * (within % half)) / headDim);
    const partner = within < half ? -x[at + half]! : x[at - half]!;
    return value * Math.cos(angle) + partner * Math.sin(angle);
  });
}

function attention(
  query: readonly number[],
  keys: readonly (readonly number[])[],
  values: readonly (readonly number[])[],
  { heads, kvHeads, headDim }: LlamaConfig,
): number[] {
  const out: number[] = [];
  for (let head = 0; head < heads; head += 1) {
    const kv = Math.floor(head / (heads / kvHeads)) * headDim;
    const scores = keys.map((key) => {
      let sum = 0;
      for (let d = 0; d < headDim; d += 1) sum += query[head * headDim + d]! * key[kv + d]!;
      return sum / Math.sqrt(headDim);
    });
    const most = Math.max(...scores);
    const weights = scores.map((score) => Math.exp(score - most));
    const total = weights.reduce((sum, value) => sum + value, 0);
    for (let d = 0; d < headDim; d += 1)
      out.push(weights.reduce((sum, value, t) => sum + (value / total) * values[t]![kv + d]!, 0));
  }
  return out;
}

export function logSoftmax(logits: readonly number[]): number[] {
  const most = Math.max(...logits);
  const shift = most + Math.log(logits.reduce((sum, value) => sum + Math.exp(value - most), 0));
  return logits.map((value) => value - shift);
}
