import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { LensError } from "../core/errors.ts";
import { count } from "../core/numberWords.ts";
import { templateNamed } from "../core/run/templates.ts";
import type { RunProgress } from "../core/run/events.ts";
import { matchWords } from "../core/report/studyFindings.ts";
import { droppedFileName, keptFileName } from "../core/study/guessFiles.ts";
import { runStudy } from "../core/study/runStudy.ts";
import { decodeStudy, type StudySpec } from "../core/study/spec.ts";
import { findingsOf, runStages, type Stage } from "../core/study/stages.ts";
import { stageWords } from "../core/study/stageWords.ts";
import { stageWork } from "../core/study/stageWork.ts";
import { openStudy, type StudyLog, studyRunFolder } from "../core/study/studyLog.ts";
import { verifierOfStudy } from "../core/study/verifierOfStudy.ts";
import { codeVerifierId } from "../core/verify/code/codeVerifierId.ts";
import { verifierFor } from "../core/verify/verifierFor.ts";
import { verifierId } from "../core/verify/verifierSpec.ts";
import { systemClock } from "../node/clock.ts";
import { nodeFileStore } from "../node/fileStore.ts";
import { sha256 } from "../node/sha256.ts";
import { type OptionTable, parsedArgs, splitCommand, usageError } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import { loadProblems } from "./loadProblems.ts";
import { required } from "./samplePlan.ts";
import { keyConsents } from "./studyKeys.ts";
import { reachModels } from "./studyModels.ts";
import { openStudyVerifiers } from "./studyVerifiers.ts";

const usage = `Usage: study STUDY.json --out FOLDER [--send-key VARIABLE=ORIGIN]... [--json] [-- COMMAND ...]

Does everything that the study asks for and keeps it in FOLDER: a run folder for each model (and temperature), their
perplexities, what was found on the way. Run it again to go on after a stop. Then: report FOLDER.

  --send-key VARIABLE=ORIGIN   the key in this environment variable may go there, where the study's keyEnv asks for it
  -- COMMAND ...               your own verifier, for "verifier": "custom:NAME" (see verify)

STUDY.json: {
  "name": "...", "dataset": "problems.jsonl", "problems": 100,
  "models": [{"name": "base", "role": "base", "endpoint": {"baseUrls": ["http://..."], "model": "...", "keyEnv": "KEY"}},
             {"name": "RL 450", "role": "rl", "metadata": {"step": 450}, "endpoint": "demo:rl-450"}],
  "sampling": {"samplesPerProblem": 256, "template": "qwen-boxed", "temperature": 0.6, "topP": 0.95, "maxTokens": 16384},
  "plan": {"kind": "compareModels"}
       or {"kind": "temperatureSweep", "temperatures": [0.6, 1, 1.2]}
       or {"kind": "matchEntropy", "target": "base", "model": "RL 450", "samplesEach": 200, "budget": 9000}
       or {"kind": "filterGuessable", "model": "base", "template": "direct", "samplesPerProblem": 128, "below": 0.05},
  "verifier": "math:strict" or "code-pyodide@1:2s" (programs, 2 s a call) or "custom:NAME" or null (what suits the dataset),
  "scoring": {"scorer": "base", "correctOnly": true, "perProblem": 2} or null
}
`;

const options: OptionTable = {
  out: { type: "string" },
  "send-key": { type: "string", multiple: true },
  json: { type: "boolean" },
};

