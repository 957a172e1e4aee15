// From a label's key to the next trace on the screen, with a queue of 100,000: the real page in a real browser, the real host
// behind it, the label on disk in between. The key's way through the window's keybindings is not in it.
import type { Page } from "playwright-core";
import { launchBrowser } from "../workbench/browser.ts";
import { madeProblems } from "../webview/harness/labelRuns.ts";
import { openLabels, type LabelsPage } from "../webview/harness/labelsPage.ts";
import { startHarness } from "../webview/harness/server.ts";
import type { Measurement } from "./measurement.ts";

const presses = 150;

/** About 2,000 characters in ten steps, as a short chain of thought. */
const trace = (problem: number, sample: number): string =>
  Array.from(
    { length: 10 },
    (_, step) =>
      `Step ${step + 1}: from ${problem} and ${sample} we know that the sum of all parts is ${problem + step}, so that x must be even, which leaves the two cases that were named at the beginning; ${step} + 1 = ${step + 1}.`,
  ).join("\n\n");

export async function bench(): Promise<readonly Measurement[]> {
  const server = await startHarness({ minify: true, entry: "labels" });
  const browser = await launchBrowser();
  try {
    const open = (items: number) =>
      openLabels(
        browser,
        server,
        {
          runs: [
            { id: "run", name: "rl", dataset: "d", n: 64, problems: madeProblems((2 * items) / 3, trace) },
          ],
          spec: { overlap: 0 },
        },
        {},
      );
    const small = await open(300);
    const large = await open(100_000);
    await Promise.all([prepare(small.page), prepare(large.page)]);
    const [few, many]: [number[], number[]] = [[], []];
    // In turn, so that whatever else the machine does meets both.
    for (let i = 0; i < presses; i++) {
      few.push(await timed(small, i));
      many.push(await timed(large, i));
    }
    await small.host.close();
    await large.host.close();
    return [
      {
        name: "label key to next trace shown, 100,000 in the queue, median",
        value: ms(quantile(many, 0.5)),
        aim: "< 16 ms",
        ok: quantile(many, 0.5) < 16,
      },
      { name: "95 of 100, with 100,000", value: ms(quantile(many, 0.95)), aim: "", ok: null },
      { name: "median with 300 in the queue", value: ms(quantile(few, 0.5)), aim: "", ok: null },
      { name: "95 of 100, with 300", value: ms(quantile(few, 0.95)), aim: "", ok: null },
    ];
  } finally {
    await browser.close();
    await server.close();
  }
}

const ms = (value: number): string => `${value.toFixed(1)} ms`;
const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(share * values.length)] ?? Number.NaN;

/** In the page: from the message of a key to the steps of another trace, laid out. */
async function prepare(page: Page): Promise<void> {
  await page.evaluate(() => {
    const times: number[] = [];
    let pressed = 0;
    Object.assign(window, { times });
    window.addEventListener(
      "message",
      ({ data }: MessageEvent<{ name?: string }>) => {
        if (data.name === "press") pressed = performance.now();
      },
      { capture: true },
    );
    const steps = document.querySelector("#steps");
    if (steps === null) throw new Error("no steps");
    new MutationObserver(() => {
      if (pressed === 0) return;
      steps.getBoundingClientRect();
      times.push(performance.now() - pressed);
      pressed = 0;
    }).observe(steps, { childList: true });
  });
}

async function timed({ page, press }: LabelsPage, before: number): Promise<number> {
  await press("wrong");
  await page.waitForFunction(
    (count) => (window as unknown as { times: number[] }).times.length > count,
    before,
    { polling: 5 },
  );
  return page.evaluate((at) => (window as unknown as { times: number[] }).times[at] ?? Number.NaN, before);
}
