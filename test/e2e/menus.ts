import type { Locator, Page } from "playwright-core";
import { runCommand } from "./quickInput.ts";
import { until } from "./until.ts";

/** Selects files of the explorer (paths in the workspace) and chooses from their context menu. */
export async function explorerMenu(page: Page, paths: readonly string[], item: string): Promise<void> {
  await runCommand(page, "View: Show Explorer");
  const selected = page.locator(".explorer-folders-view .monaco-list-row.selected");
  // Opening the first file may take the selection away again.
  await until(`${paths.join(", ")} are selected`, async () => {
    for (const [i, path] of paths.entries()) {
      await expandFolders(page, path);
      await explorerRow(page, path).click({ modifiers: i === 0 ? [] : ["Control"], timeout: 5000 });
    }
    return (await selected.count()) === paths.length;
  });
  await explorerRow(page, paths.at(-1) ?? "").click({ button: "right" });
  await chooseFromMenu(page, item);
}

/** From the context menu that is open or opens. */
export async function chooseFromMenu(page: Page, item: string): Promise<void> {
  const entry = menuEntry(page, item);
  await entry.waitFor();
  // A menu takes no click in its first moment: click until it is gone.
  await until(`"${item}" is chosen`, async () => {
    if (await entry.isVisible()) await entry.click({ timeout: 1000 });
    await entry.waitFor({ state: "hidden", timeout: 1000 });
    return true;
  });
}

export const menuEntry = (page: Page, item: string): Locator =>
  page.locator(`.monaco-menu .action-label[aria-label^="${item}"]`).first();

async function expandFolders(page: Page, path: string): Promise<void> {
  for (const folder of path.split("/").slice(0, -1)) {
    const row = explorerRow(page, folder);
    if ((await row.getAttribute("aria-expanded")) === "false")
      await row.locator(".monaco-tl-twistie").click();
  }
}

function explorerRow(page: Page, path: string): Locator {
  const name = path.split("/").at(-1) ?? path;
  // `rollouts.jsonl.labels` may stand before `rollouts.jsonl`.
  const named = `[aria-label="${name}"], [aria-label^="${name} "]`;
  return page.locator(".explorer-folders-view .monaco-list-row").and(page.locator(named)).first();
}
