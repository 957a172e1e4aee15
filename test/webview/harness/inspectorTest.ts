import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTests } from "./browserTests.ts";
import { InspectorHost, type InspectorCase } from "./inspectorHost.ts";
import { openInspector } from "./inspectorPage.ts";
import { withPage } from "./pages.ts";

const browserTest = browserTests("inspector");

/** The inspector's page over a host of its own; an error on the page is a failure. */
export function inspectorTest(
  name: string,
  made: InspectorCase,
  steps: (page: Page, host: InspectorHost) => Promise<void>,
): void {
  browserTest(name, async (browser, server) => {
    const host = new InspectorHost(made);
    const { page, faults } = await openInspector(browser, { url: server.url("dark"), host });
    await withPage(browser, page, async () => {
      await steps(page, host);
      assert.deepEqual(faults, []);
    });
  });
}
