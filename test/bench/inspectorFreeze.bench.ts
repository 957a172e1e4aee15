// The longest task of the page's main thread while a hostile trace is shown, rendered, shown raw and coloured anew: by the
// processor time of that thread, which a busy machine does not lengthen much.
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../workbench/browser.ts";
import { hostileTraces, oneCharacter } from "../webview/harness/hostileTraces.ts";
import { InspectorHost } from "../webview/harness/inspectorHost.ts";
import { openInspector } from "../webview/harness/inspectorPage.ts";
import { startHarness } from "../webview/harness/server.ts";
import type { Measurement } from "./measurement.ts";

const aimMs = 100;

export async function bench(): Promise<readonly Measurement[]> {
  const server = await startHarness({ minify: true, entry: "inspector" });
  const browser = await launchBrowser();
  try {
    const measured: Measurement[] = [];
    const traces = [...hostileTraces, { name: "100,000 tokens of one character", text: oneCharacter }];
    for (const { name, text } of traces) {
      const single = text === oneCharacter;
      const host = new InspectorHost({
        texts: ["short", text],
        own: true,
        ...(single ? { pieces: /./gsu } : {}),
      });
      const { page } = await openInspector(browser, { url: server.url("dark"), host });
      const { longest, all } = await longestTask(browser, page, text.length);
      const value = `${longest.toFixed(0)} ms (${Object.entries(all)
        .map(([step, ms]) => `${step} ${ms.toFixed(0)}`)
        .join(", ")})`;
      measured.push({ name: `longest task, ${name}`, value, aim: `< ${aimMs} ms`, ok: longest < aimMs });
      await page.close();
    }
    return measured;
  } finally {
    await browser.close();
    await server.close();
  }
}

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

async function longestTask(
  browser: Browser,
  page: Page,
  length: number,
): Promise<{ readonly longest: number; readonly all: Readonly<Record<string, number>> }> {
  const rest = (): Promise<void> => page.waitForTimeout(1500);
  const steps: Readonly<Record<string, () => Promise<unknown>>> = {
    plain: async () => {
      await page.keyboard.press("j");
      await page.waitForFunction(
        (all) => (document.querySelector("#trace")?.textContent ?? "").length >= all,
        length,
        { timeout: 60_000 },
      );
    },
    rendered: async () => {
      await page.keyboard.press("r");
      await page.waitForSelector(".rendered .markdown");
    },
    raw: async () => {
      await page.keyboard.press("r");
      await page.waitForSelector("#trace .raw");
    },
    scroll: () => page.evaluate(() => document.querySelector("#scroll")?.scrollTo(0, 1e6)),
  };
  const all: Record<string, number> = {};
  for (const [name, step] of Object.entries(steps)) {
    await browser.startTracing(page, { categories: ["toplevel", "blink.user_timing", "__metadata"] });
    await step();
    await rest();
    const trace = JSON.parse((await browser.stopTracing()).toString()) as {
      traceEvents: readonly TraceEvent[];
    };
    all[name] = longestOf(trace.traceEvents) / 1000;
  }
  return { longest: Math.max(...Object.values(all)), all };
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
