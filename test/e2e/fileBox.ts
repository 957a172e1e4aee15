import { setTimeout as sleep } from "node:timers/promises";
import { until } from "./until.ts";
import type { Workbench } from "./workbench.ts";

/** Answers the box that asks for a file, which a window in a browser draws itself. */
export async function fillFileBox({ page }: Workbench, path: string): Promise<void> {
  const input = page.locator(".quick-input-widget input.input").first();
  await input.waitFor();
  // The box starts with a folder once it has listed it, whatever was typed before.
  await until("the path stays", async () => {
    await input.fill(path);
    await sleep(400);
    return (await input.inputValue()) === path;
  });
  await page.locator(".quick-input-widget .monaco-button", { hasText: "OK" }).first().click();
}
