import assert from "node:assert/strict";
import { appendFileSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Frame } from "playwright-core";
import { curvesFrame } from "./curvesPanel.ts";
import { until } from "./until.ts";
import type { Workbench } from "./workbench.ts";
import type { Workspace } from "./workspace.ts";

/** The inspector's frame, once it shows what is wanted. */
const inspectorWith = (workbench: Workbench, selector: string): Promise<Frame> =>
  until(`the inspector shows ${selector}`, async () => {
    const frame = await workbench.webview("inspector");
    return (await frame.locator(selector).count()) > 0 ? frame : null;
  });

/** The samples of the demo's RL run, with the 1-based line of one that ended by itself. */
function rlSamples({ folder }: Workbench): { readonly path: string; readonly line: number } {
  const paths = globSync("**/rollout-lens.rollout-lens/runs/demo-rl-*/samples.jsonl", { cwd: folder });
  const path = join(folder, paths[0] ?? "");
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  const found = lines.findIndex((line, i) => i > 0 && line.includes('"kind":"ok"'));
  assert.ok(found > 0);
  return { path, line: found + 1 };
}

/** In a text editor, with the cursor at the beginning of a line. */
const openText = (
  workbench: Workbench,
  at: { readonly path: string; readonly line: number },
): Promise<void> =>
  workbench.evaluate(async (vscode, { path, line }) => {
    const place = new vscode.Position(line - 1, 0);
    const selection = new vscode.Range(place, place);
    await vscode.window.showTextDocument(vscode.Uri.file(path), { selection, preview: false });
  }, at);

const set = (workbench: Workbench, name: string, value: unknown): Promise<void> =>
  workbench.evaluate(
    async (vscode, [key, to]) => {
      const global = vscode.ConfigurationTarget.Global;
      await vscode.workspace.getConfiguration("rolloutLens").update(key, to, global);
    },
    [name, value] as const,
  );

/** Spans of the text editor in front that our decorations colour. */
const coloured = (workbench: Workbench) =>
  workbench.page.locator(".editor-instance .view-line span[class*='ced-']");

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
      await frame.locator("#perplexity").waitFor();
      const shown = await frame.locator("#perplexity").innerText();
      assert.match(shown, /^PPL \d+\.\d\d$/);
      assert.match(await frame.locator("#facts").innerText(), /Prompt: /);
      assert.equal(await frame.evaluate(() => document.body.dataset["violations"] ?? ""), "");
      await frame.locator("#scroll").press("n");
      await frame.locator("#card:not([hidden])").waitFor();
      await workbench().screenshot("inspector-dark");
    }));

  test("an RL trace under the base from the text editor: the cursor on its line, one button, no question", () =>
    workbench().watch("inspect-under-base", async () => {
      const at = rlSamples(workbench());
      await workbench().command("View: Close All Editors");
      // The first action: the person's cursor is on the line.
      await openText(workbench(), at);
      const button = workbench().editorAction("Inspect trace under the base model");
      await button.waitFor();
      await workbench().screenshot("rollouts-text-dark");
      // The second one.
      await button.click();
      const frame = await inspectorWith(workbench(), "#perplexity");
      assert.match(await frame.locator("#perplexity").innerText(), /^PPL \d+\.\d\d$/);
      const facts = await frame.locator("#facts").innerText();
      // The run's own prompt, and its own tokens: the two models share a tokenizer.
      assert.match(facts, /Prompt: verbatim\./);
      assert.doesNotMatch(facts, /Re-tokenised|not used/);
      assert.match(await workbench().page.locator(".tab.active").innerText(), /countdown-\d+ · .*#\d+/);
    }));

  test("where the base stands beside its own traces of the problem; another run's trace beside it", () =>
    workbench().watch("inspector-own", async () => {
      const frame = await inspectorWith(workbench(), "#score-own");
      await frame.locator("#score-own").click();
      await until("the percentile is there", async () =>
        /\d+(\.\d+)? % of|percentile/i.test(await frame.locator("#app").innerText()),
      );
      await workbench().screenshot("inspector-own-dark");
      await workbench().command("Rollout Lens: Trace: compare with");
      await workbench().pick("Demo base");
      await workbench().pick("Demo base #1");
      await until(
        "two traces stand beside each other",
        async () => (await frame.locator("#close-beside").count()) > 0,
      );
      for (const theme of ["light", "hc", "dark"] as const) {
        await workbench().setTheme(theme);
        await workbench().screenshot(`inspector-beside-${theme}`);
      }
      await workbench().command("Rollout Lens: Trace: compare the texts");
      await workbench().page.locator(".tab.active", { hasText: "↔" }).waitFor();
      await workbench().page.locator(".monaco-diff-editor .view-line").first().waitFor();
    }));

  test("unlikely tokens in colour in the text editor, with their numbers, until it is edited", () =>
    workbench().watch("token-colours", async () => {
      const { path, line } = rlSamples(workbench());
      const content = `${readFileSync(path, "utf8").split("\n")[line - 1] ?? ""}\n`;
      // The trace alone, in a document that may be edited.
      const { text } = JSON.parse(content) as { text: string };
      await set(workbench(), "lowProbability", 1);
      await workbench().command("View: Close All Editors");
      await workbench().evaluate(async (vscode, trace) => {
        const document = await vscode.workspace.openTextDocument({ content: `${trace}\n` });
        const editor = await vscode.window.showTextDocument(document);
        const end = new vscode.Position(document.lineCount - 1, 0);
        editor.selection = new vscode.Selection(new vscode.Position(0, 0), end);
        // Not from the palette: the Escape before it may take the selection away.
        void vscode.commands.executeCommand("rolloutLens.colourTokens");
      }, text);
      await until("tokens are coloured", async () => (await coloured(workbench()).count()) > 5);
      for (const theme of ["light", "hc", "dark"] as const) {
        await workbench().setTheme(theme);
        await workbench().screenshot(`token-colours-${theme}`);
      }
      await coloured(workbench()).first().hover();
      await workbench().page.locator(".monaco-hover", { hasText: "nats" }).first().waitFor();
      await workbench().page.keyboard.press("Escape");
      await workbench().evaluate(async (vscode) => {
        await vscode.window.activeTextEditor?.edit((edit) => edit.insert(new vscode.Position(0, 0), "x"));
      });
      await until("the colours are gone", async () => (await coloured(workbench()).count()) === 0);
      // In a record, where the text is escaped.
      await openText(workbench(), { path, line });
      await workbench().command("Rollout Lens: Colour unlikely tokens in the text editor");
      await until("tokens of the line are coloured", async () => (await coloured(workbench()).count()) > 5);
      await workbench().screenshot("token-colours-line-dark");
      await workbench().command("Rollout Lens: Colour unlikely tokens in the text editor");
      await until("the colours are taken away", async () => (await coloured(workbench()).count()) === 0);
      await set(workbench(), "lowProbability", undefined);
      await workbench().command("View: Revert and Close Editor");
      await workbench().command("View: Revert and Close Editor");
    }));
}

