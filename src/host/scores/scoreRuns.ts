import * as vscode from "vscode";
import { LensError } from "../../core/errors.ts";
import { count } from "../../core/numberWords.ts";
import type { FileStore } from "../../core/ports.ts";
import { templateNamed } from "../../core/run/templates.ts";
import type { ScoreSetHead } from "../../core/trace/scoreSet.ts";
import type { ScoreSetLog } from "../../core/trace/scoreSetFile.ts";
import type { TraceTarget } from "../../core/trace/scoreTraces.ts";
import type { ScoringRunView } from "../../protocol/perplexity.ts";
import { pickScorer } from "../inspector/pickScorer.ts";
import { usualTemplate } from "../inspector/tracePrompt.ts";
import type { OpenScoring, TraceScoring } from "../inspector/traceScoring.ts";
import type { RunData } from "../runData.ts";
import type { RunEntry } from "../runEntry.ts";
import { askPrompt, askTraces } from "./askTraces.ts";
import type { RunScores } from "./runScores.ts";
import { type ScoringJob, scoringJob, targetsOf, type WantedScores } from "./scoreTargets.ts";

export interface ScoreRunsPorts {
  readonly data: RunData;
  readonly scores: RunScores;
  readonly scoring: TraceScoring;
  readonly files: () => Promise<FileStore>;
  readonly mayRun: () => boolean;
}

export interface ProblemWatch {
  readonly signal: AbortSignal;
  readonly onPhase: (phase: string) => void;
}

/** Alternatives with each token of a model's own traces: its entropy is read from them. Of others' none is needed. */
const topOfOwn = 20;
const concurrency = 6;

/** Scores traces of runs under an endpoint, on the person's word: with progress, to be cancelled, resumed by asking again. */
export class ScoreRuns implements vscode.Disposable {
  private readonly ports: ScoreRunsPorts;
  private readonly progressed = new vscode.EventEmitter<ScoringRunView>();
  private readonly ended = new vscode.EventEmitter<void>();
  private underWay: ScoringRunView | null = null;
  readonly onDidProgress = this.progressed.event;
  /** There is more to read. */
  readonly onDidEnd = this.ended.event;

  constructor(ports: ScoreRunsPorts) {
    this.ports = ports;
  }

  get current(): ScoringRunView | null {
    return this.underWay;
  }

  /** In words why nothing can be scored here; `null` where it can. */
  get refusal(): string | null {
    return this.ports.mayRun() ? null : vscode.l10n.t("Scoring is off in a folder that is not trusted.");
  }

