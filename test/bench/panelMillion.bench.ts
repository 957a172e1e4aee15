// The curves panel over 1,000,000 samples in 20 runs: what the host keeps and counts, opening, and each tab.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { CDPSession, Page } from "playwright-core";
import type { RunTally } from "../../src/core/model.ts";
import { FakeHost } from "../webview/harness/fakeHost.ts";
import { reply } from "../webview/harness/panelPage.ts";
import { startHarness } from "../webview/harness/server.ts";
import { launchBrowser } from "../workbench/browser.ts";
import type { Measurement } from "./measurement.ts";
import { panelWindow } from "./panelWindow.ts";
import { problemCount, runCount, samplesPerProblem, writeMillion } from "./millionRuns.ts";

const samples = runCount * problemCount * samplesPerProblem;

export async function bench(): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), "rollout-lens-bench-"));
  try {
    const paths = await writeMillion(folder);
    const storage = join(folder, "storage");
    const { tallies, first, reading } = await firstWindow(paths, storage);
    const fresh = panelWindow(paths, storage);
    const again = await workOf(async () => fresh.open(await fresh.read()));
    const page = await inPage(new FakeHost({ title: "a million samples", runs: tallies }));
    const opening = (host: number): Pick<Measurement, "value" | "aim" | "ok"> => ({
      value: `${(host + page.openMs).toFixed(0)} ms (host ${host.toFixed(0)}, page ${page.openMs.toFixed(0)})`,
      aim: "< 1,000 ms",
      ok: host + page.openMs < 1000,
    });
    return [
      {
        name: `host memory with ${samples.toLocaleString("en-US")} samples of ${runCount} runs read`,
        value: `${reading.keptMb.toFixed(0)} MB kept, ${reading.peakMb.toFixed(0)} MB at most`,
        aim: "< 500 MB",
        ok: reading.peakMb < 500,
      },
      {
        name: "panel opens, samples read before: processor time of the threads of host and page",
        ...opening(first.threadMs),
      },
      { name: "panel opens in a fresh window, files read in an earlier one", ...opening(again.threadMs) },
      ...page.tabs.map(({ name, ms }) => ({
        name: `to tab ${name}, processor time of the page`,
        value: `${ms.toFixed(0)} ms`,
        aim: "< 100 ms",
        ok: ms < 100,
      })),
      {
        name: "reading the files the first time, processor time",
        value: `${(reading.cpuMs / 1000).toFixed(1)} s`,
        aim: "",
        ok: null,
      },
      {
        name: "longest stretch of the host without a turn for others: reading, opening, opening again",
        value: [reading, first, again].map(({ longestMs }) => `${longestMs.toFixed(0)} ms`).join(", "),
        aim: "",
        ok: null,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Reads the files and keeps their readings: with the place of every sample, none of their texts. */
async function firstWindow(paths: readonly string[], storage: string) {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const before = process.memoryUsage();
  let peak = 0;
  const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
  const window = panelWindow(paths, storage);
  let tallies: readonly RunTally[] = [];
  const work = await workOf(async () => {
    tallies = await window.read();
    await window.settle();
  });
  clearInterval(sampler);
  collect();
  const after = process.memoryUsage();
  const kept = after.heapUsed + after.external - before.heapUsed - before.external;
  const total = tallies.reduce((sum, { problems }) => sum + problems.reduce((all, { n }) => all + n, 0), 0);
  if (total !== samples) throw new Error(`${total} samples were read of ${samples}`);
  const first = await workOf(() => window.open(tallies));
  const reading = { ...work, keptMb: kept / 1e6, peakMb: (peak - before.rss) / 1e6 };
  return { tallies, first, reading };
}

interface Work {
  /** Of the whole process. */
  readonly cpuMs: number;
  /** Of this thread: what others wait for. */
  readonly threadMs: number;
  /** Processor time of this thread between two turns of its loop, at most. */
  readonly longestMs: number;
}

async function workOf(work: () => Promise<void>): Promise<Work> {
  let [longest, last, ended] = [0, threadCpuMs(), false];
  const turn = (): void => {
    const now = threadCpuMs();
    longest = Math.max(longest, now - last);
    last = now;
    if (!ended) setImmediate(turn);
  };
  setImmediate(turn);
  const from = threadCpuMs();
  const cpuMs = await cpuOf(work);
  const threadMs = threadCpuMs() - from;
  ended = true;
  turn();
  return { cpuMs, threadMs, longestMs: longest };
}

function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

async function cpuOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

interface PageTimes {
  readonly openMs: number;
  readonly tabs: readonly { readonly name: string; readonly ms: number }[];
}

async function inPage(host: FakeHost): Promise<PageTimes> {
  const server = await startHarness({ minify: true });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    // Its snapshot is timed by itself: here only what the page does with it.
    await page.exposeFunction("hostCall", (message: string) => reply(host, message));
    await page.goto(server.url());
    await page.waitForFunction(() => document.body.dataset["ready"] === "1");
    await settled(page);
    const openMs = await threadMs(session);
    const tabs: { name: string; ms: number }[] = [];
    const names = await page.$$eval("[role='tab']", (all) => all.map(({ id }) => id.slice("tab-".length)));
    for (const name of [...names.slice(1), ...names.slice(0, 1)]) {
      const from = await threadMs(session);
      await page.click(`#tab-${name}`);
      await settled(page);
      tabs.push({ name, ms: (await threadMs(session)) - from });
    }
    return { openMs, tabs };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Two frames: what was changed is painted, and what follows from it at once. */
const settled = (page: Page): Promise<void> =>
  page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(undefined)))),
  );

/** Processor time of the page's main thread in its tasks so far: another process does not lengthen it. */
async function threadMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  const seconds = metrics.find(({ name }) => name === "TaskDuration")?.value;
  if (seconds === undefined) throw new Error("the browser does not say its tasks' time");
  return 1000 * seconds;
}
