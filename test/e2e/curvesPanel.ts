import type { Frame } from "playwright-core";
import { until } from "./until.ts";
import type { Workbench } from "./workbench.ts";

/** One rate as the panel's table shows it; fractions. */
export interface ShownPoint {
  readonly k: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** What can be read, e.g. `28.1[21.5, 37.0]`. */
  readonly text: string;
}

export interface ShownRun {
  readonly name: string;
  readonly points: readonly ShownPoint[];
}

/**
 * Waits until the window has a webview, the Label view. The first one needs a service worker of the browser, whose start
 * took up to a minute while models or programs kept all cores busy.
 */
export async function firstWebview(workbench: Workbench): Promise<void> {
  await workbench.showViews();
  await workbench.webview("labels");
}

/** The curves panel's frame, with at least `runs` rows in its table. */
export const curvesFrame = (workbench: Workbench, runs = 1): Promise<Frame> =>
  curvesFrameWith(workbench, "#curve-table tbody tr[data-run-id]", runs);

/** The curves panel's frame, with at least `count` of these elements. */
export async function curvesFrameWith(workbench: Workbench, selector: string, count = 1): Promise<Frame> {
  return until(`the curves panel shows ${count} ${selector}`, async () => {
    const frame = await workbench.webview("curves");
    return (await frame.locator(selector).count()) >= count ? frame : null;
  });
}

/** The table under the chart, as a person reads it. */
export async function shownRuns(frame: Frame): Promise<readonly ShownRun[]> {
  return frame.evaluate(() => {
    const heads = [...document.querySelectorAll("#curve-table thead th")];
    const nameColumn = heads.findIndex((head) => head.textContent.trim() === "Model");
    return [...document.querySelectorAll<HTMLElement>("#curve-table tbody tr[data-run-id]")].map((row) => ({
      name: row.querySelectorAll("td")[nameColumn]?.textContent.trim() ?? "",
      points: [...row.querySelectorAll<HTMLElement>("td[data-k]")].map((cell) => ({
        k: Number(cell.dataset["k"]),
        value: Number(cell.dataset["value"]),
        low: Number(cell.dataset["low"]),
        high: Number(cell.dataset["high"]),
        text: cell.textContent,
      })),
    }));
  });
}

/** Waits until the table shows what `holds` says. */
export async function untilPanelShows(
  workbench: Workbench,
  what: string,
  holds: (runs: readonly ShownRun[]) => boolean,
): Promise<readonly ShownRun[]> {
  return until(what, async () => {
    const shown = await shownRuns(await curvesFrame(workbench));
    return holds(shown) ? shown : null;
  });
}

export const tabs = ["curve", "histogram", "coverage", "problems", "difference", "gap", "verdicts"] as const;

/** Opens each tab, waits for a drawn chart or a table, and saves a picture of it. */
export async function walkTabs(workbench: Workbench, theme: string): Promise<void> {
  const frame = await curvesFrame(workbench, 2);
  for (const tab of tabs) {
    await frame.locator(`#tab-${tab}`).click();
    await frame.locator(`#body[aria-labelledby="tab-${tab}"]`).waitFor();
    if (tab === "verdicts") await frame.locator("#compare-usual").click();
    await until(`the ${tab} tab shows something`, () => frame.evaluate(hasContent));
    await workbench.screenshot(`${tab}-${theme}`);
  }
  await frame.locator("#tab-curve").click();
}

/** Rows of a table, or a chart that is not of one colour. Runs in the page. */
function hasContent(): boolean {
  if (document.querySelectorAll("#body tbody tr").length > 0) return true;
  return [...document.querySelectorAll<HTMLCanvasElement>("#body canvas")].some((canvas) => {
    const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    return new Set(data).size > 2;
  });
}
