// What the inspector shows beside surprisal: other colours, a second scorer, a second trace, Markdown.
import assert from "node:assert/strict";
import { describe } from "node:test";
import type { Page } from "playwright-core";
import type { InspectorOptions } from "../../src/protocol/inspector.ts";
import { hostileTrace, type InspectorCase } from "./harness/inspectorHost.ts";
import { inspectorTest } from "./harness/inspectorTest.ts";

const other = "We add 2 + 2 = 4 and are done with all of it, and so the answer is four in the end.";
const scored: InspectorCase = { texts: [hostileTrace, other], own: true };

const sizes = (page: Page): Promise<Record<string, number>> =>
  page.evaluate(() => Object.fromEntries([...CSS.highlights].map(([name, { size }]) => [name, size])));

describe("inspector: modes", () => {
  inspectorTest(
    "log-ratio: a second scorer is asked for, then both directions are coloured, listed and walked",
    { ...scored, options: { colour: "logRatio" } },
    async (page, host) => {
      assert.match((await page.textContent("#no-ratio")) ?? "", /compares two scorers/);
      await page.click("#score-against");
      await page.waitForSelector("#up-table");
      assert.deepEqual(host.calls.find(({ method }) => method === "scoreTrace")?.params, {
        trace: 0,
        scorer: "base",
        slow: false,
        against: true,
      });
      assert.match(
        (await page.textContent(".legend")) ?? "",
        /log p log-probs in the file \u2212 log p base/,
      );
      const [up, down] = await Promise.all(
        ["#up-total", "#down-total"].map(async (id) => Number(await page.textContent(id))),
      );
      const painted = await sizes(page);
      const total = (kind: string): number =>
        [1, 2, 3].reduce((sum, step) => sum + (painted[`${kind}${step}`] ?? 0), 0);
      assert.deepEqual([total("up"), total("down")], [up, down]);
      assert.equal(painted["heat5"], 0);
      await page.keyboard.press("n");
      await page.waitForSelector("#card:not([hidden]) .ratioTable");
      assert.match((await page.textContent("#card")) ?? "", /Next token.*base.*Rank/);
    },
  );

  inspectorTest(
    "reachability: the sampler is set on the page",
    { ...scored, options: { colour: "reach" } },
    async (page, host) => {
      const outside = Number(await page.textContent("#outside-total"));
      assert.ok(outside > 0);
      assert.equal((await sizes(page))["heat5"], outside);
      assert.match((await page.textContent("#draws")) ?? "", /cannot be drawn/);
      await page.fill("#top-p", "1");
      await page.press("#top-p", "Enter");
      await page.waitForFunction(() => document.querySelector("#outside-total")?.textContent === "0");
      const set = host.calls.findLast(({ method }) => method === "setOptions");
      assert.ok(set);
      assert.equal((set.params as InspectorOptions).sampler.topP, 1);
      assert.match((await page.textContent("#draws")) ?? "", /10\^/);
      await page.fill("#top-p", "7");
      await page.press("#top-p", "Enter");
      assert.equal(await page.inputValue("#top-p"), "1");
    },
  );

  inspectorTest("ranks and forks have their legends and lists", scored, async (page) => {
    const choose = async (value: string): Promise<void> => {
      await page.click("#colour");
      await page.click(`#colour vscode-option[value='${value}']`);
    };
    await choose("rank");
    await page.waitForSelector("#ranks-table");
    assert.match((await page.textContent(".legend")) ?? "", /^Rank12 to 10to 100to 1,000beyond$/);
    await choose("entropy");
    await page.waitForSelector("#forks-table");
    assert.match((await page.textContent(".legend")) ?? "", /^Entropy, at least, nats/);
    const forks = Number(await page.textContent("#forks-total"));
    assert.equal(await page.locator("#forks-table tbody tr").count(), forks);
  });

  inspectorTest(
    "a second trace without scores says so, with one action; one of another run is not counted among the first's",
    { texts: [hostileTrace, "A second one.", other], own: false, guest: true },
    async (page, host) => {
      assert.equal(await page.textContent("#place"), "Sample 1 of 2");
      await page.click("#score");
      await page.waitForSelector("#unscored", { state: "detached" });
      await page.keyboard.press("c");
      await page.waitForSelector("#beside-unscored");
      assert.match(
        (await page.textContent("#beside-unscored")) ?? "",
        /sample 2, on the right, is not scored/,
      );
      await page.click("#score-beside");
      await page.waitForSelector("#beside-unscored", { state: "detached" });
      assert.deepEqual(host.calls.findLast(({ method }) => method === "scoreTrace")?.params, {
        trace: 1,
        scorer: "base",
        slow: false,
        against: false,
      });
      await page.keyboard.press("c");
      await page.keyboard.press("j");
      await page.waitForFunction(() => document.querySelector("#place")?.textContent === "Sample 2 of 2");
      await page.keyboard.press("j");
      const opened = host.calls.filter(({ method }) => method === "openTrace").map(({ params }) => params);
      assert.deepEqual(opened, [{ trace: 1 }]);
    },
  );

  inspectorTest(
    "a marked token from the Markdown view is shown where it stands: in the plain text",
    {
      ...scored,
      options: { text: "rendered" },
    },
    async (page) => {
      await page.waitForSelector(".rendered .markdown");
      await page.keyboard.press("n");
      await page.waitForSelector("#card:not([hidden])");
      assert.equal(await page.textContent("#text-mode"), "plain text");
      assert.equal(await page.isVisible(".now"), true);
    },
  );

  inspectorTest("f follows the file to its newest sample, and no more", scored, async (page, host) => {
    await page.keyboard.press("f");
    await page.waitForFunction((last) => document.querySelector("#trace")?.textContent === last, other);
    assert.equal(await page.getAttribute("#follow", "aria-pressed"), "true");
    await page.keyboard.press("f");
    await page.waitForSelector("#follow[aria-pressed=false]");
    const asked = host.calls.filter(({ method }) => method === "setFollow").map(({ params }) => params);
    assert.deepEqual(asked, [{ follow: true }, { follow: false }]);
  });

  inspectorTest(
    "two traces: own scores each, one legend, their texts in a diff",
    scored,
    async (page, host) => {
      await page.keyboard.press("c");
      await page.waitForSelector("#trace-beside .paragraph");
      assert.equal(await page.textContent("#trace-beside"), other);
      const heads = await page.$$eval(".columnHead", (all) => all.map(({ textContent }) => textContent));
      assert.match(heads[0] ?? "", /rl-300, sample 1wrong/);
      assert.match(heads[1] ?? "", /rl-300, sample 2correct/);
      const coloured = await page.evaluate(() =>
        ["#trace", "#trace-beside"].map((id) =>
          [...CSS.highlights.values()].some((highlight) =>
            [...highlight].some(({ startContainer }) => document.querySelector(id)?.contains(startContainer)),
          ),
        ),
      );
      assert.deepEqual(coloured, [true, true]);
      await page.keyboard.press("d");
      await page.waitForFunction(() => document.querySelector("#compare-text") !== null);
      assert.deepEqual(host.calls.find(({ method }) => method === "compareText")?.params, {
        left: 0,
        right: 1,
      });
      await page.keyboard.press("c");
      await page.waitForSelector("[data-column=beside]", { state: "hidden" });
      const left = await page.evaluate(() =>
        [...CSS.highlights.values()].flatMap((highlight) =>
          [...highlight].filter(
            ({ startContainer }) => !document.querySelector("#trace")?.contains(startContainer),
          ),
        ),
      );
      assert.equal(left.length, 0);
    },
  );

  const mathematics = String.raw`So \(x^2\) costs $5 and $6, in ${"`$a$`"}, and $y_1$ is **bold** <b>not</b>.

\[
\frac{1}{2}
\]

- \href{javascript:alert(1)}{x} [link](javascript:alert(1)) ![image](http://x.invalid/a.png)
- \(\fcolorbox{red}{blue}{z}\) \(\htmlStyle{color:red}{x}\) \(\notAMacro{x}\)`;

  inspectorTest(
    "Markdown: formulas as MathML, prices and code as text, nothing of the model as markup",
    { texts: [mathematics], own: true },
    async (page) => {
      await page.keyboard.press("r");
      await page.waitForSelector(".rendered math");
      assert.equal(await page.locator(".rendered .math.display mfrac").count(), 1);
      assert.match((await page.textContent(".rendered p")) ?? "", /costs \$5 and \$6, in \$a\$, and/);
      assert.equal(await page.textContent(".rendered strong"), "bold");
      assert.match((await page.textContent(".rendered p")) ?? "", /<b>not<\/b>/);
      const banned = ".rendered :is(a, img, b, script, iframe, [href], [src], [style], [onclick])";
      assert.equal(await page.locator(banned).count(), 0);
      assert.deepEqual(await page.locator(".unreadMath").allTextContents(), [String.raw`\(\notAMacro{x}\)`]);
      assert.match((await page.textContent(".legend")) ?? "", /^No colours in Markdown/);
      assert.ok(Object.values(await sizes(page)).every((size) => size === 0));
      await page.keyboard.press("r");
      await page.waitForSelector("#trace .raw");
      assert.equal(await page.textContent("#trace"), mathematics);
    },
  );
});
