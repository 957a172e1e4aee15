import { until } from "./until.ts";
import type { Workbench } from "./workbench.ts";

/** Each option of the list once: its label, the new value, and the title of its input box where that is another. */
export async function setOptions(
  workbench: Workbench,
  options: readonly (readonly [label: string, value: string, title?: string])[],
): Promise<void> {
  for (const [label, value, title = label] of options) {
    await chooseOption(workbench, label);
    await workbench.type(title, value);
  }
}

/** By its name, typed into the list's filter: the list is long. */
async function chooseOption({ page }: Workbench, label: string): Promise<void> {
  const filter = page.locator(".quick-input-widget input.input").first();
  const row = page.locator(`.quick-input-list .monaco-list-row.focused[aria-label^="${label}"]`);
  await until(`the option ${label}`, async () => {
    // The box of the option before may still be there: then there is no such row, and it is tried again.
    await filter.fill(label, { timeout: 3000 });
    await row.waitFor({ timeout: 1500 });
    return true;
  });
  await page.keyboard.press("Enter");
}

/** Chooses a study from the submenu of an endpoint's context menu, by the mouse. */
export async function studyFromEndpoint(
  workbench: Workbench,
  endpoint: string,
  study: string,
): Promise<void> {
  const { page } = workbench;
  await workbench.showViews();
  const pane = page.locator(".pane", { has: page.locator('.pane-header[aria-label^="Endpoints"]') });
  const row = pane.locator(".monaco-list-row", { hasText: endpoint }).first();
  const menuItem = (label: string) =>
    page.locator(`.monaco-menu .action-label[aria-label^="${label}"]`).first();
  await until(`${study} in the menu of ${endpoint}`, async () => {
    await page.keyboard.press("Escape");
    await row.click({ button: "right", timeout: 3000 });
    await menuItem("Studies").hover({ timeout: 3000 });
    await menuItem(study).waitFor({ timeout: 3000 });
    return true;
  });
  // A menu takes no click in its first moment: click until it is gone.
  await until(`${study} is chosen`, async () => {
    if (await menuItem(study).isVisible()) await menuItem(study).click({ timeout: 1000 });
    await menuItem(study).waitFor({ state: "hidden", timeout: 1000 });
    return true;
  });
}

/** The command as a selection of rows of the Endpoints view gives it, on the demo's problems. */
export async function startStudy(
  workbench: Workbench,
  command: string,
  endpoints: readonly string[],
): Promise<void> {
  await workbench.evaluate(
    (vscode, { command: name, endpoints: names }) => {
      const rows = names.map((one) => ({ entry: { config: { name: one } } }));
      void vscode.commands.executeCommand(name, rows[0], rows);
    },
    { command, endpoints },
  );
  await workbench.pick("The demo's problems");
}
