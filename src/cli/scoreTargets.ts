import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readRollouts, type RolloutFile, type RolloutOptions } from "../core/dataset/readRollouts.ts";
import { readSample } from "../core/dataset/readSample.ts";
import { LensError } from "../core/errors.ts";
import type { Problem, Verdict } from "../core/model.ts";
import { issueText } from "../core/parse.ts";
import { headerFileName, samplesFileName } from "../core/run/files.ts";
import { readRun } from "../core/run/store.ts";
import { type PromptTemplate, renderPrompt } from "../core/run/templates.ts";
import type { ScoreRequest } from "../core/trace/scorer.ts";
import { fileSource } from "../node/fileSource.ts";
import { nodeFileStore } from "../node/fileStore.ts";
import type { CommandContext } from "./command.ts";
import { templateFrom } from "./samplePlan.ts";

/** One trace of a file, to be read when its turn comes. */
export interface ScoreTarget {
  readonly run: string;
  readonly problemKey: string;
  readonly index: number;
  readonly line: number | null;
  /** Of the sample's text, as `SampleRef.fingerprint`. */
  readonly print: number | null;
  /** The verdict's kind; `null` where nothing judged it. */
  readonly verdict: Verdict["kind"] | null;
  /** Context and text, and the ids that were sampled in just this context; the reasoning that a server took out of the text is put back before it. */
  read(): Promise<Pick<ScoreRequest, "context" | "text" | "ids">>;
}

export interface OpenTargets {
  readonly targets: readonly ScoreTarget[];
  /** The template's name, for the note beside the scores. */
  readonly template: string;
  /** The run folder they are of; `null` for a file of its own. */
  readonly folder: string | null;
  /** Who sampled them, where that is known. */
  readonly writer: { readonly origin: string; readonly model: string } | null;
  close(): Promise<void>;
}

/**
 * The traces of a rollout file or a run folder, each with the prompt it was sampled with: the run's own, else
 * `template` (a name or a file). Throws `input` where there are none.
 */
export async function openTargets(
  path: string,
  template: string | undefined,
  context: CommandContext,
): Promise<OpenTargets> {
  const folder = runFolderOf(path);
  if (folder === null) {
    return targetsOf(
      path,
      { template: await templateFrom(template ?? "qwen-boxed"), problems: [], api: "completions" },
      context,
    );
  }
  const { header, problems } = await readRun(folder, nodeFileStore);
  const own = template === undefined ? header.plan.template : await templateFrom(template);
  const { api, system } = header.plan.protocol;
  // Ids stand for the prompt that the run had.
  const prompting = { template: own, problems, api, system, hasIds: template === undefined };
  const { origin, model } = header.plan;
  const targets = await targetsOf(join(folder, samplesFileName), prompting, context);
  return { ...targets, folder, writer: { origin, model } };
}

/** Which of the traces, all wishes together; one that is absent leaves none out. */
export interface TargetChoice {
  readonly verdict: "correct" | "incorrect" | undefined;
  /** The first ones of each problem, after `verdict`. */
  readonly perProblem: number | undefined;
  readonly limit: number | undefined;
}

/** In the order in which they stand. */
export function chosenTargets(
  targets: readonly ScoreTarget[],
  { verdict, perProblem = Infinity, limit = Infinity }: TargetChoice,
): readonly ScoreTarget[] {
  const taken = new Map<string, number>();
  return targets
    .filter((target) => verdict === undefined || target.verdict === verdict)
    .filter(({ run, problemKey }) => {
      const place = JSON.stringify([run, problemKey]);
      const count = (taken.get(place) ?? 0) + 1;
      taken.set(place, count);
      return count <= perProblem;
    })
    .slice(0, limit);
}

interface Prompting {
  readonly template: PromptTemplate;
  readonly problems: readonly Problem[];
  readonly api: "completions" | "chat";
  readonly system?: string | null;
  readonly hasIds?: boolean;
}

async function targetsOf(path: string, prompting: Prompting, context: CommandContext): Promise<OpenTargets> {
  const source = await fileSource(path);
  try {
    const options: RolloutOptions = prompting.problems.length > 0 ? { problems: prompting.problems } : {};
    const file = await readRollouts(source, { ...options, signal: context.signal });
    for (const issue of file.issues.slice(0, 5)) context.note(issueText(issue));
    const targets = allTargets(file, { path, source, prompting });
    if (targets.length === 0) throw new LensError("input", `${path} holds no traces.`);
    return {
      targets,
      template: prompting.template.id,
      folder: null,
      writer: null,
      close: () => source.close(),
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}

interface TargetSource {
  readonly path: string;
  readonly source: Awaited<ReturnType<typeof fileSource>>;
  readonly prompting: Prompting;
}

function allTargets(file: RolloutFile, { source, prompting }: TargetSource): ScoreTarget[] {
  const { template, problems, api, system = template.system, hasIds = false } = prompting;
  return file.runs.flatMap((run) =>
    run.tally.problems.flatMap(({ problem }) =>
      run.locate(problem.key).map((ref) => ({
        run: run.tally.name,
        problemKey: problem.key,
        index: ref.index,
        line: ref.line,
        print: ref.fingerprint,
        verdict: ref.verdict?.kind ?? null,
        read: async () => {
          const { question, text, reasoning, tokenIds } = await readSample(source, ref, problems);
          const input = renderPrompt(template, question, { api, system });
          const whole = reasoning === null ? text : `<think>${reasoning}</think>${text}`;
          return { context: input, text: whole, ids: (hasIds ? tokenIds : null) ?? null };
        },
      })),
    ),
  );
}

function runFolderOf(path: string): string | null {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (isFolder) return path;
  const isSamples = basename(path) === samplesFileName && existsSync(join(dirname(path), headerFileName));
  return isSamples ? dirname(path) : null;
}
