import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../../workbench/browser.ts";
import { startHarness, type HarnessServer } from "./server.ts";

export type BrowserTest = (
  name: string,
  steps: (browser: Browser, server: HarnessServer) => Promise<void>,
) => void;

/** One browser and one server of the page `entry` a file. On a machine without a browser its tests are skipped, saying why. */
export function browserTests(entry: string): BrowserTest {
  let browser: Browser | null = null;
  let server: HarnessServer | null = null;
  let missing = "";
  before(async () => {
    server = await startHarness({ minify: true, entry });
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
  return (name, steps) => {
    test(name, async (context) => (browser && server ? steps(browser, server) : context.skip(missing)));
  };
}
