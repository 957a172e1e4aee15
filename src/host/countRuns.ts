import type { ProblemTally, RunTally } from "../core/model.ts";
import type { RunCatalog } from "./catalog.ts";
import { messageOf } from "./report.ts";
import { type OnRead, type RunData, samplesUri, stampOf } from "./runData.ts";
import { restingState, type RunEntry } from "./runEntry.ts";
import { problemSetOf, summaryOf } from "./summary.ts";

/** Counts run folders that changed since they were last counted, one after the other, so that the tree can say pass@1. */
export async function countRuns(catalog: RunCatalog, data: RunData): Promise<void> {
  for (const { id } of catalog.all()) await countRun({ catalog, data }, id);
}

/** The same for one of them: what an earlier window left is otherwise not known before the Runs view is seen. */
export async function countRun(
  { catalog, data }: { readonly catalog: RunCatalog; readonly data: RunData },
  id: string,
  onProgress?: OnRead,
): Promise<void> {
  const entry = catalog.find(id);
  if (entry === null || entry.source.kind === "imported" || isAtWork(entry)) return;
  const stamp = await stampOf(samplesUri(entry.source.folder));
  if (stamp === entry.stamp) return;
  try {
    const { tally } = await data.load(entry, onProgress);
    const summary = await summaryOf(tally);
    const now = catalog.find(id);
    if (now !== null && !isAtWork(now)) await catalog.put(counted(now, { tally, stamp, summary }));
  } catch (error) {
    await catalog.patch(id, { message: messageOf(error), stamp });
  }
}

function counted(
  entry: RunEntry,
  facts: { readonly tally: RunTally; readonly stamp: string; readonly summary: RunEntry["summary"] },
): RunEntry {
  const finished = answeredIn(facts.tally);
  const problemSet = problemSetOf(facts.tally.problems.map(({ problem }) => problem));
  const total = totalOf(facts.tally, entry.total);
  const known = { ...entry, finished, total, problemSet, stamp: facts.stamp, summary: facts.summary };
  // More samples than when it stopped: it went on since, in another window or on the command line.
  const wentOn = finished >= total || finished !== entry.finished;
  const kept = wentOn ? { ...known, failure: null, message: null } : known;
  return { ...kept, state: restingState(kept) };
}

/** Samples that need not be requested again: all but the failed ones. */
const answeredIn = (tally: RunTally): number =>
  tally.problems.reduce((sum, problem) => sum + answeredOf(problem), 0);

const answeredOf = ({ n, undecided, error, ungraded, stopped }: ProblemTally): number =>
  stopped?.made ?? n + undecided + error + ungraded;

/** Samples of the whole run; of one that stops problems early at most, and just those it has when all are over. */
function totalOf({ stopPlan, problems }: RunTally, planned: number): number {
  if (stopPlan === undefined) return planned;
  return problems.reduce(
    (sum, { stopped }) => sum + (stopped?.over === true ? stopped.made : stopPlan.nMax),
    0,
  );
}

const isAtWork = ({ state }: RunEntry): boolean => state === "running" || state === "queued";
