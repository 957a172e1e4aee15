// What stopping early saves, and that nothing is lost by it: on the Game of 24, on simulated models, and on run folders
// named after a second `--` (base first): npm run simulate -- adaptive -- BASE RL [savings]: the savings only, without the coverage
import { join } from "node:path";
import type { Measurement } from "../bench/measurement.ts";
import { plainRandom } from "../core/estimate/brute.ts";
import { readCounts } from "../core/estimate/game24.ts";
import { readRollouts } from "../../src/core/dataset/readRollouts.ts";
import { samplesFileName } from "../../src/core/run/files.ts";
import { readRun } from "../../src/core/run/store.ts";
import { fileSource } from "../../src/node/fileSource.ts";
import { nodeFileStore } from "../../src/node/fileStore.ts";
import { sharedData } from "../paths.ts";
import { coverage, signErrors } from "./adaptiveErrors.ts";
import { savings } from "./adaptiveSavings.ts";
import { type Draws, shuffled } from "./draws.ts";

export async function* simulate(args: readonly string[]): AsyncGenerator<Measurement> {
  const [io, cot] = ["io", "cot"].map((name) => sharedData(`rollouts/game24_${name}_100x100.json`));
  if (io && cot) yield* savings("game24", [drawsOf(io), drawsOf(cot)], { most: 0.81, mostGap: 0.46 });
  const [base, other] = args;
  if (base && other) {
    const pair = await Promise.all([runDraws(base), runDraws(other)]);
    yield* savings("runs", commonOf(pair), { most: 0.81, mostGap: 0.46 });
  }
  if (!args.includes("savings")) {
    yield* coverage();
    yield* signErrors();
  }
}

/** Only the counts are recorded in a form that both files share: the order is the shuffles'. */
function drawsOf(path: string): Draws {
  const random = plainRandom(77);
  return readCounts(path).map(({ n, c }) =>
    shuffled(
      Array.from({ length: n }, (_, i) => i < c),
      random,
    ),
  );
}

async function runDraws(folder: string): Promise<ReadonlyMap<string, readonly boolean[]>> {
  const { header, problems } = await readRun(folder, nodeFileStore);
  const source = await fileSource(join(folder, samplesFileName));
  try {
    const grader = header.plan.protocol.verifier;
    const { runs } = await readRollouts(source, { problems, grader });
    const [run] = runs;
    if (!run) throw new Error(`${folder} has no samples`);
    return new Map(
      problems.map(({ key }) => [key, run.locate(key).map(({ verdict }) => verdict?.kind === "correct")]),
    );
  } finally {
    await source.close();
  }
}

function commonOf([a, b]: readonly ReadonlyMap<string, readonly boolean[]>[]): readonly [Draws, Draws] {
  const keys = [...(a?.keys() ?? [])].filter((key) => b?.has(key));
  return [keys.map((key) => a?.get(key) ?? []), keys.map((key) => b?.get(key) ?? [])];
}
