import { atPath } from "../../core/parse.ts";
import type { CancelSignal } from "../../core/ports.ts";
import { EndpointError } from "../../core/run/generate.ts";
import type { EndpointConfig } from "../config.ts";
import type { EndpointPorts } from "../endpoint.ts";
import { numbersOf } from "./adapter.ts";
import { ScoreWire } from "./scoreWire.ts";

/** `unknown`: one of the two does not say how it tokenises. Then ids must not go from one to the other. */
export interface TokenizerComparison {
  readonly state: "same" | "different" | "unknown";
  readonly reason: string;
}

/** Letters, digits, space, code, ideographs, an emoji that is cut, accents, names of special tokens. */
const probes = [
  "The quick brown fox jumps over 1234567 lazy dogs.",
  "  \n\tdef f(x):\r\n    return x**2 + 3.14159",
  "你好，世界。日本語 한국어 עברית नमस्ते",
  "😀👩‍👩‍👧‍👦🇩🇪 e\u0301 ﬁ ½",
  "<|im_start|>user\n\\frac{1}{2}<|im_end|><s></s><think>",
];

/**
 * Do two servers cut texts into the same ids (`POST /tokenize` on five probe texts)? Only then may the ids that one
 * sampled be scored by the other. Rejects only with `cancelled`.
 */
export async function sameTokenizer(
  [first, second]: readonly [EndpointConfig, EndpointConfig],
  ports: EndpointPorts,
  signal: CancelSignal,
): Promise<TokenizerComparison> {
  const all = await Promise.all([first, second].map((config) => tokenised(config, ports, signal)));
  const [a, b] = all;
  if (a === null || b === null || a === undefined || b === undefined) {
    const silent = a === null ? first : second;
    return { state: "unknown", reason: `${silent.name} does not say how it tokenises (no /tokenize)` };
  }
  const differs = probes.findIndex((_, i) => a[i]?.join() !== b[i]?.join());
  if (differs === -1) return { state: "same", reason: `the same ids for ${probes.length} probe texts` };
  return { state: "different", reason: `other ids for ${JSON.stringify(probes[differs])}` };
}

async function tokenised(
  config: EndpointConfig,
  ports: EndpointPorts,
  signal: CancelSignal,
): Promise<readonly (readonly number[])[] | null> {
  const wire = new ScoreWire(config, ports);
  try {
    const lists = await Promise.all(probes.map((prompt) => tokenize(wire, prompt, signal)));
    return lists.includes(null) ? null : (lists as readonly (readonly number[])[]);
  } finally {
    wire.close();
  }
}

/** vLLM and SGLang take `prompt`, llama.cpp takes `content`; each ignores the other. */
async function tokenize(
  wire: ScoreWire,
  text: string,
  signal: CancelSignal,
): Promise<readonly number[] | null> {
  try {
    const body = { model: wire.model, prompt: text, content: text, add_special_tokens: false };
    return numbersOf(atPath(await wire.post("//tokenize", body, signal), "tokens"));
  } catch (error) {
    if (error instanceof EndpointError && error.code !== "cancelled") return null;
    throw error;
  }
}
