// The pointer finds its token in text of every kind; selection, copy and find reach the whole trace.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { accessTree, readOut } from "./harness/accessibility.ts";
import { until as untilTrue } from "../e2e/until.ts";
import { browserTests } from "./harness/browserTests.ts";
import { hoverUnits } from "./harness/hits.ts";
import { InspectorHost } from "./harness/inspectorHost.ts";
import { openInspector } from "./harness/inspectorPage.ts";
import { givePageBack } from "./harness/pages.ts";
import { seeded } from "./harness/syntheticRuns.ts";

const browserTest = browserTests("inspector");
const words = [
  "the sum of all parts gives 12 so x must be even and then".split(" "),
  // Faces, joined ones, accents that stand alone, flags, letters and ideographs beyond Latin, a pair of surrogates each.
  [
    "\u{1F600}",
    "\u{1F468}\u200D\u{1F469}\u200D\u{1F467}",
    "e\u0301t\u00e9",
    "a\u0308\u0332b",
    "\u{1F1E9}\u{1F1EA}",
  ],
  [
    "\u05e9\u05dc\u05d5\u05dd",
    "\u0645\u0631\u062d\u0628\u0627",
    "\u6570\u5b66\u8bc1\u660e",
    "\u{1D54F}\u{1D550}",
  ],
  ["\\frac{1}{2}"],
].flat();

/** Hover waits 300 ms on purpose, so that a thousand take minutes: ROLLOUT_LENS_HITS=1000 asks for them. */
const wanted = Number(process.env["ROLLOUT_LENS_HITS"] ?? 12);

function mixedText(length: number, random: () => number): string {
  const part = (i: number): string =>
    `${words[Math.floor(random() * words.length)]}${i % 60 === 59 ? "\n\n" : " "}`;
  return Array.from({ length }, (_, i) => part(i)).join("");
}