/** `study STUDY.json --out FOLDER` */
export const studyCommand: Command = {
  summary: "several runs that belong together; again = resume",
  usage,
  async run(args, context) {
    const { own, command } = splitCommand(args);
    const parsed = parsedArgs(own, options);
    const [file, ...more] = parsed.files;
    if (file === undefined || more.length > 0) throw usageError("study: expected one study file.");
    const folder = resolve(required(parsed, "out"));
    const spec = await readSpec(file);
    const dataset = await loadProblems(resolve(dirname(file), spec.dataset), parsed, context);
    const problems = dataset.problems.slice(0, spec.problems ?? undefined);
    const suitable = dataset.code === null ? verifierId(verifierFor(problems)) : codeVerifierId("pyodide");
    const consents = keyConsents(parsed.texts("send-key"));
    const judges = openStudyVerifiers(spec, command, context);
    const log = await openStudy(folder, spec, { files: nodeFileStore, owner: "command line" });
    try {
      const choice = { wanted: spec.verifier, suitable, customId: judges.customId };
      const verifier = await verifierOfStudy(folder, choice, nodeFileStore);
      const reach = { cacheFolder: `${folder}/scores.cache`, files: nodeFileStore, consents };
      const models = await reachModels(spec, reach);
      try {
        const note = progressNotes(context);
        const ports = stageWork(
          log,
          { name: dataset.name, path: resolve(dirname(file), spec.dataset), problems, verifier },
          {
            files: nodeFileStore,
            clock: systemClock,
            random: Math.random,
            sha256,
            owner: "command line",
            templateNamed,
            openModel: (model, tokenIds) => models.open(model, tokenIds),
            openScorer: (model, example, signal) => models.openScorer(model, example, signal),
            openVerifier: judges.open,
            onSampling: (_, progress) => note(samplesLine(progress)),
            onScoring: (_, done, total) => note(`${done}/${total} traces scored`),
          },
        );
        const onStage = (stage: Stage): void => context.note(`${stageWords(stage)} ...`);
        await toItsEnd(runStudy(log, { ...ports, onStage }, context.signal), folder, context);
      } finally {
        await models.close();
      }
      context.out(parsed.flag("json") ? `${JSON.stringify(summaryOf(log))}\n` : summaryText(log));
    } finally {
      await judges.close();
      await log.close();
    }
  },
};

/** Whatever ends a study early, it goes on from there: said with the reason. */
async function toItsEnd(work: Promise<void>, folder: string, context: CommandContext): Promise<void> {
  const kept = `Everything finished is kept in ${folder}. Run the same command again to go on.`;
  try {
    await work;
  } catch (error) {
    if (error instanceof LensError) {
      if (error.code !== "cancelled")
        throw new LensError(error.code, `${error.message}\n${kept}`, { cause: error });
      context.note(kept);
    }
    throw error;
  }
}

async function readSpec(file: string): Promise<StudySpec> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new LensError("input", `${file}: could not be read.`, { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new LensError("input", `${file}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  return decodeStudy(value, file);
}

/** A line on stderr at most every so often. */
function progressNotes(context: CommandContext): (line: string) => void {
  const everyMs = 5000;
  let lastMs = systemClock.now();
  return (line) => {
    if (systemClock.now() - lastMs < everyMs) return;
    lastMs = systemClock.now();
    context.note(`  ${line}`);
  };
}

const samplesLine = ({ finished, total }: RunProgress): string =>
  `${count(finished)}/${count(total)} samples`;

/** What `--json` prints. */
function summaryOf({ spec, results, folder }: StudyLog): Record<string, unknown> {
  const { match, dropped } = findingsOf(spec, results);
  const runs = runStages(spec, results).map(({ id, name, temperature }) => ({
    name,
    temperature,
    folder: studyRunFolder(folder, id),
    scores: results.find((result) => result.kind === "score" && result.id.startsWith(`${id}-under-`)) ?? null,
  }));
  return {
    name: spec.name,
    folder,
    runs,
    ...(match === null ? {} : { target: match.plan.target, match: match.step }),
    ...(dropped === null ? {} : { dropped, kept: `${folder}/${keptFileName}` }),
  };
}

function summaryText(log: StudyLog): string {
  const { match, dropped } = findingsOf(log.spec, log.results);
  const lines = runStages(log.spec, log.results).map(
    ({ id, name }) => `${name}\t${studyRunFolder(log.folder, id)}`,
  );
  if (match !== null) lines.unshift(matchWords(match.plan.target, match.step));
  if (dropped !== null)
    lines.unshift(
      `${dropped.length} problems dropped as guessable: ${log.folder}/${droppedFileName}`,
      `what is left: ${log.folder}/${keptFileName}`,
    );
  for (const result of log.results)
    if (result.kind === "score" && result.failure !== null) lines.push(`${result.id}: ${result.failure}`);
  return `${lines.join("\n")}\n`;
}
