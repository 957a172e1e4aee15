// The curves panel without a mouse and without eyes: in every tab all that can be operated has a name and is reached by the
// Tab key, and every chart says what it shows and has its numbers in a table.
import assert from "node:assert/strict";
import { describe } from "node:test";
import type { Page } from "playwright-core";
import { accessTree, positiveTabIndexes, tabStops, unnamed } from "./harness/accessibility.ts";
import { facetRuns } from "./harness/cases.ts";
import { judgedCase } from "./harness/judgedCase.ts";
import { panelTests } from "./harness/panelTests.ts";
import { scoredCase } from "./harness/scoredCase.ts";

const panelTest = panelTests();
const judged = await judgedCase();
const parts = ".head, .tabs, .tools, .notices, .body, .foot";

/** Of all that takes the focus by the Tab key and is in sight, how many there are. Runs in the page. */
function reachable(): readonly string[] {
  const all = document.querySelectorAll<HTMLElement>(
    "button, a[href], [tabindex], vscode-button, vscode-dropdown, vscode-checkbox, vscode-text-field",
  );
  const inSight = [...all].filter(
    // These pass the focus on to what is in them.
    (one) =>
      (one.tabIndex >= 0 || ["vscode-text-field", "vscode-button"].includes(one.localName)) &&
      one.checkVisibility({ visibilityProperty: true }),
  );
  return inSight.map((one) => one.id || one.outerHTML.slice(0, 80));
}

interface ChartLook {
  readonly id: string;
  readonly role: string | null;
  readonly label: string | null;
  readonly kind: string | null;
  readonly hidden: boolean;
  readonly focusable: boolean;
}

/** Every canvas, as what is around it says. Runs in the page. */
function charts(): readonly ChartLook[] {
  return [...document.querySelectorAll("canvas")]
    .filter((canvas) => canvas.checkVisibility())
    .map((canvas) => {
      const box = canvas.closest<HTMLElement>(".chartBox");
      return {
        id: box?.id ?? "",
        role: box?.getAttribute("role") ?? null,
        label: box?.getAttribute("aria-label") ?? null,
        kind: box?.getAttribute("aria-roledescription") ?? null,
        hidden: canvas.getAttribute("aria-hidden") === "true",
        focusable: (box?.tabIndex ?? -1) >= 0,
      };
    });
}

async function look(page: Page, name: string): Promise<void> {
  assert.deepEqual(unnamed(await accessTree(page)), [], name);
  assert.deepEqual(await positiveTabIndexes(page), [], name);
  const wanted = await page.evaluate(reachable);
  const stops = await tabStops(page, parts);
  assert.equal(
    stops.length,
    wanted.length,
    `${name}: ${stops.map(({ id }) => id).join()} of ${wanted.join()}`,
  );
  // From the head to the foot, and each stop can be seen.
  const places = stops.map(({ part }) => part);
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
    name,
  );
  assert.deepEqual(
    // The field's border has the focus colour, which is of a part around its input.
    stops.filter(({ isMarked, id }) => !isMarked && !id.startsWith("filter-text")),
    [],
    name,
  );
  for (const chart of await page.evaluate(charts)) {
    // The strip under the curve moves with it.
    if (chart.id === "difference-chart") continue;
    const { id, role, kind, hidden, focusable, label } = chart;
    assert.deepEqual([id, role, kind, hidden, focusable], [id, "group", "chart", true, true], name);
    assert.match(label ?? "", /table (below|button)|lists the problems/, `${name}, ${id}`);
    assert.ok((await page.locator("#body table").count()) > 0, `${name} has no table`);
  }
}

const tabs = {
  curve: "#curve-chart canvas",
  histogram: "#histogram-chart canvas",
  coverage: "#coverage-rates",
  problems: "#problems-table",
  difference: "#difference-whole canvas",
  gap: "#gap-table",
  perplexity: "#perplexity-chart canvas",
  checkpoints: "#step-entropies canvas",
  verdicts: "#body *",
} as const;

describe("curves panel: accessibility", () => {
  panelTest("every tab", { hostCase: scoredCase() }, async ({ page }) => {
    for (const [tab, selector] of Object.entries(tabs)) {
      await page.focus("[role=tab][aria-selected=true]");
      if (tab !== "curve") await page.keyboard.press("ArrowRight");
      await page.waitForSelector(`#body[aria-labelledby="tab-${tab}"] ${selector.replace("#body ", "")}`);
      await look(page, tab);
    }
  });

  panelTest(
    "facets, with the table of every k",
    { hostCase: { title: "facets", runs: facetRuns() } },
    async ({ page }) => {
      await page.focus("#facet");
      for (const _ of [1, 2]) await page.keyboard.press("ArrowDown");
      await page.waitForSelector("#facet-1 canvas");
      await page.click("#show-table");
      await look(page, "facets");
    },
  );

  panelTest("judges", { hostCase: judged }, async ({ page }) => {
    await page.click("#tab-verdicts");
    await page.click("#compare-usual");
    await page.waitForSelector("#judges-chart canvas");
    await look(page, "verdicts");
    await page.focus("#judges-chart");
    await page.keyboard.press("End");
    assert.match((await page.textContent("#judges-readout")) ?? "", /^k = 16: .*; .*%/);
  });
});
