// pass@k or maj@k, and what guessing reaches.
import assert from "node:assert/strict";
import { describe } from "node:test";
import type { Page } from "playwright-core";
import { aime } from "./harness/cases.ts";
import { callsTo, panelTests, small } from "./harness/panelTests.ts";

const panelTest = panelTests();

async function choose(page: Page, metric: string): Promise<void> {
  await page.click("#metric");
  await page.click(`#metric vscode-option[value='${metric}']`);
}

const pixels = (page: Page): Promise<string> =>
  page.$eval("#curve-chart canvas", (canvas) => (canvas as HTMLCanvasElement).toDataURL());

describe("curves panel: metric and floor", () => {
  panelTest(
    "maj@k: the snapshot's votes with their interval, and who has no answers",
    { hostCase: aime() },
    async ({ page, host }) => {
      assert.equal(await page.$eval(".tools vscode-dropdown", (first) => first.id), "metric");
      await choose(page, "majority");
      const majority = host.snapshot().runs.map((run) => run.majority);
      const cells = await page.$$eval("#curve-table tr[data-run-id='run-base'] td[data-k]", (all) =>
        all.map(
          (cell) => [Number(cell.dataset["k"]), Number(cell.dataset["value"]), cell.textContent] as const,
        ),
      );
      assert.equal(cells.length, 3);
      for (const [k, value, text] of cells) {
        assert.equal(value, majority[0]?.find((point) => point.k === k)?.value);
        assert.match(
          text ?? "",
          new RegExp(`^${(100 * value).toFixed(1).replace(".", "\\.")} \\[[\\d., ]+\\]$`),
        );
      }
      assert.match((await page.textContent(".notice")) ?? "", /distilled has no extracted answers\./);
      assert.match(
        (await page.textContent("#foot")) ?? "",
        /interval 95 % Bayesian bootstrap over problems, votes of random subsets/,
      );
      assert.match((await page.textContent("#curve-table thead")) ?? "", /maj@64, %/);
      for (const gone of ["#reference", "#forecast", "#floor", "#difference-chart canvas"])
        assert.equal(await page.locator(gone).filter({ visible: true }).count(), 0, gone);
      await page.reload();
      await page.waitForFunction(() => document.body.dataset["ready"] === "1");
      assert.match((await page.textContent("#curve-table thead")) ?? "", /maj@64, %/);
      await choose(page, "pass");
      assert.equal(await page.locator("#curve-table tbody tr").count(), 3);
    },
  );

  panelTest("no run can vote: said in words, no empty chart", { hostCase: small }, async ({ page }) => {
    await choose(page, "majority");
    assert.match(
      (await page.textContent(".notice")) ?? "",
      /base-7k, RL-270 and distilled have no extracted answers\./,
    );
    assert.equal(await page.isVisible("#curve-chart"), false);
    await choose(page, "pass");
    assert.equal(await page.isVisible("#curve-chart"), true);
  });

  panelTest(
    "the guess floor: off at first, drawn and in the table twin when asked for",
    { hostCase: aime() },
    async (panel) => {
      const { page } = panel;
      assert.equal(await page.$eval("#floor", (box) => (box as HTMLInputElement).checked), false);
      const before = await pixels(page);
      await page.click("#floor");
      assert.notEqual(await pixels(page), before);
      await page.click("#show-table");
      const head = (await page.textContent("#curve-points thead")) ?? "";
      assert.match(head, /guess floor, 1,000 answers, %/);
      assert.equal(await page.textContent("#curve-points tr[data-k='64'] td:last-child"), "6.2");
      await page.click("#export");
      await page.click("#export-svg");
      const [saved] = (await callsTo(panel, "saveExport")) as { content: string }[];
      assert.ok(saved?.content.includes("guess floor, 1,000 answers"));
    },
  );

  panelTest(
    "where the answers are not known there is no floor to choose",
    { hostCase: small },
    async ({ page }) => {
      assert.equal(await page.locator("#floor").count(), 0);
    },
  );
});
