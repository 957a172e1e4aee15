// What a window does in the extension's host to open a panel, without VS Code.
import { serialize } from "node:v8";
import type { RunTally } from "../../src/core/model.ts";
import { mathVerifier } from "../../src/core/verify/math/mathVerifier.ts";
import { KeptReadings } from "../../src/host/keptReadings.ts";
import { Comparisons } from "../../src/host/panels/comparisons.ts";
import { curvesSnapshot } from "../../src/host/panels/curvesSnapshot.ts";
import { RunData } from "../../src/host/runData.ts";
import type { RunEntry } from "../../src/host/runEntry.ts";
import { KeptFiles } from "../../src/node/keptFiles.ts";
import { nodeFileStore } from "../../src/node/fileStore.ts";
import { done } from "../webview/harness/fakeHost.ts";

const options = { interval: "jbb", referenceId: null, finishedOnly: false } as const;

export interface PanelWindow {
  /** The runs with their counts. */
  readonly read: () => Promise<readonly RunTally[]>;
  /** To the bytes that go to the page. */
  readonly open: (tallies: readonly RunTally[]) => Promise<void>;
  /** All that is kept for later windows is on disk. */
  readonly settle: () => Promise<void>;
}

/** A base, and the rest steps of its training, each in a file of its own. `storage` outlives the window. */
export function panelWindow(paths: readonly string[], storage: string): PanelWindow {
  const files = () => Promise.resolve(new KeptFiles({ folder: storage, mostBytes: 1e9 }));
  const warn = (message: string): never => {
    throw new Error(message);
  };
  const quiet = (): void => undefined;
  const log = { trace: quiet, debug: quiet, info: quiet, warn, error: warn };
  const version = "bench";
  const kept = new KeptReadings({ files, version, log });
  const none = { read: () => Promise.resolve(null), current: () => Promise.resolve(null) };
  const data = new RunData({
    files: () => Promise.resolve(nodeFileStore),
    verifier: () => Promise.resolve(mathVerifier()),
    verdicts: none,
    kept,
  });
  const comparisons = new Comparisons({ files, version });
  return {
    async read() {
      const tallies: RunTally[] = [];
      for (const entry of paths.map(entryOf)) tallies.push((await data.load(entry)).tally);
      return tallies;
    },
    async open(tallies) {
      const report = await comparisons.of({ tallies, options, settled: true });
      const runs = tallies.map((tally) => ({ tally, progress: done(tally) }));
      const rest = { version: 1, title: "a million samples", issues: [], error: null };
      serialize(curvesSnapshot({ ...rest, options, runs, report }));
    },
    settle: () => kept.written(),
  };
}

function entryOf(path: string, i: number): RunEntry {
  const name = `model-${i}`;
  return {
    id: `run-${i}`,
    name,
    role: i === 0 ? "base" : "rl",
    ...(i === 0 ? {} : { metadata: { step: 10 * i } }),
    dataset: "million",
    datasetProblems: 0,
    problemSet: null,
    source: { kind: "imported", uri: `file://${path}`, model: name },
    state: "done",
    finished: 0,
    total: 0,
    message: null,
    failure: null,
    summary: null,
    createdAt: null,
    stamp: null,
  };
}
