// The Label view for those who do not see it, or not well; and hostile traces in it.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { assertReachable, accessTree, readOut } from "./harness/accessibility.ts";
import { browserTests } from "./harness/browserTests.ts";
import { hostileTraces } from "./harness/hostileTraces.ts";
import { madeProblems, type MadeRun } from "./harness/labelRuns.ts";
import { openLabels } from "./harness/labelsPage.ts";
import { withPage } from "./harness/pages.ts";

const browserTest = browserTests("labels");
const runOf = (problems = madeProblems(20)): MadeRun => ({
  id: "run",
  name: "rl-300",
  dataset: "aime",
  n: 64,
  problems,
});
/** From the top to the bottom. */
const parts =
  "header, .notice, .problem, .steps, .markLine, .choices, .noteLine, .keyLine, .help, footer, .results";

describe("Label view: accessibility", () => {
  for (const theme of ["dark", "light", "hc", "hclight"] as const)
    browserTest(
      `${theme}: all has a name and a role, and the Tab key goes down the page, seen`,
      async (browser, server) => {
        const shown = await openLabels(browser, server, { runs: [runOf()] }, { theme });
        const { page, press, until } = shown;
        const look = (least: number): Promise<void> => assertReachable(page, { parts, least });
        await withPage(browser, page, async () => {
          await look(12);
          if (theme !== "dark") return;
          await press("correct");
          await until("1 of 30");
          await press("previousTrace", "help", "problem", "flags", "markStep");
          await page.waitForSelector(".flag");
          await page.waitForSelector("#question");
          await look(15);
          await press("results");
          await page.waitForSelector("#roll-up");
          await look(1);
          assert.deepEqual(shown.faults, []);
        });
        await shown.host.close();
      },
    );

  browserTest(
    "the trace is read as text, step by step, and each label and the progress are announced",
    async (browser, server) => {
      const shown = await openLabels(browser, server, { runs: [runOf()], spec: { order: "problem" } });
      const { page, press, until } = shown;
      await withPage(browser, page, async () => {
        const nodes = await accessTree(page);
        const options = nodes.filter(({ role }) => role === "option").map(({ name }) => name);
        assert.deepEqual(options, [
          "First, we look at 0 once more, the 1. time.",
          "Then 2 + 2 = 5 and 0 + 1 = 1.",
          "So the answer is 1.",
        ]);
        assert.match(readOut(nodes), /First, we look at 0 once more, the 1\. time\..*Then 2 \+ 2 = 5/s);
        assert.deepEqual(
          nodes.filter(({ live }) => live === "polite" || live === "assertive").map(({ role }) => role),
          ["status"],
        );
        const bar = nodes.find(({ role }) => role === "progressbar");
        assert.equal(bar?.name, "Labelled");
        const said = (words: string): Promise<unknown> =>
          page.waitForFunction((wanted) => document.querySelector(".spoken")?.textContent === wanted, words);
        // One element from the beginning: a live region that is made with its words is often not heard.
        await page.evaluate(() => Object.assign(window, { first: document.querySelector(".spoken") }));
        await press("nextStep");
        await said("Step 2 of 3. Then 2 + 2 = 5 and 0 + 1 = 1.");
        await press("markStep");
        await said("First wrong step: 2.");
        await press("wrong");
        await said("Wrong. 1 of 30 labelled.");
        await press("skip");
        await said("Skipped. 1 of 30 labelled.");
        await press("previousTrace");
        await said("Back at a trace that is labelled wrong.");
        await press("nextTrace");
        await said("Forward at a trace that is not labelled.");
        await press("undo");
        await said("Taken back.");
        await until("0 of 30");
        await press("blind");
        await said("Blind mode on.");
        assert.equal(
          await page.evaluate(
            () => (window as unknown as { first: Element }).first === document.querySelector(".spoken"),
          ),
          true,
        );
        assert.deepEqual(shown.faults, []);
      });
      await shown.host.close();
    },
  );

  browserTest(
    "a short view: the trace has most of it, nothing is cut, and the note's key leads to the note",
    async (browser, server) => {
      const shown = await openLabels(browser, server, { runs: [runOf()] }, { width: 290, height: 424 });
      const { page, press } = shown;
      await withPage(browser, page, async () => {
        const box = async (selector: string): Promise<{ readonly height: number }> =>
          (await page.locator(selector).boundingBox()) ?? { height: 0 };
        assert.ok((await box("#steps")).height > 424 / 3, `${(await box("#steps")).height} px for the trace`);
        const cut = await page.$$eval(".choice, .problemHead b, .problemHead .gold", (all) =>
          all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent),
        );
        assert.deepEqual(cut, []);
        for (const height of [424, 250]) {
          await page.setViewportSize({ width: 290, height });
          await press("note");
          await page.waitForFunction(() => document.activeElement?.id === "note");
          assert.ok((await box("#note")).height > 20);
          await page.keyboard.press("Escape");
        }
        assert.deepEqual(shown.faults, []);
      });
      await shown.host.close();
    },
  );
});

