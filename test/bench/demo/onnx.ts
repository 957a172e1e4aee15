import type { LlamaConfig } from "../../../src/demo/llamaConfig.ts";
import type { Tensor } from "../../../src/demo/safetensors.ts";

/**
 * One step of the model as an ONNX file, for any batch: `ids` [batch], `cos` and `sin` [headDim] of the position,
 * `key<l>` and `value<l>` [batch, heads, past, headDim] in; `logits` [batch, vocabulary] and the longer caches out.
 */
export function onnxOf(config: LlamaConfig, tensors: ReadonlyMap<string, Tensor>): Buffer {
  const graph = new Graph();
  const { hiddenSize: width, heads, headDim, intermediateSize: inner, layers } = config;
  const weight = (name: string): Float32Array => tensors.get(`${name}.weight`)!.data;
  const matrix = (inputs: number, ...parts: Float32Array[]): string =>
    graph.constant(transposed(parts, inputs));
  const norm = (x: string, name: string): string => {
    const scale = graph.constant({ shape: [width], data: weight(name) });
    return graph.node("SimplifiedLayerNormalization", [x, scale], [["epsilon", config.normEpsilon]]);
  };
  const perHead = graph.whole([-1, heads, 1, headDim]);
  const flat = graph.whole([-1, width]);
  const halves = graph.whole([headDim / 2, headDim / 2]);
  const rotated = (x: string): string => {
    const [first, second] = graph.nodes("Split", [x, halves], 2, [["axis", 3]]);
    const turned = graph.node("Concat", [graph.node("Neg", [second!]), first!], [["axis", 3]]);
    return graph.node("Add", [graph.node("Mul", [x, "cos"]), graph.node("Mul", [turned, "sin"])]);
  };
  graph.input("ids", 7, ["batch"]);
  graph.input("cos", 1, [headDim]);
  graph.input("sin", 1, [headDim]);
  let x = graph.node("Gather", [graph.constant(tensors.get("model.embed_tokens.weight")!), "ids"]);
  for (let layer = 0; layer < layers; layer += 1) {
    const at = `model.layers.${layer}.`;
    const scaled = weight(`${at}self_attn.q_proj`).map((value) => value / Math.sqrt(headDim));
    const all = matrix(width, scaled, weight(`${at}self_attn.k_proj`), weight(`${at}self_attn.v_proj`));
    const qkv = graph.node("MatMul", [norm(x, `${at}input_layernorm`), all]);
    const parts = graph.nodes("Split", [qkv, graph.whole([width, width, width])], 3, [["axis", 1]]);
    const [query, key, value] = parts.map((part) => graph.node("Reshape", [part, perHead]));
    const past = ["batch", heads, "past", headDim];
    graph.input(`key${layer}`, 1, past);
    graph.input(`value${layer}`, 1, past);
    graph.nodes("Concat", [`key${layer}`, rotated(key!)], [`nextKey${layer}`], [["axis", 2]]);
    graph.nodes("Concat", [`value${layer}`, value!], [`nextValue${layer}`], [["axis", 2]]);
    const keys = graph.node("Transpose", [`nextKey${layer}`], [["perm", [0, 1, 3, 2]]]);
    const scores = graph.node("Softmax", [graph.node("MatMul", [rotated(query!), keys])], [["axis", 3]]);
    const mixed = graph.node("Reshape", [graph.node("MatMul", [scores, `nextValue${layer}`]), flat]);
    x = graph.node("Add", [x, graph.node("MatMul", [mixed, matrix(width, weight(`${at}self_attn.o_proj`))])]);
    const both = matrix(width, weight(`${at}mlp.gate_proj`), weight(`${at}mlp.up_proj`));
    const gateUp = graph.node("MatMul", [norm(x, `${at}post_attention_layernorm`), both]);
    const [gate, up] = graph.nodes("Split", [gateUp, graph.whole([inner, inner])], 2, [["axis", 1]]);
    const silu = graph.node("Mul", [gate!, graph.node("Sigmoid", [gate!])]);
    const down = matrix(inner, weight(`${at}mlp.down_proj`));
    x = graph.node("Add", [x, graph.node("MatMul", [graph.node("Mul", [silu, up!]), down])]);
    for (const name of [`nextKey${layer}`, `nextValue${layer}`])
      graph.output(name, ["batch", heads, "next", headDim]);
  }
  const head = matrix(width, weight(config.tied ? "model.embed_tokens" : "lm_head"));
  graph.nodes("MatMul", [norm(x, "model.norm"), head], ["logits"]);
  graph.output("logits", ["batch", config.vocabSize]);
  return graph.model();
}

