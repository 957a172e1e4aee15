import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { startServer, type FakeServer } from "../fakes/server/server.ts";
import { root } from "../paths.ts";
import { codeTasks, completionOf, replayCode, type Told } from "./codeTasks.ts";
import { curveReport } from "./commandLine.ts";
import { curvesFrame, untilPanelShows, type ShownRun } from "./curvesPanel.ts";
import { LoopDelays } from "./loopDelay.ts";
import { until } from "./until.ts";
import { Workbench } from "./workbench.ts";
import { jsonLines, makeWorkspace, type Workspace } from "./workspace.ts";

const told: readonly (readonly Told[])[] = [
  ["right", "wrong", "right"],
  ["right", "hangs", "wrong"],
  ["wrong", "wrong", "wrong"],
  ["right", "right", "right"],
];
const tasks = codeTasks(told.length);
const samplesPerProblem = 3;

/** A verifier of a person's: it ends once in the middle of its work, and is to be started again. */
const reward = `import { existsSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
let seen = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const { id, gold, response } = JSON.parse(line);
  seen += 1;
  if (seen === 3 && !existsSync("crashed")) {
    writeFileSync("crashed", "");
    process.exit(3);
  }
  const said = response.trim().split(" ").at(-1);
  console.log(JSON.stringify({ id, score: said === gold ? 1 : 0, extracted: said, reason: "last word" }));
}
`;
const sums = [3, 4, 5, 6].map((a) => ({ question: `What is ${a} + ${a}?`, answer: String(2 * a) }));

let server: FakeServer;
let workspace: Workspace;
let workbench: Workbench;

before(async () => {
  const programs = replayCode(tasks, told);
  const answer = (prompt: string, seed: number) => {
    const sum = /What is (\d+) \+ \d+\?/.exec(prompt);
    if (sum === null) return programs(prompt, seed);
    // Sample 0 is right, the others are wrong by as much.
    return { text: `I would say ${2 * Number(sum[1]) + seed}`, finishReason: "stop" };
  };
  server = await startServer({ answer, model: "replayed" });
  workspace = makeWorkspace({
    "tasks.jsonl": jsonLines(tasks),
    "sums.jsonl": jsonLines(sums),
    "reward.mjs": reward,
  });
  workbench = await Workbench.open({
    workspace: workspace.folder,
    settings: {
      "rolloutLens.samplesPerProblem": samplesPerProblem,
      "rolloutLens.maxTokens": 512,
      "rolloutLens.codeTimeLimit": 1,
      "rolloutLens.endpoints": [
        { name: "coder", role: "base", baseUrls: [server.url], model: "replayed", api: "completions" },
      ],
      "rolloutLens.verifiers": [
        { name: "reward", command: process.execPath, args: ["reward.mjs"] },
        { name: "absent", command: "no-such-program" },
      ],
    },
  });
});

after(async () => {
  await workbench?.close();
  await server?.close();
  workspace?.remove();
});

interface StoredSample {
  readonly key: string;
  readonly i: number;
  readonly verifier: string | null;
  readonly verdict: { readonly kind: string; readonly how?: string; readonly trial?: object } | null;
}

const runsFolder = () => join(workspace.folder, ".rollout-lens/runs");

/** Folders of runs of a dataset, and the samples that are on disk. */
function storedRuns(dataset: string): readonly { readonly path: string; readonly samples: StoredSample[] }[] {
  return readdirSync(runsFolder())
    .filter((name) => name.startsWith(dataset))
    .map((name) => {
      const path = join(runsFolder(), name);
      const lines = readFileSync(join(path, "samples.jsonl"), "utf8").trimEnd().split("\n");
      return { path, samples: lines.filter(Boolean).map((line) => JSON.parse(line) as StoredSample) };
    });
}

const finished = (dataset: string, samples: number, known: readonly string[] = []) =>
  until(
    `${samples} samples of ${dataset} are on disk`,
    () => storedRuns(dataset).find((run) => !known.includes(run.path) && run.samples.length >= samples),
    180_000,
  );

/** The panel's run whose pass@1 and pass@n are those. */
const shownWith = (first: number, last: number): Promise<readonly ShownRun[]> =>
  untilPanelShows(workbench, `pass@1 is ${first} and pass@${samplesPerProblem} is ${last}`, (runs) =>
    runs.some(
      ({ points }) =>
        Math.abs((points[0]?.value ?? 2) - first) < 1e-9 &&
        Math.abs((points.at(-1)?.value ?? 2) - last) < 1e-9,
    ),
  );

/** `verify --code` on the same programs. */
async function verifiedByCommandLine(): Promise<readonly Record<string, unknown>[]> {
  const samples = join(workspace.folder, "samples.jsonl");
  writeFileSync(
    samples,
    jsonLines(
      tasks.flatMap((task, at) =>
        told[at]!.map((kind) => ({ task_id: task.task_id, completion: completionOf(task, kind) })),
      ),
    ),
  );
  const args = [
    "verify",
    "--code",
    join(workspace.folder, "tasks.jsonl"),
    "--samples",
    samples,
    "--time-limit",
    "1",
  ];
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, "dist/cli.mjs"), ...args]);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

let byCommandLine: ReturnType<typeof verifiedByCommandLine>;

