import { after, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../../workbench/browser.ts";
import { startHarness, type HarnessServer } from "./server.ts";

export type BrowserTest = (
  name: string,
  steps: (browser: Browser, server: HarnessServer) => Promise<void>,
) => void;

let launched: Promise<Browser> | null = null;
const served = new Map<string, Promise<HarnessServer>>();

after(async () => {
  // What did not start has nothing to close.
  await launched?.then((browser) => browser.close()).catch(() => null);
  for (const server of served.values()) await server.then(({ close }) => close()).catch(() => null);
});

/**
 * One browser a process, and one server of the page `entry`, started by the first test that needs them. On a machine
 * without a browser the tests are skipped, saying why.
 */
export function browserTests(entry: string): BrowserTest {
  const serve = () => {
    const server = served.get(entry) ?? startHarness({ minify: true, entry });
    served.set(entry, server);
    return server;
  };
  return (name, steps) => {
    test(name, async (context) => {
      let browser: Browser;
      try {
        browser = await (launched ??= launchBrowser());
      } catch (error) {
        context.skip(`no browser: ${error instanceof Error ? error.message : String(error)}`);
        return;
      }
      await steps(browser, await serve());
    });
  };
}
