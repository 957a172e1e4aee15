// Differences along k, gaps, and what the Curve tab asks for beyond its snapshot.
import assert from "node:assert/strict";
import { describe } from "node:test";
import type { Page } from "playwright-core";
import type { BandView, GapsView, MetricView } from "../../src/protocol/analyses.ts";
import { percent } from "../../src/core/numberWords.ts";
import type { ExportFile, ExportTable } from "../../src/protocol/exports.ts";
import { facetRuns, unequal } from "./harness/cases.ts";
import { callsTo, panelTests, small } from "./harness/panelTests.ts";

const panelTest = panelTests();

async function pick(page: Page, id: string, value: string): Promise<void> {
  await page.click(`#${id}`);
  await page.click(`#${id} vscode-option[value='${value}']`);
}

/** Numbers of a cell's data. */
const dataOf = (page: Page, cell: string): Promise<Record<string, number>> =>
  page.$eval(cell, (element) =>
    Object.fromEntries(
      Object.entries((element as HTMLElement).dataset).map(([key, value]) => [key, Number(value)]),
    ),
  );

describe("curves panel: differences and gaps", () => {
  panelTest(
    "the difference at every k, and the wider band where a k is looked for",
    { hostCase: small },
    async (panel) => {
      const { page, host } = panel;
      await page.click("#tab-difference");
      await page.click("#show-table");
      const snapshot = host.snapshot();
      const rl = snapshot.differences.find(({ runId }) => runId === "run-rl");
      const cell = "#difference-points tr[data-k='4'] td:nth-child(3)";
      const four = rl?.points.find(({ k }) => k === 4);
      assert.equal((await dataOf(page, cell))["value"], four?.difference);
      assert.equal(await page.locator("#difference-table tbody tr").count(), 2);
      const narrow = await page.$eval("#difference-whole canvas", (one) =>
        (one as HTMLCanvasElement).toDataURL(),
      );
      await pick(page, "question", "1");
      await page.waitForSelector("#difference-points th:has-text('over all k')");
      const [band] = (host.answer("readBands", {}) as readonly BandView[]).filter(
        ({ runId }) => runId === "run-rl",
      );
      const point = band?.points.find(({ k }) => k === 4);
      const shown = await dataOf(page, cell);
      assert.deepEqual([shown["bandLow"], shown["bandHigh"]], [point?.bandLow, point?.bandHigh]);
      assert.ok((point?.bandLow ?? 0) < (point?.low ?? 0));
      assert.notEqual(
        await page.$eval("#difference-whole canvas", (one) => (one as HTMLCanvasElement).toDataURL()),
        narrow,
      );
      assert.match((await page.textContent("#foot")) ?? "", /95 % for all k at once/);
      await page.click("#export");
      await page.click("#export-csv");
      const [file] = (await callsTo(panel, "saveExport")) as ExportFile[];
      assert.match(
        String(file?.content),
        /^run,reference,k,difference,low,high,band_low,band_high,problems,settings\r\n/,
      );
      assert.match(String(file?.content), /max tokens 64/);
    },
  );

  panelTest("keys walk along k and say the differences", { hostCase: small }, async ({ page }) => {
    await page.click("#tab-difference");
    await page.focus("#difference-whole");
    await page.keyboard.press("End");
    assert.match(
      (await page.textContent("#difference-card")) ?? "",
      /^k = 32: RL-270 [+\u2212\d.]+ \[.*distilled/,
    );
    await page.keyboard.press("Escape");
    assert.equal(await page.isVisible("#difference-card"), false);
    await page.click("#difference-table tbody tr[data-run-id='run-rl']");
    assert.equal(await page.getAttribute("#tab-problems", "aria-selected"), "true");
  });

  panelTest(
    "gaps of every run, at a k that is chosen, as Parquet too",
    { hostCase: unequal() },
    async (panel) => {
      const { page, host } = panel;
      await page.click("#tab-gap");
      await page.waitForSelector("#gap-table");
      const at = (k: number | null): GapsView => host.answer("readGaps", { k }) as GapsView;
      assert.equal(at(null).k, 64);
      const cell = "#gap-table tr[data-run-id='run-rl'] td:nth-child(8)";
      const [row] = at(null).rows;
      assert.deepEqual(await dataOf(page, cell), { value: row?.gap, low: row?.low, high: row?.high });
      assert.match(
        (await page.textContent(".gapWarning")) ?? "",
        /5 problems with fewer than 64 samples of base-7k are left out/,
      );
      await pick(page, "gap-k", "8");
      await page.waitForSelector("#gap-table th:has-text('pass@8')");
      assert.equal((await dataOf(page, cell))["value"], at(8).rows[0]?.gap);
      await page.click("#export");
      await page.click("#export-parquet");
      const [table] = (await callsTo(panel, "saveParquet")) as ExportTable[];
      assert.equal(table?.suggestedName, "countdown4-heldout-gap.parquet");
      assert.equal(table?.rows[0]?.[table.head.indexOf("gap")], at(8).rows[0]?.gap);
      assert.match(table?.notes["settings"] ?? "", /model differs/);
    },
  );

  panelTest(
    "G-Pass@k at a tau, Cover@tau, a forecast in words",
    { hostCase: small },
    async ({ page, host }) => {
      await pick(page, "metric", "gPass");
      await page.waitForSelector("#curve-table th:has-text('G-Pass@32')");
      await pick(page, "tau", "1");
      await page.waitForSelector("#foot:has-text('tau 1')");
      const strict = (host.answer("readGPass", { tau: 1 }) as readonly MetricView[])[0]?.points;
      await page.waitForFunction(
        (value) =>
          document.querySelector<HTMLElement>("#curve-table td[data-k='32']")?.dataset["value"] ===
          String(value),
        strict?.find(({ at }) => at === 32)?.value,
      );
      await pick(page, "metric", "cover");
      await page.waitForSelector("#curve-table th:has-text('Cover@0.5')");
      const cover = (host.answer("readCover", {}) as readonly MetricView[])[0]?.points;
      const half = await dataOf(page, "#curve-table td[data-k='0.5']");
      assert.equal(half["value"], cover?.find(({ at }) => at === 0.5)?.value);
      await pick(page, "metric", "pass");
      await page.click("#forecast");
      await page.waitForSelector(".notice:has-text('not measured')");
      assert.match(
        (await page.textContent(".underChart")) ?? "",
        /Forecast of base-7k beyond n = 32, not measured:.*Whatever the law/,
      );
      await page.click("#show-table");
      assert.equal(await page.locator("#forecast-points tr[data-run-id='run-base']").count(), 16);
    },
  );

  panelTest(
    "facets: one chart a value, the base in each; hover and keys as in one chart",
    { hostCase: { title: "f", runs: facetRuns() } },
    async ({ page, host }) => {
      await pick(page, "facet", "by kl");
      const labels = await page.$$eval(".chartBox.facet", (all) =>
        all.map((one) => one.getAttribute("aria-label")),
      );
      assert.equal(labels.length, 2);
      assert.match(labels[0] ?? "", /^kl = 0, pass@k for k from 1 to 64: base-7k, GRPO, PPO\./);
      assert.match(labels[1] ?? "", /^kl = 0\.001, pass@k for k from 1 to 64: base-7k, GRPO-kl\./);
      await page.focus("#facet-1");
      await page.keyboard.press("End");
      const last = (name: string): string =>
        percent(
          host
            .snapshot()
            .runs.find((run) => run.name === name)
            ?.curve.at(-1)?.passAtK ?? 0,
        );
      assert.match(
        (await page.textContent("#facet-1-readout")) ?? "",
        new RegExp(`^k = 64: base-7k ${last("base-7k")} % .*; GRPO-kl ${last("GRPO-kl")} % [^;]*$`),
      );
      assert.match((await page.textContent("#facet-1-card")) ?? "", /^k = 64pass@64base-7k/);
      assert.equal(await page.isVisible("#facet-0-card"), false);
      const box = await page.$eval("#facet-0", (one) => one.getBoundingClientRect().toJSON() as DOMRect);
      await page.mouse.move(box.left + 70, box.top + 100);
      assert.match((await page.textContent("#facet-0-card")) ?? "", /^k = 1pass@1GRPO/);
      await page.focus("#facet-1");
      await page.keyboard.press("Home");
      await page.click("#bands");
      // Drawn anew it still listens, from where it begins.
      await page.focus("#facet-1");
      await page.keyboard.press("ArrowRight");
      assert.match((await page.textContent("#facet-1-readout")) ?? "", /^k = 1: /);
      await page.keyboard.press("Enter");
      assert.equal(await page.getAttribute("#tab-problems", "aria-selected"), "true");
      assert.match((await page.textContent("#filter-at")) ?? "", /GRPO-kl.*pass@1|pass@1.*GRPO-kl/);
      await page.click("#tab-curve");
      await pick(page, "facet", "none");
      assert.equal(await page.isVisible("#curve-chart"), true);
    },
  );

  panelTest(
    "coverage: what is surely worse; problems: every run, training signal",
    { hostCase: small },
    async ({ page }) => {
      await page.click("#tab-coverage");
      const sure = Number(await page.getAttribute("#coverage-noise-row-worse1 td[data-value]", "data-value"));
      await page.click("#show-worse-1");
      assert.equal(await page.locator("#worse-problems tbody tr").count(), sure);
      assert.ok(sure > 0);
      await page.click("#coverage-both");
      assert.equal(await page.locator("#worse-problems").count(), 0);
      await page.click("#tab-problems");
      await pick(page, "problem-columns", "every");
      assert.match((await page.textContent("#problems-table thead")) ?? "", /base-7k.*RL-270.*distilled/);
      await pick(page, "problem-columns", "signal");
      assert.match((await page.textContent("#problems-table thead")) ?? "", /mixed groups of 8, %/);
      assert.match((await page.textContent("#foot")) ?? "", /base-7k mixed groups \d/);
    },
  );
});
