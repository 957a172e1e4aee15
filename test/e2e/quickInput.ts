import type { Page } from "playwright-core";
import { until } from "./until.ts";

/** Runs a command by its full title, e.g. `Rollout Lens: Open curves`, from the palette. */
export async function runCommand(page: Page, title: string): Promise<void> {
  const input = page.locator(".quick-input-widget input.input").first();
  const row = page.locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`).first();
  // A palette opened before the extension's commands are registered never shows them, and one that loses the focus closes:
  // look, close, look again.
  await until(`"${title}" is in the palette`, async () => {
    await page.keyboard.press("Escape");
    await page.keyboard.press("F1");
    await input.fill(`>${title}`, { timeout: 3000 });
    await row.waitFor({ timeout: 1500 });
    await row.click({ timeout: 3000 });
    return true;
  });
}

/** Whether the palette offers a command now. */
export async function hasCommand(page: Page, title: string): Promise<boolean> {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input.input").first().fill(`>${title}`);
  await page.locator(".quick-input-list .monaco-list-row").first().waitFor();
  const row = page.locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`);
  const found = (await row.count()) > 0;
  await page.keyboard.press("Escape");
  return found;
}

/** Chooses a row of the quick pick that is open, by the start of its words (an icon may stand before them). */
export async function pickRow(page: Page, label: string): Promise<void> {
  const starts = new RegExp(`^\\s*(\\S+\\s+)?${label}`, "u");
  const wanted = await until(`"${label}" can be chosen`, async () => {
    const all = await pickRows(page);
    return all.find((row) => starts.test(row.words)) ?? null;
  });
  // By keyboard: a click may meet another row when the list is laid out anew under it. Where a webview had the focus, the
  // box before this list gives it back to that, and sometimes only when the list is there already.
  const input = page.locator(".quick-input-widget input.input").first();
  await until(`"${label}" has the focus`, async () => {
    await input.focus({ timeout: 3000 });
    for (const _ of await pickRows(page)) {
      const rows = await pickRows(page);
      if (rows.find(({ focused }) => focused)?.words === wanted.words) return true;
      await page.keyboard.press("ArrowDown");
    }
    return false;
  });
  await page.keyboard.press("Enter");
  let pressedMs = performance.now();
  // VS Code takes the key a moment later: what is pressed next might overtake it. A webview may have taken it.
  await until(`"${label}" is taken`, async () => {
    const rows = await pickRows(page);
    if (rows.every(({ words, focused }) => !focused || words !== wanted.words)) return true;
    if (performance.now() - pressedMs > keyLostMs) {
      await input.focus({ timeout: 3000 });
      await page.keyboard.press("Enter");
      pressedMs = performance.now();
    }
    return false;
  });
}

/** A key that did nothing for so long was lost. */
const keyLostMs = 10_000;

/**
 * Rows of the quick pick that is open, from the top, all in one look: a row that is redrawn while it is asked would be
 * waited for. In the page they stand in the order in which they were drawn, and the list of a question that was answered
 * stays there, hidden.
 */
function pickRows(page: Page): Promise<readonly { readonly words: string; readonly focused: boolean }[]> {
  return page.locator(".quick-input-list .monaco-list-row").evaluateAll((rows) =>
    rows
      .filter((row) => row.checkVisibility())
      .sort((a, b) => Number(a.getAttribute("data-index")) - Number(b.getAttribute("data-index")))
      .map((row) => ({
        words: row.getAttribute("aria-label") ?? "",
        focused: row.classList.contains("focused"),
      })),
  );
}

/** Types into the input box whose title has `title`, and accepts. */
export async function typeInto(page: Page, title: string, text: string): Promise<void> {
  const box = page.locator(".quick-input-widget", { hasText: title });
  const input = box.locator("input.input").first();
  await input.fill(text);
  await page.keyboard.press("Enter");
  await until(`${text} is taken as ${title}`, async () => {
    // A box has no rows; the list that follows may name the same title.
    const isBox = (await box.isVisible()) && (await pickRows(page)).length === 0;
    return !isBox || (await input.inputValue({ timeout: 1000 })) !== text;
  });
}

/** Opens a file of the workspace by quick open. */
export async function openFile(page: Page, name: string): Promise<void> {
  const tab = page.locator(".tab.active", { hasText: name }).first();
  const input = page.locator(".quick-input-widget input.input").first();
  const row = page.locator(`.quick-input-list .monaco-list-row[aria-label*="${name}"]`).first();
  await until(`${name} opens`, async () => {
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+P");
    await input.fill(name, { timeout: 3000 });
    await row.click({ timeout: 3000 });
    await tab.waitFor({ timeout: 5000 });
    return true;
  });
}
