// The built panel in a real browser, under the CSP it has in the workbench, with a host that counts real tallies.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { callsTo, focusedId, panelTests, small } from "./harness/panelTests.ts";
import { hostile, syntheticRuns } from "./harness/syntheticRuns.ts";

const panelTest = panelTests();

describe("curves panel", () => {
  panelTest(
    "the table under the chart has the snapshot's numbers",
    { hostCase: small },
    async ({ page, host }) => {
      const snapshot = host.snapshot();
      const cells = await page.$$eval("#curve-table td[data-k][data-value]", (found) =>
        found.map((cell) => ({
          run: cell.closest("tr")?.dataset["runId"] ?? "",
          k: Number(cell.dataset["k"]),
          value: Number(cell.dataset["value"]),
          text: cell.textContent ?? "",
        })),
      );
      assert.equal(cells.length, 9);
      for (const { run, k, value, text } of cells) {
        const point = snapshot.runs.find(({ id }) => id === run)?.curve.find((one) => one.k === k);
        assert.ok(point);
        assert.equal(value, point.passAtK);
        assert.ok(text.startsWith((100 * point.passAtK).toFixed(1)), `${text} for ${point.passAtK}`);
      }
      assert.match(
        (await page.textContent("#foot")) ?? "",
        /n 32.*problems 40 of 40.*Bayesian bootstrap.*countdown@1/,
      );
      assert.match(
        (await page.textContent("#parity")) ?? "",
        /Not only the model differs: distilled has max tokens 64/,
      );
    },
  );

  panelTest("every k is in the table twin", { hostCase: small }, async ({ page, host }) => {
    await page.click("#show-table");
    const ks = await page.$$eval("#curve-points tbody tr", (rows) =>
      rows.map((row) => Number(row.dataset["k"])),
    );
    assert.deepEqual(
      ks,
      host.snapshot().runs[0]?.curve.map(({ k }) => k),
    );
  });

  panelTest("tabs walk by arrow keys and keep the focus", { hostCase: small }, async ({ page }) => {
    await page.focus("#tab-curve");
    const ids = await page.$$eval("[role=tab]", (tabs) => tabs.map(({ id }) => id));
    assert.ok(ids.length >= 5);
    const walked: string[] = [];
    for (const key of [...ids.map(() => "ArrowRight"), "End", "Home"]) {
      await page.keyboard.press(key);
      walked.push(await focusedId(page));
    }
    assert.deepEqual(walked, [...ids.slice(1), "tab-curve", ids.at(-1), "tab-curve"]);
    assert.equal(await page.getAttribute("#tab-curve", "aria-selected"), "true");
  });

  panelTest("the crosshair walks by arrow keys and is read out", { hostCase: small }, async ({ page }) => {
    await page.focus("#curve-chart");
    await page.keyboard.press("Home");
    assert.match((await page.textContent("#curve-readout")) ?? "", /^k = 1: /);
    await page.keyboard.press("End");
    const words = (await page.textContent("#curve-readout")) ?? "";
    assert.match(words, /^k = 32: distilled [\d.]+ % \[/);
    assert.match((await page.textContent("#curve-card")) ?? "", /pass@32.*vs base-7k, points.*reference/);
    await page.keyboard.press("Enter");
    assert.equal(await page.getAttribute("#tab-problems", "aria-selected"), "true");
    assert.match((await page.textContent("#filter-at")) ?? "", /pass@32/);
  });

  panelTest(
    "a problem, its samples, a text: hostile text stays text, Escape leads back",
    { hostCase: small },
    async (panel) => {
      const { page } = panel;
      await page.click("#tab-problems");
      const preview = page.locator('#problems-table tr[data-problem-id="3"] td.preview');
      assert.ok(((await preview.textContent()) ?? "").endsWith(hostile));
      await page.focus("#problems-table tr[tabindex='0']");
      await page.keyboard.press("ArrowDown");
      const opened = await focusedId(page);
      await page.keyboard.press("Enter");
      await page.waitForSelector("#sample-text");
      assert.equal(await focusedId(page), "drill-back");
      assert.ok(((await page.textContent("#sample-text")) ?? "").includes(hostile));
      assert.equal(await page.locator("#sample img, #sample svg[onload], .preview img").count(), 0);
      assert.equal(await page.title(), "curves");
      const rows = await page.locator("#samples-table tbody tr").count();
      assert.equal(rows, 32);
      await page.focus("#samples-table tr[tabindex='0']");
      await page.keyboard.press("ArrowDown");
      await page.waitForFunction(
        () => document.querySelector("#sample h3:last-of-type")?.textContent === "Sample 1",
      );
      await page.click("#open-source");
      assert.equal((await callsTo(panel, "openSource")).length, 1);
      await page.keyboard.press("Escape");
      assert.equal(await page.locator("#sample-text").count(), 0);
      assert.equal(await focusedId(page), opened);
    },
  );

  panelTest(
    "a bar, a cell of the matrix and a cell of the 2x2 list their problems",
    { hostCase: small },
    async ({ page }) => {
      await page.click("#tab-histogram");
      const cell = page.locator("#transitions-table button:not([data-value='0'])").first();
      const inCell = Number(await cell.getAttribute("data-value"));
      await cell.click();
      assert.equal(await page.locator("#bin-problems tbody tr").count(), inCell);
      await page.focus("#histogram-chart");
      await page.keyboard.press("ArrowRight");
      const heard = /: (\d+) problems$/.exec((await page.textContent("#histogram-readout")) ?? "");
      await page.keyboard.press("Enter");
      assert.equal(await page.locator("#bin-problems tbody tr").count(), Number(heard?.[1]));
      await page.click("#tab-coverage");
      let total = 0;
      for (const name of ["both", "aOnly", "bOnly", "neither"]) {
        await page.click(`#coverage-${name}`);
        const size = Number(await page.getAttribute(`#coverage-${name}`, "data-value"));
        assert.equal(await page.locator("#coverage-problems tbody tr").count(), size);
        total += size;
      }
      assert.equal(total, 40);
    },
  );

  panelTest(
    "filter and sort; nothing found says so and can be cleared; what is listed can be labelled",
    { hostCase: small },
    async (panel) => {
      const { page } = panel;
      await page.click("#tab-problems");
      await page.click("#problems-table-sort-ratio0");
      const rates = async (): Promise<number[]> =>
        page.$$eval("#problems-table tbody td.ratio[data-c]:nth-child(3)", (cells) =>
          cells.map((one) => Number(one.dataset["c"]) / Number(one.dataset["n"])),
        );
      const down = await rates();
      assert.deepEqual(
        down,
        down.toSorted((a, b) => b - a),
      );
      await page.keyboard.press("/");
      await page.keyboard.type("no such problem");
      await page.waitForSelector("#no-match");
      assert.equal(await page.evaluate(() => document.activeElement?.id), "filter-text");
      assert.match((await page.textContent("#problem-count")) ?? "", /^0 of 40/);
      await page.click("#clear-filter");
      assert.equal(await page.locator("#problems-table tbody tr").count(), 40);
      await page.click("#label-these");
      const [asked] = (await callsTo(panel, "labelProblems")) as {
        runIds: string[];
        problemKeys: string[];
      }[];
      assert.equal(asked?.problemKeys.length, await page.locator("#problems-table tbody tr").count());
      await page.click("#problems-table tbody tr");
      await page.click("#drill-label");
      const [, one] = (await callsTo(panel, "labelProblems")) as { problemKeys: string[] }[];
      assert.equal(one?.problemKeys.length, 1);
    },
  );

  panelTest(
    "ten thousand problems keep only the visible rows",
    { hostCase: { title: "many", runs: syntheticRuns({ runs: 1, problems: 10_000, n: 4 }) } },
    async ({ page }) => {
      await page.click("#tab-problems");
      assert.ok((await page.locator("#problems-table tbody tr").count()) < 120);
      await page.focus("#problems-table tr[tabindex='0']");
      await page.keyboard.press("End");
      assert.match(await focusedId(page), /^problems-table-row-/);
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-rowindex")), "10001");
    },
  );

  panelTest(
    "options ask the host again; what one looks at survives a reload",
    { hostCase: small },
    async (panel) => {
      const { page } = panel;
      await page.click("#finished-only");
      assert.deepEqual(await callsTo(panel, "setOptions"), [
        { interval: "jbb", referenceId: null, finishedOnly: true },
      ]);
      await page.click("#tab-coverage");
      await page.click("#coverage-both");
      await page.reload();
      await page.waitForFunction(() => document.body.dataset["ready"] === "1");
      assert.equal(await page.getAttribute("#tab-coverage", "aria-selected"), "true");
      assert.equal(await page.getAttribute("#coverage-both", "aria-pressed"), "true");
      // A tab of another version of the page.
      await page.evaluate(() => {
        for (const [key, kept] of Object.entries(sessionStorage) as [string, string][])
          sessionStorage.setItem(key, kept.replace('"tab":"coverage"', '"tab":"no such tab"'));
      });
      await page.reload();
      await page.waitForFunction(() => document.body.dataset["ready"] === "1");
      assert.equal(await page.getAttribute("#tab-curve", "aria-selected"), "true");
    },
  );
});
