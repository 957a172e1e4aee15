import { LensError } from "../core/errors.ts";
import { type CotPairReport, type CotRunReport, type CotStudy, cotStudy } from "../core/label/cotStudy.ts";
import type { RunRollUp } from "../core/label/rollUp.ts";
import { rollUp } from "../core/label/rollUp.ts";
import { count, percent, rate } from "../core/numberWords.ts";
import { parsedArgs, usageError, wholeNumber } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import { labelPaths, loadItems, loadLabels, splitLabels, textFilesHelp } from "./loadItems.ts";
import { shareOf } from "./shareOf.ts";
import { table } from "./table.ts";

const usage = `Usage: cot-pass FILES... [--labels FILES...] [--k LIST] [--stop-k LIST] [--above A] [--below A] [--draws N] [--seed S] [--json]

CoT-Pass@k: pass@k with a sample counting only if its answer is right and its chain of thought was found right. Exact
where every right answer is labelled; else by multiple imputation, with the band of what full labelling would show.
Also the problems with at least one right chain of those labelled (e.g. 24/25), ambiguous ones left out.
${textFilesHelp}

  --labels FILES  label files or folders of them (default: those beside the rollouts)
  --k LIST        k values, e.g. 1,8,64 (default: up to n, four to an octave)
  --stop-k LIST   where to say whether more labels can change who leads (default: the largest k of both runs)
  --above A       roll-up of problems with accuracy above A, strictly (default 0)
  --below A       and below A (default 0.05; "none": no limit)
  --draws N       imputations (default 500)
  --seed S        of the draws (default 1)
  --json          {"runs": [{name, solved, texts, read, ambiguous, exact, preliminary, bins, points: [{k, value, low, high,
                  population: {low, high}, certain: {low, high}, passAtK, problems}]}], "pairs": [{a, b, points, stops}],
                  "rollUp": [{name, form, right, labelled, ..., bins}]}
`;

/** `cot-pass FILES... --labels FILES...` */
export const cotPassCommand: Command = { summary: "pass@k with right chains of thought", usage, run };

async function run(args: readonly string[], context: CommandContext): Promise<void> {
  const { rest, labels: named } = splitLabels(args);
  const parsed = parsedArgs(rest, {
    k: { type: "string" },
    "stop-k": { type: "string" },
    above: { type: "string" },
    below: { type: "string" },
    draws: { type: "string" },
    seed: { type: "string" },
    json: { type: "boolean" },
  });
  if (parsed.files.length === 0) throw usageError("Name at least one file of rollouts.");
  const listOf = (name: string) =>
    parsed
      .text(name)
      ?.split(",")
      .map((part) => wholeNumber(part.trim(), `--${name}`, 1));
  const ks = listOf("k");
  const window = { above: shareOf(parsed, "above", 0), below: shareOf(parsed, "below", 0.05) };
  const { runs, labelFolders } = await loadItems(parsed.files, context);
  const { labels } = await loadLabels(labelPaths(named, labelFolders), context);
  const study = cotStudy(runs, labels, {
    draws: parsed.whole("draws", 1) ?? 500,
    seed: parsed.whole("seed", 0) ?? 1,
    ...(ks === undefined ? {} : { ks }),
    stopKs: listOf("stop-k"),
  });
  if (study.refusal !== null) throw new LensError("input", study.refusal);
  const rolled = rollUp(runs, labels, window);
  context.out(parsed.flag("json") ? jsonOf(study, rolled) : readable(study, rolled));
}

function jsonOf(study: CotStudy, rolled: readonly RunRollUp[]): string {
  const names = new Map(study.runs.map(({ runId, name }) => [runId, name]));
  const pairs = study.pairs.map(({ aId, bId, points, stops }) => ({
    a: names.get(aId),
    b: names.get(bId),
    points,
    stops: stops.map((stop) => ({ ...stop, leader: stop.leader === null ? null : names.get(stop.leader) })),
  }));
  const named = <T extends { readonly runId: string }>({ runId: _runId, ...run }: T) => run;
  return `${JSON.stringify({ runs: study.runs.map(named), pairs, rollUp: rolled.map(named) })}\n`;
}

function readable(study: CotStudy, rolled: readonly RunRollUp[]): string {
  const names = new Map(study.runs.map(({ runId, name }) => [runId, name]));
  return [
    ...study.runs.map(runText),
    "Per cent; first the band of what labelling every right answer would show, then that for other problems like these.\n\n",
    rollUpText(rolled),
    ...study.pairs.map((pair) => stopText(pair, names)),
  ].join("");
}

function runText(run: CotRunReport): string {
  const { name, solved, texts, read, ambiguous, exact, preliminary, points } = run;
  const state = exact
    ? "exact"
    : preliminary
      ? "preliminary: fewer than 2 labels per solved problem"
      : "imputed";
  const head = `${name}: ${count(solved)} problems solved, ${count(read)} of ${count(texts)} right answers labelled (${state}${ambiguous > 0 ? `; ${ambiguous} ambiguous` : ""})\n`;
  const rows = points.map(({ k, value, low, high, population, passAtK, problems }) => [
    String(k),
    rate({ value, low, high }),
    `[${percent(population.low)}, ${percent(population.high)}]`,
    percent(passAtK),
    String(problems),
  ]);
  return `${head}${table(["k", "CoT-Pass@k [95 %]", "other problems", "pass@k", "problems"], rows)}\n`;
}

function rollUpText(rolled: readonly RunRollUp[]): string {
  const rows = rolled.map((run) => [
    run.name,
    run.form,
    run.share === null ? "" : rate(run.share),
    String(run.ambiguous),
    String(run.open),
    String(run.unlabelled),
  ]);
  return table(
    ["problems with a right chain / labelled", "", "% [95 %]", "ambiguous", "open", "not labelled"],
    rows,
  );
}

function stopText({ aId, bId, stops }: CotPairReport, names: ReadonlyMap<string, string>): string {
  const lines = stops.map(({ k, kind, leader: id }) => {
    const pair = `${names.get(aId) ?? aId} and ${names.get(bId) ?? bId} at k = ${k}`;
    const leader = id === null ? "neither leads" : `${names.get(id) ?? id} leads`;
    if (kind === "certain") return `${pair}: more labels cannot change that ${leader}.\n`;
    if (kind === "probable") return `${pair}: more labels will hardly change that ${leader} (99 %, twice).\n`;
    return `${pair}: more labels may change which run leads.\n`;
  });
  return lines.join("");
}
