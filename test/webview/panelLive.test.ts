// Snapshots that arrive while the person works: nothing closes, moves or loses its place.
import assert from "node:assert/strict";
import { describe } from "node:test";
import type { Page } from "playwright-core";
import { FakeHost, type HostCase } from "./harness/fakeHost.ts";
import { callsOf, focusedId, panelTests } from "./harness/panelTests.ts";
import type { PanelPage } from "./harness/panelPage.ts";
import { syntheticRuns } from "./harness/syntheticRuns.ts";

const panelTest = panelTests();

const running = (n: number): HostCase => ({
  title: "countdown",
  runs: syntheticRuns({ problems: 120, n }),
  progress: () => ({ state: "running", finished: 120 * n, total: 120 * 64 }),
});

/** The next snapshot of runs at work, and what the page shows of it. */
async function grow({ page, emit }: PanelPage, n: number): Promise<void> {
  await emit("snapshot", new FakeHost(running(n)).snapshot());
  await page.waitForFunction(
    (words) => document.querySelector("#subtitle")?.textContent?.endsWith(words),
    `n = ${n}`,
  );
}

const isOpen = (page: Page, id: string): Promise<boolean> =>
  page.$eval(`#${id}`, (list) => list.hasAttribute("open"));

const optionWords = (page: Page, id: string): Promise<readonly string[]> =>
  page.$$eval(`#${id} vscode-option`, (all) => all.map((one) => one.textContent ?? ""));

describe("curves panel: a run at work", () => {
  for (const [tab, id] of [
    ["curve", "metric"],
    ["histogram", "first-run"],
    ["coverage", "solved-means"],
    ["problems", "filter-set"],
  ] as const) {
    panelTest(
      `${tab}: an open list stays open and says the new numbers`,
      { hostCase: running(16) },
      async (panel) => {
        const { page } = panel;
        await page.click(`#tab-${tab}`);
        await page.click(`#${id}`);
        // The toolkit writes the attribute with its next rendering.
        await page.waitForSelector(`#${id}[open]`);
        await page.keyboard.press("ArrowDown");
        const before = await optionWords(page, id);
        await grow(panel, 24);
        assert.equal(await isOpen(page, id), true);
        assert.equal(await focusedId(page), id);
        const after = await optionWords(page, id);
        if (id === "solved-means") {
          assert.deepEqual(
            after,
            before.map((words) => words.replace("16", "24")),
          );
          assert.notDeepEqual(before, after);
        }
        if (id === "filter-set") assert.deepEqual(after.length, before.length);
        await page.keyboard.press("Escape");
        await page.waitForSelector(`#${id}:not([open])`);
      },
    );
  }

  panelTest("the closed list shows its new words too", { hostCase: running(16) }, async (panel) => {
    await panel.page.click("#tab-coverage");
    await grow(panel, 24);
    // The list draws itself in a turn of its own.
    await panel.page.waitForFunction(() => {
      const list = document.querySelector("#solved-means");
      const shown = list?.shadowRoot?.querySelector(".selected-value")?.textContent?.trim();
      return shown === "at least 1 right of 24";
    });
  });

  panelTest(
    "a half-typed filter keeps its text, its caret and its focus",
    { hostCase: running(16) },
    async (panel) => {
      const { page } = panel;
      await page.click("#tab-problems");
      await page.click("#filter-text");
      await page.keyboard.type("1 4");
      await page.keyboard.press("ArrowLeft");
      await grow(panel, 24);
      await page.keyboard.type("2");
      assert.equal(await page.$eval("#filter-text", (field) => (field as HTMLInputElement).value), "1 24");
    },
  );

  panelTest("a list keeps its scroll and its focused row", { hostCase: running(16) }, async (panel) => {
    const { page } = panel;
    await page.click("#tab-problems");
    await page.focus("#problems-table tr[tabindex='0']");
    for (let i = 0; i < 6; i++) await page.keyboard.press("PageDown");
    const row = await focusedId(page);
    const top = await page.$eval("#problems-table-scroll", (one) => one.scrollTop);
    assert.ok(top > 500, String(top));
    await grow(panel, 24);
    assert.equal(await focusedId(page), row);
    assert.equal(await page.$eval("#problems-table-scroll", (one) => one.scrollTop), top);
  });

  panelTest(
    "an open sample keeps the selected text and the scroll; its list gets the new samples",
    { hostCase: running(16), height: 400 },
    async (panel) => {
      const { page, host } = panel;
      await page.click("#tab-problems");
      await page.click("#problems-table tbody tr:nth-child(3)");
      await page.waitForSelector("#sample-text");
      await page.$eval("#sample", (one) => (one.scrollTop = 90));
      await page.evaluate(() => {
        const text = document.querySelector("#sample-text")?.firstChild;
        if (text) getSelection()?.setBaseAndExtent(text, 3, text, 40);
      });
      const selected = await page.evaluate(() => getSelection()?.toString());
      assert.equal(selected?.length, 37);
      const problem = (callsOf(panel, "listSamples")[0] as { problemKey: string }).problemKey;
      Object.assign(host, { hostCase: running(24) });
      await grow(panel, 24);
      await page.waitForFunction(() => document.querySelectorAll("#samples-table tbody tr").length === 24);
      assert.equal(await page.evaluate(() => getSelection()?.toString()), selected);
      assert.equal(await page.$eval("#sample", (one) => one.scrollTop), 90);
      assert.match((await page.textContent("#drill-counts")) ?? "", /\/24 right/);
      assert.ok(
        callsOf(panel, "listSamples").every((one) => (one as { problemKey: string }).problemKey === problem),
      );
      assert.equal(callsOf(panel, "readSample").length, 1);
    },
  );

  panelTest(
    "an open menu stays, and gives its button the focus back",
    { hostCase: running(16) },
    async (panel) => {
      const { page } = panel;
      await page.click("#export");
      await grow(panel, 24);
      assert.equal(await focusedId(page), "export-csv");
      await page.keyboard.press("Escape");
      assert.equal(await focusedId(page), "export");
    },
  );

  panelTest("the card at the crosshair says the new numbers", { hostCase: running(16) }, async (panel) => {
    const { page } = panel;
    await page.focus("#curve-chart");
    await page.keyboard.press("Home");
    const card = (): Promise<string | null> => page.textContent("#curve-card");
    const before = await card();
    await grow(panel, 24);
    assert.notEqual(await card(), before);
    assert.equal(await focusedId(page), "curve-chart");
  });
});
