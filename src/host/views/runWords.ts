import * as vscode from "vscode";
import type { RunProgress, StopReason } from "../../core/run/events.ts";
import { formatCount, formatRate } from "../format.ts";
import type { RunEntry, RunFailure, RunSummary } from "../runEntry.ts";
import { verifierWords } from "../verifierWords.ts";

/** From this share on, a curve is more about the token limit than about the model, and the tree warns. */
export const truncatedWarning = 0.1;

/** A run's state in a few words, as it stands beside its name: `n 256 · 8.1 % [5.5, 10.7]`. */
export function runDescription(entry: RunEntry, live: RunProgress | null): string {
  const { state, summary, failure } = entry;
  const finished = live?.finished ?? entry.finished;
  const total = live?.total ?? entry.total;
  switch (state) {
    case "queued":
      return vscode.l10n.t("queued");
    case "running":
      return [`${formatCount(finished)}/${formatCount(total)}`, liveRate(live)].filter(Boolean).join(" · ");
    case "paused":
      return vscode.l10n.t("paused at {0} %", total === 0 ? 0 : Math.floor((100 * finished) / total));
    case "cancelled":
      return vscode.l10n.t("cancelled, {0} of {1} kept", formatCount(finished), formatCount(total));
    case "failed":
      return stoppedWords(failure, `${formatCount(finished)}/${formatCount(total)}`);
    case "imported":
      return joined(vscode.l10n.t("imported"), judgeWords(entry), summaryWords(summary));
    case "done":
  }
  if (!isCutOff(summary)) return joined(judgeWords(entry), summaryWords(summary));
  const share = vscode.l10n.t("{0} % cut off", Math.round(100 * summary.truncatedShare));
  return joined(judgeWords(entry), sampleCount(summary), share);
}

const joined = (...parts: readonly string[]): string => parts.filter(Boolean).join(" · ");

/** Whose verdicts the run is shown with, where they are not its own: `math, strict`. */
const judgeWords = ({ verdicts }: RunEntry): string =>
  verdicts === undefined || verdicts === null ? "" : verifierWords(verdicts);

/** `stopped: 401 at 1,024/7,680` */
function stoppedWords(failure: RunFailure | null, place: string): string {
  const why = failure === null ? "" : (failure.status ?? failureWords()[failure.code] ?? "");
  return why === ""
    ? vscode.l10n.t("stopped at {0}", place)
    : vscode.l10n.t("stopped: {0} at {1}", why, place);
}

/** What failed and what is kept, for the person: addresses and server texts are in the log. */
export function stopSentence({ code, status, message }: StopReason): string {
  if (code !== "unauthorized") return message;
  return vscode.l10n.t("The server refused the key ({0}). Everything finished is kept.", status ?? "401");
}

/** Of failures that have no HTTP status. */
const failureWords = (): Readonly<Record<string, string>> => ({
  unreachable: vscode.l10n.t("no answer"),
  diskFull: vscode.l10n.t("disk full"),
  storeFailed: vscode.l10n.t("not written"),
});

export const isCutOff = (summary: RunSummary | null): summary is RunSummary =>
  summary !== null && summary.truncatedShare >= truncatedWarning;

/** `n 8 · 74.4 % [66.1, 81.5]` */
export function summaryWords(summary: RunSummary | null): string {
  if (summary === null) return "";
  return [sampleCount(summary), rateWords(summary)].filter(Boolean).join(" · ");
}

const sampleCount = ({ nMin, nMax }: RunSummary): string =>
  nMin === nMax ? `n ${formatCount(nMax)}` : `n ${formatCount(nMin)} to ${formatCount(nMax)}`;

/** With no right answer at all there is no estimate to print, only a bound. */
function rateWords({ passAtOne }: RunSummary): string {
  if (passAtOne === null) return vscode.l10n.t("not graded");
  const { value, low, high } = passAtOne;
  if (value === 0) return vscode.l10n.t("at most {0} %", formatRate(high));
  return `${formatRate(value)} % [${formatRate(low)}, ${formatRate(high)}]`;
}

function liveRate(live: RunProgress | null): string {
  if (live === null || live.graded === 0) return "";
  return `${formatRate(live.correct / live.graded)} %`;
}
