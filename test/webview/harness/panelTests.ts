// What the files of the curves panel's tests share: a test that ends without faults.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTests } from "./browserTests.ts";
import type { HostCase } from "./fakeHost.ts";
import { withPage } from "./pages.ts";
import { openPanel, type PanelOptions, type PanelPage } from "./panelPage.ts";
import { syntheticRuns } from "./syntheticRuns.ts";

export const small: HostCase = { title: "countdown", runs: syntheticRuns({ problems: 40, n: 32 }) };

export type PanelTest = (
  name: string,
  options: PanelOptions,
  steps: (panel: PanelPage) => Promise<void>,
) => void;

/** Called once at the top of a file. */
export function panelTests(): PanelTest {
  const browserTest = browserTests("curves");
  return (name, options, steps) =>
    browserTest(name, async (browser, server) => {
      const panel = await openPanel(browser, server, options);
      await withPage(browser, panel.page, async () => {
        await steps(panel);
        // Nothing was refused by the CSP and nothing threw.
        assert.deepEqual(await panel.faults(), []);
      });
    });
}

export const focusedId = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.id ?? "");

export const callsOf = ({ host }: PanelPage, method: string): readonly unknown[] =>
  host.calls.filter((call) => call.method === method).map((call) => call.params);

/** Waits until there are so many. */
export const callsTo = async (panel: PanelPage, method: string, count = 1): Promise<readonly unknown[]> => {
  for (let i = 0; i < 100 && callsOf(panel, method).length < count; i++) await panel.page.waitForTimeout(50);
  return callsOf(panel, method);
};
