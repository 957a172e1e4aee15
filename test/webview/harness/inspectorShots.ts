// Pictures of the inspector for looking at: node test/webview/harness/inspectorShots.ts OUT
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fixture } from "../../paths.ts";
import { launchBrowser } from "../../workbench/browser.ts";
import { InspectorHost } from "./inspectorHost.ts";
import { fromJson, toJson } from "./json.ts";
import { startHarness, type ThemeName } from "./server.ts";

const [out = "shots"] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const server = await startHarness({ entry: "inspector" });
const browser = await launchBrowser();
const text = `<think>\n${readFileSync(fixture("traces/townSurvey.md"), "utf8")}</think>\n\nThe answer is 73.`;
for (const [theme, own] of [
  ["dark", true],
  ["light", true],
  ["hc", true],
  ["hclight", true],
  ["dark", false],
] as readonly (readonly [ThemeName, boolean])[]) {
  const host = new InspectorHost({ texts: [text, "Another trace."], own });
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  page.on("console", (message) => message.type() === "error" && console.log(message.text()));
  await page.exposeFunction("hostCall", (message: string) => {
    const { method, params } = fromJson(message) as { method: string; params: unknown };
    return toJson({ ok: true, result: host.answer(method, params) });
  });
  await page.goto(server.url(theme));
  await page.waitForFunction(() => document.body.dataset["ready"] === "1");
  if (own) {
    await page.waitForTimeout(200);
    for (let i = 0; i < 6; i++) await page.keyboard.press("n");
  }
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(out, `inspector-${theme}${own ? "" : "-unscored"}.png`) });
  await page.close();
}
await browser.close();
await server.close();
