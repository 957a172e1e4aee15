import assert from "node:assert/strict";
import { test } from "node:test";
import { parquetWriteBuffer } from "hyparquet-writer";
import { sharedData } from "../paths.ts";
import { replayQwen } from "../fakes/server/answers.ts";
import { startServer, type FakeServer } from "../fakes/server/server.ts";
import { curveReport } from "./commandLine.ts";
import { curvesFrame, shownRuns, untilPanelShows, type ShownRun } from "./curvesPanel.ts";
import { until } from "./until.ts";
import type { Workbench } from "./workbench.ts";
import { jsonLines, recordedRows, type WorkspaceFiles } from "./workspace.ts";

const rows = recordedRows();
const samplesPerProblem = 8;
const parquetProblems = 40;

export const quickServer = (): Promise<FakeServer> =>
  startServer({
    answer: replayQwen(rows),
    model: "replayed",
    latency: { medianMs: 20, sigma: 0.5, seed: 1 },
  });

export const quickFiles = (): WorkspaceFiles => ({
  "math500.jsonl": jsonLines(
    rows.map(({ question, gt }, i) => ({ problem: question, answer: gt, unique_id: `test/${i}.json` })),
  ),
  "math.parquet": new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "question", data: rows.slice(0, parquetProblems).map(({ question }) => question) },
        { name: "answer", data: rows.slice(0, parquetProblems).map(({ gt }) => gt) },
      ],
    }),
  ),
});

export function quickSettings({ url }: FakeServer): Readonly<Record<string, unknown>> {
  const endpoint = { baseUrls: [url], model: "replayed" };
  return {
    "rolloutLens.samplesPerProblem": samplesPerProblem,
    "rolloutLens.maxTokens": 2048,
    "rolloutLens.endpoints": [
      { ...endpoint, name: "replay-base", role: "base", api: "completions" },
      { ...endpoint, name: "replay-chat", role: "rl", api: "chat" },
    ],
  };
}

interface StoredRun {
  readonly path: string;
  /** Lines of samples.jsonl: problem, index and seed. */
  readonly samples: readonly { readonly key: string; readonly i: number; readonly seed: number | null }[];
}

/** The runs as the extension host sees them on its disk. */
async function storedRuns(workbench: Workbench): Promise<readonly StoredRun[]> {
  return workbench.evaluate(async (vscode) => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    if (folder === undefined) return [];
    const root = vscode.Uri.joinPath(folder.uri, ".rollout-lens/runs");
    const text = async (...path: string[]) =>
      new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(root, ...path)));
    const entries = await vscode.workspace.fs.readDirectory(root);
    return Promise.all(
      entries
        .filter(([, type]) => type === vscode.FileType.Directory)
        .map(async ([name]) => ({
          path: vscode.Uri.joinPath(root, name).fsPath,
          samples: (await text(name, "samples.jsonl"))
            .trimEnd()
            .split("\n")
            .map((line) => JSON.parse(line)),
        })),
    );
  });
}

/** The one run that is new, with all its samples on disk, and what the panel shows of it. */
async function finishedRun(
  workbench: Workbench,
  known: readonly string[],
  problems: number,
): Promise<{ readonly run: StoredRun; readonly shown: ShownRun }> {
  const run = await until("all samples are on disk", async () =>
    (await storedRuns(workbench)).find(
      ({ path, samples }) => !known.includes(path) && samples.length >= problems * samplesPerProblem,
    ),
  );
  const end = curveReport(run.path, "--k", String(samplesPerProblem)).runs[0]?.curve[0]?.passAtK;
  assert.ok(end !== undefined);
  const isDone = (one: ShownRun) => {
    const point = one.points.at(-1);
    return point?.k === samplesPerProblem && Math.abs(point.value - end) < 1e-9;
  };
  const shown = await untilPanelShows(workbench, "the panel shows the finished run", (runs) =>
    runs.some(isDone),
  );
  const mine = shown.find(isDone);
  assert.ok(mine !== undefined);
  return { run, shown: mine };
}

/** Every sample of every problem is there, once. */
function assertComplete({ samples }: StoredRun, problems: number): void {
  const places = samples.map(({ key, i }) => `${key} ${i}`);
  assert.equal(new Set(places).size, problems * samplesPerProblem);
  assert.equal(samples.length, problems * samplesPerProblem);
  assert.equal(new Set(samples.map(({ key }) => key)).size, problems);
}

