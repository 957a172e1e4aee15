import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { openLabelLog } from "../core/label/labelLog.ts";
import { defaultQueueSpec, type ItemId, queueOrders } from "../core/label/model.ts";
import { prelabel, type PrelabelItem } from "../core/label/prelabel/prelabel.ts";
import { defaultPrelabelPrompt } from "../core/label/prelabel/prompt.ts";
import { labelQueue } from "../core/label/queue.ts";
import { openEndpoint } from "../endpoints/endpoint.ts";
import { systemClock } from "../node/clock.ts";
import { nodeFileStore } from "../node/fileStore.ts";
import { parsedArgs, usageError } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import { loadItems, textFilesHelp } from "./loadItems.ts";
import { endpointFrom, keyFrom, required } from "./samplePlan.ts";
import { shareOf } from "./shareOf.ts";

const usage = `Usage: prelabel FILES... --url URL --model MODEL [OPTIONS]
       prelabel --show-prompt

Labels chains of thought by a model's votes, in the order of the queue, as a rater of kind "model": compared with humans by
agree, and never counted as one. Run it again to go on.
${textFilesHelp}

  --prompt FILE            with {question}, {steps} and {gold} in it (default: what --show-prompt prints)
  --votes N                replies per text; most of them decide (default 3)
  --api completions|chat   default chat
  --max-tokens TOKENS      default 4096
  --seed SEED              of the first vote and of the queue (default 1)
  --above A --below A --order O --size N   as in queue
  --name NAME              the rater's name (default MODEL)
  --key-env VARIABLE       the environment variable that holds the API key
`;

/** `prelabel FILES... --url URL --model MODEL` */
export const prelabelCommand: Command = { summary: "label chains of thought by a model's votes", usage, run };

async function run(args: readonly string[], context: CommandContext): Promise<void> {
  const names = ["url", "model", "prompt", "votes", "api", "max-tokens", "seed", "above", "below", "order"];
  const parsed = parsedArgs(args, {
    ...Object.fromEntries(
      [...names, "size", "name", "key-env"].map((name) => [name, { type: "string" as const }]),
    ),
    "show-prompt": { type: "boolean" },
  });
  if (parsed.flag("show-prompt")) return context.out(`${defaultPrelabelPrompt}\n`);
  if (parsed.files.length === 0) throw usageError("Name at least one file of rollouts.");
  const config = endpointFrom(parsed);
  const file = parsed.text("prompt");
  const seed = parsed.whole("seed", 0) ?? 1;
  const plan = {
    prompt: file === undefined ? defaultPrelabelPrompt : await readFile(file, "utf8"),
    votes: parsed.whole("votes", 1) ?? 3,
    api: parsed.oneOf("api", ["completions", "chat"] as const) ?? "chat",
    temperature: 1,
    topP: 1,
    maxTokens: parsed.whole("max-tokens", 1) ?? 4096,
    seed,
    extraBody: {},
  };
  const texts = new Map<ItemId, string>();
  const { runs, problems, labelFolders } = await loadItems(parsed.files, context, ({ item, ref, text }) => {
    if (ref.verdict?.kind === "correct") texts.set(item, text);
  });
  const rater = { name: parsed.text("name") ?? required(parsed, "model"), kind: "model" } as const;
  const ports = { files: nodeFileStore, clock: systemClock, newId: randomUUID, owner: "command line" };
  const log = await openLabelLog(labelFolders[0] ?? ".", rater, ports);
  const endpoint = openEndpoint(config, { apiKey: keyFrom(parsed.text("key-env")) });
  try {
    const spec = {
      ...defaultQueueSpec,
      above: shareOf(parsed, "above", 0),
      below: shareOf(parsed, "below", 0.05),
      order: parsed.oneOf("order", queueOrders) ?? defaultQueueSpec.order,
      size: parsed.whole("size", 1) ?? null,
      seed,
    };
    const queue = labelQueue(
      runs,
      spec,
      [...log.labels].map(([item, { verdict }]) => [item, verdict] as const),
    );
    const items = (function* (): Generator<PrelabelItem> {
      for (let item = queue.next(); item !== null; item = queue.next()) {
        const problem = problems.get(item.problemKey);
        yield {
          item: item.id,
          question: problem?.question ?? "",
          gold: problem?.gold ?? null,
          text: texts.get(item.id) ?? "",
        };
      }
    })();
    const source = { generator: endpoint, clock: systemClock, random: Math.random, signal: context.signal };
    for await (const { item, entry, votes, failures } of prelabel(items, plan, source)) {
      for (const failure of failures) context.note(failure);
      if (entry !== null) await log.set(entry);
      // Not to be asked for again in this run; another one may try it anew.
      queue.record(item, entry?.verdict ?? "ambiguous");
      const said = votes.verdict ?? "no majority";
      context.note(
        `${queue.done} of ${queue.total}: ${item} ${said} (${Math.round(100 * votes.share)} % of the votes)`,
      );
    }
    context.note(`The labels are in ${log.path}.`);
  } finally {
    endpoint.close();
    await log.close();
  }
}