/** Needs `rollouts/sample-rl.jsonl` in the workspace. */
export function rolloutEditorTests(workbench: () => Workbench, workspace: () => Workspace): void {
  test("a rollout file opens as text, and by choice as problems and traces", () =>
    workbench().watch("rollout-editor", async () => {
      await workbench().openFile("sample-rl.jsonl");
      await workbench().page.locator(".editor-instance .view-line").first().waitFor();
      await workbench().command("Rollout Lens: Inspect traces");
      const frame = await inspectorWith(workbench(), "#trace");
      await inspectorWith(workbench(), "#problem-table tbody tr");
      const first = await frame.locator("#trace").innerText();
      await workbench().screenshot("rollout-editor-dark");
      await workbench().command("Rollout Lens: Trace: next problem");
      await until(
        "the next problem is shown",
        async () => (await frame.locator("#trace").innerText()) !== first,
      );
      assert.equal(await frame.evaluate(() => document.body.dataset["violations"] ?? ""), "");
      await workbench().editorAction("Open curves").waitFor();
    }));

  test("a rollout file that grows is followed to its newest sample", () =>
    workbench().watch("rollout-follow", async () => {
      const frame = await inspectorWith(workbench(), "#follow");
      const path = join(workspace().folder, "rollouts/sample-rl.jsonl");
      const before = readFileSync(path, "utf8");
      try {
        const lines = before.trimEnd().split("\n");
        const last = JSON.parse(lines.at(-1) ?? "") as Record<string, unknown>;
        await workbench().command("Rollout Lens: Trace: follow the growing file");
        await inspectorWith(workbench(), "#follow[aria-pressed=true]");
        const words = "What was written while somebody looked on: 2 + 2 = 4.";
        appendFileSync(
          path,
          `${JSON.stringify({ ...last, idx: lines.length, question: "What is 2 + 2?", code: [words], gt: "4", pred: ["4"], score: [true], finish_reason: ["stop"] })}\n`,
        );
        await until("the newest sample is shown", async () =>
          (await frame.locator("#trace").innerText()).includes(words),
        );
      } finally {
        writeFileSync(path, before);
      }
    }));
}
