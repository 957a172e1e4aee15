// The longest task of the Label view's main thread while a hostile trace comes up, is set as Markdown and back, and is walked.
import { launchBrowser } from "../workbench/browser.ts";
import { hostileTraces, oneCharacter } from "../webview/harness/hostileTraces.ts";
import { madeProblems } from "../webview/harness/labelRuns.ts";
import { type LabelsPage, openLabels } from "../webview/harness/labelsPage.ts";
import { startHarness } from "../webview/harness/server.ts";
import { freezeOf, longestTasks } from "./longestTask.ts";
import type { Measurement } from "./measurement.ts";

const aimMs = 100;

export async function bench(): Promise<readonly Measurement[]> {
  const server = await startHarness({ minify: true, entry: "labels" });
  const browser = await launchBrowser();
  try {
    const measured: Measurement[] = [];
    for (const { name, text } of [
      ...hostileTraces,
      { name: "100,000 times one character", text: oneCharacter },
      { name: "5,000 steps", text: "We add one and 2 + 2 = 4.\n\n".repeat(5000) },
    ]) {
      const problems = madeProblems(3, (problem, sample) => (problem === 0 ? "Short." : `${text} ${sample}`));
      const runs = [{ id: "run", name: "rl", dataset: "d", n: 64, problems }];
      const shown = await openLabels(browser, server, { runs, spec: { order: "problem", overlap: 0 } });
      measured.push(freezeOf(name, await longestTasks(browser, shown.page, stepsOf(shown)), aimMs));
      await shown.page.close();
      await shown.host.close();
    }
    return measured;
  } finally {
    await browser.close();
    await server.close();
  }
}

const stepsOf = ({ press, until, page }: LabelsPage): Readonly<Record<string, () => Promise<unknown>>> => ({
  plain: async () => {
    await press("correct");
    await until("1 of 4");
  },
  rendered: async () => {
    await press("rendered");
    await page.waitForSelector("#steps .markdown");
  },
  back: async () => {
    await press("rendered");
    await page.waitForFunction(() => document.querySelector("#steps .markdown") === null);
  },
  walk: async () => press("nextStep", "markStep", "nextStep", "flags"),
});
