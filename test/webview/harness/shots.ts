// Pictures of the panel for looking at: node test/webview/harness/shots.ts OUT [name...]
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { launchBrowser } from "../../workbench/browser.ts";
import { cases } from "./cases.ts";
import { openPanel } from "./panelPage.ts";
import { startHarness, type ThemeName } from "./server.ts";

interface Shot {
  readonly use: string;
  readonly width?: number;
  readonly height?: number;
  readonly themes?: readonly ThemeName[];
  readonly silent?: boolean;
  readonly act?: (page: Page) => Promise<void>;
}

const tab = (name: string) => (page: Page) => page.click(`#tab-${name}`);
const every: readonly ThemeName[] = ["dark", "light", "hc", "hclight"];

const hover = async (page: Page): Promise<void> => {
  await page.focus("#curve-chart");
  await page.keyboard.press("End");
  for (let i = 0; i < 8; i++) await page.keyboard.press("ArrowLeft");
};
const pick =
  (id: string, value: string) =>
  async (page: Page): Promise<void> => {
    await page.click(`#${id}`);
    await page.click(`#${id} vscode-option[value='${value}']`);
  };
const walkFacet = async (page: Page): Promise<void> => {
  await pick("facet", "by kl")(page);
  await page.focus("#facet-0");
  for (const key of ["End", "ArrowLeft", "ArrowLeft"]) await page.keyboard.press(key);
};
const metric = (value: string) => pick("metric", value);
const showBand = async (page: Page): Promise<void> => {
  await tab("difference")(page);
  await pick("question", "1")(page);
};
const showWorse = async (page: Page): Promise<void> => {
  await tab("coverage")(page);
  await page.click("#show-worse-1");
};
const refuseThreshold = async (page: Page): Promise<void> => {
  await tab("coverage")(page);
  await pick("solved-means", "3")(page);
};
const columns =
  (value: string) =>
  async (page: Page): Promise<void> => {
    await tab("problems")(page);
    await pick("problem-columns", value)(page);
  };
const openFirst = async (page: Page): Promise<void> => {
  await tab("problems")(page);
  await page.click("#problems-table tbody tr:nth-child(3)");
  await page.waitForSelector("#sample-text");
};

const chooseStrict = async (page: Page): Promise<void> => {
  await page.click("#verifier");
  await page.click("#verifier vscode-option[value='math@1:strict']");
  await page.waitForSelector("[id^='changed-']");
};
const showChanged = async (page: Page): Promise<void> => {
  await chooseStrict(page);
  await page.click("[id^='show-changed-']");
  await page.waitForSelector("#verdicts-table");
};
const showModes = async (page: Page): Promise<void> => {
  await chooseStrict(page);
  await page.click("[id^='show-modes-']");
  await page.waitForSelector("#verdicts-table");
};
const openChanged = async (page: Page): Promise<void> => {
  await showChanged(page);
  await page.click("#verdicts-table tbody tr:nth-child(2)");
  await page.waitForSelector("#sample-text");
};

const walkPoints = async (page: Page): Promise<void> => {
  await tab("perplexity")(page);
  await page.focus("#perplexity-chart");
  await page.keyboard.press("ArrowRight");
  for (let i = 0; i < 9; i++) await page.keyboard.press("ArrowRight");
};
const showBoxes = async (page: Page): Promise<void> => {
  await tab("perplexity")(page);
  await page.click("#show-table");
};

/** Beside a side bar the panel has about 1030 px; the others are the ends of where all numbers stand in view. */
const widths = (view: string, use: string): Readonly<Record<string, Shot>> =>
  Object.fromEntries(
    [1030, 900, 700].map((width) => [
      `${view}-${width}`,
      { use, width, themes: every, ...(view === "curve" ? {} : { act: tab(view) }) },
    ]),
  );

