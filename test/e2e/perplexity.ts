import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { curvesFrameWith } from "./curvesPanel.ts";
import { until } from "./until.ts";
import type { Workbench } from "./workbench.ts";

interface ScoreSet {
  readonly path: string;
  /** The scorer's. */
  readonly model: string;
  readonly traces: number;
}

/** Score sets beside the runs. */
function scoreSets({ folder }: Workbench): readonly ScoreSet[] {
  const paths = globSync("**/rollout-lens.rollout-lens/runs/demo-*/scores/*.jsonl", { cwd: folder });
  return paths.map((path) => {
    const [head = "", ...lines] = readFileSync(join(folder, path), "utf8").trimEnd().split("\n");
    const { scorer } = JSON.parse(head) as { scorer: { model: string } };
    return { path, model: scorer.model, traces: lines.length };
  });
}

/** Needs a finished run of the demo's base and of its RL model, and their curves in front. */
export function perplexityTests(workbench: () => Workbench): void {
  test("two demo runs scored under the demo base from the Perplexity tab, and a point opened in the inspector", () =>
    workbench().watch("perplexity", async () => {
      const frame = await curvesFrameWith(workbench(), "#tab-perplexity");
      const before = scoreSets(workbench());
      await frame.locator("#tab-perplexity").click();
      await frame.locator("#score-all").click();
      await workbench().pick("Demo base");
      await workbench().pick("1 of each problem");
      await frame.locator("#perplexity-chart canvas").waitFor();
      const set = { model: "base", traces: 50 };
      // The inspector may have scored traces of another demo run.
      const made = (): readonly ScoreSet[] =>
        scoreSets(workbench()).filter(({ path }) => before.every((one) => one.path !== path));
      // The chart grows while the last traces are scored.
      await until("both runs are scored", () => {
        const sets = made().map(({ model, traces }) => ({ model, traces }));
        assert.deepEqual(sets, [set, set]);
        return true;
      });
      await frame.locator("#show-table").click();
      const medians = await frame
        .locator("#perplexity-table td[data-value]")
        .evaluateAll((cells) => (cells as HTMLElement[]).map(({ dataset }) => Number(dataset["value"])));
      assert.ok(medians.length >= 3 && medians.every((value) => value > 1 && value < 2), medians.join());
      await workbench().screenshot("perplexity-dark");
      await frame.locator("#perplexity-chart").press("ArrowRight");
      const spoken = await frame.locator("#perplexity-readout").textContent();
      const shown = /PPL under Demo base ([\d.]+)/.exec(spoken ?? "")?.[1];
      assert.ok(shown !== undefined, spoken ?? "nothing was said");
      await frame.locator("#perplexity-chart").press("Enter");
      const words = await until("the inspector shows the trace with its scores", async () => {
        const inspector = await workbench().webview("inspector");
        const perplexity = inspector.locator("#perplexity");
        return (await perplexity.count()) > 0 ? perplexity.innerText() : null;
      });
      assert.equal(words, `PPL ${Number(shown).toFixed(2)}`);
    }));
}
