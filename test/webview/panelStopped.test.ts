// Runs that sampled each problem until enough answers were right: what the tabs can tell of them, and what they refuse.
import assert from "node:assert/strict";
import { describe } from "node:test";
import type { Page } from "playwright-core";
import { stopped } from "./harness/cases.ts";
import { callsTo, panelTests } from "./harness/panelTests.ts";

const panelTest = panelTests();
const hostCase = stopped();
const [base, rl] = hostCase.runs;
/** By hand: none of the first 16 right, and the coin said not to go on. */
const ended = (base?.problems ?? []).filter(({ n, c }) => n === 16 && c === 0);

async function pick(page: Page, id: string, value: string): Promise<void> {
  await page.click(`#${id}`);
  await page.click(`#${id} vscode-option[value='${value}']`);
}

describe("curves panel: runs that stopped early", () => {
  panelTest(
    "coverage: what the coin ended is in none of the sets and is listed; the bound is of the plan's n",
    { hostCase },
    async ({ page }) => {
      assert.ok(ended.length > 3, "the case has such problems");
      await page.click("#tab-coverage");
      const sizes = await page.$$eval(".coverGrid button", (cells) =>
        cells.map((cell) => Number((cell as HTMLElement).dataset["value"])),
      );
      assert.equal(
        sizes.reduce((sum, size) => sum + size, 0),
        60 - ended.length,
      );
      const words = await page.innerText("#not-continued");
      assert.ok(
        words.startsWith(`Not continued: ${ended.length} problems of base-7k, not right in 16 samples.`),
      );
      assert.match(await page.innerText(".coverageRates .boundNote"), /says 0 of 64/);
      await page.click("#show-not-continued");
      const rows = await page.$$eval("#problems-table tbody tr", (all) =>
        all.map((row) => [(row as HTMLElement).dataset["problemId"], row.textContent] as const),
      );
      assert.deepEqual(new Set(rows.map(([id]) => id)), new Set(ended.map(({ problem }) => problem.id)));
      for (const [, text] of rows) assert.match(text ?? "", /0\/16.*not continued/);
      await pick(page, "filter-set", "all");
      assert.equal(await page.innerText("#problem-count"), "60 problems");
    },
  );

  panelTest(
    "a threshold above the stop is refused with its reason, and another is taken",
    { hostCase },
    async ({ page }) => {
      await page.click("#tab-coverage");
      await pick(page, "solved-means", "3");
      assert.match(
        await page.innerText("#threshold-refused"),
        /base-7k and RL-270 stopped each problem at 2 right: who has 3 is not known\./,
      );
      assert.equal(await page.locator(".coverGrid").count(), 0);
      await pick(page, "solved-means", "2");
      const both = Number(await page.getAttribute("#coverage-both", "data-value"));
      const solved = (base?.problems ?? []).filter((own, i) => own.c >= 2 && (rl?.problems[i]?.c ?? 0) >= 2);
      assert.equal(both, solved.length);
    },
  );

  panelTest("no empty histogram: the tab says why, and where to look", { hostCase }, async ({ page }) => {
    await page.click("#tab-histogram");
    const words = await page.innerText("#no-histogram");
    assert.match(words, /^No histogram of base-7k and RL-270\s+Problems were sampled only until enough/);
    assert.match(words, /Curve tab has their pass@k/);
    assert.equal(await page.locator("#histogram-chart, .matrixAndList").count(), 0);
    assert.doesNotMatch(await page.innerText("#foot"), /mean accuracy|not told/);
    await page.click("#tab-curve");
    await page.click("#tab-histogram");
    assert.equal(await page.locator("#no-histogram").count(), 1);
  });

  panelTest(
    "training signal has no number for them; a point of the curve keeps the problems it counts",
    { hostCase },
    async (panel) => {
      const { page } = panel;
      await page.click("#tab-problems");
      await pick(page, "problem-columns", "signal");
      const cells = await page.$$eval("#problems-table td[data-value]", (all) =>
        all.map((cell) => (cell as HTMLElement).dataset["value"]),
      );
      assert.ok(cells.length > 60 && cells.every((value) => value === ""));
      await pick(page, "problem-columns", "pair");
      await page.click("#tab-curve");
      await page.focus("#curve-chart");
      await page.keyboard.press("End");
      await page.keyboard.press("Enter");
      // Of the RL model: every problem can estimate pass@64, also one that ended at its fifth sample.
      assert.equal(await page.innerText("#problem-count"), "60 problems");
      const means = await page.$$eval("#problems-table td.number:nth-child(7)", (all) =>
        all.map((cell) => Number((cell as HTMLElement).dataset["value"])),
      );
      const last = panel.host.snapshot().runs[1]?.curve.at(-1)?.passAtK ?? Number.NaN;
      assert.ok(Math.abs(means.reduce((sum, value) => sum + value, 0) / 60 - last) < 1e-9, `${last}`);
      await page.click("#export");
      await page.click("#export-csv");
      const [file] = (await callsTo(panel, "saveExport")) as { content: string }[];
      assert.equal(file?.content.split("not continued").length, ended.length + 1);
    },
  );
});
