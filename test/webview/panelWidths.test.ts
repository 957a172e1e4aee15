// At every width from 700 px on all numbers stand in view, however long the runs' names are.
import assert from "node:assert/strict";
import { describe } from "node:test";
import type { Page } from "playwright-core";
import type { HostCase } from "./harness/fakeHost.ts";
import { panelTests } from "./harness/panelTests.ts";
import { syntheticRuns } from "./harness/syntheticRuns.ts";

const panelTest = panelTests();

const long = (runs: number): HostCase => ({
  title: "long names",
  runs: syntheticRuns({ problems: 60, runs }).map((run) => ({
    ...run,
    role: "other",
    name: `${run.name}_countdown4_seed-${run.id.length}`,
    problems: run.problems.map((tally) => ({
      ...tally,
      problem: { ...tally.problem, question: tally.problem.question.repeat(12) },
    })),
  })),
});

const widths = [1400, 1200, 1030, 960, 900, 800, 700];

/** Scrolled sideways: the tables, or the page. */
const overflowing = (page: Page): Promise<readonly string[]> =>
  page.$$eval(".scroller, #body, .page", (all) =>
    all.flatMap((one) =>
      one.scrollWidth > one.clientWidth ? [`${one.id} ${one.scrollWidth} > ${one.clientWidth}`] : [],
    ),
  );

/** Of a table's first row, the cells that have an end outside the table's window, or no width. */
const cut = (page: Page): Promise<readonly string[]> =>
  page.$$eval(".scroller", (all) =>
    all.flatMap((scroller) => {
      const window = scroller.getBoundingClientRect();
      const cells = scroller.querySelectorAll<HTMLElement>("tbody tr:first-child td.number");
      return [...cells].flatMap((cell) => {
        const { left, right, width } = cell.getBoundingClientRect();
        const seen = width > 0 && left >= window.left - 1 && right <= window.right + 1;
        return seen || getComputedStyle(cell).display === "none"
          ? []
          : [`${scroller.id} ${cell.textContent}`];
      });
    }),
  );

/** What follows a width is laid out and drawn. */
const painted = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

describe("curves panel: widths", () => {
  for (const [name, hostCase] of [
    ["short names", { title: "countdown", runs: syntheticRuns({ problems: 60, n: 256 }) }],
    ["long names", long(3)],
  ] as const) {
    panelTest(`${name}: no number is cut off at any width from 700 px on`, { hostCase }, async ({ page }) => {
      for (const tab of ["curve", "histogram", "coverage", "problems", "difference", "gap"]) {
        await page.click(`#tab-${tab}`);
        for (const width of widths) {
          await page.setViewportSize({ width, height: 800 });
          await painted(page);
          const found = [...(await overflowing(page)), ...(await cut(page))];
          assert.deepEqual(found, [], `${tab} at ${width} px`);
        }
      }
    });
  }

  panelTest(
    "under 700 px the table alone scrolls sideways; the problem keeps 12 characters",
    { hostCase: long(2), width: 480 },
    async ({ page }) => {
      await page.click("#tab-problems");
      const table = page.locator("#problems-table-scroll");
      assert.ok(await table.evaluate((one) => one.scrollWidth > one.clientWidth));
      assert.deepEqual(
        await page.$$eval(
          "#body, .page",
          (all) => all.filter((one) => one.scrollWidth > one.clientWidth).length,
        ),
        0,
      );
      const cell = await page.locator("#problems-table td.preview .clip").first().boundingBox();
      assert.ok(cell && cell.width >= 12 * 6 && cell.height <= 20, JSON.stringify(cell));
    },
  );
});
