// Boxes of perplexity: what is shown, opened, exported, and how it looks before anything is scored.
import assert from "node:assert/strict";
import { describe } from "node:test";
import type { Page } from "playwright-core";
import { callsOf, callsTo, panelTests } from "./harness/panelTests.ts";
import { scoredCase, unscoredCase } from "./harness/scoredCase.ts";

const panelTest = panelTests();

const openTab = async (page: Page): Promise<void> => {
  await page.click("#tab-perplexity");
  await page.waitForSelector("#body[aria-labelledby='tab-perplexity']");
};

const failing = (code: string, message: string) => (): never => {
  throw Object.assign(new Error(message), { code });
};

describe("curves panel: perplexity", () => {
  panelTest(
    "the base's scorer at first; the table twin has every box, with its interval",
    { hostCase: scoredCase() },
    async ({ page }) => {
      await openTab(page);
      await page.waitForSelector("#perplexity-chart canvas");
      await page.click("#show-table");
      const view = scoredCase().scores!();
      const base = view.scorers.find(({ model }) => model === "base")?.id;
      const sets = view.sets.filter(({ scorerId }) => scorerId === base);
      const rows = await page.$$eval("#perplexity-table tbody tr", (all) =>
        all.map((row) => [row.dataset["runId"], row.dataset["verdict"], row.textContent] as const),
      );
      assert.equal(rows.length, 2 * sets.length);
      // Base first, then the checkpoints by step.
      const ids = ["run-base", "rl-90", "rl-180", "rl-270"];
      assert.deepEqual([...new Set(rows.map(([id]) => id))], ids);
      for (const set of sets) {
        const cells = await page.$$eval(
          `#perplexity-table tr[data-run-id='${set.runId}'] td[data-value]`,
          (all) => all.map(({ dataset }) => [Number(dataset["value"]), dataset["low"]] as const),
        );
        assert.deepEqual(
          cells.map(([value]) => value),
          [set.boxes.correct?.median, set.boxes.wrong?.median],
        );
      }
      assert.match(rows.map(([, , words]) => words).join(), /too few problems/);
      assert.match(
        await page.innerText(".beside[data-run-id='rl-270']"),
        /1 trace could not be scored \(The trace does not fit\), 12 tokens at a floor/,
      );
      assert.match(
        await page.innerText("#foot"),
        /Bayesian bootstrap over problems[^]*prompt tokens not scored/,
      );
    },
  );

  panelTest(
    "a point by keys and by mouse: its numbers, its trace",
    { hostCase: scoredCase() },
    async (panel) => {
      const { page } = panel;
      await openTab(page);
      await page.focus("#perplexity-chart");
      for (const key of ["ArrowRight", "ArrowDown", "ArrowRight", "ArrowRight"])
        await page.keyboard.press(key);
      const spoken = (await page.textContent("#perplexity-readout")) ?? "";
      const [, problem, sample] =
        /^base-7k wrong, Problem (\d+), sample (\d+): PPL under base-7k 1\.\d{3}/.exec(spoken) ?? [];
      assert.ok(problem && sample, spoken);
      assert.match(spoken, /Percentile of base-7k's own 12, this problem \d+, Tokens \d+/);
      await page.keyboard.press("Enter");
      const [inspected] = await callsTo(panel, "inspectSample");
      const wanted = { runId: "run-base", problemKey: `key-${Number(problem) - 1}`, index: Number(sample) };
      assert.deepEqual(inspected, { ...wanted, scorer: "base-7k" });
      // The same point under the mouse.
      const card = page.locator("#perplexity-card");
      assert.match(await card.innerText(), new RegExp(`Problem ${problem}, sample ${sample}`));
      await page.mouse.move(2, 2);
      const places = await page.$eval(
        "#perplexity-chart",
        (box) => box.getBoundingClientRect().toJSON() as DOMRect,
      );
      // A busy page may show the card of the place before: then there is no point under the click, and it goes on.
      let calls = 1;
      for (let x = 190; x < 760 && calls === 1; x += 4) {
        await page.mouse.move(places.left + x, places.top + 24 + 60);
        if (!(await card.isVisible())) continue;
        await page.mouse.click(places.left + x, places.top + 24 + 60);
        calls = (await callsTo(panel, "inspectSample", 2)).length;
      }
      assert.equal(calls, 2);
    },
  );

  panelTest(
    "choices: every scorer, unsplit, linear, one problem alone; kept over a reload",
    { hostCase: scoredCase() },
    async ({ page }) => {
      await openTab(page);
      await page.click("#show-table");
      await page.click("#scorer");
      await page.click("#scorer vscode-option[value='every']");
      const count = (): Promise<number> => page.locator("#perplexity-table tbody tr").count();
      assert.equal(await count(), 2 * 6);
      await page.click("#split-verdicts");
      assert.equal(await count(), 6);
      await page.click("#scale");
      await page.click("#scale vscode-option[value='linear']");
      await page.click("#scored-problems tbody tr:nth-child(3)");
      assert.equal(await page.innerText("#scored-problem"), "Problem 3");
      assert.match(await page.innerText("#perplexity-table tbody tr:first-child"), /\s12\s/);
      await page.reload();
      await page.waitForSelector("#scored-problem");
      await page.click("#all-problems");
      assert.equal(await count(), 6);
    },
  );

  panelTest("exports: every box as CSV, the chart as vectors", { hostCase: scoredCase() }, async (panel) => {
    const { page } = panel;
    await openTab(page);
    await page.waitForSelector("#perplexity-chart canvas");
    const saved = async (item: string): Promise<{ suggestedName: string; content: string }> => {
      panel.host.calls.length = 0;
      await page.click("#export");
      await page.click(`#export-${item}`);
      return (await callsTo(panel, "saveExport"))[0] as never;
    };
    const csv = await saved("csv");
    assert.equal(csv.suggestedName, "countdown-perplexity.csv");
    const lines = csv.content.trim().split("\r\n");
    assert.equal(lines.length, 9);
    assert.match(
      lines[0] ?? "",
      /^texts,verdict,scorer,scorer_model,n,problems,median,median_low,median_high,/,
    );
    const svg = (await saved("svg")).content;
    assert.doesNotMatch(svg, /<image/);
    for (const words of ["base-7k", "step 270", "own samples", "seq. NLL, nats", "perplexity under base-7k"])
      assert.ok(svg.includes(words), words);
  });

  panelTest(
    "nothing is scored: what it needs, and the way there",
    { hostCase: unscoredCase() },
    async (panel) => {
      const { page } = panel;
      await openTab(page);
      await page.waitForSelector("#not-scored");
      assert.match(await page.innerText("#not-scored"), /log-probs of text it is given/);
      await page.click("#score-all");
      await page.waitForSelector("#perplexity-chart canvas");
      const [asked] = callsOf(panel, "scoreRuns") as { runIds: string[] }[];
      assert.equal(asked?.runIds.length, 4);
    },
  );

  panelTest(
    "a server that cannot score: why, and another one",
    {
      hostCase: {
        ...unscoredCase(),
        score: failing("noScoring", "No perplexity from llama: it ignores echo. Serve it otherwise."),
      },
    },
    async (panel) => {
      const { page } = panel;
      await openTab(page);
      await page.click("#score-all");
      await page.waitForSelector("#scoring-refused");
      const words = await page.innerText("#scoring-refused");
      assert.match(words, /it ignores echo\. Serve it otherwise\./);
      assert.match(words, /Curves, histogram, coverage and labels do not need it\./);
      assert.match(words, /Choose another scorer/);
    },
  );

  panelTest(
    "a folder that is not trusted scores nothing; progress is said while scoring goes on",
    {
      hostCase: {
        ...unscoredCase(),
        scores: () => ({
          version: 1,
          scorers: [],
          problems: [],
          sets: [],
          scoring: null,
          refusal: "Scoring is off in a folder that is not trusted.",
        }),
      },
    },
    async ({ page, emit }) => {
      await openTab(page);
      await page.waitForSelector("#not-scored");
      assert.equal(await page.locator("#score-all").count(), 0);
      assert.match(await page.innerText("#not-scored"), /not trusted/);
      await emit("scoring", { runId: "rl-90", scorer: "base-7k", done: 20, total: 80 });
      await page.waitForSelector("#scoring");
      assert.match(await page.innerText("#scoring"), /Scoring RL-90 under base-7k, 20 of 80/);
      await emit("scoring", null);
      await page.waitForSelector("#scoring", { state: "detached" });
    },
  );

  panelTest(
    "scores that cannot be read: said, and tried again",
    { hostCase: { ...unscoredCase(), scores: failing("storeFailed", "Could not read scores (EIO).") } },
    async (panel) => {
      const { page } = panel;
      await openTab(page);
      await page.waitForSelector("#scores-unread");
      assert.match(await page.innerText("#scores-unread"), /EIO/);
      const before = callsOf(panel, "readPerplexity").length;
      await page.click("#read-again");
      await page.waitForFunction(() => document.querySelector("#scores-unread") !== null);
      for (let i = 0; i < 100 && callsOf(panel, "readPerplexity").length === before; i++)
        await page.waitForTimeout(20);
      assert.equal(callsOf(panel, "readPerplexity").length, before + 1);
    },
  );
});
