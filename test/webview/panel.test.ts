// The built panel in a real browser, under the CSP it has in the workbench, with a host that counts real tallies.
import assert from "node:assert/strict";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../workbench/browser.ts";
import { cases } from "./harness/cases.ts";
import { FakeHost } from "./harness/fakeHost.ts";
import { openPanel, type PanelOptions, type PanelPage } from "./harness/panelPage.ts";
import { startHarness, type HarnessServer } from "./harness/server.ts";
import { hostile, syntheticRuns } from "./harness/syntheticRuns.ts";

let browser: Browser | null = null;
let server: HarnessServer | null = null;
let missing = "";

before(async () => {
  server = await startHarness({ minify: true });
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

const small = { title: "countdown", runs: syntheticRuns({ problems: 40, n: 32 }) };

/** Opens the panel, runs the steps, and asserts that nothing was refused by the CSP and nothing threw. */
function panelTest(name: string, options: PanelOptions, steps: (panel: PanelPage) => Promise<void>): void {
  test(name, async (context: TestContext) => {
    if (!browser || !server) return context.skip(missing);
    const panel = await openPanel(browser, server, options);
    try {
      await steps(panel);
      assert.deepEqual(await panel.faults(), []);
    } finally {
      await panel.page.close();
    }
  });
}

const focusedId = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.id ?? "");
const callsOf = ({ host }: PanelPage, method: string): readonly unknown[] =>
  host.calls.filter((call) => call.method === method).map((call) => call.params);
const callsTo = async (panel: PanelPage, method: string): Promise<readonly unknown[]> => {
  for (let i = 0; i < 100 && callsOf(panel, method).length === 0; i++) await panel.page.waitForTimeout(50);
  return callsOf(panel, method);
};

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
    const walked: string[] = [];
    for (const key of ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "End", "Home"]) {
      await page.keyboard.press(key);
      walked.push(await focusedId(page));
    }
    const names = ["histogram", "coverage", "problems", "curve", "problems", "curve"];
    assert.deepEqual(
      walked,
      names.map((name) => `tab-${name}`),
    );
    assert.equal(await page.getAttribute("#tab-curve", "aria-selected"), "true");
  });

  panelTest("the crosshair walks by arrow keys and is read out", { hostCase: small }, async ({ page }) => {
    await page.focus("#curve-chart");
    await page.keyboard.press("Home");
    assert.match((await page.textContent("#curve-readout")) ?? "", /^k = 1: /);
    await page.keyboard.press("End");
    const words = (await page.textContent("#curve-readout")) ?? "";
    assert.match(words, /^k = 32: distilled [\d.]+ % \[/);
    assert.match((await page.textContent("#hover-card")) ?? "", /pass@32.*vs base-7k, points.*reference/);
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
      assert.equal(await page.title(), "Curves");
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
    "filter and sort; nothing found says so and can be cleared",
    { hostCase: small },
    async ({ page }) => {
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
    "exports: CSV and Markdown tables, PNG, and an SVG of vectors",
    { hostCase: small },
    async (panel) => {
      const { page, host } = panel;
      const saved = async (
        item: string,
      ): Promise<{ suggestedName: string; content: string | Uint8Array }> => {
        host.calls.length = 0;
        await page.click("#export");
        await page.click(`#export-${item}`);
        return (await callsTo(panel, "saveExport"))[0] as never;
      };
      const csv = await saved("csv");
      assert.equal(csv.suggestedName, "countdown-curve.csv");
      const points = host.snapshot().runs.flatMap(({ curve }) => curve);
      const lines = String(csv.content).trim().split("\r\n");
      assert.equal(lines.length, points.length + 1);
      assert.equal(Number(lines[1]?.split(",")[3]), points[0]?.passAtK);
      assert.match(
        String((await saved("markdown")).content),
        /^\| Model \|.*\n\| --- .*\n\| base-7k \| base \| 32 \|/,
      );
      const png = (await saved("png")).content as Uint8Array;
      assert.equal(new TextDecoder().decode(png.subarray(1, 4)), "PNG");
      assert.ok(png.length > 40_000, `${png.length} bytes`);
      const svg = String((await saved("svg")).content);
      assert.doesNotMatch(svg, /<image/);
      assert.ok((svg.match(/<path/g) ?? []).length > 60);
      for (const words of ["base-7k", "RL-270", "distilled", "n = 32", "100 %", "Difference from base-7k"])
        assert.ok(svg.includes(words), words);
      const shapes = await page.evaluate((text) => {
        const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
        return [
          parsed.querySelector("parsererror") !== null,
          parsed.querySelectorAll("text").length,
        ] as const;
      }, svg);
      assert.equal(shapes[0], false);
      assert.ok(shapes[1] > 25);
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
    },
  );

  const live = cases["live"];
  test("runs at work: numbers move, buttons ask, focus stays", async (context) => {
    if (!browser || !server || !live) return context.skip(missing);
    const panel = await openPanel(browser, server, { hostCase: await live() });
    const { page, emit } = panel;
    assert.match((await page.textContent("#live-run-base")) ?? "", /base-7k sampling, 8,192 of 38,400/);
    await page.focus("#cancel-run-base");
    await emit("progress", [
      { runId: "run-base", state: "running", finished: 8_200, total: 38_400, message: null },
    ]);
    await page.waitForFunction(
      () => document.querySelector("#cancel-run-base")?.textContent === "Cancel, keep 8,200",
    );
    assert.equal(await focusedId(page), "cancel-run-base");
    await page.click("#pause-run-base");
    await page.click("#resume-run-rl");
    assert.deepEqual(await callsTo(panel, "pauseRun"), [{ runId: "run-base" }]);
    assert.deepEqual(await callsTo(panel, "resumeRun"), [{ runId: "run-rl" }]);
    assert.match(
      (await page.textContent("[data-state='failed']")) ?? "",
      /distilled stopped at 1,024 of 38,400\. The server refused the key \(401\)/,
    );
    assert.deepEqual(await panel.faults(), []);
    await page.close();
  });

  panelTest(
    "before the first sample every tab waits with a count; then the chart comes",
    { hostCase: { ...small, runs: syntheticRuns({ problems: 40, n: 0, runs: 2 }) } },
    async ({ page, emit }) => {
      for (const tab of ["histogram", "coverage", "problems", "curve"]) {
        await page.click(`#tab-${tab}`);
        assert.match((await page.textContent("#waiting")) ?? "", /^Sampling, 0 of /);
      }
      await emit("snapshot", new FakeHost(small).snapshot());
      await page.waitForSelector("#curve-chart canvas");
      assert.equal(await page.locator("#waiting").count(), 0);
      assert.equal(await page.locator("#curve-table tbody tr").count(), 3);
    },
  );

  panelTest(
    "an error is said with what to do, and can be tried again",
    { hostCase: { title: "t", runs: [], error: "No rollouts in a.jsonl. Map its columns." } },
    async (panel) => {
      const { page } = panel;
      assert.match((await page.textContent("#error")) ?? "", /No rollouts in a\.jsonl\. Map its columns\./);
      await page.click("#retry");
      await page.waitForTimeout(100);
      assert.equal(callsOf(panel, "ready").length, 2);
    },
  );

  panelTest(
    "skipped lines are named and lead to their place",
    {
      hostCase: {
        ...small,
        issues: [
          { file: "/data/a.jsonl", line: 17, field: "answer", message: "expected string, got number" },
        ],
      },
    },
    async (panel) => {
      assert.match(
        (await panel.page.textContent("#issues")) ?? "",
        /1 line was skipped\. a\.jsonl line 17: answer: expected string, got number/,
      );
      await panel.page.click("#issue-0");
      assert.deepEqual(await callsTo(panel, "openIssue"), [{ file: "/data/a.jsonl", line: 17 }]);
    },
  );

  panelTest(
    "under 700 px the strip and the names go, the bands' switch is in the menu",
    { hostCase: small, width: 560 },
    async ({ page }) => {
      assert.equal(await page.isVisible("#difference-chart"), false);
      assert.equal(await page.isVisible("#bands"), false);
      await page.click("#more");
      assert.equal(await page.getAttribute("#more-bands", "aria-checked"), "true");
      await page.keyboard.press("Escape");
      assert.equal(await focusedId(page), "more");
    },
  );

  panelTest("a theme change repaints the chart", { hostCase: small }, async ({ page }) => {
    const pixels = (): Promise<string> =>
      page.$eval("#curve-chart canvas", (canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const dark = await pixels();
    await page.evaluate(() => {
      document.documentElement.style.setProperty("--vscode-charts-foreground", "#ff0000");
      document.body.style.setProperty("--vscode-rolloutLens-series-base", "#ff00ff");
      document.body.classList.replace("vscode-dark", "vscode-light");
    });
    await page.waitForTimeout(200);
    assert.notEqual(await pixels(), dark);
  });
});