describe("inspector: pointer and selection", () => {
  browserTest(`hover names the right token ${wanted} times of ${wanted}`, async (browser, server) => {
    const random = seeded(5);
    const host = new InspectorHost({ texts: [mixedText(3000, random)], own: true });
    const { page, faults } = await openInspector(browser, { url: server.url("dark"), host });
    const { units, text } = host.scoresOf(0);
    const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
    const aims = Array.from({ length: wanted }, () => {
      const unit = Math.floor(random() * units.starts.length);
      const [start, end] = [units.starts[unit] ?? 0, units.ends[unit] ?? 0];
      const shown = [...segmenter.segment(text.slice(start, end))].filter(
        ({ segment }) => segment.trim() !== "",
      );
      const one = shown[Math.floor(random() * shown.length)];
      const from = start + (one?.index ?? 0);
      const share = [0.1, 0.5, 0.9][Math.floor(random() * 3)] ?? 0.5;
      return one && { unit, start: from, end: from + one.segment.length, share };
    }).filter((aim) => aim !== undefined);
    const hits = await hoverUnits(page, aims);
    assert.deepEqual(
      hits.filter(({ unit, found }) => String(unit) !== found),
      [],
    );
    assert.equal(hits.length, aims.length);
    assert.deepEqual(faults, []);
    await givePageBack(browser, page);
  });

  browserTest("all of it is selected and copied exactly, found, and read out", async (browser, server) => {
    const text = `Begin \u0007 here.\r\nNext line\u00a0and \u202eturned\u202c.\n\n${mixedText(6000, seeded(7))}\n\nneedle`;
    const host = new InspectorHost({ texts: [text], own: true });
    const { page, faults } = await openInspector(browser, { url: server.url("dark"), host });
    const copied = await page.evaluate(() => {
      const trace = document.querySelector("#trace") as HTMLElement;
      const copy = (): string => {
        const clipboardData = new DataTransfer();
        const event = new ClipboardEvent("copy", { clipboardData, bubbles: true, cancelable: true });
        trace.dispatchEvent(event);
        return event.defaultPrevented ? clipboardData.getData("text/plain") : "";
      };
      getSelection()?.selectAllChildren(trace);
      const all = copy();
      const first = trace.querySelector(".paragraph")?.firstChild as Text;
      getSelection()?.setBaseAndExtent(first, 6, first, 12);
      return { all, part: copy() };
    });
    assert.equal(copied.all, text);
    assert.equal(copied.part, text.slice(6, 12));
    const found = await page.evaluate(() => {
      getSelection()?.empty();
      return (window as unknown as { find(text: string): boolean }).find("needle");
    });
    assert.equal(found, true);
    assert.equal(await page.evaluate(() => getSelection()?.toString()), "needle");
    assert.equal(await page.textContent("#trace"), text);
    const read = readOut(await accessTree(page));
    const plain = (one: string): string => one.replace(/[\s\p{Cc}]+/gu, "");
    assert.ok(plain(read).includes(plain(text)), "the accessibility tree holds the trace in its order");
    assert.deepEqual(faults, []);
    await givePageBack(browser, page);
  });

  browserTest(
    "what is sought is found in folded thinking and far down, and the heat stays as it is",
    async (browser, server) => {
      const text = `<think>\nfirst\n\nneedle one\n</think>\n\n${mixedText(40_000, seeded(8))}\n\nneedle two and a token`;
      const host = new InspectorHost({ texts: [text], own: true });
      const { page, faults } = await openInspector(browser, { url: server.url("dark"), host });
      const heat = () =>
        page.evaluate(() =>
          [...CSS.highlights]
            .flatMap(([name, ranges]) => (ranges.size === 0 ? [] : [`${name} ${ranges.size}`]))
            .sort()
            .join(),
        );
      /** Thinking that unfolds moves the text: the colours around the view follow over some frames. */
      const settledHeat = async () => {
        let [last, alike] = [await heat(), 0];
        while (alike < 20) {
          await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
          const now = await heat();
          [last, alike] = [now, now === last ? alike + 1 : 0];
        }
        return last;
      };
      const toTop = () => page.locator("#scroll").evaluate((scroller) => scroller.scrollTo(0, 0));
      /** As the workbench's find widget seeks. */
      const find = (back = false) =>
        page.evaluate((backwards) => {
          const seek = window as unknown as { find(text: string, ...flags: readonly boolean[]): boolean };
          const found = seek.find("needle", false, backwards, true, false, false, false);
          const selection = getSelection();
          return `${found} ${selection?.anchorNode?.textContent?.trim().split("\n")[0]}`;
        }, back);
      await page.waitForFunction(() => document.querySelector("#trace")?.ariaBusy === null);
      for (const key of ["Control+f", "/"]) {
        await page.evaluate(() => getSelection()?.empty());
        await page.locator("#fold").evaluate((summary: HTMLElement) => summary.click());
        assert.equal(await page.locator("details.think").getAttribute("open"), null);
        await page.keyboard.press(key);
        await page.waitForSelector("details.think[open]");
        await toTop();
        const before = await settledHeat();
        assert.notEqual(before, "");
        assert.deepEqual(
          [await find(), await find(), await find(), await find(true)],
          [
            "true needle one",
            "true needle two and a token",
            "true needle one",
            "true needle two and a token",
          ],
        );
        // What is in view is in colour: back at the top that is what it was.
        await toTop();
        await untilTrue("the heat is what it was", async () => (await heat()) === before);
      }
      assert.equal(host.calls.filter(({ method }) => method === "showFind").length, 1);
      // The lists and the keys below have the word too; the trace comes first, and what is only for the ear is not found.
      await page.evaluate(() => getSelection()?.empty());
      await page.keyboard.press("Control+f");
      assert.equal(await page.textContent("#spoken"), "");
      assert.equal(
        await page.evaluate(() => {
          const seek = window as unknown as { find(text: string): boolean };
          return seek.find("token") && getSelection()?.anchorNode?.parentElement?.closest("#trace") !== null;
        }),
        true,
      );
      assert.deepEqual(faults, []);
      await givePageBack(browser, page);
    },
  );
});
