import { LensError } from "../core/errors.ts";

/** What `config.json` of a Llama model on Hugging Face says of its shape. */
export interface LlamaConfig {
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly intermediateSize: number;
  readonly vocabSize: number;
  readonly maxPositions: number;
  readonly normEpsilon: number;
  readonly ropeTheta: number;
  /** The head is the embedding's transpose. */
  readonly tied: boolean;
  /** Tokens that end a text. */
  readonly eosTokenIds: readonly number[];
  readonly bosTokenId: number | null;
}

export const badModelCode = "badDemoModel";

/** @throws LensError `badDemoModel` naming the field */
export function parseLlamaConfig(text: string, where: string): LlamaConfig {
  const raw = recordOf(JSON.parse(text), where);
  const fail = (field: string, expected: string): never => {
    throw new LensError(
      badModelCode,
      `${where}: ${field}: expected ${expected}, got ${JSON.stringify(raw[field])}`,
    );
  };
  const whole = (field: string, otherwise?: number): number => {
    const value = raw[field] ?? otherwise;
    return Number.isSafeInteger(value) && (value as number) > 0
      ? (value as number)
      : fail(field, "a whole number from 1");
  };
  if (raw["model_type"] !== "llama") fail("model_type", '"llama"');
  if ((raw["hidden_act"] ?? "silu") !== "silu") fail("hidden_act", '"silu"');
  if (raw["attention_bias"] === true || raw["mlp_bias"] === true) fail("attention_bias", "no biases");
  const hiddenSize = whole("hidden_size");
  const heads = whole("num_attention_heads");
  const config: LlamaConfig = {
    hiddenSize,
    heads,
    layers: whole("num_hidden_layers"),
    kvHeads: whole("num_key_value_heads", heads),
    headDim: whole("head_dim", hiddenSize / heads),
    intermediateSize: whole("intermediate_size"),
    vocabSize: whole("vocab_size"),
    maxPositions: whole("max_position_embeddings"),
    normEpsilon: Number(raw["rms_norm_eps"] ?? 1e-6),
    ropeTheta: ropeThetaOf(raw, fail),
    tied: raw["tie_word_embeddings"] === true,
    eosTokenIds: [raw["eos_token_id"] ?? []].flat().filter((id): id is number => typeof id === "number"),
    bosTokenId: typeof raw["bos_token_id"] === "number" ? raw["bos_token_id"] : null,
  };
  if (config.heads % config.kvHeads !== 0) fail("num_key_value_heads", "a divisor of num_attention_heads");
  if (config.headDim % 8 !== 0) fail("head_dim", "a multiple of 8");
  if (hiddenSize % 8 !== 0) fail("hidden_size", "a multiple of 8");
  if (config.intermediateSize % 8 !== 0) fail("intermediate_size", "a multiple of 8");
  return config;
}

/** Older folders say `rope_theta`, newer ones `rope_parameters`. Scaled positions are not known here. */
function ropeThetaOf(
  raw: Readonly<Record<string, unknown>>,
  fail: (field: string, expected: string) => never,
): number {
  const rope = (raw["rope_parameters"] ?? raw["rope_scaling"] ?? {}) as Readonly<Record<string, unknown>>;
  const type = rope["rope_type"] ?? rope["type"] ?? "default";
  if (type !== "default") fail("rope_parameters", 'rope_type "default"');
  return Number(rope["rope_theta"] ?? raw["rope_theta"] ?? 10_000);
}

function recordOf(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw new LensError(badModelCode, `${where}: expected an object`);
}
