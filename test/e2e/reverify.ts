import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../paths.ts";
import { curvesFrame, curvesFrameWith } from "./curvesPanel.ts";
import { until } from "./until.ts";
import type { Workbench } from "./workbench.ts";
import type { Workspace, WorkspaceFiles } from "./workspace.ts";

/** The base model's rollouts with one label that says the contrary of the truth: of the third problem, sample 2. */
function wronglyLabelled(): string {
  const lines = readFileSync(join(root, "media/sample/rollouts/sample-base.jsonl"), "utf8")
    .trimEnd()
    .split("\n");
  const records = lines.map((line) => JSON.parse(line) as { readonly score: boolean[] });
  const labels = records[2]!.score;
  labels[2] = !labels[2];
  return `${records.map((record) => JSON.stringify(record)).join("\n")}\n`;
}

export const reverifyFiles = (): WorkspaceFiles => ({ "relabelled.jsonl": wronglyLabelled() });

/** Verdicts of another verifier over rollouts that have labels. */
export function reverifyTests(workbench: () => Workbench, workspace: () => Workspace): void {
  test("rollouts with a wrong label: verified again, the changed verdict, its sample, the mode", () =>
    workbench().watch("re-verify", async () => {
      const labels = readFileSync(join(workspace().folder, "relabelled.jsonl"));
      await workbench().explorerMenu(["relabelled.jsonl"], "Open curves");
      await workbench().tab("relabelled").waitFor();
      await curvesFrame(workbench());
      await workbench().command("Rollout Lens: Re-verify...");
      await workbench().pick("relabelled");
      await workbench().pick("math, standard");
      const frame = await curvesFrameWith(workbench(), "#verdicts-table");
      assert.equal(await frame.locator("#verdicts-summary").getAttribute("data-differ"), "1");
      const row = frame.locator("#verdicts-table tbody tr");
      assert.equal(await row.count(), 1);
      assert.deepEqual(await frame.locator("#judges-table tbody tr").count(), 2);
      await workbench().screenshot("verdicts-changed-dark");
      await row.click();
      await frame.locator("#sample-text").waitFor();
      assert.equal(await frame.locator("#samples-table tr.selected").getAttribute("data-index"), "2");
      assert.match(
        await frame.locator(".otherVerdict").first().innerText(),
        /by labels \u201cscore\u201d in the file/u,
      );
      await workbench().screenshot("verdicts-sample-dark");
      await frame.locator("#tab-curve").click();
      assert.match(
        await frame.locator("[id^='changed-']").innerText(),
        /1 of [\d,]+ verdicts .* differs from labels/u,
      );
      await frame.locator("[id^='modes-'][data-dependent]:not([data-dependent=''])").waitFor();
      assert.match(await frame.locator("#foot").innerText(), /verifier math@1:standard/u);
      await workbench().screenshot("verdicts-curve-dark");
      await frame.locator("#verifier").click();
      await frame.locator("#verifier vscode-option[value='math@1:lenient']").click();
      await until("the panel shows another mode", async () =>
        /verifier math@1:lenient/u.test(await frame.locator("#foot").innerText()),
      );
      await workbench().seeRun("math, lenient");
      await workbench().screenshot("verdicts-row-dark");
      assert.deepEqual(readFileSync(join(workspace().folder, "relabelled.jsonl")), labels);
    }));
}
