// Runs at work, and the states without data.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { until } from "../e2e/until.ts";
import { live } from "./harness/cases.ts";
import { FakeHost } from "./harness/fakeHost.ts";
import { callsOf, callsTo, focusedId, panelTests, small } from "./harness/panelTests.ts";
import { syntheticRuns } from "./harness/syntheticRuns.ts";

const panelTest = panelTests();

describe("curves panel: states", () => {
  panelTest(
    "while files are read the page says which, and how far",
    { hostCase: small, silent: true },
    async (panel) => {
      const { page, emit } = panel;
      const words = (): Promise<string> => page.innerText("#loading");
      assert.equal((await words()).trim(), "Reading the samples");
      await emit("reading", { run: "model-3", done: 3, runs: 20, share: 0.354 });
      assert.match(await words(), /^Reading the samples\s+model-3: run 4 of 20, 35 %$/);
      await emit("reading", { run: "alone", done: 0, runs: 1, share: 1 });
      assert.match(await words(), /\s+alone: 100 %$/);
      await emit("snapshot", panel.host.snapshot());
      assert.equal(await page.locator("#loading").count(), 0);
    },
  );

  panelTest("runs at work: numbers move, buttons ask, focus stays", { hostCase: live() }, async (panel) => {
    const { page, emit } = panel;
    assert.match((await page.textContent("#live-run-base")) ?? "", /base-7k sampling, 8,192 of 38,400/);
    await page.focus("#cancel-run-base");
    await emit("progress", [
      {
        runId: "run-base",
        state: "running",
        finished: 8_200,
        total: 38_400,
        message: null,
        failureCode: null,
      },
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
  });

  panelTest(
    "a verifier that failed on every sample is not taken for a run without samples",
    {
      hostCase: {
        ...small,
        runs: syntheticRuns({ problems: 4, n: 0, runs: 1 }).map((run) => ({
          ...run,
          problems: run.problems.map((one) => ({ ...one, error: 3 })),
        })),
        progress: () => ({ state: "imported", finished: 12, total: 12 }),
      },
    },
    async ({ page }) => {
      const words = await page.textContent("#waiting");
      assert.match(words ?? "", /^No sample has a verdict: the verifier failed on 12 samples\./);
    },
  );

  panelTest(
    "before the first sample every tab waits with a count; then the chart comes",
    {
      hostCase: {
        ...small,
        runs: syntheticRuns({ problems: 40, n: 0, runs: 2 }),
        progress: () => ({ state: "running", finished: 0, total: 320 }),
      },
    },
    async ({ page, emit }) => {
      for (const tab of ["histogram", "coverage", "problems", "curve"]) {
        await page.click(`#tab-${tab}`);
        assert.match((await page.textContent("#waiting")) ?? "", /^Sampling, 0 of 640$/);
      }
      await emit("snapshot", new FakeHost(small).snapshot());
      await page.waitForSelector("#curve-chart canvas");
      assert.equal(await page.locator("#waiting").count(), 0);
      assert.equal(await page.locator("#curve-table tbody tr").count(), 3);
    },
  );

  panelTest(
    "a run that stopped before its first sample does not claim to be sampling",
    {
      hostCase: {
        ...small,
        runs: syntheticRuns({ problems: 40, n: 0, runs: 1 }),
        progress: () => ({ state: "failed", finished: 0, total: 320, message: "No answer." }),
      },
    },
    async ({ page }) => assert.equal(await page.textContent("#waiting"), "No samples yet, 0 of 320"),
  );

  panelTest(
    "an error is said with what to do, and can be tried again",
    { hostCase: { title: "t", runs: [], error: "No rollouts in a.jsonl. Map its columns." } },
    async (panel) => {
      const { page } = panel;
      assert.match((await page.textContent("#error")) ?? "", /No rollouts in a\.jsonl\. Map its columns\./);
      await page.click("#retry");
      await until("the host is asked again", () => callsOf(panel, "ready").length > 1);
      assert.equal(callsOf(panel, "ready").length, 2);
    },
  );

  panelTest(
    "skipped lines are named and lead to their place",
    {
      hostCase: {
        ...small,
        lines: { skipped: 1, total: 4096 },
        issues: [
          { file: "/data/a.jsonl", line: 17, field: "answer", message: "expected string, got number" },
        ],
      },
    },
    async (panel) => {
      assert.match(
        (await panel.page.textContent("#issues")) ?? "",
        /1 of 4,096 lines was skipped\. a\.jsonl line 17: answer: expected string, got number/,
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
    await until("the chart has other colours", async () => (await pixels()) !== dark);
  });
});
