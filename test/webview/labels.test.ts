// The Label view in a real browser, with its real host behind the wire: labels are files on disk.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe } from "node:test";
import { until as untilTrue } from "../e2e/until.ts";
import { decodeLine, type StoredLine } from "../../src/core/label/labelLine.ts";
import { openLabelLog } from "../../src/core/label/labelLog.ts";
import type { CotVerdict, LabelEntry } from "../../src/core/label/model.ts";
import { nodeFileStore } from "../../src/node/fileStore.ts";
import type { LabelAction } from "../../src/protocol/labels.ts";
import { browserTests } from "./harness/browserTests.ts";
import { madeProblems, type MadeRun } from "./harness/labelRuns.ts";
import type { LabelsCase, LabelsHost } from "./harness/labelsHost.ts";
import { openLabels, type LabelsPage, type LabelsPageOptions } from "./harness/labelsPage.ts";
import { withPage } from "./harness/pages.ts";
import { hostile } from "./harness/syntheticRuns.ts";

const browserTest = browserTests("labels");

const runOf = (own: Partial<MadeRun> = {}): MadeRun => ({
  id: "run",
  name: "rl-300",
  dataset: "aime",
  n: 64,
  problems: madeProblems(20),
  ...own,
});

function labelsTest(
  name: string,
  made: LabelsCase & LabelsPageOptions,
  steps: (shown: LabelsPage) => Promise<void>,
): void {
  browserTest(name, async (browser, server) => {
    const shown = await openLabels(browser, server, made, made);
    try {
      await withPage(browser, shown.page, async () => {
        await steps(shown);
        assert.deepEqual(shown.faults, []);
        assert.deepEqual(shown.page.isClosed(), false);
      });
    } finally {
      await shown.host.close();
    }
  });
}

/** Lines of a rater's file, in the order in which they were written. */
function linesOf(host: LabelsHost, run = "run", rater = "anna"): readonly StoredLine[] {
  const folder = host.labelFolder(run);
  const name = readdirSync(folder).find((one) => one === `${rater}.jsonl`) ?? "";
  return readFileSync(join(folder, name), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => decodeLine(JSON.parse(line)));
}

const entriesOf = (host: LabelsHost): readonly LabelEntry[] =>
  linesOf(host).flatMap(({ act }) => (act.type === "undo" ? [] : [act.entry]));

async function writeAs(
  host: LabelsHost,
  rater: string,
  said: ReadonlyMap<string, CotVerdict>,
): Promise<void> {
  const log = await openLabelLog(
    host.labelFolder("run"),
    { name: rater, kind: "human" },
    {
      files: nodeFileStore,
      clock: { now: () => Date.now() },
      newId: () => crypto.randomUUID(),
      owner: "test",
    },
  );
  for (const [item, verdict] of said)
    await log.set({ item, verdict, firstWrongStep: null, note: "", seconds: 1 });
  await log.close();
}

const byTurns = (count: number): LabelAction[] =>
  Array.from({ length: count }, (_, i) => (["wrong", "ambiguous", "correct"] as const)[i % 3] ?? "wrong");

