import { LensError } from "../core/errors.ts";
import { isRefusal, openRecords } from "../core/dataset/records/openRecords.ts";
import { count } from "../core/numberWords.ts";
import { FieldError } from "../core/parse.ts";
import type { BuiltTrace } from "../core/trace/buildTrace.ts";
import { recordScores, type RecordScore } from "../core/trace/recordScores.ts";
import { type TraceSummary, traceSummary } from "../core/trace/traceSummary.ts";
import { fileSource } from "../node/fileSource.ts";
import { parsedArgs, usageError } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import { table } from "./table.ts";

const usage = `Usage: perplexity FILE [--json]

Perplexity of every text in FILE whose tokens have log-probs there: replies of a server recorded with echo or
prompt_logprobs (vLLM, SGLang, TGI, llama.cpp, Together), chat replies with logprobs, batch outputs, and rollouts
that keep log-probs (NeMo-RL, verifiers, Inspect, NeMo-Skills). JSON or JSON lines.

  --json  one object a text: tokens, sum, perplexity, and what could not be counted
`;

/** `perplexity FILE` */
export const perplexityCommand: Command = {
  summary: "perplexity of log-probs that a file holds",
  usage,
  run,
};

/** One text, as `--json` prints it. */
interface PerplexityRow {
  readonly record: number;
  readonly line: number | null;
  readonly label: string;
  readonly scope: "given" | "generated";
  readonly characters: number;
  readonly tokens: number;
  readonly sum: number;
  readonly perplexity: number | null;
  readonly mean: number | null;
  readonly lowest: number | null;
  readonly lowCount: number;
  readonly nullCount: number;
  readonly floorCount: number;
  /** `exact`: the tokens tile the text. */
  readonly alignment: "exact" | "detokenised" | "none" | "failed";
  readonly notes: readonly string[];
}

async function run(args: readonly string[], context: CommandContext): Promise<void> {
  const parsed = parsedArgs(args, { json: { type: "boolean" } });
  const [path, ...more] = parsed.files;
  if (path === undefined || more.length > 0) throw usageError("perplexity: expected one file.");
  const texts = await readTexts(path, context);
  if (texts.length === 0) {
    throw new LensError("input", `${path} holds no token log-probs. Record with echo or prompt_logprobs.`);
  }
  context.out(parsed.flag("json") ? `${JSON.stringify({ file: path, texts })}\n` : readable(texts));
}

async function readTexts(path: string, context: CommandContext): Promise<readonly PerplexityRow[]> {
  const source = await fileSource(path);
  try {
    const records = await openRecords(source);
    if (isRefusal(records)) throw new LensError("input", `${path}: ${records.refusal}`);
    const rows: PerplexityRow[] = [];
    let number = 0;
    const issue = (line: number | null, message: string): void =>
      context.note(`${path}${line === null ? "" : ` line ${line}`}: ${message}`);
    await records.each(
      {
        record: (value, { line }) => {
          number += 1;
          try {
            const place = { record: number, line };
            rows.push(...recordScores(value, source.name).map((score) => rowOf(score, place)));
          } catch (error) {
            if (!(error instanceof FieldError)) throw error;
            issue(line, error.message);
          }
        },
        issue: ({ line, message }) => issue(line, message),
      },
      { signal: context.signal },
    );
    return rows;
  } finally {
    await source.close();
  }
}

function rowOf(
  { scope, label, built }: RecordScore,
  place: { readonly record: number; readonly line: number | null },
): PerplexityRow {
  const summary = summaryOf(built);
  return {
    ...place,
    label,
    scope,
    characters: built.kind === "built" ? built.trace.text.length : 0,
    tokens: summary?.tokens ?? 0,
    sum: summary?.sum ?? 0,
    perplexity: summary?.perplexity ?? null,
    mean: summary?.mean ?? null,
    lowest: summary?.least?.logProb ?? null,
    lowCount: summary?.lowCount ?? 0,
    nullCount: summary?.nullCount ?? 0,
    floorCount: summary?.floorCount ?? 0,
    alignment: built.kind === "built" ? built.trace.scorer.alignment : "failed",
    notes: built.kind === "built" ? built.trace.scorer.notes : [built.failure.message],
  };
}

const summaryOf = (built: BuiltTrace): TraceSummary | null =>
  built.kind === "built" ? traceSummary(built.trace) : null;

function readable(texts: readonly PerplexityRow[]): string {
  const head = [
    "text",
    "tokens",
    "sum",
    "perplexity",
    "lowest",
    "p < 1 %",
    "without",
    "at floor",
    "tokens tile",
  ];
  const rows = texts.map((row, i) => [
    `${i} ${row.label}`,
    count(row.tokens),
    row.sum.toFixed(4),
    row.perplexity === null ? "-" : row.perplexity.toFixed(5),
    row.lowest === null ? "-" : row.lowest.toFixed(2),
    count(row.lowCount),
    count(row.nullCount),
    count(row.floorCount),
    row.alignment,
  ]);
  return table(head, rows);
}
