import * as vscode from "vscode";
import type { LineCount, SampleDetail, SampleRef } from "../../core/dataset/readRollouts.ts";
import { goldWords, isCodeGold } from "../../core/verify/code/codeGold.ts";
import { LensError } from "../../core/errors.ts";
import type { InputIssue } from "../../core/model.ts";
import type { AbortSignalLike } from "../../protocol/rpc.ts";
import type { ReadingView } from "../../protocol/curves.ts";
import type { SampleRow, SampleText } from "../../protocol/samples.ts";
import type { RunCatalog } from "../catalog.ts";
import { countRun } from "../countRuns.ts";
import { displayName } from "../files.ts";
import { messageOf } from "../report.ts";
import type { LoadedRun, OnRead, RunData } from "../runData.ts";
import type { RunEntry } from "../runEntry.ts";
import type { Runs } from "../runs.ts";
import type { SnapshotRun } from "./curvesSnapshot.ts";
import type { CotCurves } from "../label/cotCurves.ts";
import type { PanelVerdicts } from "./panelVerdicts.ts";
import { progressView } from "./progressView.ts";

const previewLength = 160;
/** Rows get the start of their text while this lasts; the rest of a long list is shown without. */
const previewBudgetMs = 1500;

export interface SampleAddress {
  readonly runId: string;
  readonly problemKey: string;
  readonly index: number;
}

export interface PanelRunsPorts {
  readonly catalog: RunCatalog;
  readonly runs: Runs;
  readonly data: RunData;
  readonly verdicts: PanelVerdicts;
  readonly cotCurves: CotCurves;
}

/** What a panel reads of its runs: counts now, texts one by one from the file. */
export class PanelRuns {
  private readonly ports: PanelRunsPorts;

  constructor(ports: PanelRunsPorts) {
    this.ports = ports;
  }

  /** Runs that can be shown; the others as sentences. `onReading`: how far their files are read. */
  async read(
    ids: readonly string[],
    onReading: (reading: ReadingView) => void = () => undefined,
  ): Promise<{
    readonly runs: readonly SnapshotRun[];
    readonly issues: readonly InputIssue[];
    /** Over the files that have issues. */
    readonly lines: LineCount;
    readonly missing: readonly string[];
  }> {
    const { catalog, runs, data } = this.ports;
    await catalog.load();
    const shown: SnapshotRun[] = [];
    const issues = new Map<string, InputIssue>();
    const lines = new Map<string, LineCount>();
    const missing: string[] = [];
    for (const [done, id] of ids.entries()) {
      const onProgress: OnRead = (bytes, total) =>
        onReading({ run: catalog.find(id)?.name ?? "", done, runs: ids.length, share: bytes / total });
      await countRun({ catalog, data }, id, onProgress);
      const entry = catalog.find(id);
      if (entry === null) {
        missing.push(vscode.l10n.t("The run {0} is not in the list any more.", id));
        continue;
      }
      try {
        const live = runs.liveTally(id);
        const loaded = live === null ? await data.load(entry, onProgress) : null;
        const verdicts = await this.ports.verdicts.ofRun(entry, loaded);
        const progress = progressView(entry, runs.progressOf(id));
        const cot = loaded === null ? null : await this.ports.cotCurves.of(entry, loaded.stamp);
        shown.push({ tally: live ?? loaded!.tally, progress, verdicts, cot });
        for (const issue of loaded?.issues ?? []) issues.set(JSON.stringify(issue), issue);
        if (loaded !== null && loaded.issues.length > 0 && loaded.lines !== null)
          lines.set(loaded.file.toString(), loaded.lines);
      } catch (error) {
        missing.push(`${entry.name}: ${messageOf(error)}`);
      }
    }
    return { runs: shown, issues: [...issues.values()], lines: sumOf(lines.values()), missing };
  }

  async listSamples(
    runId: string,
    problemKey: string,
    signal: AbortSignalLike,
  ): Promise<readonly SampleRow[]> {
    const run = await this.load(runId);
    const deadline = performance.now() + previewBudgetMs;
    const rows: SampleRow[] = [];
    for (const ref of run.locate(problemKey)) {
      if (signal.aborted) throw new LensError("cancelled", "Cancelled.");
      const text = performance.now() < deadline ? await previewOf(run, ref) : "";
      rows.push(rowOf(ref, text));
    }
    return rows;
  }

