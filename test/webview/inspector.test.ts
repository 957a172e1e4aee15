// The trace inspector's page in a real browser, under its CSP.
import assert from "node:assert/strict";
import { describe } from "node:test";
import type { Page } from "playwright-core";
import { hostileTrace, type InspectorCase } from "./harness/inspectorHost.ts";
import { inspectorTest } from "./harness/inspectorTest.ts";

const right = "We add 2 + 2 = 4 and are done with all of it.";
const scored: InspectorCase = { texts: [hostileTrace, right], own: true };

/** The text under each highlight, as it is painted. */
const painted = (page: Page, name: string): Promise<string[]> =>
  page.evaluate(
    (one) =>
      [...(CSS.highlights.get(one) ?? [])].map((range) => {
        const copy = document.createRange();
        copy.setStart(range.startContainer, range.startOffset);
        copy.setEnd(range.endContainer, range.endOffset);
        return copy.toString();
      }),
    name,
  );

const untilPainted = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => [...CSS.highlights.values()].some(({ size }) => size > 0));

describe("trace inspector", () => {
  inspectorTest(
    "the text is the trace, hostile or not, and the heat lies on its tokens",
    scored,
    async (page, host) => {
      const text = await page.$$eval("#trace .paragraph", (all) =>
        all.map((one) => one.textContent).join(""),
      );
      assert.equal(text, hostileTrace);
      assert.equal(await page.locator("#trace img, #trace script").count(), 0);
      await untilPainted(page);
      const { tokens, units } = host.scoresOf(0);
      const cuts = [0.5, 0.2, 0.05, 0.01, 0.001].map((p) => Math.log(p));
      const wanted = [1, 2, 3, 4, 5].map((bucket) =>
        [...tokens.logProbs.keys()]
          .filter((i) => cuts.filter((cut) => (tokens.logProbs[i] ?? 0) < cut).length === bucket)
          .map((i) => hostileTrace.slice(units.starts[i], units.ends[i]).trim()),
      );
      assert.ok(wanted.flat().length > 3);
      for (const [i, words] of wanted.entries())
        assert.deepEqual((await painted(page, `heat${i + 1}`)).sort(), words.sort());
      assert.deepEqual(await painted(page, "wrongSum"), ["49,994 + 20,006 = 69,990"]);
      assert.match((await page.textContent(".claim")) ?? "", /is 70000, not 69,990/);
      const { perplexity } = await page.evaluate(() => ({
        perplexity: document.querySelector("#perplexity")?.textContent,
      }));
      const mean = tokens.logProbs.reduce((sum, value) => sum + value, 0) / tokens.logProbs.length;
      assert.equal(perplexity, `PPL ${Math.exp(-mean).toFixed(2)}`);
    },
  );

  inspectorTest("keys: low tokens, samples, raw text, folded thinking", scored, async (page, host) => {
    await untilPainted(page);
    await page.keyboard.press("n");
    await page.waitForSelector("#card:not([hidden])");
    const { tokens } = host.scoresOf(0);
    const first = tokens.logProbs.findIndex((logProb) => -logProb >= Math.LN2);
    assert.equal(await page.getAttribute("#card", "data-unit"), String(first));
    assert.match((await page.textContent("#card")) ?? "", new RegExp(`token ${first}.*Log-prob`));
    await page.keyboard.press("Escape");
    assert.equal(await page.isVisible("#card"), false);
    await page.keyboard.press("z");
    assert.equal(await page.$eval("#trace details", (one) => (one as HTMLDetailsElement).open), false);
    await page.keyboard.press("r");
    await page.waitForSelector(".rendered .markdown");
    await page.keyboard.press("r");
    await page.waitForSelector("#trace .raw");
    assert.equal(await page.textContent("#trace"), hostileTrace);
    await page.keyboard.press("j");
    await page.waitForFunction(() => document.querySelector("#place")?.textContent === "Sample 2 of 2");
    assert.equal(await page.textContent("#trace"), right);
    assert.deepEqual(
      host.calls.filter(({ method }) => method === "scoreTrace"),
      [],
    );
  });

  inspectorTest("the pointer finds its token, and none beside the text", scored, async (page, host) => {
    await untilPainted(page);
    const { tokens, units } = host.scoresOf(0);
    for (const unit of [3, 12, tokens.ids.length - 2]) {
      const at = (units.starts[unit] ?? 0) + 1;
      const box = await page.evaluate((offset) => {
        let seen = 0;
        for (const node of [...document.querySelectorAll("#trace .paragraph")].flatMap((one) => [
          ...one.childNodes,
        ]) as Text[]) {
          if (offset < seen + node.length) {
            const range = document.createRange();
            range.setStart(node, offset - seen);
            range.setEnd(node, offset - seen + 1);
            return range.getBoundingClientRect().toJSON() as {
              x: number;
              y: number;
              width: number;
              height: number;
            };
          }
          seen += node.length;
        }
        return null;
      }, at);
      assert.ok(box);
      await page.mouse.move(box.x + 0.8 * box.width, box.y + box.height / 2);
      await page.waitForFunction(
        (wanted) => document.querySelector<HTMLElement>("#card:not([hidden])")?.dataset["unit"] === wanted,
        String(unit),
      );
    }
    await page.mouse.move(840, 780);
    await page.waitForSelector("#card", { state: "hidden" });
  });

  inspectorTest("not scored: one action scores it", { texts: [right], own: false }, async (page, host) => {
    assert.match((await page.textContent("#unscored")) ?? "", /^No log-probs in the file/);
    await page.click("#score");
    await page.waitForSelector("#perplexity");
    assert.deepEqual(host.calls.find(({ method }) => method === "scoreTrace")?.params, {
      trace: 0,
      scorer: "base",
      slow: false,
      against: false,
    });
    assert.match((await page.textContent("#scorer")) ?? "", /Scorer: base/);
  });

  const message = "No perplexity from base: it cannot score text it did not write. Serve it with vLLM.";
  inspectorTest(
    "refused: why, and what can be done",
    { texts: [right], own: false, refusal: { code: "noScoring", message } },
    async (page, host) => {
      await page.keyboard.press("s");
      await page.waitForSelector("#failure");
      assert.equal(await page.textContent("#failure"), message);
      assert.equal(await page.locator("#another-scorer").count(), 1);
      await page.click("#score-slow");
      await page.waitForSelector("#perplexity");
      assert.deepEqual(host.calls.at(-1)?.params, { trace: 0, scorer: "base", slow: true, against: false });
    },
  );

  inspectorTest(
    "nothing to show: the reason",
    { texts: [], own: false, error: "The text is gone." },
    async (page) => {
      assert.match((await page.textContent("#error")) ?? "", /The text is gone\./);
    },
  );
});
