import { LensError } from "../core/errors.ts";
import { EndpointError } from "../core/run/generate.ts";
import { type CachedSource, ScoreCache } from "../core/trace/scoreCache.ts";
import type { ScoredTrace } from "../core/trace/scoredTrace.ts";
import type { TraceScorer } from "../core/trace/scorer.ts";
import { pooledScore } from "../core/trace/pooledScore.ts";
import type { Sampler } from "../core/trace/reachability.ts";
import { encodeTrace } from "../core/trace/traceJson.ts";
import type { EndpointConfig } from "../endpoints/config.ts";
import { openScorer } from "../endpoints/score/openScorer.ts";
import { probeScoring } from "../endpoints/score/probeScoring.ts";
import type { ScoringAbility } from "../endpoints/score/scoringAbility.ts";
import { systemClock } from "../node/clock.ts";
import { nodeFileStore } from "../node/fileStore.ts";
import { sha256 } from "../node/sha256.ts";
import { type OptionTable, type ParsedArgs, parsedArgs, usageError } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import { readableScores, scoreRow, type ScoreRow } from "./scoreRows.ts";
import { scoreBeside } from "./scoreBeside.ts";
import { type ScoringEndpoint, scoringEndpoint } from "./scoringEndpoint.ts";
import { withUsableIds } from "./sampledIds.ts";
import { chosenTargets, type OpenTargets, openTargets, type ScoreTarget } from "./scoreTargets.ts";

const usage = `Usage: score TRACES --url URL --model MODEL --out FILE [OPTIONS]
       score RUN_FOLDER --url URL --model MODEL [OPTIONS]
       score TRACES|RUN_FOLDER --demo MODEL [OPTIONS]

Log-probs of every token of the TRACES (rollouts of any format, or a run folder) under MODEL. The endpoint is probed
first, and refused where its log-probs cannot be trusted. What is scored is kept in FILE.cache: run it again to resume.
Without --out the numbers of each trace (not its tokens) go beside the samples, into RUN_FOLDER/scores, where the
Perplexity tab finds them; run it again to score what is missing.

  --demo MODEL             under a demo model, started for it; the window takes its scores for its own
  --vocabulary TOKENS      the model's vocabulary: entropies get an upper bound too
  --top K                  alternatives with each token, for entropy and reachability; default 20, without --out 0
  --template NAME|FILE     the prompt before each trace; default: the run's own, else qwen-boxed
  --temperature T --top-p P  the sampler whose reach is judged; default 0.6 and 0.95
  --top-p-first            top-p is taken before the temperature (llama.cpp), not after it (vLLM)
  --windows                score traces that do not fit by overlapping windows instead of refusing them
  --slow                   also try what takes one request a token (llama.cpp)
  --concurrency REQUESTS   in flight; default 3
  --verdict correct|incorrect   only traces that the file, or the run's verifier, judged so
  --per-problem TRACES     only the first ones of each problem
  --limit TRACES           only the first ones
  --key-env VARIABLE       the environment variable that holds the API key
  --json                   a summary on stdout at the end

FILE: one JSON line a trace, with its numbers and its tokens.
`;

const options: OptionTable = {
  url: { type: "string" },
  demo: { type: "string" },
  vocabulary: { type: "string" },
  model: { type: "string" },
  out: { type: "string" },
  top: { type: "string" },
  template: { type: "string" },
  temperature: { type: "string" },
  "top-p": { type: "string" },
  "top-p-first": { type: "boolean" },
  windows: { type: "boolean" },
  slow: { type: "boolean" },
  concurrency: { type: "string" },
  limit: { type: "string" },
  verdict: { type: "string" },
  "per-problem": { type: "string" },
  name: { type: "string" },
  role: { type: "string" },
  "key-env": { type: "string" },
  json: { type: "boolean" },
};

/** `score TRACES` */
export const scoreCommand: Command = { summary: "log-probs of traces under a model", usage, run };

