import { perplexityBox } from "../estimate/perplexityBox.ts";
import { perplexityOf, type ScoreLine, type ScoreSetHead } from "../trace/scoreSet.ts";
import { type Block, heading } from "./blocks.ts";
import { count, decimal } from "../numberWords.ts";

/** A run's score sets. */
export interface ScoredRun {
  readonly name: string;
  readonly sets: readonly { readonly head: ScoreSetHead; readonly lines: readonly ScoreLine[] }[];
  readonly isCorrect: (problemKey: string, index: number) => boolean;
}

/** PPL of each run's traces under each scorer: all of them, and those with a right answer. */
export function perplexityBlocks(runs: readonly ScoredRun[]): Block[] {
  const rows = runs.flatMap((run) =>
    run.sets.flatMap(({ head, lines }) => [
      ...rowOf(run, head, { lines, which: head.texts === "gold" ? "reference solutions" : "all" }),
      ...(head.texts === "gold"
        ? []
        : rowOf(run, head, {
            lines: lines.filter(({ problemKey, index }) => run.isCorrect(problemKey, index)),
            which: "correct",
          })),
    ]),
  );
  if (rows.length === 0) return [];
  return [
    heading("Perplexity"),
    {
      kind: "table",
      title: "Perplexity of traces",
      head: [
        "run",
        "traces",
        "under",
        "count",
        "problems",
        "median [95 %]",
        "25 %",
        "75 %",
        "nats per trace",
        "refused",
      ],
      rows,
      note: "exp(-mean log-prob) of each trace, prompts not scored; the interval is for other problems like these.",
    },
  ];
}

interface Chosen {
  readonly lines: readonly ScoreLine[];
  readonly which: string;
}

function rowOf({ name }: ScoredRun, { scorer }: ScoreSetHead, { lines, which }: Chosen): string[][] {
  const numbers = new Map<string, number>();
  const scored = lines.flatMap((line) => {
    const perplexity = line.kind === "scored" ? perplexityOf(line.numbers) : null;
    if (line.kind !== "scored" || perplexity === null) return [];
    if (!numbers.has(line.problemKey)) numbers.set(line.problemKey, numbers.size);
    return [{ perplexity, surprisal: -line.numbers.sum, problem: numbers.get(line.problemKey) as number }];
  });
  const box = perplexityBox({
    perplexities: Float64Array.from(scored, (one) => one.perplexity),
    surprisals: Float64Array.from(scored, (one) => one.surprisal),
    problems: Uint32Array.from(scored, (one) => one.problem),
  });
  if (box === null) return [];
  const ppl = (value: number): string => decimal(value, 3);
  const { median, interval } = box;
  const ends = interval === null ? "" : ` [${ppl(interval.low)}, ${ppl(interval.high)}]`;
  const refused = lines.filter(({ kind }) => kind === "refused").length;
  return [
    [
      name,
      which,
      scorer.name,
      count(box.traces),
      count(box.problems),
      `${ppl(median)}${ends}`,
      ppl(box.q25),
      ppl(box.q75),
      decimal(box.meanSurprisal, 2),
      count(refused),
    ],
  ];
}
