// Who judged, what that changes, and the list of where judges differ; the host judges real lines with the real verifier.
import assert from "node:assert/strict";
import { describe } from "node:test";
import type { Page } from "playwright-core";
import type { CurvesContract } from "../../src/protocol/curves.ts";
import { judgedCase } from "./harness/judgedCase.ts";
import { callsOf, callsTo, focusedId, panelTests, small } from "./harness/panelTests.ts";

const panelTest = panelTests();
const hostCase = await judgedCase();
const modes = ["math@1:strict", "math@1:standard", "math@1:lenient"];
const changedBy = (judge: string) => {
  const [run] = hostCase.judgedBy?.(judge) ?? [];
  assert.ok(run?.verdicts);
  return run.verdicts;
};

async function choose(page: Page, list: string, value: string): Promise<void> {
  await page.click(`#${list}`);
  await page.click(`#${list} vscode-option[value='${value}']`);
}
const lineText = (page: Page, id: string) => page.textContent(`[id^='${id}']`);

describe("verdicts in the curves panel", () => {
  panelTest("a verifier is chosen over the curve; what it changes is told", { hostCase }, async (panel) => {
    const { page } = panel;
    assert.match((await page.textContent("#foot")) ?? "", /verifier labels \u201ccorrect\u201d in the file/);
    assert.equal(await page.locator("[id^='changed-']").count(), 0);
    await choose(page, "verifier", "math@1:strict");
    const [call] = await callsTo(panel, "judgeRuns");
    assert.deepEqual(call, { judge: "math@1:strict", runIds: [hostCase.runs[0]?.id] });
    await page.waitForSelector("[id^='changed-']");
    const { changed, modes: known } = changedBy("math@1:strict");
    const shown = (await lineText(page, "changed-")) ?? "";
    assert.ok(shown.startsWith(`Judged by math, strict. ${changed?.differ} of 480 verdicts (`), shown);
    assert.match(shown, /correct \u2192 no answer; .* wrong \u2192 correct; .* correct \u2192 wrong/);
    assert.match((await page.textContent("#foot")) ?? "", /verifier math@1:strict.*unparsed 240/);
    const words = (await lineText(page, "modes-")) ?? "";
    assert.ok(words.startsWith(`${known?.dependent} of 480 verdicts (50.0 %) depend on the mode.`), words);
    assert.equal(await page.$eval("#verifier", (list) => (list as HTMLSelectElement).value), "math@1:strict");
    // One column a mode.
    await page.click("[id^='show-modes-']");
    await page.waitForFunction(() => document.activeElement?.id === "tab-verdicts");
    assert.equal((await callsTo(panel, "judgeRuns")).length, 1, "a choice is told once");
    await page.waitForSelector("#verdicts-table");
    const [params] = callsOf(panel, "compareVerdicts") as { judges: string[] }[];
    assert.deepEqual(params?.judges, modes);
    const cells = page.locator("#verdicts-table tbody tr").first().locator("td[data-verdict]");
    assert.equal(await cells.count(), 3);
    assert.equal(await page.getAttribute("#verdicts-summary", "data-differ"), "240");
    assert.equal(await page.locator("#judges-table tbody tr").count(), 3);
  });

  panelTest("the changed verdicts by keyboard: list, sample, and back", { hostCase }, async (panel) => {
    const { page } = panel;
    await choose(page, "verifier", "math@1:strict");
    await page.focus("[id^='show-changed-']");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#verdicts-table");
    const { differ, counts } = changedBy("math@1:strict").changed ?? {};
    assert.equal(await page.locator("#verdicts-table tbody tr").count(), differ);
    assert.deepEqual(callsOf(panel, "compareVerdicts").length, 1);
    const kinds = await page.$$eval("#verdicts-table tbody tr", (rows) =>
      rows.map((row) =>
        [...row.querySelectorAll<HTMLElement>("td[data-verdict]")].map((c) => c.dataset["verdict"]),
      ),
    );
    assert.ok(kinds.every(([own, strict]) => own !== strict));
    // By kind, the most frequent first.
    const order = kinds.map((kind) => kind.join(" "));
    assert.deepEqual(
      [...new Set(order)],
      counts?.map((one) => one.kinds.join(" ")),
    );
    assert.equal(order.lastIndexOf(order[0]!) + 1, counts?.[0]?.count);
    const rates = await page.$$eval("#judges-table td[data-k='1']", (cells) =>
      cells.map((c) => c.textContent),
    );
    assert.equal(rates.length, 2);
    assert.notEqual(rates[0], rates[1]);
    // The same samples: what changes is known, without an interval.
    assert.match(
      (await page.textContent("#judges-table tbody tr:last-child")) ?? "",
      /\]\u2212\d+\.\d points.*\]0\.0 points$/,
    );
    await page.focus("#verdicts-table tbody tr");
    await page.keyboard.press("ArrowDown");
    const row = await focusedId(page);
    await page.keyboard.press("Enter");
    await page.waitForSelector("#sample-text");
    assert.match((await page.textContent(".otherVerdict")) ?? "", /wrong\(file\) by labels/);
    await page.keyboard.press("Escape");
    await page.waitForSelector("#verdicts-table");
    assert.equal(await focusedId(page), row);
  });

  panelTest("kinds are chosen, and the list is saved as CSV", { hostCase }, async (panel) => {
    const { page } = panel;
    await page.click("#tab-verdicts");
    await page.waitForSelector("#no-judges");
    await choose(page, "second-judge", "math@1:standard");
    await page.waitForSelector("#verdicts-table");
    await choose(page, "kinds", "incorrect correct");
    await page.waitForFunction(
      () => !document.querySelector("#verdicts-table td:nth-child(4)[data-verdict='correct']"),
    );
    const rows = await page.locator("#verdicts-table tbody tr").count();
    await page.click("#export");
    await page.click("#export-csv");
    const [saved] = (await callsTo(panel, "saveExport")) as { suggestedName: string; content: string }[];
    assert.equal(saved?.suggestedName, "rollouts-verdicts.csv");
    const [head, ...lines] = saved.content.trimEnd().split("\r\n");
    assert.match(head ?? "", /^problem,problem_key,sample,gold,.*math@1:standard verdict/);
    assert.equal(lines.length, rows);
    assert.ok(rows > 0 && lines.every((line) => /,incorrect,.*,correct,/.test(line)));
  });

  panelTest("the host's wish is followed once", { hostCase }, async ({ page, host, emit }) => {
    host.focus = { number: 5, runId: hostCase.runs[0]?.id ?? "", judges: ["own", "math@1:lenient"] };
    await emit("snapshot", host.snapshot());
    await page.waitForSelector("#verdicts-table");
    await page.click("#tab-curve");
    await emit("snapshot", host.snapshot());
    await page.waitForSelector("#curve-table");
    assert.equal(await page.getAttribute("#tab-curve", "aria-selected"), "true");
  });

  let tries = 0;
  const failing = (
    judges: readonly string[],
    options: Parameters<NonNullable<typeof hostCase.compare>>[1],
  ) => {
    tries++;
    if (tries === 1) throw Object.assign(new Error("Cancelled."), { code: "cancelled" });
    if (tries === 2)
      throw Object.assign(new Error("The disk is full. Free some space."), { code: "diskFull" });
    return hostCase.compare!(judges, options);
  };
  panelTest(
    "a cancelled and a failed comparison say so, and can be asked for again",
    { hostCase: { ...hostCase, compare: failing } },
    async ({ page }) => {
      await page.click("#tab-verdicts");
      await page.click("#compare-usual");
      await page.waitForSelector("#not-judged");
      assert.match((await page.textContent("#not-judged")) ?? "", /Cancelled\. What was judged is kept\./);
      await page.click("#judge-again");
      await page.waitForSelector("#not-judged[role='alert']");
      assert.match((await page.textContent("#not-judged")) ?? "", /disk is full/);
      await page.click("#judge-again");
      await page.waitForSelector("#verdicts-table");
    },
  );

  panelTest(
    "counts beside the curve are told for each run",
    { hostCase: small },
    async ({ page, host, emit }) => {
      const snapshot = host.snapshot();
      const counts = [{ undecided: 3, error: 1 }, { undecided: 2, refused: 7 }, {}];
      const runs = snapshot.runs.map((run, i) => ({ ...run, counts: { ...run.counts, ...counts[i] } }));
      const changed: CurvesContract["events"]["snapshot"] = { ...snapshot, runs };
      await emit("snapshot", changed);
      await page.waitForFunction(() => document.getElementById("foot")?.textContent?.includes("undecided"));
      const foot = (await page.textContent("#foot")) ?? "";
      const [first, second] = runs.map(({ name }) => name);
      assert.ok(foot.includes(`undecided 5 (${first} 3, ${second} 2)`), foot);
      assert.ok(foot.includes(`error 1 (${first} 1)`), foot);
      assert.ok(foot.includes(`refused 7 (${second} 7)`), foot);
    },
  );
});
