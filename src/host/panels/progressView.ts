import type { RunProgress } from "../../core/run/events.ts";
import type * as protocol from "../../protocol/curves.ts";
import type { RunEntry } from "../runEntry.ts";

/** Progress in the view's terms; a run that is not at work says what the catalog knows. */
export function progressView(entry: RunEntry, live: RunProgress | null): protocol.RunProgress {
  return {
    runId: entry.id,
    state: entry.state,
    finished: live?.finished ?? entry.finished,
    total: live?.total ?? entry.total,
    message: live?.waiting?.reason ?? entry.message,
    failureCode: entry.failure?.code ?? null,
  };
}
