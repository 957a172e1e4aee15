import assert from "node:assert/strict";
import { test } from "node:test";
import type { Frame } from "playwright-core";
import { curvesFrame } from "./curvesPanel.ts";
import { until } from "./until.ts";
import type { Workbench } from "./workbench.ts";

/** The inspector's frame, once it shows what is wanted. */
const inspectorWith = (workbench: Workbench, selector: string): Promise<Frame> =>
  until(`the inspector shows ${selector}`, async () => {
    const frame = await workbench.webview("inspector");
    return (await frame.locator(selector).count()) > 0 ? frame : null;
  });

/** Needs the demo models' runs, and their curves in front. */
export function inspectorTests(workbench: () => Workbench): void {
  test("a sample of a demo run under the demo base: inspect, score, walk the unlikely tokens", () =>
    workbench().watch("inspector", async () => {
      const curves = await curvesFrame(workbench());
      await curves.locator("#tab-problems").click();
      await curves.locator("#problems-table tbody tr").first().dblclick();
      await curves.locator("#inspect-sample").click();
      const frame = await inspectorWith(workbench(), "#score");
      const text = await frame.locator("#trace").innerText();
      assert.match(text, /\d/);
      await frame.locator("#score").click();
      await workbench().pick("Demo base");
      await frame.locator("#perplexity").waitFor({ timeout: 60_000 });
      const shown = await frame.locator("#perplexity").innerText();
      assert.match(shown, /^PPL \d+\.\d\d$/);
      assert.match(await frame.locator("#facts").innerText(), /Prompt: /);
      assert.equal(await frame.evaluate(() => document.body.dataset["violations"] ?? ""), "");
      await frame.locator("#scroll").press("n");
      await frame.locator("#card:not([hidden])").waitFor();
      await workbench().screenshot("inspector-dark");
    }));
}
