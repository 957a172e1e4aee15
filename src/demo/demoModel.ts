import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Batcher, maxRows } from "./batcher.ts";
import { parseLlamaConfig, type LlamaConfig } from "./llamaConfig.ts";
import { readSafetensors } from "./safetensors.ts";
import { Tokenizer } from "./tokenizer.ts";
import { Transformer } from "./transformer.ts";
import type { WasmModule } from "./webAssembly.ts";

/** A model that can be sampled. */
export interface DemoModel {
  readonly name: string;
  readonly config: LlamaConfig;
  /** Prompt and completion together, in tokens. */
  readonly maxModelLength: number;
  readonly tokenizer: Tokenizer;
  readonly batcher: Batcher;
}

/** A longer context would cost memory per sequence that no demo model has a use for. */
const longestContext = 512;

/**
 * Reads a Hugging Face folder: config.json, model.safetensors, tokenizer.json.
 * @param module see `compileKernels`
 */
export function openDemoModel(folder: string, name: string, module: WasmModule): DemoModel {
  const text = (file: string): string => readFileSync(join(folder, file), "utf8");
  const config = parseLlamaConfig(text("config.json"), `${name}/config.json`);
  const tensors = readSafetensors(
    readFileSync(join(folder, "model.safetensors")),
    `${name}/model.safetensors`,
  );
  const maxModelLength = Math.min(config.maxPositions, longestContext);
  const transformer = new Transformer({ config, tensors, module, maxPositions: maxModelLength, maxRows });
  const tokenizer = new Tokenizer(text("tokenizer.json"), `${name}/tokenizer.json`);
  return { name, config, maxModelLength, tokenizer, batcher: new Batcher(transformer) };
}
