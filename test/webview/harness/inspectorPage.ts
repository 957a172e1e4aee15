import type { Browser, Page } from "playwright-core";
import type { InspectorHost } from "./inspectorHost.ts";
import { fromJson, toJson } from "./json.ts";
import { takePage } from "./pages.ts";

/** The inspector's page before a host; `faults`: errors, dialogs and violations of the CSP, as they come. */
export async function openInspector(
  browser: Browser,
  {
    url,
    host,
    width = 1200,
  }: { readonly url: string; readonly host: InspectorHost; readonly width?: number },
): Promise<{ readonly page: Page; readonly faults: string[] }> {
  const { page, load } = await takePage(browser, {
    width,
    height: 800,
    answer: (message) => said(host, message),
  });
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("dialog", (dialog) => (faults.push("dialog"), void dialog.dismiss()));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  await load(url);
  await page.waitForFunction(() => document.body.dataset["ready"] === "1");
  return { page, faults };
}

function said(host: InspectorHost, message: string): string {
  const { method, params } = fromJson(message) as { method: string; params: unknown };
  try {
    return toJson({ ok: true, result: host.answer(method, params) });
  } catch (error) {
    const { code = "bug", message: words } = error as { code?: string; message: string };
    return toJson({ ok: false, failure: { code, message: words } });
  }
}
