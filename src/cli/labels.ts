import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { LensError } from "../core/errors.ts";
import { fromLabelCsv, toLabelCsv } from "../core/label/exchange/labelCsv.ts";
import { type ForeignLabel, TextIndex } from "../core/label/exchange/labelledText.ts";
import { fromPrm800k, toPrm800k } from "../core/label/exchange/prm800k.ts";
import { fromProcessBench, toProcessBench } from "../core/label/exchange/processBench.ts";
import { openLabelLog } from "../core/label/labelLog.ts";
import type { ItemId, LabelEntry } from "../core/label/model.ts";
import { FieldError } from "../core/parse.ts";
import { systemClock } from "../node/clock.ts";
import { nodeFileStore } from "../node/fileStore.ts";
import { type ParsedArgs, parsedArgs, usageError } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import { labelPaths, loadItems, loadLabels, splitLabels, textFilesHelp } from "./loadItems.ts";
import { required } from "./samplePlan.ts";

const formats = ["csv", "prm800k", "processbench"] as const;
type Format = (typeof formats)[number];

const usage = `Usage: labels FILES... --format ${formats.join("|")} [--labels FILES...]
       labels FILES... --format ${formats.join("|")} --import FILE --rater NAME

Writes the labels of rollouts in another shape to stdout; or, with --import, reads such a file and adds what it says of
texts that the rollouts have to NAME's labels beside the first of them.
${textFilesHelp}

  --format     csv: one row a label; prm800k (openai/prm800k) and processbench (QwenLM/ProcessBench): one line a text,
               without those that the shape cannot hold (ambiguous ones in ProcessBench, wrong ones without their step)
  --labels     label files or folders of them (default: those beside the rollouts)
`;

/** `labels FILES... --format F` */
export const labelsCommand: Command = {
  summary: "labels to and from PRM800K, ProcessBench, CSV",
  usage,
  run,
};

async function run(args: readonly string[], context: CommandContext): Promise<void> {
  const { rest, labels } = splitLabels(args);
  const parsed = parsedArgs(rest, {
    format: { type: "string" },
    import: { type: "string" },
    rater: { type: "string" },
  });
  if (parsed.files.length === 0) throw usageError("Name at least one file of rollouts.");
  const format = parsed.oneOf("format", formats);
  if (format === undefined) throw usageError(`--format: expected ${formats.join(", ")}.`);
  const file = parsed.text("import");
  if (file === undefined) await writeOut(parsed.files, { format, named: labels }, context);
  else await readIn(parsed, { format, file }, context);
}

async function writeOut(
  files: readonly string[],
  { format, named }: { readonly format: Format; readonly named: readonly string[] },
  context: CommandContext,
): Promise<void> {
  const texts = new Map<ItemId, { runId: string; key: string; text: string; answerIsCorrect: boolean }>();
  const { runs, problems, labelFolders } = await loadItems(files, context, ({ item, ref, text }) => {
    const answerIsCorrect = ref.verdict?.kind === "correct";
    texts.set(item, { runId: ref.runId, key: ref.problemKey, text, answerIsCorrect });
  });
  const names = new Map(runs.map(({ runId, name }) => [runId, name]));
  const { labels } = await loadLabels(labelPaths(named, labelFolders), context);
  const all = labels.items().flatMap((item) => {
    const adjudication = labels.adjudicationOf(item);
    return adjudication === null ? labels.of(item) : [...labels.of(item), adjudication];
  });
  if (format === "csv") return context.out(toLabelCsv(all));
  let left = 0;
  for (const label of all) {
    const text = texts.get(label.item);
    const problem = problems.get(text?.key ?? "");
    const line =
      text === undefined || problem === undefined
        ? null
        : (format === "prm800k" ? toPrm800k : toProcessBench)({
            label,
            text: text.text,
            answerIsCorrect: text.answerIsCorrect,
            generator: names.get(text.runId) ?? text.runId,
            problemId: problem.id,
            question: problem.question,
            gold: problem.gold,
          });
    if (line === null) left++;
    else context.out(`${JSON.stringify(line)}\n`);
  }
  if (left > 0) context.note(`${left} labels have no place in ${format}, or no text in these rollouts.`);
}

async function readIn(
  parsed: ParsedArgs,
  { format, file }: { readonly format: Format; readonly file: string },
  context: CommandContext,
): Promise<void> {
  const rater = { name: required(parsed, "rater"), kind: "human" } as const;
  const index = new TextIndex();
  const known = new Set<ItemId>();
  const { labelFolders } = await loadItems(parsed.files, context, ({ item, text }) => {
    index.add(item, text);
    known.add(item);
  });
  const content = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new LensError("unreadable", `${file} could not be read.`, { cause });
  });
  const { entries, foreign } = entriesIn(content, { format, file, index }, context);
  const own = entries.filter(({ item }) => known.has(item));
  const [folder = "."] = labelFolders;
  const ports = { files: nodeFileStore, clock: systemClock, newId: randomUUID, owner: "command line" };
  const log = await openLabelLog(folder, rater, ports);
  try {
    for (const entry of own) await log.set(entry);
  } finally {
    await log.close();
  }
  const others = entries.length - own.length + foreign;
  context.note(`${own.length} labels were added to ${log.path}; ${others} are of texts that are not here.`);
}

interface Incoming {
  readonly format: Format;
  readonly file: string;
  readonly index: TextIndex;
}

/** What cannot be read is noted by line and field. */
function entriesIn(
  content: string,
  { format, file, index }: Incoming,
  context: CommandContext,
): { readonly entries: readonly LabelEntry[]; readonly foreign: number } {
  if (format === "csv") {
    const { entries, issues } = fromLabelCsv(content);
    for (const { row, field, message } of issues) context.note(`${file} row ${row}: ${field}: ${message}`);
    return { entries, foreign: 0 };
  }
  const entries: LabelEntry[] = [];
  let foreign = 0;
  for (const [i, line] of content.split("\n").entries()) {
    const label =
      line.trim() === "" ? null : foreignLabel(line, { format, place: `${file} line ${i + 1}` }, context);
    if (label === null) continue;
    const found = index.entriesOf(label);
    entries.push(...found);
    if (found.length === 0) foreign++;
  }
  return { entries, foreign };
}

function foreignLabel(
  line: string,
  { format, place }: { readonly format: Format; readonly place: string },
  context: CommandContext,
): ForeignLabel | null {
  try {
    const value: unknown = JSON.parse(line);
    return format === "prm800k" ? fromPrm800k(value) : fromProcessBench(value);
  } catch (error) {
    if (!(error instanceof FieldError) && !(error instanceof SyntaxError)) throw error;
    context.note(`${place}: ${error.message}`);
    return null;
  }
}
