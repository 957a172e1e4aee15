// The longest task of a page's main thread while something is done: by the processor time of that thread, which a busy
// machine does not lengthen much.
import type { Browser, Page } from "playwright-core";
import type { Measurement } from "./measurement.ts";

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly args?: { readonly name?: string };
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** Of the thread's own time. */
  readonly tdur?: number;
}

/** Milliseconds of the longest task in each step, with what comes in the one and a half seconds after it. */
export async function longestTasks(
  browser: Browser,
  page: Page,
  steps: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<Readonly<Record<string, number>>> {
  const all: Record<string, number> = {};
  for (const [name, step] of Object.entries(steps)) {
    await browser.startTracing(page, { categories: ["toplevel", "blink.user_timing", "__metadata"] });
    await step();
    await page.waitForTimeout(1500);
    const trace = JSON.parse((await browser.stopTracing()).toString()) as {
      traceEvents: readonly TraceEvent[];
    };
    all[name] = longestOf(trace.traceEvents) / 1000;
  }
  return all;
}

/** What a bench reports of them. */
export function freezeOf(name: string, tasks: Readonly<Record<string, number>>, aimMs: number): Measurement {
  const longest = Math.max(...Object.values(tasks));
  const parts = Object.entries(tasks).map(([step, ms]) => `${step} ${ms.toFixed(0)}`);
  const value = `${longest.toFixed(0)} ms (${parts.join(", ")})`;
  return { name: `longest task, ${name}`, value, aim: `< ${aimMs} ms`, ok: longest < aimMs };
}

/** Microseconds, of the page's own tasks: those in which the harness reads its JSON are left out. */
function longestOf(events: readonly TraceEvent[]): number {
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}/${tid}`;
  const main = new Set(
    events
      .filter((event) => event.name === "thread_name" && event.args?.name === "CrRendererMain")
      .map(threadOf),
  );
  const own = events.filter((event) => main.has(threadOf(event)));
  const marks = own.filter(({ name }) => name === "harnessReads").map(({ ts }) => ts);
  const tasks = own.filter(
    ({ ph, ts, dur = 0 }) => ph === "X" && !marks.some((mark) => mark >= ts && mark <= ts + dur),
  );
  return Math.max(0, ...tasks.map(({ tdur = 0 }) => tdur));
}
