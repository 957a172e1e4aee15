// What the files of browser tests share: one browser and one server a file, and a test that ends without faults.
import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../../workbench/browser.ts";
import type { HostCase } from "./fakeHost.ts";
import { openPanel, type PanelOptions, type PanelPage } from "./panelPage.ts";
import { startHarness, type HarnessServer } from "./server.ts";
import { syntheticRuns } from "./syntheticRuns.ts";

export const small: HostCase = { title: "countdown", runs: syntheticRuns({ problems: 40, n: 32 }) };

export type PanelTest = (
  name: string,
  options: PanelOptions,
  steps: (panel: PanelPage) => Promise<void>,
) => void;

/** Called once at the top of a file. Without a browser its tests are skipped, saying why. */
export function panelTests(): PanelTest {
  let browser: Browser | null = null;
  let server: HarnessServer | null = null;
  let missing = "";
  before(async () => {
    server = await startHarness({ minify: true });
    try {
      browser = await launchBrowser();
    } catch (error) {
      missing = `no browser: ${error instanceof Error ? error.message : String(error)}`;
    }
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });
  return (name, options, steps) => {
    test(name, async (context: TestContext) => {
      if (!browser || !server) return context.skip(missing);
      const panel = await openPanel(browser, server, options);
      try {
        await steps(panel);
        // Nothing was refused by the CSP and nothing threw.
        assert.deepEqual(await panel.faults(), []);
      } finally {
        await panel.page.close();
      }
    });
  };
}

export const focusedId = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.id ?? "");

export const callsOf = ({ host }: PanelPage, method: string): readonly unknown[] =>
  host.calls.filter((call) => call.method === method).map((call) => call.params);

/** Waits for the first. */
export const callsTo = async (panel: PanelPage, method: string): Promise<readonly unknown[]> => {
  for (let i = 0; i < 100 && callsOf(panel, method).length === 0; i++) await panel.page.waitForTimeout(50);
  return callsOf(panel, method);
};