/** [outputs][inputs] matrices beside each other as one [inputs][outputs]. */
function transposed(parts: readonly Float32Array[], inputs: number): Tensor {
  const outputs = parts.reduce((sum, { length }) => sum + length / inputs, 0);
  const data = new Float32Array(inputs * outputs);
  let column = 0;
  for (const part of parts)
    for (let row = 0; row < part.length / inputs; row += 1, column += 1)
      for (let input = 0; input < inputs; input += 1)
        data[input * outputs + column] = part[row * inputs + input]!;
  return { shape: [inputs, outputs], data };
}

type Attribute = readonly [name: string, value: number | readonly number[]];
type Dimension = string | number;

/** An ONNX graph in the making, as protocol buffers (onnx.proto, opset 18). */
class Graph {
  private readonly fields: Buffer[] = [];
  private count = 0;

  constant({ shape, data }: Tensor): string {
    return this.initializer(1, shape, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  }

  whole(values: readonly number[]): string {
    return this.initializer(7, [values.length], Buffer.from(BigInt64Array.from(values.map(BigInt)).buffer));
  }

  node(type: string, inputs: readonly string[], attributes: readonly Attribute[] = []): string {
    return this.nodes(type, inputs, 1, attributes)[0]!;
  }

  nodes(
    type: string,
    inputs: readonly string[],
    outputs: number | readonly string[],
    attributes: readonly Attribute[] = [],
  ): readonly string[] {
    const names = typeof outputs === "number" ? Array.from({ length: outputs }, () => this.fresh()) : outputs;
    const parts = [
      ...inputs.map((name) => chunk(1, name)),
      ...names.map((name) => chunk(2, name)),
      chunk(4, type),
      ...attributes.map((attribute) => chunk(5, attributeOf(attribute))),
    ];
    this.fields.push(chunk(1, Buffer.concat(parts)));
    return names;
  }

  input(name: string, type: number, shape: readonly Dimension[]): void {
    this.fields.push(chunk(11, valueInfo(name, type, shape)));
  }

  output(name: string, shape: readonly Dimension[]): void {
    this.fields.push(chunk(12, valueInfo(name, 1, shape)));
  }

  model(): Buffer {
    const graph = Buffer.concat([...this.fields, chunk(2, "step")]);
    return Buffer.concat([
      varint(1, 8),
      chunk(8, Buffer.concat([chunk(1, ""), varint(2, 18)])),
      chunk(7, graph),
    ]);
  }

  private initializer(type: number, shape: readonly number[], bytes: Buffer): string {
    const name = this.fresh();
    const dims = shape.map((size) => varint(1, size));
    this.fields.push(chunk(5, Buffer.concat([...dims, varint(2, type), chunk(8, name), chunk(9, bytes)])));
    return name;
  }

  private fresh(): string {
    return `v${(this.count += 1)}`;
  }
}

function attributeOf([name, value]: Attribute): Buffer {
  if (typeof value !== "number")
    return Buffer.concat([chunk(1, name), ...value.map((one) => varint(8, one)), varint(20, 7)]);
  if (Number.isInteger(value)) return Buffer.concat([chunk(1, name), varint(3, value), varint(20, 2)]);
  const float = Buffer.alloc(5);
  float[0] = (2 << 3) | 5;
  float.writeFloatLE(value, 1);
  return Buffer.concat([chunk(1, name), float, varint(20, 1)]);
}

function valueInfo(name: string, type: number, shape: readonly Dimension[]): Buffer {
  const dims = shape.map((size) => chunk(1, typeof size === "string" ? chunk(2, size) : varint(1, size)));
  const tensor = Buffer.concat([varint(1, type), chunk(2, Buffer.concat(dims))]);
  return Buffer.concat([chunk(1, name), chunk(2, chunk(1, tensor))]);
}

function chunk(field: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as string);
  return Buffer.concat([Buffer.from(digits((field << 3) | 2)), Buffer.from(digits(bytes.length)), bytes]);
}

const varint = (field: number, value: number): Buffer =>
  Buffer.from([...digits(field << 3), ...digits(value)]);

function digits(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128);
  return [...out, rest];
}
