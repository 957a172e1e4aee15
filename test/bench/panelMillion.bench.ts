// The curves panel over 1,000,000 samples in 20 runs: what the host keeps and counts, opening, and each tab.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { CDPSession, Page } from "playwright-core";
import { type RolloutFile, readRollouts } from "../../src/core/dataset/readRollouts.ts";
import type { RunTally } from "../../src/core/model.ts";
import { fileSource } from "../../src/node/fileSource.ts";
import { FakeHost } from "../webview/harness/fakeHost.ts";
import { reply } from "../webview/harness/panelPage.ts";
import { startHarness } from "../webview/harness/server.ts";
import { launchBrowser } from "../workbench/browser.ts";
import type { Measurement } from "./measurement.ts";
import { problemCount, runCount, samplesPerProblem, writeMillion } from "./millionRuns.ts";

const samples = runCount * problemCount * samplesPerProblem;

export async function bench(): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), "rollout-lens-bench-"));
  try {
    const paths = await writeMillion(folder);
    const read = await readAll(paths);
    const host = new FakeHost({ title: "a million samples", runs: read.runs });
    const counting = await cpuOf(() => host.snapshot());
    const page = await inPage(host);
    const opening = counting + page.openMs;
    return [
      {
        name: `host memory with ${samples.toLocaleString("en-US")} samples of ${runCount} runs read`,
        value: `${read.keptMb.toFixed(0)} MB kept, ${read.peakMb.toFixed(0)} MB at most`,
        aim: "< 500 MB",
        ok: read.peakMb < 500,
      },
      {
        name: "panel opens, samples read before: processor time of host and page",
        value: `${opening.toFixed(0)} ms (host ${counting.toFixed(0)}, page ${page.openMs.toFixed(0)})`,
        aim: "< 1,000 ms",
        ok: opening < 1000,
      },
      ...page.tabs.map(({ name, ms }) => ({
        name: `to tab ${name}, processor time of the page`,
        value: `${ms.toFixed(0)} ms`,
        aim: "< 100 ms",
        ok: ms < 100,
      })),
      {
        name: "reading the files the first time, processor time",
        value: `${(read.cpuMs / 1000).toFixed(1)} s`,
        aim: "",
        ok: null,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface ReadRuns {
  readonly runs: readonly RunTally[];
  readonly cpuMs: number;
  readonly keptMb: number;
  readonly peakMb: number;
}

/** As the host keeps them: the files' readings with the place of every sample, none of their texts. */
async function readAll(paths: readonly string[]): Promise<ReadRuns> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const before = process.memoryUsage();
  const files: RolloutFile[] = [];
  let peak = 0;
  const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
  const cpuMs = await cpuOf(async () => {
    for (const path of paths) {
      const source = await fileSource(path);
      files.push(await readRollouts(source));
      await source.close();
    }
  });
  clearInterval(sampler);
  collect();
  const after = process.memoryUsage();
  const kept = after.heapUsed + after.external - before.heapUsed - before.external;
  const runs = files.flatMap((file, i) => file.runs.map(({ tally }) => asRun(tally, i)));
  const total = runs.reduce((sum, { problems }) => sum + problems.reduce((all, { n }) => all + n, 0), 0);
  if (total !== samples) throw new Error(`${total} samples were read of ${samples}`);
  return { runs, cpuMs, keptMb: kept / 1e6, peakMb: (peak - before.rss) / 1e6 };
}

/** A base, and the rest steps of its training. */
const asRun = (tally: RunTally, i: number): RunTally => ({
  ...tally,
  id: `run-${i}`,
  role: i === 0 ? "base" : "rl",
  metadata: i === 0 ? {} : { step: 10 * i },
});

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