  /**
   * Asks under which model, and which traces, then scores them run by run. Rejects with `untrusted`, `cancelled` (what is
   * scored is kept; also where the person left a question), `noScoring` (log-probs that cannot be trusted), `scoresBusy`.
   */
  async score(entries: readonly RunEntry[]): Promise<void> {
    if (this.refusal !== null) throw new LensError("untrusted", this.refusal);
    if (this.underWay !== null) throw busy(this.underWay.scorer);
    const jobs: ScoringJob[] = [];
    for (const entry of entries) jobs.push(await scoringJob(entry, this.ports));
    const wanted = await this.ask(jobs);
    if (wanted === null) throw new LensError("cancelled", "Cancelled.");
    const location = vscode.ProgressLocation.Notification;
    const title = vscode.l10n.t("Scoring under {0}", wanted.scorer);
    await vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      try {
        for (const job of jobs) await this.scoreOne(job, wanted, { progress, signal: abort.signal });
      } finally {
        this.underWay = null;
        this.ended.fire();
      }
    });
  }

  /** All traces of one problem, without a question: imported ones with the usual prompt, as in the inspector. Rejects as `score`. */
  async scoreProblem(
    entry: RunEntry,
    { scorer, problemKey }: { readonly scorer: string; readonly problemKey: string },
    { signal, onPhase }: ProblemWatch,
  ): Promise<void> {
    if (this.refusal !== null) throw new LensError("untrusted", this.refusal);
    if (this.underWay !== null) throw busy(this.underWay.scorer);
    const choice = { correctOnly: false, perProblem: null, seed: 0 };
    const texts = { kind: "samples", choice } as const;
    const progress = { report: ({ message = "" }) => onPhase(message) };
    const job = await scoringJob(entry, this.ports);
    try {
      const template = job.plan === null ? templateNamed(usualTemplate) : null;
      await this.scoreOne(job, { scorer, texts, template, problemKey }, { progress, signal });
    } finally {
      this.underWay = null;
      this.ended.fire();
    }
  }

  dispose(): void {
    this.progressed.dispose();
    this.ended.dispose();
  }

  private async ask(jobs: readonly ScoringJob[]): Promise<WantedScores | null> {
    const names = jobs.map(({ entry }) => entry.name).join(", ");
    const title = vscode.l10n.t("Score {0} under", names);
    const scorer = await pickScorer(await this.ports.scoring.views(), title);
    if (scorer === null) return null;
    const tallies = jobs.map(({ run }) => run.tally);
    // One set of solutions is enough for all runs of a dataset.
    const solutions = jobs.length === 1 ? (jobs[0]?.solutions.size ?? 0) : 0;
    const which = vscode.l10n.t("Traces of {0} to score under {1}", names, scorer);
    const texts = await askTraces(tallies, which, solutions);
    if (texts === null) return null;
    if (jobs.every(({ plan }) => plan !== null)) return { scorer, texts, template: null };
    const template = await askPrompt(vscode.l10n.t("Prompt of {0}", names));
    return template === null ? null : { scorer, texts, template };
  }

  private async scoreOne(job: ScoringJob, wanted: WantedScores, { progress, signal }: Watch): Promise<void> {
    const { entry, plan } = job;
    const targets = await targetsOf(job, wanted);
    const [first] = targets;
    if (first === undefined) return;
    const onPhase = (message: string): void => progress.report({ message });
    const open = await this.ports.scoring.open(wanted.scorer, await first.example(), {
      signal,
      slow: false,
      onPhase,
    });
    try {
      const head = headOf(open, wanted, job);
      const isOwn = plan?.model === head.scorer.model && head.texts === "samples";
      const top = isOwn ? Math.min(topOfOwn, open.ability.top) : 0;
      const given = targets.map(({ example, ...target }) => ({
        ...target,
        read: async () => {
          const { context, text, tokens } = await example();
          return { context: context(open.ability.chat), text, ids: await open.idsOf(tokens) };
        },
      }));
      await this.write(entry, head, (log) => this.work(given, { open, log, top, entry, progress, signal }));
    } finally {
      open.close();
    }
  }

  private async work(targets: readonly TraceTarget[], work: Work): Promise<void> {
    const { open, log, top, entry, progress, signal } = work;
    const { scoreTraces } = await import("../../core/trace/scoreTraces.ts");
    let told = 0;
    const onProgress = (done: number, total: number): void => {
      this.underWay = { runId: entry.id, scorer: open.name, done, total };
      this.progressed.fire(this.underWay);
      const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
      const counts = vscode.l10n.t("{0} of {1} traces", count(done), count(total));
      progress.report({ message: `${entry.name}, ${counts}`, increment: percent - told });
      told = percent;
    };
    const options = { top, tooLong: "window", concurrency, signal, onProgress } as const;
    await scoreTraces(targets, { scorer: open.scorer, log }, options);
  }

  /** Only one window or process writes the sets of a run at a time. */
  private async write(
    { source, name }: RunEntry,
    head: ScoreSetHead,
    use: (log: ScoreSetLog) => Promise<void>,
  ): Promise<void> {
    const files = await this.ports.files();
    const { openScoreSet } = await import("../../core/trace/scoreSetFile.ts");
    const folder = this.ports.scores.folderOf(source);
    const lock = await files.lock(folder, "VS Code");
    if (lock === null) throw busy(name);
    try {
      const log = await openScoreSet(folder, head, files);
      try {
        await use(log);
      } finally {
        await log.close();
      }
    } finally {
      await lock.release();
    }
  }
}

interface Watch {
  readonly progress: vscode.Progress<{ message?: string; increment?: number }>;
  readonly signal: AbortSignal;
}

interface Work extends Watch {
  readonly open: OpenScoring;
  readonly log: ScoreSetLog;
  readonly top: number;
  readonly entry: RunEntry;
}

const headOf = (
  open: OpenScoring,
  { template, texts }: WantedScores,
  { plan }: ScoringJob,
): ScoreSetHead => ({
  scorer: { name: open.name, source: open.source, model: open.model, method: open.ability.method },
  prompt: plan?.template.id ?? template?.id ?? "",
  texts: texts.kind,
});

const busy = (name: string): LensError =>
  new LensError(
    "scoresBusy",
    vscode.l10n.t("{0} is being scored already. Wait for it, or cancel it there.", name),
  );
