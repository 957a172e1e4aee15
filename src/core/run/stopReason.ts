import { count } from "../numberWords.ts";
import type { StopCode, StopReason } from "./events.ts";
import type { RunLog } from "./log.ts";

const todo: Readonly<Record<StopCode, string>> = {
  cancelled: "Sample again to go on.",
  unauthorized: "Set the endpoint's API key, then resume.",
  notFound: "Check the endpoint's base URL and model, then resume.",
  unreachable: "Check that the server runs, then resume.",
  rateLimited: "Resume when the limit is lifted.",
  badRequest: "Check model, API (chat or completions) and max tokens, then resume.",
  diskFull: "Free some space, then resume.",
  storeFailed: "Check the run's folder, then resume.",
};

export interface Stop {
  readonly code: StopCode;
  readonly failure: string;
  readonly status: number | null;
}

/** What failed, what is kept, what to do. */
export function stopReason({ code, failure, status }: Stop, log: RunLog): StopReason {
  const end = /[.!?]$/.test(failure) ? "" : ".";
  const { finished } = log.counts;
  const kept = `${count(finished)} finished sample${finished === 1 ? " is" : "s are"} kept`;
  return { code, status, message: `${failure}${end} ${kept} in ${log.folder}. ${todo[code]}` };
}