test("programming tasks: from the button to the curve, one program hangs, the window answers", (t) =>
  workbench.watch("code run", async () => {
    await workbench.openFile("tasks.jsonl");
    await workbench.editorAction("Quick pass@k").waitFor();
    const delays = await LoopDelays.start(workbench);
    try {
      await workbench.editorAction("Quick pass@k").click();
      const { path, samples } = await finished("tasks", tasks.length * samplesPerProblem);
      const { host, control } = await delays.end();
      byCommandLine = verifiedByCommandLine();
      byCommandLine.catch(() => undefined); // awaited below
      t.diagnostic(`event loop late by p99 ${host.p99} ms (most ${host.most}) in the extension host`);
      t.diagnostic(`and by p99 ${control.p99} ms (most ${control.most}) in a process that is idle`);
      // On a machine that cannot keep an idle loop on time the bound would measure the machine.
      if (control.p99 < 15) assert.ok(host.p99 < 50, `${host.p99} ms; idle process: ${control.p99} ms`);
      const kinds = new Map(samples.map(({ key, i, verdict }) => [`${key} ${i}`, verdict]));
      assert.equal(kinds.size, tasks.length * samplesPerProblem);
      assert.deepEqual(new Set(samples.map(({ verifier }) => verifier)), new Set(["code-pyodide@1:1s"]));
      const hung = samples.filter(({ verdict }) => verdict?.how?.startsWith("timeout") === true);
      assert.deepEqual([hung.length, hung[0]?.i], [1, 1], JSON.stringify([...kinds]));
      const wrong = samples.filter(({ verdict }) => verdict?.kind === "incorrect");
      assert.equal(wrong.length, 6);
      assert.ok(
        wrong.every(({ verdict }) => verdict?.trial !== undefined),
        "each says what was called",
      );
      await shownWith(0.5, 0.75);
      const [request] = server.log.filter(({ index }) => index >= 0);
      assert.equal(request?.path, "/v1/completions");
      assert.deepEqual(request.body["stop"], ["\nclass", "\ndef", "\n#", "\nif", "\nprint"]);
      const [report] = curveReport(path, "--k", "1,3").runs;
      assert.deepEqual(
        report?.curve.map(({ k, passAtK }) => [k, passAtK]),
        [
          [1, 0.5],
          [3, 0.75],
        ],
      );
      await openFailedSample();
      await workbench.screenshot("code-sample-dark");
    } finally {
      delays.kill();
    }
  }));

/** Into the problem that nothing solves: its samples, and the test that one of them failed. */
async function openFailedSample(): Promise<void> {
  const frame = await curvesFrame(workbench);
  await frame.locator("#tab-problems").click();
  await frame.locator("#body tbody tr", { hasText: tasks[2]!.task_id }).first().dblclick();
  const trial = frame.locator("#sample-trial");
  await until("the failed test is shown", async () => {
    if (await trial.isVisible()) return true;
    await frame.locator("#samples-table tbody tr").first().click({ timeout: 2000 });
    await trial.waitFor({ timeout: 2000 });
    return true;
  });
  const words = await trial.innerText();
  assert.match(words, /call/);
  assert.match(words, new RegExp(`${tasks[2]!.entry_point}\\(`));
  assert.match(words, /got\s+None/);
}

test("a verifier of the person's own is chosen for a run, and is started again when it ends", () =>
  workbench.watch("custom run", async () => {
    await workbench.explorerMenu(["sums.jsonl"], "Quick pass@k with options");
    await workbench.pick("Verifier");
    await workbench.screenshot("choose-verifier-dark");
    await workbench.pick("reward");
    await workbench.pick("Start");
    const { samples } = await finished("sums", sums.length * samplesPerProblem);
    assert.ok(samples.every(({ verifier }) => verifier?.startsWith("custom:reward@") === true));
    assert.deepEqual(
      samples.map(({ i, verdict }) => `${i} ${verdict?.kind} ${verdict?.how}`).sort(),
      sums.flatMap(() => ["0 correct last word", "1 incorrect last word", "2 incorrect last word"]).sort(),
    );
    assert.ok(readdirSync(workspace.folder).includes("crashed"), "it ended once");
    await shownWith(1 / 3, 1);
  }));

test("a verifier that does not start keeps the samples and says what to do", () =>
  workbench.watch("absent verifier", async () => {
    const known = storedRuns("sums").map(({ path }) => path);
    await workbench.explorerMenu(["sums.jsonl"], "Quick pass@k with options");
    await workbench.pick("Verifier");
    await workbench.pick("absent");
    await workbench.pick("Start");
    const { samples } = await finished("sums", sums.length * samplesPerProblem, known);
    assert.ok(samples.every(({ verdict }) => verdict?.kind === "error"));
    // A driven window shows no toasts: the list of notifications is opened.
    await workbench.command("Notifications: Show Notifications");
    const said = workbench.notification("absent gives no verdicts");
    await said.waitFor();
    assert.match(await said.innerText(), /could not be started \(ENOENT\)[^]*Mend the command/);
    await workbench.screenshot("verifier-absent-dark");
  }));

test("the command line gives the same verdicts on the same programs", async () => {
  const lines = await byCommandLine;
  const summary = lines.at(-1);
  const verdicts = { right: "pass", wrong: "fail", hangs: "timeout" } as const;
  assert.deepEqual(
    lines.slice(0, -1).map(({ verdict }) => verdict),
    told.flat().map((kind) => verdicts[kind]),
  );
  assert.equal(summary?.["pass@1"], 0.5);
  assert.equal(summary["verifier"], "code-pyodide@1:1s");
});
