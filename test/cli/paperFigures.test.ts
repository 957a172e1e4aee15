// The figures of arXiv 2504.13837 that the command line must give: from its recorded figures, and from count files.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { sharedData, without } from "../paths.ts";
import { json, near } from "./json.ts";
import { runCli } from "./runCli.ts";

const curves = sharedData("paper/paper_fig2_passk_curves.json");
const histograms = sharedData("paper/paper_fig13_histograms.json");

let folder = "";
before(async () => (folder = await mkdtemp(join(tmpdir(), "lens-figures-"))));
after(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, value: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(value));
  return path;
}

interface RecordedCurves {
  readonly figures: readonly {
    readonly dataset: string;
    readonly name: string;
    readonly points: readonly { readonly k: number; readonly passAtK: number }[];
    readonly baseLeadsFrom: number | null;
  }[];
}

interface Histograms {
  readonly runs: readonly {
    readonly dataset: string;
    readonly name: string;
    readonly problems: number;
    readonly solved: number;
  }[];
}

test(
  "all 16 panels of figure 2: pass@n is 1 - bin 0 / N of figure 13",
  { skip: without(curves, histograms) },
  async () => {
    const { figures } = await json<RecordedCurves>("curve", curves as string);
    const { runs } = await json<Histograms>("histogram", histograms as string);
    assert.deepEqual([figures.length, runs.length], [32, 48]);
    // Read off the drawing to four digits; one problem is at least 7.6e-4.
    for (const { dataset, name, points } of figures) {
      const bins = runs.find((run) => run.dataset === dataset && run.name === name);
      near(points.at(-1)?.passAtK, bins?.solved ?? Number.NaN, 1e-4);
    }
    const sizes = new Map(runs.map(({ dataset, problems }) => [dataset.split(" ")[0], problems]));
    assert.deepEqual(Object.fromEntries(sizes), {
      AIME24: 30,
      AMC23: 40,
      MATH500: 500,
      Minerva: 272,
      GSM8K: 1319,
      Olympiad: 675,
    });
    const overtaken = figures.filter(({ name }) => name === "rl").map(({ baseLeadsFrom }) => baseLeadsFrom);
    assert.ok(overtaken.every((k) => k !== null));
    assert.deepEqual(overtaken.slice(0, 2), [215, 304]);
  },
);

const algorithms = {
  base: [9.9, 67.2, 10.2, 69.1, 34.5, 96.2],
  GRPO: [26.1, 66.3, 25.1, 68.3, 74.4, 97.2],
  PPO: [27.2, 65.8, 26.8, 69.2, 75.2, 97.2],
  ReMax: [24.4, 65.5, 23.8, 67.5, 73.5, 96.6],
  RLOO: [28.6, 66.4, 28.1, 69.2, 75, 97.4],
  "Reinforce++": [28.2, 67.7, 28, 69.7, 75.4, 96.8],
  DAPO: [31.4, 66.1, 26.5, 67, 75.6, 96.4],
};
const steps = {
  base: algorithms.base,
  "GRPO-150": algorithms.GRPO,
  "GRPO-300": [33.6, 65.3, 27.1, 66.6, 75.4, 96],
  "GRPO-450": [42.5, 64.3, 28.3, 63.9, 76.3, 95.4],
};
const datasets = ["Omni-train", "Omni-test", "MATH500"] as const;

function figureFile(rows: Readonly<Record<string, readonly number[]>>) {
  const runs = Object.entries(rows).flatMap(([name, values]) =>
    datasets.map((dataset, i) => ({
      name,
      dataset,
      role: name === "base" ? "base" : "rl",
      curve: { 1: (values[2 * i] ?? 0) / 100, 256: (values[2 * i + 1] ?? 0) / 100 },
    })),
  );
  return { runs };
}

interface Gaps {
  readonly gaps: readonly {
    readonly dataset: string;
    readonly run: string;
    readonly gap: number;
    readonly low: number | null;
    readonly runPassAt1: number;
    readonly basePassAtK: number;
  }[];
}

test("the gap dSE of six algorithms on three sets: computed, never quoted", async () => {
  const { gaps } = await json<Gaps>("gap", await write("algorithms.json", figureFile(algorithms)));
  const on = (dataset: string) => gaps.filter((row) => row.dataset === dataset);
  on("Omni-test").forEach(({ gap }, i) => near(100 * gap, [44, 42.3, 45.3, 41, 41.1, 42.6][i] ?? 0, 1e-9));
  assert.equal(gaps.length, 18);
  // The paper's text says "always above 40".
  const all = gaps.map(({ gap }) => 100 * gap);
  near(Math.min(...all), 20.6, 1e-9);
  near(Math.max(...all), 45.3, 1e-9);
  assert.ok(gaps.every(({ low }) => low === null));
  const { gaps: trained } = await json<Gaps>("gap", await write("steps.json", figureFile(steps)));
  assert.deepEqual(
    trained
      .filter(({ dataset }) => dataset === "Omni-train")
      .map(({ run, gap }) => [run, Math.round(1000 * gap) / 10]),
    [
      ["GRPO-150", 41.1],
      ["GRPO-300", 33.6],
      ["GRPO-450", 24.7],
    ],
  );
});

