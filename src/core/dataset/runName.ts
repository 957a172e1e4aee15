import type { Role } from "../model.ts";

/** A file's name without folders and extensions: what a run or a dataset is called when nothing else says. */
export function baseName(path: string): string {
  const file = path.split(/[/\\]/).at(-1) ?? path;
  return file.replace(/(\.(jsonl|ndjson|json|csv|tsv|parquet))?(\.gz)?$/i, "") || file;
}

/** What a model's name says of its role; `other` when it says nothing. The person can change it. */
export function guessRole(name: string): Role {
  const words = name.toLowerCase();
  if (/distill/.test(words)) return "distilled";
  if (/(^|[^a-z])(rl|rlvr|grpo|ppo|dapo|rloo|remax|reinforce|zero|simplerl|oat)([^a-z]|$)/.test(words))
    return "rl";
  if (/(^|[^a-z])(instruct|chat|it)([^a-z]|$)/.test(words)) return "instruct";
  return /(^|[^a-z])(base|pretrained)([^a-z]|$)/.test(words) ? "base" : "other";
}
