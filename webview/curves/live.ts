// What runs of this panel are doing: calm lines with what can be done about each.
import { count } from "../../src/core/numberWords.ts";
import type { RunProgress } from "../../src/protocol/curves.ts";
import { button, linkButton } from "../shared/controls.ts";
import { el, type Child } from "../shared/dom.ts";
import { icon, type IconName, type IconTone } from "../shared/icons.ts";
import type { App, Shown } from "./app.ts";

const looks: Partial<Record<RunProgress["state"], readonly [IconName, IconTone]>> = {
  queued: ["clock", "mute"],
  running: ["sync", ""],
  paused: ["pause", ""],
  failed: ["fail", "error"],
};

const working = (progress: ReadonlyMap<string, RunProgress>): readonly RunProgress[] =>
  [...progress.values()].filter(({ state }) => looks[state]);

/** Numbers change without a rebuild (buttons keep their focus); states change the lines. */
export function liveKey(progress: ReadonlyMap<string, RunProgress>): string {
  return JSON.stringify(
    working(progress).map(({ runId, state, message, failureCode }) => [runId, state, message, failureCode]),
  );
}

export function liveLines(app: App, { snapshot, progress }: Shown): readonly Child[] {
  return working(progress).map((run) => {
    const name = snapshot.runs.find(({ id }) => id === run.runId)?.name ?? run.runId;
    const [symbol, tone] = looks[run.state] ?? ["info", "info"];
    const failed = run.state === "failed";
    return el(
      "div",
      {
        class: `liveLine ${run.state}`,
        "data-run-id": run.runId,
        "data-state": run.state,
        role: failed ? "alert" : null,
      },
      icon(symbol, tone),
      el("span", { class: "liveWords figures", id: `live-${run.runId}` }, ...words(run, name)),
      el("span", { class: "progress", "aria-hidden": "true" }, el("span", {})),
      el("span", { class: "space" }),
      ...actions(app, run),
    );
  });
}

function words(run: RunProgress, name: string): readonly Child[] {
  const share = `${count(run.finished)} of ${count(run.total)}`;
  if (run.state === "failed")
    return [el("b", {}, `${name} stopped at ${share}.`), run.message && ` ${run.message}`];
  const verb = { queued: "waiting", running: "sampling", paused: "paused" }[
    run.state as "queued" | "running" | "paused"
  ];
  return [el("b", {}, name), ` ${verb}, ${share}`, run.message && ` · ${run.message}`];
}

function actions(app: App, { runId, state, finished, failureCode }: RunProgress): readonly Child[] {
  const { client } = app;
  const act = (method: "pauseRun" | "resumeRun" | "cancelRun" | "setApiKey") => (): void =>
    app.run(client.call(method, { runId }));
  const resume = button({ id: `resume-${runId}`, label: "Resume", press: act("resumeRun") });
  const cancel = button({
    id: `cancel-${runId}`,
    label: `Cancel, keep ${count(finished)}`,
    press: act("cancelRun"),
  });
  const log = linkButton({
    id: `log-${runId}`,
    label: "Show log",
    press: () => app.run(client.call("showLog", {})),
  });
  const setKey = button({ id: `key-${runId}`, label: "Set API key", press: act("setApiKey") });
  if (state === "failed") return [failureCode === "unauthorized" && setKey, resume, log];
  if (state === "paused") return [resume, cancel, log];
  return [button({ id: `pause-${runId}`, label: "Pause", press: act("pauseRun") }), cancel];
}

/** Writes the numbers of the lines that are there. */
export function updateLive(host: HTMLElement, { snapshot, progress }: Shown): void {
  for (const run of working(progress)) {
    const line = host.querySelector<HTMLElement>(`[data-run-id="${CSS.escape(run.runId)}"]`);
    const name = snapshot.runs.find(({ id }) => id === run.runId)?.name ?? run.runId;
    const text = line?.querySelector(".liveWords");
    text?.replaceChildren(
      ...words(run, name).filter((part) => typeof part === "string" || part instanceof Node),
    );
    const bar = line?.querySelector<HTMLElement>(".progress > span");
    if (bar) bar.style.width = `${(100 * run.finished) / Math.max(1, run.total)}%`;
    const cancel = document.getElementById(`cancel-${run.runId}`);
    if (cancel) cancel.textContent = `Cancel, keep ${count(run.finished)}`;
  }
}

/** What a screen reader hears: states and every tenth part, not every number. */
export function liveSummary({ snapshot, progress }: Shown): string {
  return working(progress)
    .map((run) => {
      const name = snapshot.runs.find(({ id }) => id === run.runId)?.name ?? run.runId;
      return `${name} ${run.state}, ${Math.floor((10 * run.finished) / Math.max(1, run.total)) * 10} %`;
    })
    .join("; ");
}
