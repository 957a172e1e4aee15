import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import type { Frame } from "playwright-core";
import { loadRuns } from "../../src/cli/loadRuns.ts";
import { compareRuns } from "../../src/core/estimate/compareRuns.ts";
import { coverAtTau } from "../../src/core/estimate/coverAtTau.ts";
import { gap } from "../../src/core/estimate/gap.ts";
import { gPassAtK } from "../../src/core/estimate/gPassAtK.ts";
import { lostAtSteps } from "../../src/core/estimate/lostAtStep.ts";
import { pairProblems } from "../../src/core/estimate/pairProblems.ts";
import { passAtK } from "../../src/core/estimate/passAtK.ts";
import { simultaneousBand } from "../../src/core/estimate/simultaneousBand.ts";
import type { ComparisonReport } from "../../src/core/estimate/report.ts";
import type { RunTally } from "../../src/core/model.ts";
import { interval, percent, points as signed } from "../../src/core/numberWords.ts";
import { curvesFrame } from "./curvesPanel.ts";
import { fillFileBox } from "./fileBox.ts";
import { close, rowsOf, type Row } from "./panelTable.ts";
import { baseThoughts, samplesPerProblem, trainingName, writeTrainingRuns } from "./trainingRuns.ts";
import { until } from "./until.ts";
import type { Workbench } from "./workbench.ts";
import type { Workspace } from "./workspace.ts";

