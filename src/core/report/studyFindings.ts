import type { MatchStep } from "../estimate/matchEntropy.ts";
import type { StudySpec } from "../study/spec.ts";
import { droppedFileName, keptFileName } from "../study/guessFiles.ts";
import { findingsOf, type StageResult } from "../study/stages.ts";
import { type Block, heading, text } from "./blocks.ts";
import { count, decimal, percent } from "../numberWords.ts";

/** What a study asked for and found on the way to its runs, said before them. */
export function studyFindings(spec: StudySpec, results: readonly StageResult[]): Block[] {
  const { match, dropped } = findingsOf(spec, results);
  const failures = results.flatMap((result) =>
    result.kind === "score" && result.failure !== null ? [text(`${result.id}: ${result.failure}`)] : [],
  );
  return [
    text(planWords(spec)),
    ...(match === null ? [] : matchBlocks(match.plan.target, match.step, results)),
    ...(dropped === null ? [] : droppedBlocks(dropped)),
    ...failures,
  ];
}

function planWords({ plan, models, sampling }: StudySpec): string {
  const names = models.map(({ name }) => name).join(", ");
  const n = count(sampling.samplesPerProblem);
  if (plan.kind === "compareModels")
    return `Models compared on the same problems, ${n} samples each: ${names}.`;
  if (plan.kind === "temperatureSweep")
    return `Temperatures ${plan.temperatures.join(", ")}, ${n} samples a problem: ${names}.`;
  if (plan.kind === "matchEntropy")
    return `${plan.model} at the temperature at which its mean token entropy is that of ${plan.target} at T = ${sampling.temperature}, ${n} samples a problem; ${count(plan.budget)} texts were allowed for the search.`;
  return `Problems that ${plan.model} answers without reasoning more than ${percent(plan.above)} % and less than ${percent(plan.below)} % of ${count(plan.samplesPerProblem)} times are dropped; ${n} samples a problem of the others: ${names}.`;
}

/** How a search ended, in a sentence. */
export function matchWords(target: number, step: MatchStep): string {
  const nats = `the target's ${decimal(target, 4)} nats`;
  if (step.kind === "matched") {
    const { temperature, low, high, standardError, samples } = step.at;
    const found = `${decimal((low + high) / 2, 4)} nats (s.e. ${decimal(standardError, 4)}, ${count(samples)} texts)`;
    return `T = ${decimal(temperature, 4)}: ${found}, within ${percent(step.within)} % of ${nats} (99 % sure).`;
  }
  if (step.kind === "budgetSpent")
    return `The budget is spent; nearest was T = ${decimal(step.best.temperature, 4)}, ${decimal(100 * step.error, 2)} % from ${nats}.`;
  if (step.kind === "outOfRange") return `No temperature of the range reaches ${nats}.`;
  if (step.kind === "boundsTooWide")
    return `The bounds of the entropy are too wide for ${nats}: more alternatives are needed with each token.`;
  return "The search has not ended.";
}

function matchBlocks(target: number, step: MatchStep, results: readonly StageResult[]): Block[] {
  const measured = results.flatMap((result) => (result.kind === "entropy" ? [result.measured] : []));
  return [
    heading("Matched entropy"),
    text(matchWords(target, step)),
    {
      kind: "table",
      title: "Mean token entropy, nats; the first is the target",
      head: ["", "T", "at least", "at most", "s.e.", "texts"],
      rows: measured.map(({ temperature, low, high, standardError, samples }, at) => [
        at === 0 ? "target" : String(at),
        decimal(temperature, 4),
        decimal(low, 4),
        decimal(high, 4),
        decimal(standardError, 4),
        count(samples),
      ]),
      note: "Of the distribution that is sampled, before top-p.",
    },
  ];
}

function droppedBlocks(
  dropped: readonly { readonly key: string; readonly n: number; readonly c: number }[],
): Block[] {
  return [
    heading("Guessable problems"),
    {
      kind: "table",
      title: `${count(dropped.length)} problems dropped`,
      head: ["problem", "right", "of", "%"],
      rows: dropped.map(({ key, n, c }) => [key, count(c), count(n), percent(c / n)]),
      note: `With their questions, and the dataset that is left, beside the study: ${droppedFileName}, ${keptFileName}.`,
    },
  ];
}
