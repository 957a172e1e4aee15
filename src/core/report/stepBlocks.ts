import { countOf } from "../estimate/compareRuns.ts";
import { binLabels, histogram } from "../estimate/histogram.ts";
import { lostAtSteps } from "../estimate/lostAtStep.ts";
import type { RunTally } from "../model.ts";
import { type Block, heading, type TableBlock } from "./blocks.ts";
import { count, decimal } from "../numberWords.ts";

const stepOf = ({ metadata, role }: RunTally): number | null =>
  typeof metadata["step"] === "number" ? metadata["step"] : role === "base" ? 0 : null;

/** Checkpoints by training step, the base as step 0, where there are at least three; lost and gained over earlier steps. */
export function stepBlocks(tallies: readonly RunTally[]): Block[] {
  const steps = tallies
    .flatMap((tally) => {
      const step = stepOf(tally);
      return step === null ? [] : [{ step, tally }];
    })
    .sort((a, b) => a.step - b.step);
  if (steps.length < 3) return [];
  const [first] = steps;
  const keys = first?.tally.problems.map(({ problem }) => problem.key) ?? [];
  const losses = lostAtSteps(
    steps.map(({ step, tally }) => {
      const byKey = new Map(tally.problems.map((one) => [one.problem.key, countOf(one)]));
      return { step, counts: keys.map((key) => byKey.get(key) ?? { n: 0, c: 0 }) };
    }),
  );
  return [
    heading("Checkpoints"),
    {
      kind: "table",
      title: "By training step",
      head: ["run", "step", "solved", "problems", "lost since", "gained", "tokens per sample"],
      rows: steps.map(({ step, tally }, at) => {
        const loss = losses[at];
        return [
          tally.name,
          count(step),
          count(loss?.solved ?? 0),
          count(loss?.problems ?? 0),
          count(loss?.lost.length ?? 0),
          count(loss?.gained.length ?? 0),
          decimal(meanTokens(tally), 1),
        ];
      }),
      note: "Lost: an earlier step solved it and this one did not, in as many samples as it had. Gained: no earlier step solved it.",
    },
  ];
}

function meanTokens({ problems }: RunTally): number {
  const used = problems.filter(({ n }) => n > 0);
  if (used.some(({ tokens }) => typeof tokens !== "number")) return Number.NaN;
  const tokens = used.reduce((sum, one) => sum + (one.tokens ?? 0), 0);
  return tokens / used.reduce((sum, { n }) => sum + n, 0);
}

/** Problems by their share of right samples, a column a bin; without runs that stop early, whose shares are no accuracies. */
export function histogramBlock(tallies: readonly RunTally[]): TableBlock {
  return {
    kind: "table",
    title: "Problems by accuracy c/n",
    head: ["run", ...binLabels],
    rows: tallies
      .filter(({ stopPlan }) => stopPlan === undefined)
      .map(({ name, problems }) => [name, ...histogram(problems.map((tally) => countOf(tally))).map(count)]),
    note: tallies.some(({ stopPlan }) => stopPlan !== undefined)
      ? "Runs that stop a problem at right samples are left out: what they sampled is no accuracy."
      : "",
  };
}