async function run(args: readonly string[], context: CommandContext): Promise<void> {
  const parsed = parsedArgs(args, options);
  const [path, ...more] = parsed.files;
  if (path === undefined || more.length > 0) throw usageError("score: expected one file or run folder.");
  const out = parsed.text("out");
  const settings = settingsOf(parsed);
  const opened = await openTargets(path, parsed.text("template"), context);
  try {
    if (out === undefined && opened.folder === null)
      throw usageError("--out: expected a value, as a file has no run folder for its scores.");
    const targets = chosenTargets(opened.targets, {
      verdict: parsed.oneOf("verdict", ["correct", "incorrect"]),
      perProblem: parsed.whole("per-problem", 1),
      limit: parsed.whole("limit", 1),
    });
    if (targets.length === 0) throw new LensError("input", `${path} holds no such traces.`);
    const endpoint = await scoringEndpoint(parsed);
    try {
      await scoreUnder(endpoint, { parsed, settings, opened, targets, out }, context);
    } finally {
      await endpoint.close();
    }
  } finally {
    await opened.close();
  }
}

interface Wanted {
  readonly parsed: ParsedArgs;
  readonly settings: Settings;
  readonly opened: OpenTargets;
  readonly targets: readonly ScoreTarget[];
  /** Else beside the run. */
  readonly out: string | undefined;
}

async function scoreUnder(
  { config, apiKey, source: who }: ScoringEndpoint,
  { parsed, settings, opened, targets, out }: Wanted,
  context: CommandContext,
): Promise<void> {
  const ability = await trusted(config, { apiKey, settings, first: targets[0] as ScoreTarget }, context);
  const { concurrency } = settings;
  const scorer = openScorer(config, ability, {
    apiKey,
    clock: systemClock,
    random: Math.random,
    concurrency,
  });
  const source = { source: who, model: config.model, method: ability.method };
  const json = parsed.flag("json");
  try {
    const question = { writer: opened.writer, config, takesIds: ability.takesIds, apiKey };
    const asSampled = await withUsableIds(targets, question, context);
    if (out !== undefined)
      return await scoreIntoFile(
        asSampled,
        { scorer, source, settings, out, json, ability, opened },
        context,
      );
    const { folder, template: prompt } = opened as OpenTargets & { readonly folder: string };
    const head = { scorer: { name: config.name, ...source }, prompt, texts: "samples" } as const;
    // Entropies only where they are asked for: alternatives are most of a reply.
    const top = Math.min(parsed.whole("top", 0) ?? 0, ability.top);
    const asked = { top, tooLong: settings.tooLong, concurrency: 2 * concurrency };
    await scoreBeside(asSampled, { folder, head, scorer, asked, json }, context);
  } finally {
    scorer.close();
  }
}

interface FileScoring {
  readonly scorer: TraceScorer;
  readonly source: CachedSource;
  readonly settings: Settings;
  readonly out: string;
  readonly json: boolean;
  readonly ability: ScoringAbility;
  readonly opened: OpenTargets;
}

async function scoreIntoFile(
  targets: readonly ScoreTarget[],
  { scorer, source, settings, out, json, ability, opened }: FileScoring,
  context: CommandContext,
): Promise<void> {
  const cache = await ScoreCache.open({
    files: nodeFileStore,
    sha256,
    folder: `${out}.cache`,
    owner: "command line",
  });
  try {
    const rows = await scoreAll(targets, { scorer: cache.over(scorer, source), settings, out, context });
    const failed = targets.length - rows.length;
    context.note(
      `${rows.length} scored (${cache.hits} of them before), ${failed} failed; prompts by ${opened.template}.`,
    );
    context.out(
      json
        ? `${JSON.stringify({ out, ability, failed, pooled: pooledScore(rows), traces: rows })}\n`
        : readableScores(rows),
    );
    if (rows.length === 0) throw new LensError("noScores", "No trace could be scored.");
  } finally {
    await cache.close();
  }
}

interface Settings {
  readonly top: number;
  readonly sampler: Sampler;
  readonly tooLong: "refuse" | "window";
  readonly slow: boolean;
  readonly concurrency: number;
}