  async readSample(address: SampleAddress): Promise<SampleText> {
    const { run, ref, entry } = await this.find(address);
    const detail = await run.readText(ref);
    return {
      others: await this.ports.verdicts.others(entry, ref),
      row: rowOf(ref, detail.text),
      question: detail.question,
      gold: goldWords(detail.gold),
      reasoning: detail.reasoning,
      text: detail.text,
      how: howOf(detail),
      trial: detail.verdict?.kind === "incorrect" ? (detail.verdict.trial ?? null) : null,
      isProgram: isCodeGold(detail.gold),
      source: ref.line === null ? null : `${displayName(run.file)}:${ref.line}`,
    };
  }

  /** The sample's file, and its 1-based line where the format has lines. */
  async sourceOf(
    address: SampleAddress,
  ): Promise<{ readonly file: vscode.Uri; readonly line: number | null }> {
    const { run, ref } = await this.find(address);
    return { file: run.file, line: ref.line };
  }

  /** The file that issues call `name`. */
  async fileNamed(ids: readonly string[], name: string): Promise<vscode.Uri | null> {
    for (const id of ids) {
      const { file } = await this.load(id);
      if (displayName(file) === name) return file;
    }
    return null;
  }

  private async find({
    runId,
    problemKey,
    index,
  }: SampleAddress): Promise<{ run: LoadedRun; ref: SampleRef; entry: RunEntry }> {
    const entry = await this.entry(runId);
    const run = await this.load(runId);
    const ref = run.locate(problemKey).find((sample) => sample.index === index);
    if (ref === undefined)
      throw new LensError("noSample", vscode.l10n.t("This sample is not in the file any more."));
    return { run, ref, entry };
  }

  async entry(runId: string): Promise<RunEntry> {
    await this.ports.catalog.load();
    const entry = this.ports.catalog.find(runId);
    if (entry === null)
      throw new LensError("noRun", vscode.l10n.t("The run {0} is not in the list any more.", runId));
    return entry;
  }

  /** A run with its samples as they are shown. Rejects with `noRun`, or as its files reject. */
  async loaded(runId: string): Promise<{ readonly entry: RunEntry; readonly run: LoadedRun }> {
    return { entry: await this.entry(runId), run: await this.load(runId) };
  }

  /** While it is sampled, a run shows the verdicts that it is given. */
  private async load(runId: string): Promise<LoadedRun> {
    const { data, runs } = this.ports;
    const entry = await this.entry(runId);
    return runs.isActive(runId) ? data.loadOwn(entry) : data.load(entry);
  }
}

async function previewOf(run: LoadedRun, ref: SampleRef): Promise<string> {
  try {
    return (await run.readText(ref)).text;
  } catch {
    return ""; // the row still shows its verdict; opening the sample says what is wrong
  }
}

function rowOf(ref: SampleRef, text: string): SampleRow {
  return {
    index: ref.index,
    verdict: ref.verdict?.kind ?? "ungraded",
    extracted: ref.extracted,
    outcome: ref.outcome.kind,
    finishReason: ref.finishReason,
    tokens: ref.tokens,
    preview: text.slice(0, previewLength),
  };
}

function howOf({ verdict, outcome }: SampleDetail): string {
  if (outcome.kind === "failed") return outcome.message;
  if (outcome.kind === "refused") return outcome.reason;
  if (verdict === null) return vscode.l10n.t("not graded");
  switch (verdict.kind) {
    case "correct":
    case "incorrect":
      return verdict.how;
    case "unparsed":
      return vscode.l10n.t("no answer found");
    case "undecided":
    case "error":
  }
  return verdict.reason;
}

function sumOf(counts: Iterable<LineCount>): LineCount {
  const sum = { skipped: 0, total: 0 };
  for (const { skipped, total } of counts) {
    sum.skipped += skipped;
    sum.total += total;
  }
  return sum;
}
