import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RolloutFile, RolloutOptions } from "../../../src/core/dataset/readRollouts.ts";
import { memorySource } from "../../../src/core/dataset/memorySource.ts";
import { readRollouts } from "../../../src/core/dataset/readRollouts.ts";
import { fileSource } from "../../../src/node/fileSource.ts";

/** Values as JSON lines in memory. */
export function linesSource(name: string, values: readonly unknown[]): ReturnType<typeof memorySource> {
  return memorySource(name, values.map((value) => `${JSON.stringify(value)}\n`).join(""));
}

export async function readFile(path: string, options: RolloutOptions = {}): Promise<RolloutFile> {
  const source = await fileSource(path);
  try {
    return await readRollouts(source, options);
  } finally {
    await source.close();
  }
}

/** Runs with a file of that content in a folder of its own, which is removed. */
export async function withFile<T>(
  name: string,
  content: string | Uint8Array,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "rollout-lens-test-"));
  try {
    const path = join(folder, name);
    await writeFile(path, content);
    return await work(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** n and c of every problem of a run, by id. */
export function counts(file: RolloutFile, run = 0): readonly { id: string; n: number; c: number }[] {
  return (file.runs[run]?.tally.problems ?? []).map(({ problem, n, c }) => ({ id: problem.id, n, c }));
}
