// Words for verdicts and for where judges differ. Pure.
import { count, counted, percent } from "../../src/core/numberWords.ts";
import type { RunView } from "../../src/protocol/curves.ts";
import type { JudgeView, VerdictCountsView, VerdictWord } from "../../src/protocol/verdicts.ts";

/** As the samples' list has them. */
const words: Readonly<Record<VerdictWord, string>> = {
  correct: "correct",
  incorrect: "wrong",
  unparsed: "no answer",
  undecided: "undecided",
  error: "verifier error",
};

/** `wrong → correct` for two judges, in the order of the columns; `wrong · wrong · correct` for three. */
export const kindsText = (kinds: readonly VerdictWord[]): string =>
  kinds.map((kind) => words[kind]).join(kinds.length === 2 ? " \u2192 " : " \u00b7 ");

/** One name for a kind of difference, as an option's value and a row's. */
export const kindsKey = (kinds: readonly VerdictWord[]): string => kinds.join(" ");

/** `3 of 800 verdicts (0.4 %)` */
export const shareText = (some: number, all: number): string =>
  `${count(some)} of ${counted(all, "verdict")} (${percent(all === 0 ? 0 : some / all)} %)`;

/** `2 wrong → correct; 1 correct → undecided`: the most frequent kinds. */
export function countsText({ counts }: Pick<VerdictCountsView, "counts">, most = 4): string {
  const shown = counts.slice(0, most).map((one) => `${count(one.count)} ${kindsText(one.kinds)}`);
  const rest = counts.slice(most).reduce((sum, one) => sum + one.count, 0);
  return [...shown, ...(rest > 0 ? [`${count(rest)} of other kinds`] : [])].join("; ");
}

/** Whose verdicts all these runs are shown with; `null` where they differ. */
export function commonJudge(runs: readonly RunView[]): JudgeView | null {
  const [first] = runs;
  if (!first) return null;
  const { shown } = first.verdicts;
  return runs.every(({ verdicts }) => verdicts.shown.id === shown.id) ? shown : null;
}

/** What the runs' own verdicts are called: one word where all have the same. */
export function ownWords(runs: readonly RunView[]): string {
  const own = new Set(runs.map(({ verdicts }) => verdicts.own.words));
  return own.size === 1 ? [...own][0]! : "as in the files";
}

/** Name and version of a run's judge; what the file calls its labels where the verdicts are those. */
export const judgeText = ({ verifier, verdicts }: RunView): string =>
  verifier.includes("file") ? verdicts.shown.words : verifier;