/** The runs as they lie on disk, and what the core says of them. */
interface Truth {
  readonly runs: readonly RunTally[];
  readonly base: RunTally;
  readonly report: ComparisonReport;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

async function truthOf(folders: readonly string[]): Promise<Truth> {
  const context = { out: () => undefined, note: () => undefined, signal: new AbortController().signal };
  const runs = await loadRuns(folders, context);
  const base = runs.find(({ role }) => role === "base");
  assert.ok(base);
  return { runs, base, report: compareRuns(runs, { pairs: "reference" }) };
}

const named = ({ runs }: Truth, name: string): RunTally => {
  const run = runs.find((one) => one.name === name);
  assert.ok(run, name);
  return run;
};

/** All rows of the list to choose several from that have `words` in them: as many as they must be. */
async function chooseAll({ page }: Workbench, words: string, count: number): Promise<void> {
  const list = page.locator(".quick-input-widget");
  await until(`${count} rows with ${words}`, async () => {
    await list.locator("input.input").first().fill(words, { timeout: 3000 });
    return (await list.locator(".monaco-list-row").count()) === count;
  });
  await until(`${count} rows are chosen`, async () => {
    const all = list.getByRole("checkbox", { name: "Toggle all checkboxes" });
    if (!(await all.isChecked({ timeout: 3000 }))) await all.click({ timeout: 3000 });
    return (await list.locator(".quick-input-count").first().innerText()).startsWith(`${count} `);
  });
  await page.keyboard.press("Enter");
}

/** The tabs that compare more than two runs, and the metrics and facets of the first, by keyboard, against the files. */
export function tabTests(workbench: () => Workbench, workspace: () => Workspace): void {
  let truth: Truth;
  before(async () => {
    truth = await truthOf(await writeTrainingRuns(workspace().folder));
  });

  /** Asks the panel that is there until it answers. */
  const see = <T>(what: string, look: (frame: Frame) => Promise<T>): Promise<NonNullable<T>> =>
    until(what, async () => look(await workbench().webview("curves")));
  const rows = (id: string, holds: (found: readonly Row[]) => boolean): Promise<readonly Row[]> =>
    see(`the table ${id}`, async (frame) => {
      const found = await rowsOf(frame, id);
      return found.length > 0 && holds(found) ? found : null;
    });
  const press = async (id: string, ...keys: readonly string[]): Promise<void> => {
    const frame = await workbench().webview("curves");
    for (const key of keys) await frame.locator(`#${id}`).press(key);
  };
  /** Over the list of tabs with the arrow keys, from whichever is open. */
  const toTab = (tab: string): Promise<unknown> =>
    see(`the tab ${tab}`, async (frame) => {
      const open = frame.locator("[role=tab][aria-selected=true]");
      for (let i = 0; i < 10 && (await open.getAttribute("id")) !== `tab-${tab}`; i++)
        await open.press("ArrowRight");
      return (await frame.locator(`#body[aria-labelledby="tab-${tab}"]`).count()) > 0;
    });
  /** The runs' names by their ids. */
  const nameOf = (frame: Frame): Promise<Readonly<Record<string, string>>> =>
    frame.$$eval("#curve-table tbody tr[data-run-id]", (all) =>
      Object.fromEntries(
        (all as HTMLElement[]).map((row) => [
          row.dataset["runId"] ?? "",
          row.querySelectorAll("td")[1]?.textContent ?? "",
        ]),
      ),
    );
  let names: Readonly<Record<string, string>> = {};

  test("five runs of a training chosen from the palette; their differences at every k, and the band over all of them", () =>
    workbench().watch("tab difference", async () => {
      await workbench().command("Rollout Lens: Refresh the runs");
      await workbench().command("Rollout Lens: Compare runs");
      await chooseAll(workbench(), trainingName, truth.runs.length);
      names = await nameOf(await curvesFrame(workbench(), truth.runs.length));
      await toTab("difference");
      await press("show-table", "Enter");
      const { differences } = truth.report;
      const found = await rows("difference-points", (all) => all.length > 5);
      assert.deepEqual(
        found.map(({ data }) => Number(data["k"])),
        differences[0]?.points.map(({ k }) => k),
      );
      for (const [i, { cells }] of found.entries())
        for (const [j, { points }] of differences.entries()) {
          // k, problems, then the difference and who is ahead of each run.
          const data = cells[2 + 2 * j]?.data;
          const point = points[i];
          close(data?.["value"], point?.difference, "difference");
          close(data?.["low"], point?.low, "low");
          close(data?.["high"], point?.high, "high");
        }
      const end = differences[3]?.points.at(-1);
      assert.ok(end);
      await press("difference-whole", "End");
      await see("the differences at the largest k are said", async (frame) =>
        (await frame.locator("#difference-card").innerText()).includes(
          `T-270-kl ${signed(end.difference)} ${interval(end.low, end.high, signed)}, 24 problems`,
        ),
      );
      await workbench().screenshot("training-difference");
      await press("question", "ArrowDown");
      const banded = await rows(
        "difference-points",
        (all) => all[0]?.cells.length === 2 + 3 * differences.length,
      );
      const pairs = pairProblems(named(truth, "T-270"), truth.base);
      const band = simultaneousBand(
        pairs,
        banded.map(({ data }) => Number(data["k"])),
      );
      for (const [i, { cells }] of banded.entries()) {
        // Beside each difference stands the band: the third run's is the seventh pair of columns.
        const data = cells[2 + 3 * 2]?.data;
        close(data?.["bandLow"], band.points[i]?.bandLow, "band");
        close(data?.["bandHigh"], band.points[i]?.bandHigh, "band");
      }
    }));

  test("the table of every k leaves as CSV, by keyboard, with all digits", () =>
    workbench().watch("tab export", async () => {
      const target = join(workspace().folder, "differences.csv");
      await press("export", "Enter");
      await press("export-csv", "Enter");
      await fillFileBox(workbench(), target);
      const ks = truth.report.differences[0]?.points.length ?? 0;
      const lines = await until("the file is there", () => {
        const all = existsSync(target) ? readFileSync(target, "utf8").trimEnd().split("\r\n") : [];
        return all.length === 1 + truth.report.differences.length * ks ? all : null;
      });
      assert.match(lines[0] ?? "", /^run,reference,k,difference,low,high,band_low,band_high,problems/);
      const first = truth.report.differences[0]?.points[0];
      const [run, reference, k, value, low, high] = lines[1]?.split(",") ?? [];
      assert.deepEqual(
        [run, reference, k, Number(value), Number(low), Number(high)],
        ["T-90", "T-base", "1", first?.difference, first?.low, first?.high],
      );
    }));

  test("the gap of every run to the base, and at a k that is chosen", () =>
    workbench().watch("tab gap", async () => {
      await toTab("gap");
      for (const k of [samplesPerProblem, samplesPerProblem / 2]) {
        const found = await rows("gap-table", (all) => {
          const reached = all[0]?.cells[6]?.data["value"];
          const point = truth.report.runs[0]?.curve.find((one) => one.k === k);
          return Math.abs(Number(reached) - (point?.passAtK ?? -1)) < 1e-9;
        });
        for (const { data, cells } of found) {
          const run = named(truth, names[data["runId"] ?? ""] ?? "");
          const counted = gap(pairProblems(truth.base, run), k);
          close(cells[5]?.data["value"], counted?.other, `pass@1 of ${run.name}`);
          close(cells[7]?.data["value"], counted?.gap, `gap of ${run.name}`);
          close(cells[7]?.data["low"], counted?.low, `its low end at ${k}`);
          close(cells[7]?.data["high"], counted?.high, `its high end at ${k}`);
        }
        assert.equal(found.length, truth.runs.length - 1);
        await workbench().screenshot("training-gap");
        await press("gap-k", "ArrowUp");
      }
    }));

  test("checkpoints along the steps: rates, lengths, and what was lost on the way", () =>
    workbench().watch("tab checkpoints", async () => {
      await toTab("checkpoints");
      const steps = [0, 90, 180, 270];
      const runs = ["T-base", "T-90", "T-180", "T-270"].map((name) => named(truth, name));
      const found = await rows(
        "step-table",
        (all) => all.length === steps.length && all.every(({ cells }) => cells[5]?.text !== "not known"),
      );
      const losses = lostAtSteps(runs.map(({ problems }, i) => ({ step: steps[i] ?? 0, counts: problems })));
      for (const [i, { data, cells }] of found.entries()) {
        const curve = truth.report.runs.find(({ name }) => name === runs[i]?.name)?.curve ?? [];
        assert.deepEqual([Number(data["step"]), names[data["runId"] ?? ""]], [steps[i], runs[i]?.name]);
        close(cells[3]?.data["value"], curve[0]?.passAtK, "pass@1");
        close(cells[4]?.data["value"], curve.at(-1)?.passAtK, "pass@n");
        const tokens = runs[i]?.problems.map((problem) => (problem.tokens ?? Number.NaN) / problem.n) ?? [];
        assert.ok(cells[5]?.text.startsWith(mean(tokens).toFixed(1)), `${cells[5]?.text}, ${mean(tokens)}`);
        assert.deepEqual(
          [cells[8]?.data["lost"], cells[9]?.text],
          [String(losses[i]?.lost.length), String(losses[i]?.gained.length)],
        );
      }
      // Two steps back from the last, which is the one whose losses are listed at first.
      await press("step-rates", "ArrowLeft");
      await press("step-rates", "ArrowLeft");
      const lost = await rows("lost-problems", (all) => all.length === losses[1]?.lost.length);
      assert.deepEqual(
        new Set(lost.map(({ data }) => data["problem"])),
        new Set(losses[1]?.lost.map(({ problem }) => runs[0]?.problems[problem]?.problem.id)),
      );
      await workbench().screenshot("training-checkpoints");
      // The run with another KL weight is a training of its own, from the same base.
      await press("training", "ArrowDown");
      await see("the trainings by what tells them apart", async (frame) => {
        const choices = await frame.locator("#training vscode-option").allTextContents();
        return choices.join() === "kl = 0,kl = 0.001";
      });
      const other = await rows("step-table", (all) => all.length === 2);
      assert.deepEqual(
        other.map(({ data }) => names[data["runId"] ?? ""]),
        ["T-base", "T-270-kl"],
      );
    }));

  test("maj@k, G-Pass@k and Cover@tau by the counts of the files, CoT-Pass@k by the labels", () =>
    workbench().watch("tab metrics", async () => {
      await toTab("curve");
      const at = (name: string, k: string) =>
        see(`${name} at ${k}`, async (frame) => {
          const found = await rowsOf(frame, "curve-table");
          const row = found.find(({ data }) => names[data["runId"] ?? ""] === name);
          return row?.cells.find(({ data }) => data["k"] === k)?.data["value"];
        });
      const cot = mean(baseThoughts.map(({ n, c }) => passAtK(n, c, 1) ?? Number.NaN));
      await see("the labels are counted", async (frame) =>
        (await frame.locator(".underChart").innerText()).includes(
          `CoT-Pass@k of T-base (thin, hollow): ${percent(cot)} % [${percent(cot)}, ${percent(cot)}] at k = 1`,
        ),
      );
      const heads = (words: string) =>
        see(words, async (frame) => (await frame.locator("#curve-table thead").innerText()).includes(words));
      const { problems } = named(truth, "T-180");
      await press("metric", "ArrowDown");
      await heads("maj@16");
      const { majority } = truth.report.runs.find(({ name }) => name === "T-180") ?? {};
      close(await at("T-180", "16"), majority?.at(-1)?.value, "maj@16");
      await press("metric", "ArrowDown");
      await heads("G-Pass@16");
      close(
        await at("T-180", "4"),
        mean(problems.map((one) => gPassAtK(one, 4, 0.5) ?? Number.NaN)),
        "G-Pass@4",
      );
      await press("metric", "ArrowDown");
      await heads("Cover@0.5");
      close(await at("T-180", "0.5"), coverAtTau(problems, 0.5) / problems.length, "Cover@0.5");
      await press("metric", "Home");
      await heads("pass@16");
    }));

  test("one chart for each KL weight, and its values said by keys", () =>
    workbench().watch("tab facets", async () => {
      await press("facet", "ArrowDown");
      const charts = await see("two charts", async (frame) => {
        const found = await frame.$$eval(".chartBox.facet", (all) => all.map(({ id }) => id));
        return found.length === 2 ? found : null;
      });
      await press(charts[1] ?? "", "End");
      const rate = (name: string): string => {
        const last = truth.report.runs.find((run) => run.name === name)?.curve.at(-1);
        return `${name} ${percent(last?.passAtK ?? 0)} % ${interval(last?.low ?? 0, last?.high ?? 0)}`;
      };
      await see("the rates of the second chart", async (frame) => {
        const said = await frame.locator(`#${charts[1]} [aria-live]`).textContent();
        return said === `k = 16: ${rate("T-base")}; ${rate("T-270-kl")}`;
      });
      await workbench().screenshot("training-facets");
      await press("facet", "Home");
      await see("one chart again", (frame) => frame.locator("#curve-chart").isVisible());
    }));
}