describe("label view", () => {
  labelsTest("a key is a label on disk, then the next trace", { runs: [runOf()] }, async (shown) => {
    const { page, host, press, until } = shown;
    assert.equal(await page.textContent("#progress"), "0 of 30");
    const text = (await page.textContent("#steps")) ?? "";
    await press("wrong");
    await until("1 of 30");
    assert.notEqual(await page.textContent("#steps"), text);
    await press("ambiguous", "correct");
    await until("3 of 30");
    const entries = entriesOf(host);
    assert.deepEqual(
      entries.map(({ verdict }) => verdict),
      ["wrong", "ambiguous", "correct"],
    );
    assert.equal(new Set(entries.map(({ item }) => item)).size, 3);
    assert.ok(entries.every(({ seconds }) => seconds >= 0 && seconds < 60));
    assert.equal(host.badge.value, 27);
    assert.equal(await page.textContent("[role=status].spoken"), "Correct. 3 of 30 labelled.");
    assert.deepEqual(
      await page.$$eval(".choice", (all) =>
        all.map((one) => [one.textContent, one.getAttribute("aria-keyshortcuts")]),
      ),
      [
        ["1Wrong", "1"],
        ["2Ambiguous", "2"],
        ["3Correct", "3"],
      ],
    );
  });

  labelsTest(
    "keys faster than the disk: each label on its own trace, none lost",
    { runs: [runOf()] },
    async (shown) => {
      const { host, press, until } = shown;
      const keys = byTurns(30);
      // All are known to the page before the first is answered.
      for (const action of keys) void press(action);
      await until("30 of 30");
      const entries = entriesOf(host);
      assert.deepEqual(
        entries.map(({ verdict }) => verdict),
        keys,
      );
      assert.equal(new Set(entries.map(({ item }) => item)).size, 30);
      assert.match((await shown.page.textContent("#all-done")) ?? "", /All 30 traces are labelled/);
      assert.equal(host.badge.value, undefined);
    },
  );

  labelsTest("first wrong step, note, undo, back to correct", { runs: [runOf()] }, async (shown) => {
    const { page, host, press, until } = shown;
    await press("markStep", "nextStep", "nextStep");
    await page.waitForSelector("#step-2 .firstWrong");
    await press("note");
    await page.waitForFunction(() => document.activeElement?.id === "note");
    await page.keyboard.type("why 3?");
    await page.keyboard.press("Enter");
    await press("wrong");
    await until("1 of 30");
    assert.equal(await page.inputValue("#note"), "");
    const [first] = entriesOf(host);
    assert.deepEqual([first?.verdict, first?.firstWrongStep, first?.note], ["wrong", 2, "why 3?"]);
    const text = await page.textContent("#steps");
    await press("undo");
    await until("0 of 30");
    assert.equal(await page.getAttribute("#label-wrong", "aria-pressed"), "false");
    // A right chain has no wrong step, whatever was marked.
    await press("markStep", "correct");
    await until("1 of 30");
    assert.equal(entriesOf(host).at(-1)?.firstWrongStep, null);
    assert.equal(entriesOf(host).at(-1)?.item, first?.item);
    assert.equal(await page.textContent("#steps"), text);
    await press("previousTrace");
    await page.waitForSelector("#label-correct[aria-pressed=true]");
    await press("ambiguous");
    await page.waitForFunction((old) => document.querySelector("#steps")?.textContent === old, text);
    assert.deepEqual(
      linesOf(host).map(({ act }) => (act.type === "undo" ? "undo" : act.entry.verdict)),
      ["wrong", "undo", "correct", "ambiguous"],
    );
    assert.equal(await page.textContent("#progress"), "1 of 30");
  });

  labelsTest(
    "a note on a trace that is labelled is a line of its own, and undo takes it back",
    { runs: [runOf()] },
    async (shown) => {
      const { page, host, press, until } = shown;
      await press("markStep", "wrong");
      await until("1 of 30");
      await press("previousTrace");
      await page.waitForSelector("#label-wrong[aria-pressed=true]");
      const text = await page.textContent("#steps");
      await press("note");
      await page.waitForFunction(() => document.activeElement?.id === "note");
      await page.keyboard.type("sign of x");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.querySelector(".spoken")?.textContent === "Note saved.");
      const said = entriesOf(host).map(({ verdict, firstWrongStep, note }) => [
        verdict,
        firstWrongStep,
        note,
      ]);
      assert.deepEqual(said, [
        ["wrong", 0, ""],
        ["wrong", 0, "sign of x"],
      ]);
      assert.deepEqual(
        [await page.textContent("#progress"), await page.textContent("#steps")],
        ["1 of 30", text],
      );
      // Left as it was: nothing is written.
      await press("note");
      await page.waitForFunction(() => document.activeElement?.id === "note");
      await page.keyboard.press("Enter");
      await press("undo");
      await page.waitForFunction(() => document.querySelector(".spoken")?.textContent === "Taken back.");
      assert.equal(linesOf(host).length, 3);
      assert.deepEqual(
        [await page.textContent("#progress"), await page.inputValue("#note")],
        ["1 of 30", ""],
      );
    },
  );

  labelsTest(
    "the inspector beside goes where the queue goes, and is closed in blind mode",
    { runs: [runOf()], spec: { order: "problem" } },
    async ({ host, press, until, page }) => {
      await press("inspect", "correct", "correct");
      await until("2 of 30");
      // A moment after the last key.
      await page.waitForTimeout(300);
      await untilTrue(
        "the inspector is where the queue is",
        () => host.followed.at(-1)?.problemKey === "key-2",
      );
      assert.equal(host.inspected.length, 1);
      assert.deepEqual(host.followed.at(-1), { runId: "run", problemKey: "key-2", index: 1 });
      const followed = host.followed.length;
      assert.ok(followed <= 2, "keys that come fast are not followed one by one");
      await press("blind");
      await page.waitForSelector("#blind");
      assert.ok(host.closed > 0);
      await press("correct");
      await until("3 of 30");
      await page.waitForTimeout(400);
      assert.equal(host.followed.length, followed);
    },
  );

  const markedUp = (i: number, j: number): string =>
    `First **bold** and \\(x^2 + ${i}\\).\n\nThen <img src=x onerror=alert(1)> [a](javascript:alert(1)).\n\nSo ${j}.`;
  labelsTest(
    "Markdown and LaTeX are set where wanted, as nodes of our own, and stay so for the next trace",
    { runs: [runOf({ problems: madeProblems(4, markedUp) })] },
    async ({ page, press, until }) => {
      const plain = await page.textContent("#step-0 .stepText");
      assert.match(plain ?? "", /\*\*bold\*\* and \\\(x\^2/);
      await press("rendered");
      await page.waitForSelector("#step-0 math");
      await page.waitForSelector("#step-2 .markdown");
      assert.equal(await page.textContent("#step-0 strong"), "bold");
      assert.equal(await page.locator("#steps img, #steps a, #steps script").count(), 0);
      await press("markStep", "correct");
      await until("1 of 6");
      await page.waitForSelector("#step-0 math");
      assert.equal(await page.getAttribute("#do-rendered", "aria-pressed"), "true");
      await press("rendered");
      await page.waitForFunction(() => document.querySelector("#steps math") === null);
      assert.match((await page.textContent("#step-0 .stepText")) ?? "", /\*\*bold\*\*/);
    },
  );

  labelsTest("what is skipped comes last", { runs: [runOf()], spec: { size: null } }, async (shown) => {
    const { page, press, until } = shown;
    const first = await page.textContent("#steps");
    await press("skip");
    await page.waitForFunction((old) => document.querySelector("#steps")?.textContent !== old, first);
    assert.equal(await page.textContent("#pace"), "1 skipped");
    await press(...byTurns(29));
    await until("29 of 30");
    assert.equal(await page.textContent("#steps"), first);
  });

  labelsTest("typed letters, and a key that is held, are no labels", { runs: [runOf()] }, async (shown) => {
    const { page, host } = shown;
    await page.evaluate(() => {
      const left: string[] = [];
      Object.assign(window, { left });
      window.addEventListener("keydown", ({ key }) => left.push(key));
    });
    const left = () => page.evaluate(() => (window as unknown as { left: string[] }).left);
    const free = () =>
      host.sent.length > 0 ? page.evaluate(() => document.activeElement?.id ?? "") : Promise.resolve("");
    await page.click("#note");
    await page.keyboard.type("123 u");
    assert.deepEqual(await left(), []);
    assert.equal(await free(), "note");
    await page.keyboard.press("Escape");
    assert.notEqual(await free(), "note");
    await page.keyboard.down("1");
    await page.keyboard.down("1");
    await page.keyboard.down("1");
    await page.keyboard.up("1");
    assert.deepEqual(await left(), ["1"]);
    // A space is the note's key, also where a button has the focus.
    await page.focus("#label-correct");
    await page.keyboard.press("Space");
    assert.deepEqual(await left(), ["1", " "]);
    assert.equal(await page.textContent("#progress"), "0 of 30");
  });

  labelsTest(
    "false sums: only after the label, unless they are asked for",
    { runs: [runOf()] },
    async (shown) => {
      const { page, host, press, until } = shown;
      const told = () => JSON.stringify(host.sent).includes("2 + 2 is 4");
      assert.equal(await page.locator(".flag").count(), 0);
      assert.equal(told(), false);
      await press("flags");
      await page.waitForSelector("#step-1 .flag");
      assert.match((await page.textContent(".flag")) ?? "", /2 \+ 2 is 4, not 5/);
      await press("correct");
      await until("1 of 30");
      assert.equal(await page.locator(".flag").count(), 0);
      await press("previousTrace");
      await page.waitForSelector(".flag");
    },
  );

  labelsTest(
    "a trace is text, whatever is in it",
    { runs: [runOf({ problems: madeProblems(1, () => `One ${hostile}\n\nTwo \u202e.`) })] },
    async ({ page }) => {
      assert.equal(await page.locator("#app script, #app img").count(), 0);
      assert.ok((await page.textContent("#steps"))?.includes(hostile));
    },
  );

  const gone = madeProblems(3).map(({ texts, ...problem }) => ({ ...problem, texts: [...texts] }));
  labelsTest(
    "a trace that is gone from its file is not labelled, and can be skipped",
    { runs: [runOf({ problems: gone })], spec: { order: "problem" } },
    async ({ page, host, press, until }) => {
      // The file changes after the queue was read; what comes next was read ahead.
      gone[2]?.texts.splice(0);
      await press("correct", "correct", "correct");
      await page.waitForSelector("#failure");
      const told = (words: string) =>
        page.waitForFunction(
          (part) => document.querySelector("#failure")?.textContent?.includes(part) === true,
          words,
        );
      await press("correct");
      await told("so it is not labelled");
      await page.click("#skip");
      await until("3 of 4");
      await told("not in the file any more");
      assert.equal(entriesOf(host).length, 3);
    },
  );

  const secret = "SECRET";
  const secretRuns = ["a", "b"].map((id) =>
    runOf({
      id: `${secret}-run-${id}`,
      name: `${secret}-model-${id}`,
      dataset: `${secret}-data`,
      problems: madeProblems(8).map((problem) => ({ ...problem, id: `${secret}-${problem.id}` })),
    }),
  );
  labelsTest(
    "blind mode: no model, run, score, other rater, order or file, in the page or in any message",
    { runs: secretRuns, rater: `${secret}-me`, spec: { order: "hardFirst" } },
    async (shown) => {
      const { page, host, press, until } = shown;
      const dom = () => page.evaluate(() => document.documentElement.outerHTML);
      const names = new RegExp(
        `${secret}|hard|random|answer right|kappa|\\/64|sample \\d|rollout-lens-labels`,
        "i",
      );
      // Without it they are there: this can fail.
      assert.match(await dom(), names);
      assert.match(JSON.stringify(host.sent), names);
      await press("blind");
      await page.waitForSelector("#blind");
      host.sent.length = 0;
      await press("correct", "wrong", "markStep", "ambiguous");
      await until("3 of 12");
      await press("flags", "problem", "undo", "previousTrace", "help", "inspect", "results");
      await page.waitForSelector("#failure");
      assert.match((await page.textContent("#failure")) ?? "", /Blind mode hides this/);
      assert.deepEqual(host.inspected, []);
      // What fails is told without a name; so is what came back after a reload, and the line under the buttons.
      await host.call("judge", { item: 999, verdict: "wrong", firstWrongStep: null, note: "", seconds: 1 });
      await host.call("openConflict", { conflict: "0123456789abcdef" });
      await host.call("ready", {});
      await page.waitForTimeout(800);
      assert.doesNotMatch(await dom(), names);
      assert.doesNotMatch(JSON.stringify(host.sent), names);
      assert.ok(host.sent.length > 8);
      await page.reload();
      await page.waitForFunction(() => document.body.dataset["ready"] === "1");
      assert.doesNotMatch(await dom(), names);
      await press("blind");
      await page.waitForSelector("#source");
      assert.match(await dom(), names);
    },
  );

  labelsTest(
    "two raters: kappa, what the other said after one's own label, a conflict is settled",
    { runs: [runOf()], width: 460 },
    async (shown) => {
      const { page, host, press, until } = shown;
      await press(...byTurns(6));
      await until("6 of 30");
      const said = new Map(
        entriesOf(host).map(({ item, verdict }, i) => [item, i === 0 ? "correct" : verdict]),
      );
      await writeAs(host, "ben", said);
      await press("wrong");
      await page.waitForSelector("#kappa");
      assert.match((await page.textContent("#kappa")) ?? "", /^\u03ba 0\.\d\d on 6 shared$/);
      await press("previousTrace", "previousTrace");
      await page.waitForSelector("#others");
      assert.match((await page.textContent("#others")) ?? "", /^ben: correct/);
      await press("results");
      await page.waitForSelector("#conflicts li");
      assert.equal(await page.locator("#conflicts li").count(), 1);
      assert.match((await page.textContent("#raters")) ?? "", /anna 7, ben 6/);
      assert.match((await page.textContent("#agreement")) ?? "", /anna, ben/);
      assert.match((await page.textContent("#roll-up")) ?? "", /rl-300/);
      await page.click("#conflicts li vscode-button");
      await page.waitForSelector("#back-to-queue");
      assert.match((await page.textContent("#others")) ?? "", /anna: wrong.*ben: correct/);
      await press("correct");
      await page.waitForFunction(() =>
        document.querySelector("#conflicts li")?.textContent?.includes("settled: correct"),
      );
      assert.equal(linesOf(host).at(-1)?.act.type, "adjudication");
      await press("results");
      await page.waitForSelector("#steps");
      assert.equal(await page.textContent("#progress"), "7 of 30");
    },
  );

  labelsTest("nothing to label yet: one thing to do", { runs: [], hasQueue: false }, async ({ page }) => {
    assert.match((await page.textContent("#empty")) ?? "", /^A queue holds traces to judge/);
    assert.equal(await page.locator("vscode-button").count(), 1);
  });
});