const shots: Readonly<Record<string, Shot>> = {
  curve: { use: "three", themes: every, act: hover },
  ...widths("curve", "three"),
  ...widths("histogram", "pair"),
  ...widths("coverage", "pair"),
  ...widths("problems", "pair"),
  "coverage-long": { use: "gsm8k", width: 1030, themes: ["dark"], act: tab("coverage") },
  "problems-long": { use: "gsm8k", width: 700, themes: ["dark"], act: tab("problems") },
  majority: { use: "aime", themes: every, act: metric("majority") },
  floor: { use: "aime", themes: every, act: (page) => page.click("#floor") },
  unequal: { use: "unequal", themes: ["dark", "light"] },
  "curve-560": { use: "three", width: 560 },
  "curve-one": { use: "one" },
  "curve-table": { use: "pair", act: (page) => page.click("#show-table") },
  "curve-game24": { use: "game24" },
  "curve-gsm8k": { use: "gsm8k" },
  "curve-math": { use: "math" },
  "curve-checkpoints": { use: "checkpoints", themes: ["dark", "light"] },
  histogram: { use: "pair", themes: every, act: tab("histogram") },
  "histogram-560": { use: "pair", width: 560, act: tab("histogram") },
  coverage: { use: "pair", themes: every, act: tab("coverage") },
  "coverage-worse": { use: "pair", themes: every, height: 1000, act: showWorse },
  "problems-every": { use: "three", themes: ["dark", "light"], act: columns("every") },
  "problems-signal": { use: "pair", themes: every, act: columns("signal") },
  "coverage-stopped": { use: "stopped", themes: every, act: tab("coverage") },
  "coverage-refused": { use: "stopped", act: refuseThreshold },
  "problems-stopped": { use: "stopped", act: tab("problems") },
  "coverage-560": { use: "pair", width: 560, act: tab("coverage") },
  problems: { use: "pair", themes: every, act: tab("problems") },
  "problems-560": { use: "pair", width: 560, act: tab("problems") },
  sample: { use: "pair", themes: every, act: openFirst },
  "sample-560": { use: "pair", width: 560, act: openFirst },
  judged: { use: "judged", themes: every, act: chooseStrict },
  "judged-700": { use: "judged", width: 700, act: chooseStrict },
  verdicts: { use: "judged", themes: every, act: showChanged },
  "verdicts-1030": { use: "judged", width: 1030, act: showChanged },
  "verdicts-700": { use: "judged", width: 700, act: showChanged },
  "verdicts-modes": { use: "judged", act: showModes },
  "verdicts-none": { use: "judged", act: tab("verdicts") },
  "verdicts-sample": { use: "judged", themes: ["dark"], act: openChanged },
  perplexity: { use: "scored", themes: every, act: tab("perplexity") },
  "perplexity-hover": { use: "scored", themes: ["dark"], act: walkPoints },
  "perplexity-table": { use: "scored", height: 1100, act: showBoxes },
  "perplexity-700": { use: "scored", width: 700, act: tab("perplexity") },
  "perplexity-560": { use: "scored", width: 560, act: tab("perplexity") },
  "perplexity-none": { use: "unscored", themes: ["dark", "light", "hc"], act: tab("perplexity") },
  "perplexity-folders": { use: "folders", themes: every, height: 1000, act: tab("perplexity") },
  checkpoints: { use: "scored", themes: every, height: 1000, act: tab("checkpoints") },
  "checkpoints-700": { use: "scored", width: 700, height: 1400, act: tab("checkpoints") },
  "checkpoints-none": { use: "unscored", act: tab("checkpoints") },
  "checkpoints-one": { use: "one", act: tab("checkpoints") },
  "checkpoints-folders": { use: "folders", themes: every, height: 1000, act: tab("checkpoints") },
  difference: { use: "three", themes: every, act: tab("difference") },
  "difference-band": { use: "three", themes: every, act: showBand },
  "difference-700": { use: "three", width: 700, act: showBand },
  gap: { use: "three", themes: every, act: tab("gap") },
  "gap-700": { use: "unequal", width: 700, act: tab("gap") },
  "curve-gpass": { use: "three", themes: every, act: metric("gPass") },
  "curve-cover": { use: "three", themes: every, act: metric("cover") },
  "curve-forecast": { use: "three", themes: every, height: 1000, act: (page) => page.click("#forecast") },
  "curve-tokens": { use: "tokens", act: pick("cost", "tokens") },
  "curve-facets": { use: "facets", themes: every, act: walkFacet },
  live: { use: "live", themes: every },
  starting: { use: "starting" },
  "starting-histogram": { use: "starting", act: tab("histogram") },
  "starting-coverage": { use: "starting", act: tab("coverage") },
  "starting-problems": { use: "starting", act: tab("problems") },
  broken: { use: "broken" },
  menu: { use: "pair", themes: ["dark", "hc"], act: (page) => page.click("#export") },
  dropdown: { use: "pair", themes: ["dark", "light"], act: (page) => page.click("#interval") },
  loading: { use: "pair", silent: true },
  empty: { use: "empty" },
  error: { use: "error", themes: ["dark", "hc"] },
};

const [out = "shots", ...names] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const server = await startHarness();
const browser = await launchBrowser();
for (const [name, shot] of Object.entries(shots)) {
  const load = cases[shot.use];
  if (!load || (names.length > 0 && !names.includes(name))) continue;
  for (const theme of shot.themes ?? ["dark"]) {
    const hostCase = await load();
    const { page, faults } = await openPanel(browser, server, { ...shot, hostCase, theme });
    await shot.act?.(page);
    await page.waitForTimeout(250);
    await page.screenshot({ path: join(out, `${name}-${theme}.png`) });
    for (const fault of await faults()) console.log(`${name} ${theme}: ${fault}`);
    await page.close();
  }
}
await browser.close();
await server.close();