/** What the table says is what the command line computes from the same folder. */
function assertShownAsComputed(shown: ShownRun, { path, samples }: StoredRun): void {
  const ks = shown.points.map(({ k }) => k);
  const [truth] = curveReport(path, "--k", ks.join(",")).runs;
  assert.equal(truth?.samples, samples.length);
  assert.ok(ks.includes(1) && ks.includes(samplesPerProblem), `k shown: ${ks.join(" ")}`);
  for (const { k, value, low, high, text } of shown.points) {
    const point = truth.curve.find((one) => one.k === k);
    assert.ok(point !== undefined, `k = ${k}`);
    assert.ok(Math.abs(point.passAtK - value) < 1e-9, `pass@${k}: shown ${value}, computed ${point.passAtK}`);
    // Both ends come from 1,000 draws, possibly of another seed.
    assert.ok(Math.abs(point.low - low) < 0.03 && Math.abs(point.high - high) < 0.03, `interval at k = ${k}`);
    assert.ok(text.startsWith((100 * value).toFixed(1)), text);
  }
}

const generations = (server: FakeServer) => server.log.filter(({ index }) => index >= 0);

/** The main job: a dataset, one button, a curve. */
export function quickPassAtKTests(workbench: () => Workbench, server: () => FakeServer): void {
  test("a JSONL dataset: one click samples it over completions and shows the curve", () =>
    workbench().watch("quick jsonl", async () => {
      await workbench().openFile("math500.jsonl");
      const lens = `Quick pass@k: ${rows.length} problems x ${samplesPerProblem} samples on replay-base`;
      await workbench().page.locator(".codelens-decoration", { hasText: lens }).first().waitFor();
      await workbench().editorAction("Quick pass@k").click();
      const { run, shown } = await finishedRun(workbench(), [], rows.length);
      assertComplete(run, rows.length);
      assertShownAsComputed(shown, run);
      const requests = generations(server());
      assert.equal(requests.length, rows.length * samplesPerProblem);
      assert.ok(requests.every(({ path, body }) => path === "/v1/completions" && body.stream === true));
      // VS Code puts a proxy's agent before ours, which asks for a new connection with every request.
      const { ever } = server().sockets;
      assert.ok(ever < requests.length, `${ever} connections for ${requests.length} requests`);
      const seeds = new Set(run.samples.map(({ seed }) => seed));
      assert.deepEqual(seeds, new Set(Array(samplesPerProblem).keys()), "seed = base + index");
      if (sharedData("rollouts/math_cot_100x8.jsonl") !== null) {
        // The recorded labels give 728 of 800 and 96 %; one label is the old grader's error (10{,}000 against 10000).
        assert.deepEqual([shown.points[0]?.value, shown.points.at(-1)?.value], [729 / 800, 0.97]);
      }
      const tabs = await workbench().evaluate((vscode) =>
        vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label)),
      );
      assert.equal(tabs.length, 2, tabs.join(", "));
      await workbench().seeRun(shown.name);
      await workbench().screenshot("quick-pass-at-k-jsonl");
    }));

  test("the panel comes back after the window is loaded again", () =>
    workbench().watch("reload", async () => {
      const before = await shownRuns(await curvesFrame(workbench()));
      await workbench().reload();
      const after = await untilPanelShows(
        workbench(),
        "the panel is back",
        (runs) => runs.length === before.length,
      );
      assert.deepEqual(after, before);
    }));

  test("a Parquet dataset: from the explorer, with options, over chat", () =>
    workbench().watch("quick parquet", async () => {
      const known = (await storedRuns(workbench())).map(({ path }) => path);
      const asked = generations(server()).length;
      await workbench().explorerMenu(["math.parquet"], "Quick pass@k with options");
      await workbench().pick("Endpoint");
      await workbench().pick("replay-chat");
      await workbench().pick("Start");
      const { run, shown } = await finishedRun(workbench(), known, parquetProblems);
      assertComplete(run, parquetProblems);
      assertShownAsComputed(shown, run);
      const requests = generations(server()).slice(asked);
      assert.equal(requests.length, parquetProblems * samplesPerProblem);
      assert.ok(requests.every(({ path, body }) => path === "/v1/chat/completions" && body.stream === true));
      await workbench().screenshot("quick-pass-at-k-parquet");
    }));
}
