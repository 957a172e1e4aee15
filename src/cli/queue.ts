import {
  defaultQueueSpec,
  type ItemId,
  type LabelItem,
  type QueueSpec,
  queueOrders,
  type RunItems,
} from "../core/label/model.ts";
import type { LabelSet } from "../core/label/labelSet.ts";
import { type LabelQueue, labelQueue } from "../core/label/queue.ts";
import { count } from "../core/numberWords.ts";
import { type ParsedArgs, parsedArgs, usageError } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import { loadItems, loadLabels, splitLabels, textFilesHelp } from "./loadItems.ts";
import { shareOf } from "./shareOf.ts";
import { table } from "./table.ts";

const usage = `Usage: queue FILES... [--above A] [--below A] [--any-answer] [--order ${queueOrders.join("|")}] [--size N] [--seed S]
             [--raters N] [--rater I] [--overlap SHARE] [--labels FILES...] [--as NAME] [--json]

The chains of thought that a rater would be asked for, in order. The same arguments give the same queue on any machine.
${textFilesHelp}

  --above A      problems with accuracy above A, strictly (default 0; "none": no limit)
  --below A      and below A (default 0.05; "none": no limit)
  --any-answer   also texts whose answer is wrong
  --order        hardFirst (default): one of each solved problem in rising c, another where that was not right, at most 6,
                 then the rest at random; random; problem: in the order of the files
  --size N       at most so many (default: all)
  --seed S       of the shuffles (default 1)
  --raters N     share the problems among so many raters (default 1); --rater I: the I-th of them, from 1 (default 1)
  --overlap S    share of the problems that every rater gets (default 0.2 where there are several)
  --labels ...   labels given so far; --as NAME: whose (default: all of them)
  --json         {"total", "done", "repeats", "problems", "items": [{item, problem, shared, places: [{run, sample, count}]}]}:
                 those still to come if each of them is found right
`;

/** `queue FILES...` */
export const queueCommand: Command = { summary: "the chains of thought to label, in order", usage, run };

async function run(args: readonly string[], context: CommandContext): Promise<void> {
  const { rest, labels: named } = splitLabels(args);
  const parsed = parsedArgs(rest, {
    above: { type: "string" },
    below: { type: "string" },
    "any-answer": { type: "boolean" },
    order: { type: "string" },
    size: { type: "string" },
    seed: { type: "string" },
    raters: { type: "string" },
    rater: { type: "string" },
    overlap: { type: "string" },
    as: { type: "string" },
    json: { type: "boolean" },
  });
  if (parsed.files.length === 0) throw usageError("Name at least one file of rollouts.");
  const spec = specOf(parsed);
  const { runs } = await loadItems(parsed.files, context);
  const said = named.length === 0 ? null : (await loadLabels(named, context)).labels;
  const queue = labelQueue(runs, spec, said === null ? [] : verdictsOf(said, parsed.text("as")));
  const done = queue.done;
  const items = stillToCome(queue);
  context.out(
    parsed.flag("json") ? jsonOf(queue, { done, items, runs }) : readable(queue, { done, items, runs }),
  );
}

function specOf(parsed: ParsedArgs): QueueSpec {
  const raters = parsed.whole("raters", 1) ?? 1;
  const rater = (parsed.whole("rater", 1) ?? 1) - 1;
  if (rater >= raters) throw usageError(`--rater: expected 1 to ${raters}, got ${rater + 1}.`);
  const overlap = shareOf(parsed, "overlap", defaultQueueSpec.overlap) ?? defaultQueueSpec.overlap;
  return {
    above: shareOf(parsed, "above", 0),
    below: shareOf(parsed, "below", 0.05),
    correctOnly: !parsed.flag("any-answer"),
    order: parsed.oneOf("order", queueOrders) ?? defaultQueueSpec.order,
    size: parsed.whole("size", 1) ?? null,
    seed: parsed.whole("seed", 0) ?? 1,
    overlap,
    raters,
    rater,
  };
}

function* verdictsOf(labels: LabelSet, rater: string | undefined) {
  for (const item of labels.items()) {
    const own = labels
      .of(item)
      .filter((label) => label.raterKind === "human" && (rater ?? label.rater) === label.rater);
    const last = own.at(-1);
    if (last !== undefined) yield [item, last.verdict] as const;
  }
}

function stillToCome(queue: LabelQueue): readonly LabelItem[] {
  const items: LabelItem[] = [];
  for (let item = queue.next(); item !== null; item = queue.next()) {
    items.push(item);
    queue.record(item.id, "correct");
  }
  return items;
}

interface Shown {
  readonly done: number;
  readonly items: readonly LabelItem[];
  readonly runs: readonly RunItems[];
}

function jsonOf(queue: LabelQueue, { done, items, runs }: Shown): string {
  const names = new Map(runs.map(({ runId, name }) => [runId, name]));
  const listed = items.map(({ id, problemKey, places }) => ({
    item: id,
    problem: problemKey,
    shared: queue.isShared(id),
    places: places.map(({ runId, index, count }) => ({ run: names.get(runId), sample: index, count })),
  }));
  const { total, repeats, problems } = queue;
  return `${JSON.stringify({ total, done, repeats, problems, items: listed })}\n`;
}

const mostShown = 20;

function readable(queue: LabelQueue, { done, items, runs }: Shown): string {
  const names = new Map(runs.map(({ runId, name }) => [runId, name]));
  const counts = new Map<ItemId, string>();
  for (const { problems } of runs)
    for (const { items: texts, n, c } of problems) for (const { id } of texts) counts.set(id, `${c}/${n}`);
  const rows = items
    .slice(0, mostShown)
    .map(({ id, problemKey, places }) => [
      id,
      problemKey,
      places.map(({ runId, index }) => `${names.get(runId) ?? runId} #${index}`).join(", "),
      counts.get(id) ?? "",
      queue.isShared(id) ? "all raters" : "",
    ]);
  const more =
    items.length > mostShown ? `and ${count(items.length - mostShown)} more (--json lists all)\n` : "";
  const { total, problems, repeats } = queue;
  const head = `${count(done)} of ${count(total)} labelled; ${count(problems)} problems, ${count(repeats)} repeats of a text left out.\n`;
  return `${head}${rows.length === 0 ? "" : table(["item", "problem", "sample", "correct", ""], rows)}${more}`;
}