test("the recorded curves: pass@1 rises and pass@256 falls along the steps; on MATH500 no RL model is below the base", async () => {
  const { figures } = await json<RecordedCurves>(
    "curve",
    await write("both.json", figureFile({ ...steps, ...algorithms })),
  );
  const at = (name: string, dataset: string) =>
    figures
      .find((one) => one.name === name && one.dataset === dataset)
      ?.points.map(({ passAtK }) => passAtK) ?? [];
  const grpo = ["GRPO-150", "GRPO-300", "GRPO-450"].map((name) => at(name, "Omni-train"));
  for (const [earlier, later] of [
    [grpo[0], grpo[1]],
    [grpo[1], grpo[2]],
  ])
    assert.ok((later?.[0] ?? 0) > (earlier?.[0] ?? 1) && (later?.[1] ?? 1) < (earlier?.[1] ?? 0));
  const math = Object.keys(algorithms)
    .slice(1)
    .map((name) => at(name, "MATH500")[1] ?? 0);
  assert.ok(math.every((rate) => rate >= (at("base", "MATH500")[1] ?? 1)));
});

/** Two runs with these solved sets. */
function cellFile(dataset: string, n: number, [both, aOnly, bOnly, neither]: readonly number[]) {
  const of = (...parts: readonly (readonly [number | undefined, number])[]) =>
    parts.flatMap(([problems, c]) => Array.from({ length: problems ?? 0 }, () => c));
  return {
    runs: [
      { name: "base", role: "base", dataset, n, counts: of([both, 1], [aOnly, 1], [bOnly, 0], [neither, 0]) },
      { name: "rl", role: "rl", dataset, n, counts: of([both, 2], [aOnly, 0], [bOnly, 1], [neither, 0]) },
    ],
  };
}

interface Cells {
  readonly both: number;
  readonly aOnly: number;
  readonly bOnly: number;
  readonly neither: number;
  readonly srr: number;
  readonly ndr: number;
  readonly sds: number;
  readonly nscr: number;
  readonly midP: number;
  readonly intervals: Readonly<Record<"srr" | "ndr" | "sds" | "nscr", { low: number; high: number }>>;
}

test("2x2 of AIME24 and LiveCodeBench with SRR, NDR, SDS and NSCR", async () => {
  const expected = [
    { cells: [19, 4, 0, 7], n: 1024, srr: 0.826, ndr: 0, sds: 0, nscr: -0.174 },
    { cells: [19, 4, 1, 27], n: 128, srr: 0.826, ndr: 0.05, sds: 0.094, nscr: -0.125 },
  ];
  for (const { cells, n, ...rates } of expected) {
    const found = await json<Cells>("coverage", await write(`cells${n}.json`, cellFile("D", n, cells)));
    assert.deepEqual([found.both, found.aOnly, found.bOnly, found.neither], cells);
    for (const name of ["srr", "ndr", "sds", "nscr"] as const) {
      near(found[name], rates[name], 5e-4);
      const { low, high } = found.intervals[name];
      assert.ok(low <= found[name] && found[name] <= high && high - low > 0.05, `${name}: ${low} to ${high}`);
    }
    // Four or five discordant problems: nothing can be significant.
    assert.ok(found.midP > 0.05);
  }
});

test("count files: pairs by place, a curve and a gap with intervals, n that differs is named", async () => {
  const base = await write("base.json", { name: "base", role: "base", n: 64, counts: [0, 1, 3, 64] });
  const rl = await write("rl.json", { name: "rl", role: "rl", n: 8, counts: [0, 0, 4, 8] });
  const { runs } = await json<{ runs: { curve: { k: number; passAtK: number }[] }[] }>(
    "curve",
    base,
    "--k",
    "1,64",
  );
  near(runs[0]?.curve[0]?.passAtK, 68 / 256);
  near(runs[0]?.curve[1]?.passAtK, 0.75);
  const { stdout } = await runCli("gap", base, rl);
  assert.match(stdout, /75\.0 +64 +37\.5 +37\.5 \[/);
  assert.match(stdout, /rl: sampled 8 times, base 64 times\./);
});

test("count files: what is wrong is named by file and field", async () => {
  const bad = await write("bad.json", { runs: [{ name: "x", n: 4, counts: [0, 5] }] });
  const { code, stderr } = await runCli("curve", bad);
  assert.equal(code, 2);
  assert.match(stderr, /bad\.json: runs\[0\]\.counts\[1\]: expected at most n = 4, got 5/);
  const figure = await write("figure.json", { name: "x", curve: { 1: 0.5 } });
  const refused = await runCli("coverage", figure, figure);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /a figure without counts/);
});
