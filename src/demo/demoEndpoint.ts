import type { Role } from "../core/model.ts";
import { demoVocabularySize } from "./demoVocabulary.ts";

/** Requests in flight: as many as the models are sampled at a time. */
const concurrency = 128;

/** What is the same of a demo model's endpoint wherever it is called. @param url of the server, with `/v1` */
export const demoEndpoint = (model: string, url: string) =>
  ({
    baseUrls: [url],
    model,
    api: "completions",
    maxConcurrency: concurrency,
    vocabularySize: demoVocabularySize,
  }) as const;

export function demoRole(model: string): Role {
  if (model.startsWith("base")) return "base";
  if (model.startsWith("rl")) return "rl";
  return model.startsWith("distil") ? "distilled" : "other";
}

/** The demo's checkpoints are called by their step. */
export function demoFacets(model: string): { readonly step?: number } {
  const step = /^rl-(\d+)$/.exec(model)?.[1];
  return step === undefined ? {} : { step: Number(step) };
}
