// What the export menu hands to the host.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { callsTo, panelTests, small } from "./harness/panelTests.ts";

const panelTest = panelTests();

describe("curves panel: exports", () => {
  panelTest(
    "exports: CSV and Markdown tables, PNG, and an SVG of vectors",
    { hostCase: small },
    async (panel) => {
      const { page, host } = panel;
      const saved = async (
        item: string,
      ): Promise<{ suggestedName: string; content: string | Uint8Array }> => {
        host.calls.length = 0;
        await page.click("#export");
        await page.click(`#export-${item}`);
        return (await callsTo(panel, "saveExport"))[0] as never;
      };
      const csv = await saved("csv");
      assert.equal(csv.suggestedName, "countdown-curve.csv");
      const points = host.snapshot().runs.flatMap(({ curve }) => curve);
      const lines = String(csv.content).trim().split("\r\n");
      assert.equal(lines.length, points.length + 1);
      assert.equal(Number(lines[1]?.split(",")[3]), points[0]?.passAtK);
      assert.match(
        String((await saved("markdown")).content),
        /^\| Model \|.*\n\| --- .*\n\| base-7k \| base \| 32 \|/,
      );
      const latex = await saved("latex");
      assert.equal(latex.suggestedName, "countdown-curve.tex");
      assert.match(
        String(latex.content),
        /\\begin\{tabular\}\{llrrrrrrlr\}\n\\toprule\nModel & Role & n & pass@1, \\% & .*\n\\midrule\nbase-7k & base & 32 & /,
      );
      const png = (await saved("png")).content as Uint8Array;
      assert.equal(new TextDecoder().decode(png.subarray(1, 4)), "PNG");
      assert.ok(png.length > 40_000, `${png.length} bytes`);
      const svg = String((await saved("svg")).content);
      assert.doesNotMatch(svg, /<image/);
      assert.ok((svg.match(/<path/g) ?? []).length > 60);
      for (const words of ["base-7k", "RL-270", "distilled", "n = 32", "100 %", "Difference from base-7k"])
        assert.ok(svg.includes(words), words);
      const shapes = await page.evaluate((text) => {
        const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
        return [
          parsed.querySelector("parsererror") !== null,
          parsed.querySelectorAll("text").length,
        ] as const;
      }, svg);
      assert.equal(shapes[0], false);
      assert.ok(shapes[1] > 25);
    },
  );
});
