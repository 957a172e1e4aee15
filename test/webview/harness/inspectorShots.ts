// Pictures of the inspector for looking at: node test/webview/harness/inspectorShots.ts OUT [PART-OF-A-NAME]
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import type { InspectorOptions } from "../../../src/protocol/inspector.ts";
import { fixture } from "../../paths.ts";
import { launchBrowser } from "../../workbench/browser.ts";
import { InspectorHost } from "./inspectorHost.ts";
import { openInspector } from "./inspectorPage.ts";
import { startHarness, type ThemeName } from "./server.ts";

const [out = "shots", part = ""] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const survey = readFileSync(fixture("traces/townSurvey.md"), "utf8");
const text = `<think>\n${survey}</think>\n\nThe answer is **73**.`;
const mathematics = `## Solution

To compute \\(49{,}994 \\div 7 + 20{,}006 \\div 7\\), combine the terms:

\\[
\\frac{49{,}994 + 20{,}006}{7} = \\frac{70{,}000}{7} = 10{,}000
\\]

1. It costs $5 and $6, in \`$code$\`.
2. So $x^2 + \\sqrt{y_1}$ is **positive**.

| n | n^2 |
|---|---|
| 2 | 4 |

$$\\sum_{k=1}^{n} k = \\begin{cases} 1 & n = 1 \\\\ \\frac{n(n+1)}{2} & \\text{else} \\end{cases}$$

\\(\\fcolorbox{red}{blue}{x}\\) and \\(\\notamacro{x}\\).`;

interface Shot {
  readonly name: string;
  readonly themes: readonly ThemeName[];
  readonly options?: Partial<InspectorOptions>;
  readonly own?: boolean;
  readonly guest?: boolean;
  readonly width?: number;
  readonly texts?: readonly string[];
  readonly steps?: (page: Page) => Promise<unknown>;
}

const walk = async (page: Page): Promise<void> => {
  await page.waitForTimeout(200);
  for (let i = 0; i < 6; i++) await page.keyboard.press("n");
};
const all: readonly ThemeName[] = ["dark", "light", "hc", "hclight"];
const few: readonly ThemeName[] = ["dark", "light", "hc"];
const against = async (page: Page): Promise<void> => {
  await page.click("#score-against");
  await page.waitForSelector("#up-table");
  await walk(page);
};
const compare = async (page: Page): Promise<void> => {
  await page.keyboard.press("c");
  await page.waitForSelector("[data-column=beside] .paragraph");
};
const shots: readonly Shot[] = [
  { name: "surprisal", themes: all, steps: walk },
  { name: "unscored", themes: ["dark"], own: false },
  { name: "rank", themes: all, options: { colour: "rank" }, steps: walk },
  { name: "entropy", themes: all, options: { colour: "entropy" }, steps: walk },
  { name: "reach", themes: all, options: { colour: "reach" }, steps: walk },
  { name: "ratio", themes: all, options: { colour: "logRatio" }, steps: against },
  { name: "compare", themes: few, steps: compare },
  { name: "compare-unscored", themes: few, guest: true, steps: compare },
  { name: "follow", themes: few, steps: (page) => page.keyboard.press("f") },
  { name: "markdown", themes: few, texts: [mathematics], options: { text: "rendered" } },
  { name: "narrow", themes: ["dark"], width: 600 },
  { name: "keys", themes: ["dark"], steps: (page) => page.keyboard.press("?") },
];

const server = await startHarness({ entry: "inspector" });
const browser = await launchBrowser();
for (const { name, themes, options = {}, own = true, guest = false, width = 1200, texts, steps } of shots) {
  if (!name.includes(part)) continue;
  for (const theme of themes) {
    const other = survey.replaceAll("the", "that");
    const host = new InspectorHost({
      texts: (texts ?? guest) ? [text, other] : [text, other, "A third."],
      own,
      guest,
      options,
    });
    const { page, faults } = await openInspector(browser, { url: server.url(theme), host, width });
    await steps?.(page);
    await page.waitForTimeout(700);
    await page.screenshot({ path: join(out, `inspector-${name}-${theme}.png`) });
    if (faults.length > 0) console.log(name, theme, faults);
    await page.close();
  }
}
await browser.close();
await server.close();
