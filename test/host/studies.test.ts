import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import type { Features } from "../../src/host/features.ts";
import { temperaturesIn } from "../../src/host/study/askStudyTexts.ts";
import { resumeStudy } from "../../src/host/study/resumeStudy.ts";
import { startStudy } from "../../src/host/study/startStudy.ts";
import { usualModels } from "../../src/host/study/studyDefaults.ts";
import { writeReport } from "../../src/host/study/writeReport.ts";
import { systemClock } from "../../src/node/clock.ts";
import { fake, Uri, workspace } from "../fakes/vscode.ts";
import { root } from "../paths.ts";
import { openStudyWindow } from "./studyWindow.ts";

const folder = mkdtempSync(join(tmpdir(), "rollout-lens-studies-"));
after(() => {
  opened.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => fake.reset());

let opened: ReturnType<typeof openStudyWindow>;
before(() => {
  opened = openStudyWindow({ folder });
});

const demoProblems = Uri.file(join(root, "media/demo/countdown.jsonl"));

/** Answers the list of options: each change once, then the start. */
function choose(changes: Readonly<Record<string, string | readonly string[]>>): string[] {
  const left = Object.entries(changes);
  const titles: string[] = [];
  let asked = "";
  fake.pick = (labels, title) => {
    titles.push(title);
    if (title === "Models of the study") return changes["Models"];
    if (!labels.includes("$(play) Start")) return labels[0];
    const [label] = left.shift() ?? ["$(play) Start"];
    asked = label;
    return labels.find((one) => one === label);
  };
  fake.type = () => changes[asked] as string;
  return titles;
}

const small = { Models: ["Demo base", "Demo RL 40"], Problems: "4", "Samples per problem": "8" };

const samplesOf = (study: string, run: string): readonly string[] =>
  readFileSync(join(folder, "studies", study, "runs", run, "samples.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => {
      const { key, i } = JSON.parse(line) as { key: string; i: number };
      return `${key} ${i}`;
    });

test("a comparison from one list of options: runs under their study, curves at the end, and its report", async () => {
  const { features, shown, catalog, tree } = opened;
  choose(small);
  await startStudy(features, "compareModels", [demoProblems]);
  const ids = ["Compare models, countdown Demo-base", "Compare models, countdown Demo-RL-40"];
  assert.deepEqual(shown.at(-1), ids);
  const name = "Compare-models-countdown";
  for (const run of ["Demo-base", "Demo-RL-40"]) assert.equal(new Set(samplesOf(name, run)).size, 32);
  assert.deepEqual(
    ids.map((id) => [catalog.find(id)?.state, catalog.find(id)?.study?.finished]),
    [
      ["done", true],
      ["done", true],
    ],
  );
  const [row] = await tree.getChildren();
  const item = tree.getTreeItem(row!);
  assert.deepEqual(
    [item.label, item.description, item.contextValue],
    ["Compare models, countdown", "countdown · 4 problems", "study.finished"],
  );
  const [progress] = fake.progress;
  assert.equal(progress?.title, "Compare models, countdown");
  assert.match(
    progress?.messages.join("\n") ?? "",
    /^Scoring Demo-RL-40 under Demo base, 4 of 4: 4 of 4 traces$/m,
  );
  assert.deepEqual(fake.status.at(-1), "", "nothing is left in the status bar");
  assert.deepEqual(fake.messages.at(-1)?.buttons, ["Write report"]);

  fake.pick = (labels) => labels[0];
  await writeReport(features, [row]);
  const report = (file: string): string =>
    readFileSync(join(folder, "studies", name, "report", file), "utf8");
  assert.match(report("report.md"), /^# Compare models, countdown\n/);
  const words = "Models compared on the same problems, 8 samples each: Demo base, Demo RL 40.";
  assert.ok(report("report.md").includes(words));
  assert.ok(report("report.html").includes("Demo-base/samples.jsonl"));
  assert.ok(report("report.md").includes("\n## Perplexity\n"));
  assert.ok(existsSync(join(folder, "studies", name, "report/tables.tex")));
  assert.ok(fake.executed.some(({ command }) => command === "markdown.showPreview"));
});

test("a cancelled study keeps everything, and goes on from the list of unfinished ones", async () => {
  const { features, shown, catalog, tree } = opened;
  const before = shown.length;
  choose({ ...small, "Samples per problem": "64", Name: "Cut short" });
  const done = startStudy(features, "compareModels", [demoProblems]);
  const first = "Cut short Demo-base";
  while (!((features.runs.progressOf(first)?.finished ?? 0) > 0)) await systemClock.sleep(5);
  fake.progress[0]?.cancel();
  await done;
  assert.equal(shown.length, before, "no curves of half a study");
  assert.deepEqual(fake.messages, [], "cancellation is silent");
  const kept = samplesOf("Cut-short", "Demo-base");
  assert.ok(kept.length > 0 && kept.length < 256);
  assert.equal(catalog.find(first)?.state, "paused");
  const rows = await tree.getChildren();
  const items = rows.map((row) => tree.getTreeItem(row));
  assert.ok(
    items.some(({ contextValue, label }) => contextValue === "study.unfinished" && label === "Cut short"),
  );
  fake.pick = (labels, title) =>
    title === "Resume study" ? labels.find((one) => one === "Cut short") : undefined;
  await resumeStudy(features, []);
  for (const run of ["Demo-base", "Demo-RL-40"]) {
    const samples = samplesOf("Cut-short", run);
    assert.deepEqual([samples.length, new Set(samples).size], [256, 256], run);
  }
  assert.deepEqual(samplesOf("Cut-short", "Demo-base").slice(0, kept.length), kept);
  assert.deepEqual(shown.at(-1), [first, "Cut short Demo-RL-40"]);
  await resumeStudy(features, []);
  assert.ok(fake.messages.some(({ text }) => /no study is unfinished/.test(text)));
});

test("the budget of a search is said before it starts, and an entropy is not matched with itself", async () => {
  const { features } = opened;
  const details: string[] = [];
  fake.pick = (labels) => (details.push(...labels), undefined);
  await startStudy(features, "matchEntropy", [demoProblems]);
  for (const label of [
    "Budget of the search, texts",
    "Target, at its temperature",
    "Temperature of the target",
  ])
    assert.ok(details.includes(label), label);
  choose({});
  const [base] = await features.endpoints.list();
  const row = { kind: "endpoint", entry: base };
  await assert.rejects(startStudy(features, "matchEntropy", [demoProblems, [row]]), { code: "oneModel" });
});

test("in a folder that is not trusted nothing is asked and nothing starts", async () => {
  workspace.isTrusted = false;
  const never = new Proxy({}, { get: () => assert.fail("something was used") }) as Features;
  fake.pick = () => assert.fail("something was asked");
  await assert.rejects(startStudy(never, "compareModels", []), { code: "untrusted" });
  await assert.rejects(resumeStudy(never, []), { code: "untrusted" });
});

test("temperatures are different numbers from 0 to 2", () => {
  assert.deepEqual(temperaturesIn("0.6, 1,1.2"), [0.6, 1, 1.2]);
  for (const wrong of ["", "1, 1", "0.6; 1", "3", "-1", "1,"])
    assert.equal(temperaturesIn(wrong), null, wrong);
});

test("the usual models are those with a role, the person's own before the demo's", () => {
  const entry = (name: string, role: string, offered = false) =>
    ({ config: { name, role }, offered }) as unknown as Parameters<typeof usualModels>[0][number];
  const names = (list: Parameters<typeof usualModels>[0]) =>
    usualModels(list).map(({ config }) => config.name);
  const own = [entry("a", "base"), entry("b", "rl"), entry("c", "other")];
  assert.deepEqual(names([...own, entry("Demo base", "base", true)]), ["a", "b"]);
  assert.deepEqual(names([entry("c", "other")]), ["c"]);
  assert.deepEqual(names([entry("Demo base", "base", true)]), ["Demo base"]);
  assert.deepEqual(names([]), []);
});
