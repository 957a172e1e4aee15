import type { ScoringMethod } from "../../core/trace/scoredTrace.ts";
import type { ScoreAdapter } from "./adapter.ts";
import { openAiEcho, togetherEcho } from "./echo.ts";
import { llamaCppForced } from "./llamaCpp.ts";
import { sglang } from "./sglang.ts";
import { tgi } from "./tgi.ts";
import { vllm, vllmChat } from "./vllm.ts";

/** In the order in which a probe tries them: the exact and cheap ones first. */
export const scoreAdapters: readonly ScoreAdapter[] = [
  vllm,
  sglang,
  openAiEcho,
  togetherEcho,
  tgi,
  llamaCppForced,
  vllmChat,
];

export function adapterOf(method: ScoringMethod): ScoreAdapter {
  const adapter = scoreAdapters.find((one) => one.method === method);
  if (adapter === undefined) throw new Error(`no adapter for ${method}`);
  return adapter;
}
