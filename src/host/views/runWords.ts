import * as vscode from "vscode";
import type { StoppedMeter } from "../../core/estimate/stoppedRun.ts";
import { percent } from "../../core/numberWords.ts";
import type { RunProgress, StopReason } from "../../core/run/events.ts";
import { count } from "../../core/numberWords.ts";
import type { RunEntry, RunFailure, RunSummary } from "../runEntry.ts";
import { verifierWords } from "../verifierWords.ts";

/** From this share on, a curve is more about the token limit than about the model, and the tree warns. */
const truncatedWarning = 0.1;

/** A run's state in a few words, as it stands beside its name: `n 256 · 8.1 % [5.5, 10.7]`. */
export function runDescription(entry: RunEntry, live: RunProgress | null): string {
  const { state, summary, failure } = entry;
  const finished = live?.finished ?? entry.finished;
  const total = live?.total ?? entry.total;
  switch (state) {
    case "queued":
      return vscode.l10n.t("queued");
    case "running":
      return joined(placeWords(finished, total, live), meterText(live?.stopping), liveRate(live));
    case "paused":
      return vscode.l10n.t("paused at {0} %", total === 0 ? 0 : Math.floor((100 * finished) / total));
    case "cancelled":
      return vscode.l10n.t("cancelled, {0} of {1} kept", count(finished), count(total));
    case "failed":
      return stoppedWords(failure, `${count(finished)}/${count(total)}`);
    case "imported":
      return joined(vscode.l10n.t("imported"), judgeWords(entry), summaryWords(summary));
    case "done":
  }
  if (!isCutOff(summary)) return joined(judgeWords(entry), summaryWords(summary));
  const share = vscode.l10n.t("{0} % cut off", Math.round(100 * summary.truncatedShare));
  return joined(judgeWords(entry), sampleCount(summary), share);
}

/** `1,024/7,680`; how many it will be is not known where problems end early. */
const placeWords = (finished: number, total: number, live: RunProgress | null): string =>
  live?.stopping === undefined || finished >= total
    ? `${count(finished)}/${count(total)}`
    : vscode.l10n.t("{0}/at most {1}", count(finished), count(total));

/** `39 % saved` */
function meterText(meter: Pick<StoppedMeter, "uniform" | "spentOnThese"> | undefined): string {
  if (meter === undefined || meter.uniform === 0) return "";
  return vscode.l10n.t("{0} % saved", Math.round((1 - meter.spentOnThese / meter.uniform) * 100));
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
  return joined(sampleCount(summary), rateWords(summary), meterText(summary.meter));
}

const sampleCount = ({ nMin, nMax, meter }: RunSummary): string =>
  meter !== undefined
    ? vscode.l10n.t("n at most {0}", count(nMax))
    : nMin === nMax
      ? `n ${count(nMax)}`
      : `n ${count(nMin)} to ${count(nMax)}`;

/** With no right answer at all there is no estimate to print, only a bound. */
function rateWords({ passAtOne }: RunSummary): string {
  if (passAtOne === null) return vscode.l10n.t("not graded");
  const { value, low, high } = passAtOne;
  if (value === 0) return vscode.l10n.t("at most {0} %", percent(high));
  return `${percent(value)} % [${percent(low)}, ${percent(high)}]`;
}

function liveRate(live: RunProgress | null): string {
  // Of problems that end at right answers the share of right ones is too high.
  if (live === null || live.graded === 0 || live.stopping !== undefined) return "";
  return `${percent(live.correct / live.graded)} %`;
}
