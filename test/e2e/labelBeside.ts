// The inspector beside the Label view, in the real window: it follows the queue and takes no keys.
import { test } from "node:test";
import type { Frame } from "playwright-core";
import { focusView, labelsFrame } from "./labels.ts";
import { until } from "./until.ts";
import type { Workbench } from "./workbench.ts";

const bare = (text: string): string => text.replaceAll(/\s+/gu, "");

/** What the Label view shows, all of it at one moment. */
const shownIn = (frame: Frame) =>
  frame.evaluate(() => ({
    progress: document.querySelector("#progress")?.textContent ?? "",
    trace: [...document.querySelectorAll(".stepText")].map((step) => step.textContent).join(""),
    hasKeys: document.hasFocus() && document.body.dataset["keys"] === "on",
  }));

/** Both show the same trace, another one than `before`, and the keys are still labels. @returns the trace */
function together(workbench: Workbench, labelled: number, before: string): Promise<string> {
  return until(`both show the trace after ${labelled} labels`, async () => {
    const { progress, trace, hasKeys } = await shownIn(await workbench.webview("labels"));
    const isThere = hasKeys && progress.startsWith(`${labelled} of `) && trace !== "" && trace !== before;
    if (!isThere) return null;
    const inspector = await (await workbench.webview("inspector")).locator("#trace").allTextContents();
    return bare(inspector.join("")).includes(bare(trace)) ? trace : null;
  });
}

const inspectors = async ({ page }: Workbench): Promise<number> => {
  const entries = await Promise.all(
    page.frames().map((frame) =>
      frame
        .evaluate(() => document.querySelector("#app")?.getAttribute("data-entry") ?? null)
        // A frame that is going has none.
        .catch(() => null),
    ),
  );
  return entries.filter((entry) => entry === "inspector").length;
};

/** @param row of a run in the Runs view: its name and the words after it, which have nothing between them */
export function labelBesideTests(workbench: () => Workbench, row: string): void {
  test("the inspector beside the Label view goes along, and blind mode closes it", () =>
    workbench().watch("label-beside", async () => {
      const window = workbench();
      await window.command("View: Close All Editors");
      await window.rowMenu(row, "Label traces");
      await window.pick("Start");
      await labelsFrame(window, "#steps .step");
      await focusView(window);
      await window.page.keyboard.press("i");
      const first = await together(window, 0, "");
      await window.page.keyboard.press("3");
      const second = await together(window, 1, first);
      await window.screenshot("labels-inspector-dark");
      await window.page.keyboard.press("u");
      await together(window, 0, second);
      await window.page.keyboard.press("b");
      await until("blind mode closes it", async () => (await inspectors(window)) === 0);
      await window.page.keyboard.press("b");
      await until("it is off again", async () => {
        const frame = await window.webview("labels");
        return (await frame.locator("#source").count()) > 0;
      });
    }));
}
