import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Frame } from "playwright-core";
import { decodeLine, type StoredLine } from "../../src/core/label/labelLine.ts";
import { jsonLines, type Workspace, type WorkspaceFiles } from "./workspace.ts";
import { curvesFrame } from "./curvesPanel.ts";
import { until } from "./until.ts";
import type { Workbench } from "./workbench.ts";

const file = "labelled.jsonl";
const problems = 50;
const perProblem = 24;
/** A person's five a second. */
const keyEveryMs = 200;

/** As demo rollouts: most answers wrong, one right in each problem, whose text names it. */
export const labelFiles = (): WorkspaceFiles => ({
  [file]: jsonLines(
    Array.from({ length: problems }, (_, i) => ({
      problem: `Make ${i + 10} of the numbers ${i + 1}, 2 and 7.`,
      answer: String(i + 10),
      completions: Array.from({ length: perProblem }, (__, j) =>
        j === i % perProblem
          ? `First, ${i + 1} + 2 = ${i + 3}.\n\nThen ${i + 3} + 7 = ${i + 10}.\n\nSo trace ${i} gives ${i + 10}.`
          : `It is not so. Try ${j}.`,
      ),
      scores: Array.from({ length: perProblem }, (__, j) => Number(j === i % perProblem)),
    })),
  ),
});

export const labelsFrame = (workbench: Workbench, selector: string): Promise<Frame> =>
  until(`the Label view shows ${selector}`, async () => {
    const frame = await workbench.webview("labels");
    return (await frame.locator(selector).count()) > 0 ? frame : null;
  });

/** VS Code shows the webview of a killed host for a moment more. */
const markOld = async (workbench: Workbench): Promise<void> => {
  await (await workbench.webview("labels")).evaluate(() => document.body.setAttribute("data-old", ""));
};

function linesIn({ folder }: Workspace): readonly StoredLine[] {
  const labels = join(folder, `${file}.labels`);
  if (!existsSync(labels)) return [];
  const [name] = readdirSync(labels).filter((one) => one.endsWith(".jsonl"));
  const text = name === undefined ? "" : readFileSync(join(labels, name), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => decodeLine(JSON.parse(line)));
}

const verdicts = (lines: readonly StoredLine[]): readonly string[] =>
  lines.map(({ act }) => (act.type === "undo" ? "undo" : act.entry.verdict));

const words = { "1": "wrong", "2": "ambiguous", "3": "correct" } as const;
type Key = keyof typeof words;
const keyOf = (i: number): Key => (["3", "1", "3", "2", "3"] as const)[i % 5] ?? "3";

/** Presses at the pace of a person, whatever the view does meanwhile. */
async function labelAtPace(workbench: Workbench, keys: readonly Key[]): Promise<void> {
  const start = Date.now();
  for (const [i, key] of keys.entries()) {
    await sleep(Math.max(0, start + i * keyEveryMs - Date.now()));
    await workbench.page.keyboard.press(key);
  }
}

/** What is shown then: `trace 17`, or "" at the end of the queue. */
async function untilLabelled(workbench: Workbench, count: number): Promise<string> {
  const { trace } = await until(`${count} are labelled`, async () => {
    const frame = await workbench.webview("labels");
    const shown = await frame.evaluate(() => ({
      old: document.body.hasAttribute("data-old"),
      progress: document.querySelector("#progress")?.textContent,
      steps: document.querySelector("#steps")?.textContent ?? "",
    }));
    if (shown.old || shown.progress !== `${count} of ${problems}`) return null;
    return { trace: /trace \d+/u.exec(shown.steps)?.[0] ?? "" };
  });
  return trace;
}

/** The view has the focus: its keys are labels. */
export async function focusView(workbench: Workbench): Promise<void> {
  const isOn = async (): Promise<boolean> => {
    const frame = await workbench.webview("labels");
    return frame.evaluate(() => document.hasFocus() && document.body.dataset["keys"] === "on");
  };
  // A window that was loaded anew puts its panels back one by one, and one of them may take the focus once more.
  await until("the view's keys are on", async () => {
    await workbench.command("Rollout Lens: Focus on Label View");
    return until("they are on by this", isOn, 5000);
  });
}

export function labelTests(workbench: () => Workbench, workspace: () => Workspace): void {
  test("50 chains of thought by keyboard alone, the extension host killed in between", () =>
    workbench().watch("labels", async () => {
      const window = workbench();
      await window.openFile(file);
      await window.editorAction("Open curves").click();
      await curvesFrame(window);
      await window.showViews();
      await window.rowMenu(`imported · n ${perProblem}`, "Label traces");
      await window.pick("Start");
      await labelsFrame(window, "#steps .step");
      await focusView(window);
      await untilLabelled(window, 0);

      const before = 24;
      const keys = Array.from({ length: problems }, (_, i) => keyOf(i));
      await labelAtPace(window, keys.slice(0, before));
      const last = await untilLabelled(window, before);
      assert.notEqual(last, "");
      assert.deepEqual(
        verdicts(linesIn(workspace())),
        keys.slice(0, before).map((key) => words[key]),
      );
      await window.screenshot("labels-dark");

      await markOld(window);
      await window.killExtensionHost();
      assert.equal(await untilLabelled(window, before), last, "it goes on where it was");
      await focusView(window);
      await window.page.keyboard.press("u");
      const undone = await untilLabelled(window, before - 1);
      assert.notEqual(undone, last, "the last one before the kill is back");
      await labelAtPace(window, keys.slice(before - 1));
      await untilLabelled(window, problems);

      const lines = linesIn(workspace());
      assert.deepEqual(verdicts(lines), [
        ...keys.slice(0, before).map((key) => words[key]),
        "undo",
        ...keys.slice(before - 1).map((key) => words[key]),
      ]);
      const standing = lines.filter(
        ({ id, act }) =>
          act.type !== "undo" && !lines.some((line) => line.act.type === "undo" && line.act.line === id),
      );
      const items = standing.map(({ act }) => (act.type === "undo" ? "" : act.entry.item));
      assert.equal(new Set(items).size, problems, "each trace once");
      assert.equal(new Set(lines.map(({ id }) => id)).size, lines.length);
    }));
}
