// The longest task of the page's main thread while a hostile trace is shown, rendered, shown raw and scrolled.
import type { Page } from "playwright-core";
import { launchBrowser } from "../workbench/browser.ts";
import { hostileTraces, oneCharacter } from "../webview/harness/hostileTraces.ts";
import { InspectorHost } from "../webview/harness/inspectorHost.ts";
import { openInspector } from "../webview/harness/inspectorPage.ts";
import { startHarness } from "../webview/harness/server.ts";
import { freezeOf, longestTasks } from "./longestTask.ts";
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
      const tasks = await longestTasks(browser, page, stepsOf(page, text.length));
      measured.push(freezeOf(name, tasks, aimMs));
      await page.close();
    }
    return measured;
  } finally {
    await browser.close();
    await server.close();
  }
}

const stepsOf = (page: Page, length: number): Readonly<Record<string, () => Promise<unknown>>> => ({
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
});
