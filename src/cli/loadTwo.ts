import type { RunTally } from "../core/model.ts";
import { usageError } from "./args.ts";
import type { CommandContext } from "./command.ts";
import { loadRuns, namesOf } from "./loadRuns.ts";

/** The two runs of a command that compares two; `usage` where the files hold another number of them. */
export async function loadTwo(
  paths: readonly string[],
  context: CommandContext,
  what: string,
): Promise<readonly [RunTally, RunTally]> {
  const runs = await loadRuns(paths, context);
  const [a, b] = runs;
  if (a && b && runs.length === 2) return [a, b];
  const found = runs.length > 0 ? ` Found ${runs.length}: ${namesOf(runs)}. Choose with FILE#NAME.` : "";
  throw usageError(`${what} compares two runs.${found}`);
}
