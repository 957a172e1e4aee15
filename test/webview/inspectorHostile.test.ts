// Hostile traces are text: nothing of them runs, loads or violates the CSP, and the page goes on answering.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { browserTests } from "./harness/browserTests.ts";
import { hostileTraces } from "./harness/hostileTraces.ts";
import { InspectorHost } from "./harness/inspectorHost.ts";
import { openInspector } from "./harness/inspectorPage.ts";
import { givePageBack } from "./harness/pages.ts";

const browserTest = browserTests("inspector");

describe("inspector: hostile traces", () => {
  for (const { name, text } of hostileTraces)
    browserTest(name, async (browser, server) => {
      const host = new InspectorHost({ texts: [text, "next"], own: true });
      const { page, faults } = await openInspector(browser, { url: server.url("dark"), host });
      await page.evaluate(() => {
        const seen = { violations: 0 };
        document.addEventListener("securitypolicyviolation", () => seen.violations++);
        Object.assign(window, { seen });
      });
      const requests: string[] = [];
      page.on("request", (request) => requests.push(request.url()));
      for (const mode of ["plain", "rendered", "raw"]) {
        if (mode !== "plain") await page.keyboard.press("r");
        if (mode === "rendered") await page.waitForSelector(".rendered .markdown");
        if (mode === "raw") await page.waitForSelector("#trace .raw");
        if (mode !== "rendered")
          assert.equal(
            await page.$$eval("#trace .paragraph", (all) => all.map((one) => one.textContent).join("")),
            text,
          );
        const made = `:is(#trace, .rendered, .lowest) :is(img, script, iframe, style, base, a, object, svg:not(.icon))`;
        assert.equal(await page.locator(made).count(), 0);
      }
      await page.keyboard.press("j");
      await page.waitForFunction(() => document.querySelector("#trace")?.textContent === "next");
      const { violations, title, owned } = await page.evaluate(() => ({
        violations: (window as unknown as { seen: { violations: number } }).seen.violations,
        title: document.title,
        owned: "owned" in window,
      }));
      assert.deepEqual(
        { violations, title, owned, faults },
        { violations: 0, title: "inspector", owned: false, faults: [] },
      );
      assert.deepEqual(
        requests.filter((url) => !url.endsWith("/rendered.js")),
        [],
      );
      await givePageBack(browser, page);
    });
});