describe("Label view: hostile traces", () => {
  for (const { name, text } of hostileTraces)
    browserTest(`${name}: text, plain and set`, async (browser, server) => {
      const problems = madeProblems(2, (problem, sample) => (problem === 0 ? text : `next ${sample}`));
      const shown = await openLabels(browser, server, {
        runs: [runOf(problems)],
        spec: { order: "problem" },
      });
      const { page, press, until } = shown;
      const requests: string[] = [];
      page.on("request", (request) => requests.push(request.url()));
      await withPage(browser, page, async () => {
        const bare = (all: string): string => all.replaceAll(/\s+/gu, "");
        const read = (await page.$$eval(".stepText", (all) => all.map((one) => one.textContent))).join("");
        assert.equal(bare(read), bare(text));
        const made = "#steps :is(img, script, iframe, style, base, a, object, svg:not(.icon))";
        assert.equal(await page.locator(made).count(), 0);
        await press("rendered");
        await page.waitForSelector("#steps .markdown");
        assert.equal(await page.locator(made).count(), 0);
        await press("flags", "problem", "markStep", "nextStep", "wrong");
        await until("1 of 3");
        await page.waitForFunction(() => document.querySelector(".stepText")?.textContent === "next 0");
        const { violations, title, owned } = await page.evaluate(() => ({
          violations: (window as unknown as { violations: readonly string[] }).violations,
          title: document.title,
          owned: "owned" in window,
        }));
        assert.deepEqual(
          { violations, title, owned, faults: shown.faults },
          { violations: [], title: "labels", owned: false, faults: [] },
        );
        assert.deepEqual(
          requests.filter((url) => !url.endsWith("/rendered.js")),
          [],
        );
      });
      await shown.host.close();
    });

  browserTest(
    "a thousand steps: all of them come, also those that are marked or flagged at once",
    async (browser, server) => {
      const text = Array.from(
        { length: 1000 },
        (_, i) => `Step ${i + 1}: 2 + 2 = ${i === 899 ? 5 : 4}.`,
      ).join("\n\n");
      const problems = madeProblems(2, (problem, sample) => (problem === 0 ? text : `next ${sample}`));
      const shown = await openLabels(browser, server, {
        runs: [runOf(problems)],
        spec: { order: "problem" },
      });
      const { page, press, until } = shown;
      await withPage(browser, page, async () => {
        const count = () => page.locator("#steps .step").count();
        await page.waitForFunction(() => document.querySelectorAll("#steps .step").length === 1000);
        const read = (await page.$$eval(".stepText", (all) => all.map((one) => one.textContent))).join(
          "\n\n",
        );
        assert.equal(read, text);
        await page.locator("#step-899").evaluate((step: HTMLElement) => step.click());
        await press("markStep", "wrong");
        await until("1 of 3");
        await press("previousTrace");
        await page.waitForSelector("#step-899 .firstWrong");
        await page.waitForSelector("#step-899 .flag");
        assert.equal(await count(), 1000);
        assert.equal(await page.locator(".current, [aria-selected=true]").count(), 1);
        assert.deepEqual(shown.faults, []);
      });
      await shown.host.close();
    },
  );
});