function settingsOf(parsed: ParsedArgs): Settings {
  return {
    top: parsed.whole("top", 0) ?? 20,
    sampler: {
      temperature: parsed.number("temperature") ?? 0.6,
      topP: parsed.number("top-p") ?? 0.95,
      order: parsed.flag("top-p-first") ? "topPFirst" : "temperatureFirst",
    },
    tooLong: parsed.flag("windows") ? "window" : "refuse",
    slow: parsed.flag("slow"),
    concurrency: parsed.whole("concurrency", 1) ?? 3,
  };
}

async function trusted(
  config: EndpointConfig,
  {
    apiKey,
    settings,
    first,
  }: { readonly apiKey: string | null; readonly settings: Settings; readonly first: ScoreTarget },
  context: CommandContext,
): Promise<ScoringAbility & { readonly state: "ok" }> {
  const { context: before, text } = await first.read();
  const prompt = before.api === "completions" ? before.prompt : "";
  const example = { prompt, text: text.slice(0, 400) };
  const { top, slow } = settings;
  const ability = await probeScoring(config, { apiKey, top, slow, example }, context.signal);
  if (ability.state === "unknown")
    throw new LensError("noScores", `${config.model} was not reached: ${ability.reason}.`);
  if (ability.state === "no") {
    const tried = ability.tried.map(({ method, reason }) => `  ${method}: ${reason}`).join("\n");
    throw new LensError(
      "noScores",
      `No perplexity from ${config.model}: ${ability.reason}.\n${ability.advice}\n${tried}`,
    );
  }
  const check =
    ability.largestDelta === null
      ? "by word order"
      : `within ${ability.largestDelta.toFixed(3)} nats of its own`;
  context.note(`Scoring through ${ability.method}, checked ${check}.`);
  return ability;
}

interface Scoring {
  readonly scorer: TraceScorer;
  readonly settings: Settings;
  readonly out: string;
  readonly context: CommandContext;
}

/** Scored in order of the file, a few ahead; one that fails is noted and left out. */
async function scoreAll(targets: readonly ScoreTarget[], work: Scoring): Promise<readonly ScoreRow[]> {
  const { settings, context } = work;
  await nodeFileStore.replace(work.out, new Uint8Array());
  const file = await nodeFileStore.openAppend(work.out, 0);
  const rows: ScoreRow[] = [];
  const ahead: Promise<ScoredTrace | null>[] = [];
  const start = (target: ScoreTarget | undefined): void => {
    if (target === undefined) return;
    const scored = scoreOne(target, work);
    // What fails while another is waited for is reported when its turn comes.
    scored.catch(() => undefined);
    ahead.push(scored);
  };
  for (const target of targets.slice(0, 2 * settings.concurrency)) start(target);
  try {
    for (const [i, target] of targets.entries()) {
      const trace = await (ahead[i] as Promise<ScoredTrace | null>);
      // Written, then forgotten: a file of long traces does not fit into memory.
      ahead[i] = Promise.resolve(null);
      start(targets[i + 2 * settings.concurrency]);
      if (trace === null) continue;
      const row = scoreRow(target, trace, settings.sampler);
      rows.push(row);
      await file.append(
        new TextEncoder().encode(`${JSON.stringify({ ...row, trace: encodeTrace(trace) })}\n`),
      );
      if (rows.length % 100 === 0) context.note(`${rows.length} of ${targets.length}`);
    }
  } finally {
    await file.close();
  }
  return rows;
}

/** `null` for a trace that fails alone; rejects where the next one would fail alike. */
async function scoreOne(
  target: ScoreTarget,
  { scorer, settings, context }: Scoring,
): Promise<ScoredTrace | null> {
  try {
    const { context: before, text, ids } = await target.read();
    const { top, tooLong } = settings;
    return await scorer.score({ context: before, text, ids, top, tooLong }, context.signal);
  } catch (error) {
    const alone =
      error instanceof EndpointError
        ? error.code === "badRequest" || error.code === "contextLength"
        : error instanceof LensError;
    if (!alone || (error as LensError).code === "cancelled") throw error;
    context.note(`${target.run} ${target.problemKey} #${target.index}: ${(error as LensError).message}`);
    return null;
  }
}
