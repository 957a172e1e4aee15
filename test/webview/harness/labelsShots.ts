// Pictures of the Label view for looking at. Needs the fake of `vscode`, so it is bundled first:
//   esbuild test/webview/harness/labelsShots.ts --bundle --platform=node --format=esm --packages=external \
//     --alias:vscode=./test/fakes/vscode.ts --outfile=dist/labelsShots.mjs && node dist/labelsShots.mjs OUT
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openLabelLog } from "../../../src/core/label/labelLog.ts";
import { nodeFileStore } from "../../../src/node/fileStore.ts";
import { launchBrowser } from "../../workbench/browser.ts";
import { madeProblems, type MadeRun } from "./labelRuns.ts";
import { openLabels } from "./labelsPage.ts";
import { startHarness, type ThemeName } from "./server.ts";

const [out = "shots"] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const server = await startHarness({ entry: "labels" });
const browser = await launchBrowser();

const long = (problem: number, sample: number): string =>
  [
    `To find the area of the pentagon ABCDE, we need to determine the area of the right triangle CDE and the area of the square on its hypotenuse (${problem}.${sample}).`,
    "First, let's find the length of the hypotenuse AB of the right triangle CDE. By the theorem of Pythagoras we have:\n\\[AB = \\sqrt{3^2 + 4^2} = \\sqrt{25} = 5\\]",
    "Next, the area of triangle CDE is 1/2 x 3 x 4 = 6 square units. Also 12 + 13 = 26.",
    "Now the area of the square constructed on the hypotenuse AB is 5^2 = 25 square units.",
    "Finally, the area of the pentagon is the sum of both: 6 + 25 = 31.",
  ].join("\n\n");
const runs = (text = long): MadeRun[] =>
  ["Qwen2.5-Math-7B", "RL-300"].map((name, i) => ({
    id: `run-${i}`,
    name,
    dataset: "MATH",
    n: 64,
    problems: madeProblems(30, (p, s) => text(p, s + 10 * i)),
  }));

async function secondRater(folder: string, items: readonly string[]): Promise<void> {
  const log = await openLabelLog(
    folder,
    { name: "ben", kind: "human" },
    {
      files: nodeFileStore,
      clock: { now: () => Date.now() },
      newId: () => crypto.randomUUID(),
      owner: "shots",
    },
  );
  for (const [i, item] of items.entries())
    await log.set({
      item,
      verdict: i % 4 === 1 ? "wrong" : "correct",
      firstWrongStep: null,
      note: "",
      seconds: 9,
    });
  await log.close();
}

for (const theme of ["dark", "light", "hc", "hclight"] as readonly ThemeName[]) {
  const shown = await openLabels(browser, server, { runs: runs() }, { theme });
  const { page, press, host } = shown;
  const shot = (name: string) => page.screenshot({ path: join(out, `label-${theme}-${name}.png`) });
  const items: string[] = [];
  for (let i = 0; i < 12; i++) {
    const { queue } = (await (await host.labels.opened()).queue()) ?? {};
    items.push(queue?.next()?.id ?? "");
    await press(i % 5 === 2 ? "wrong" : "correct");
    await shown.until(`${i + 1} of 90`);
  }
  await secondRater(host.labelFolder("run-0"), items);
  await press("markStep", "nextStep");
  await page.waitForSelector("#step-1 .firstWrong");
  await page.waitForTimeout(900);
  await shot("working");
  if (theme === "dark") {
    await press("blind");
    await page.waitForSelector("#blind");
    await shot("blind");
    await press("blind", "previousTrace", "flags", "problem", "help");
    await page.waitForSelector(".flag");
    await page.waitForTimeout(700);
    await shot("help");
    await press("help");
  }
  if (theme === "dark") {
    await page.setViewportSize({ width: 280, height: 250 });
    await shot("short");
    await page.setViewportSize({ width: 300, height: 800 });
  }
  await press("results");
  await page.waitForSelector("#roll-up");
  await shot("results");
  if (theme === "dark") {
    await page.setViewportSize({ width: 520, height: 900 });
    await shot("results-wide");
  }
  for (const fault of shown.faults) console.log(theme, fault);
  await page.close();
  await host.close();
}
const empty = await openLabels(browser, server, { runs: [], hasQueue: false });
await empty.page.screenshot({ path: join(out, "label-dark-empty.png") });
await empty.host.close();
await browser.close();
await server.close();
