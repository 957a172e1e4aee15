// The trace inspector for those who do not see it, or not well.
import assert from "node:assert/strict";
import { describe } from "node:test";
import type { Page } from "playwright-core";
import { assertReachable, accessTree, readOut } from "./harness/accessibility.ts";
import { browserTests } from "./harness/browserTests.ts";
import { hostileTrace, InspectorHost, type InspectorCase } from "./harness/inspectorHost.ts";
import { openInspector } from "./harness/inspectorPage.ts";
import { withPage } from "./harness/pages.ts";
import type { ThemeName } from "./harness/server.ts";

const browserTest = browserTests("inspector");
const right = "We add 2 + 2 = 4 and are done with all of it.";
const scored: InspectorCase = { texts: [hostileTrace, right, "A third."], own: true };
/** From the top to the bottom, and of the columns from the left to the right. */
const parts =
  "header, .toolBar, .summary, .legend, .notice, .question, .problems, .column, .lowest, footer, .state";

function accessTest(
  name: string,
  { theme = "dark", ...made }: InspectorCase & { readonly theme?: ThemeName },
  steps: (page: Page, host: InspectorHost) => Promise<void>,
): void {
  browserTest(name, async (browser, server) => {
    const host = new InspectorHost(made);
    const { page, faults } = await openInspector(browser, { url: server.url(theme), host });
    await withPage(browser, page, async () => {
      await steps(page, host);
      assert.deepEqual(faults, []);
    });
  });
}

const look = (page: Page, least: number): Promise<void> => assertReachable(page, { parts, least });

const said = (page: Page, words: RegExp): Promise<unknown> =>
  page.waitForFunction(
    (wanted) => new RegExp(wanted, "u").test(document.querySelector("#spoken")?.textContent ?? ""),
    words.source,
  );

describe("inspector: accessibility", () => {
  for (const theme of ["dark", "light", "hc", "hclight"] as const)
    accessTest(`${theme}: names, roles, order and focus`, { ...scored, theme }, (page) => look(page, 16));

  for (const colour of ["reach", "logRatio"] as const)
    accessTest(`colours by ${colour}`, { ...scored, options: { colour } }, (page) => look(page, 14));

  accessTest("two traces, Markdown, raw text, all keys, no scores, no text", scored, async (page) => {
    await page.keyboard.press("c");
    await page.waitForSelector("[data-column=beside] .paragraph");
    await page.keyboard.press("?");
    await look(page, 18);
    await page.keyboard.press("r");
    await page.waitForSelector(".rendered .markdown");
    await look(page, 16);
    await page.keyboard.press("r");
    await page.waitForSelector("#trace .raw");
    await look(page, 16);
  });

  accessTest(
    "a trace without scores, and one without a text",
    { texts: [right, ""], own: false },
    async (page) => {
      await page.waitForSelector("#unscored");
      await look(page, 8);
      await page.keyboard.press("j");
      await page.waitForSelector("#no-text");
      assert.equal(await page.locator("#scorer").count(), 0);
      await look(page, 7);
    },
  );

  accessTest("what went wrong has its ways out", { texts: [], own: false, error: "Gone." }, (page) =>
    look(page, 2),
  );

  accessTest(
    "the trace is read as text, in its order, its steps' numbers and means left out",
    scored,
    async (page) => {
      const read = readOut(await accessTree(page)).replaceAll(/[\s\p{Cc}]+/gu, "");
      assert.ok(read.includes("First,thetotalis49,994+20,006=69,990exactly."));
      assert.ok(read.indexOf("First,thetotal") < read.indexOf("Theansweris10000"));
      const regions = (await accessTree(page)).filter(({ role, name }) => role === "region" && name !== "");
      assert.deepEqual(
        regions.map(({ name }) => name),
        ["Trace, scrolls"],
      );
    },
  );

  accessTest(
    "another trace, its scores and how the scoring goes are said by one element that stays",
    { ...scored, own: false, refusal: { code: "noScoring", message: "It cannot." } },
    async (page) => {
      const live = (await accessTree(page)).filter((node) => node.live === "polite");
      assert.ok(live.length > 0);
      await page.evaluate(() => Object.assign(window, { first: document.querySelector("#spoken") }));
      await said(page, /sample 1 of 3, wrong\.$/);
      await page.keyboard.press("j");
      await said(page, /sample 2 of 3, correct\.$/);
      await page.keyboard.press("s");
      const alerts = async (): Promise<readonly string[]> =>
        (await accessTree(page)).filter(({ live: kind }) => kind === "assertive").map(({ role }) => role);
      await page.waitForSelector("#failure");
      assert.deepEqual(await alerts(), ["alert"]);
      await page.click("#score-slow");
      await said(
        page,
        /sample 2 of 3, correct\. Scored by base: \d+ tokens, perplexity [\d.]+, \d+ unlikely\.$/,
      );
      await page.keyboard.press("r");
      await said(page, /Shown as Markdown\.$/);
      assert.equal(
        await page.evaluate(
          () => (window as unknown as { first: Element }).first === document.querySelector("#spoken"),
        ),
        true,
      );
    },
  );
});
