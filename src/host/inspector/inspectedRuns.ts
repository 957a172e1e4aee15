import * as vscode from "vscode";
import type { RolloutRun } from "../../core/dataset/readRollouts.ts";
import { LensError } from "../../core/errors.ts";
import { isRecord } from "../../core/parse.ts";
import type { RunCatalog } from "../catalog.ts";
import { whyNone } from "../imports.ts";
import { ownRunOf } from "../ownRun.ts";
import type { PanelRuns, SampleAddress } from "../panels/panelRuns.ts";
import { type LoadedRun, type RunData, stampOf } from "../runData.ts";
import type { RunEntry } from "../runEntry.ts";
import { type InspectedRun, problemTraces, type WantedTrace } from "./problemTraces.ts";
import type { OpenTraces } from "./traceSource.ts";

export interface InspectedRunsPorts {
  readonly catalog: RunCatalog;
  readonly panelRuns: PanelRuns;
  readonly data: RunData;
}

/** Samples of runs and of rollout files, as traces. */
export class InspectedRuns {
  private readonly ports: InspectedRunsPorts;

  constructor(ports: InspectedRunsPorts) {
    this.ports = ports;
  }

  /** Rejects with `noRun`, `noSample`. */
  async open({ runId, problemKey, index }: SampleAddress): Promise<OpenTraces> {
    const run = await this.inspected(await this.ports.panelRuns.entry(runId));
    return problemTraces([run], { run: null, problemKey, index }, (place) => ({
      kind: "sample",
      address: { runId, problemKey: place.problemKey, index: place.index },
    }));
  }

  /** A run's samples of one problem. Rejects with `noSample` where it has none. */
  async openProblem(entry: RunEntry, problemKey: string): Promise<OpenTraces> {
    const run = await this.inspected(entry);
    return problemTraces([run], { run: null, problemKey, index: null }, (place) => ({
      kind: "sample",
      address: { runId: entry.id, problemKey: place.problemKey, index: place.index },
    }));
  }

  /** A whole file; one of a run folder is that run. Rejects with `noRollouts`, `noSample`, or as the files reject. */
  async openFile(uri: vscode.Uri, wanted: WantedTrace): Promise<OpenTraces> {
    const entry = await ownRunOf(uri, this.ports.catalog);
    const runs = entry === null ? await this.runsIn(uri) : [await this.inspected(entry)];
    return problemTraces(runs, wanted, (place) => ({ kind: "file", uri: uri.toString(), ...place }));
  }

  /** The sample in a line of a run folder's own log; `null` for any other line. */
  async sampleIn(uri: vscode.Uri, line: string): Promise<SampleAddress | null> {
    const entry = await ownRunOf(uri, this.ports.catalog);
    if (entry === null) return null;
    const record = recordIn(line);
    const [problemKey, index] = [record?.["key"], record?.["i"]];
    if (typeof problemKey !== "string" || typeof index !== "number") return null;
    return { runId: entry.id, problemKey, index };
  }

  private async inspected(entry: RunEntry): Promise<InspectedRun> {
    const { data } = this.ports;
    const run = await data.load(entry);
    const withFile: InspectedRun["withFile"] = (use) =>
      data.withFile({ uri: run.file, stamp: run.stamp }, use);
    const one = { name: entry.name, run, withFile };
    if (entry.source.kind === "imported") return { ...one, sampled: null };
    const { template, protocol, endpointName, model } = await data.planIn(entry.source.folder);
    return { ...one, sampled: { facts: { template, protocol }, endpointName, model } };
  }

  private async runsIn(uri: vscode.Uri): Promise<readonly InspectedRun[]> {
    const { data } = this.ports;
    const read = await data.readFile(uri);
    if (read.runs.length === 0) throw new LensError("noRollouts", `${whyNone(uri, read)} ${whatToDo()}`);
    const stamp = await stampOf(uri);
    return read.runs.map((run) => ({
      name: run.tally.name,
      run: loaded(data, { file: uri, run, stamp }),
      withFile: (use) => data.withFile({ uri, stamp }, use),
      sampled: null,
    }));
  }
}

const whatToDo = (): string =>
  vscode.l10n.t(
    "If it is a dataset, sample it first with Quick pass@k; the text editor shows the file as it is.",
  );

function loaded(
  data: RunData,
  { file, run, stamp }: { readonly file: vscode.Uri; readonly run: RolloutRun; readonly stamp: string },
): LoadedRun {
  return {
    tally: run.tally,
    samples: run,
    file,
    stamp,
    issues: [],
    lines: null,
    locate: (key) => run.locate(key),
    readText: (ref) => data.readText({ uri: file, stamp }, ref),
  };
}

function recordIn(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}
