// The path of a study from the command line: queue, labels of two raters merged by git, agreement, roll-up, CoT-Pass@k.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { encodeLine } from "../../src/core/label/labelLine.ts";
import type { CotVerdict, ItemId } from "../../src/core/label/model.ts";
import { startServer } from "../fakes/server/server.ts";
import { runCli } from "./runCli.ts";

let folder: string;
let rollouts: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "rollout-lens-labels-"));
  rollouts = join(folder, "gsm8k.jsonl");
  // 26 problems with 2 of 64 right (in the window), 4 easy ones with 32; wrong answers are all one text.
  const rows = Array.from({ length: 30 }, (_, p) => {
    const right = p < 26 ? 2 : 32;
    const code = Array.from({ length: 64 }, (__, i) =>
      i < right ? `Problem ${p}, way ${i}.\n\nSo \\boxed{${p}}.` : `No idea about ${p}.\n\n\\boxed{-1}`,
    );
    return {
      idx: p,
      question: `What is ${p}?`,
      gt: String(p),
      code,
      score: code.map((_text, i) => i < right),
    };
  });
  writeFileSync(rollouts, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
});

after(() => rmSync(folder, { recursive: true, force: true }));

interface QueueJson {
  readonly total: number;
  readonly problems: number;
  readonly items: readonly { readonly item: ItemId; readonly problem: string }[];
}

async function queued(...args: readonly string[]): Promise<QueueJson> {
  const { code, stdout, stderr } = await runCli("queue", rollouts, "--json", ...args);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as QueueJson;
}

let lines = 0;
const line = (rater: string, item: ItemId, verdict: CotVerdict): string =>
  encodeLine({
    id: `${rater}-${lines}`,
    at: 1_700_000_000_000 + 1000 * lines++,
    rater,
    kind: "human",
    act: { type: "label", entry: { item, verdict, firstWrongStep: null, note: "", seconds: 1 } },
  });

test("queue, labels, cot-pass: 24/25 and one ambiguous; agree: kappa of two raters; bad labels are named", async () => {
  const queue = await queued();
  assert.deepEqual([queue.total, queue.problems], [52, 26]);
  assert.equal(queue.items.length, 52);
  assert.deepEqual(await queued(), queue);
  const problems = [...new Set(queue.items.map(({ problem }) => problem))];
  const verdictOf = (problem: string): CotVerdict => {
    const at = problems.indexOf(problem);
    return at === 0 ? "wrong" : at === 1 ? "ambiguous" : "correct";
  };
  const labels = `${rollouts}.labels`;
  mkdirSync(labels);
  const said = queue.items.map(({ item, problem }) => line("anna", item, verdictOf(problem)));
  writeFileSync(join(labels, "anna.jsonl"), `${said.join("")}{"v":1,"id":"x"}\n`);
  const result = await runCli("cot-pass", rollouts, "--k", "1,64", "--json");
  assert.equal(result.code, 0, result.stderr);
  assert.match(result.stderr, /anna\.jsonl line 53: at: expected string, got nothing/);
  const { runs, rollUp } = JSON.parse(result.stdout) as {
    runs: {
      points: { k: number; value: number; passAtK: number; certain: { low: number; high: number } }[];
    }[];
    rollUp: { form: string; ambiguous: number; labelled: number }[];
  };
  assert.deepEqual([rollUp[0]?.form, rollUp[0]?.ambiguous, rollUp[0]?.labelled], ["24/25", 1, 25]);
  const atN = runs[0]?.points.find(({ k }) => k === 64);
  assert.ok(atN && atN.passAtK === 1);
  // One problem is wrong for certain; the ambiguous one and the four that nobody read may be either.
  assert.ok(Math.abs(atN.certain.low - 24 / 30) < 1e-9 && Math.abs(atN.certain.high - 29 / 30) < 1e-9);
  const bo = queue.items.slice(0, 20).map(({ item, problem }) => line("bo", item, verdictOf(problem)));
  writeFileSync(join(folder, "bo.jsonl"), bo.join(""));
  const agree = await runCli("agree", labels, join(folder, "bo.jsonl"), "--json");
  const report = JSON.parse(agree.stdout) as {
    items: number;
    humans: { same: number }[];
    conflicts: unknown[];
  };
  assert.deepEqual([report.items, report.humans[0]?.same, report.conflicts.length], [20, 1, 0]);
  const text = await runCli("cot-pass", rollouts);
  assert.match(text.stdout, /24\/25\s+96\.0 \[79\.6, 99\.9\]/);
  const again = await queued("--labels", labels);
  assert.equal(again.items.length, 0);
});

test("without labels, and with a file that is none, it says what to do", async () => {
  const other = join(folder, "other.jsonl");
  writeFileSync(other, readFileSync(rollouts));
  const none = await runCli("cot-pass", other);
  assert.equal(none.code, 2);
  assert.match(none.stderr, /There are no labels beside the rollouts/);
  const missing = await runCli("agree", join(folder, "nobody.jsonl"));
  assert.deepEqual([missing.code, missing.stderr.includes("does not exist")], [2, true]);
  const noLabels = join(folder, "noLabels.jsonl");
  writeFileSync(noLabels, '{"v":1,"type":"label","id":"x"}\n');
  for (const args of [["agree"], ["cot-pass", rollouts, "--labels"], ["queue", rollouts, "--labels"]]) {
    const { code, stderr } = await runCli(...args, noLabels);
    assert.equal(code, 2, stderr);
    assert.match(
      stderr,
      /noLabels\.jsonl line 1: at: expected string, got nothing\n.*No label could be read/s,
    );
  }
  assert.match((await runCli("cot-pass", rollouts, "--labels")).stderr, /^--labels: name at least one file/);
  const share = await runCli("queue", rollouts, "--above", "5%");
  assert.deepEqual(
    [share.code, share.stderr.startsWith("--above: expected a number from 0 to 1")],
    [2, true],
  );
});

const hasGit = spawnSync("git", ["--version"]).status === 0;

test(
  "one rater on two machines, merged by git with a conflict that is committed as it is: both count",
  {
    skip: hasGit ? false : "needs git, which is not here",
  },
  async () => {
    const repository = join(folder, "repository");
    mkdirSync(repository);
    const git = (...args: readonly string[]): void => {
      const own = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"];
      execFileSync("git", [...own, ...args], { cwd: repository, stdio: "pipe" });
    };
    const file = join(repository, "anna.jsonl");
    const { items } = await queued();
    const at = (i: number): ItemId => items[i]?.item ?? "";
    writeFileSync(file, line("anna", at(0), "wrong"));
    git("init");
    git("add", ".");
    git("commit", "-m", "first");
    git("checkout", "-b", "laptop");
    writeFileSync(file, line("anna", at(1), "correct") + line("anna", at(0), "correct"), { flag: "a" });
    git("commit", "-am", "laptop");
    git("checkout", "main");
    writeFileSync(file, line("anna", at(2), "ambiguous"), { flag: "a" });
    git("commit", "-am", "desk");
    assert.throws(() => git("merge", "laptop"));
    assert.match(readFileSync(file, "utf8"), /^<<<<<<< HEAD$/m);
    git("commit", "-am", "merged as it is");
    const merged = await runCli("queue", rollouts, "--json", "--labels", file);
    assert.equal(merged.stderr, "");
    assert.equal((JSON.parse(merged.stdout) as { done: number }).done, 3);
    const stillThere = await runCli("cot-pass", rollouts, "--labels", file, "--json");
    const [run] = (JSON.parse(stillThere.stdout) as { rollUp: { texts: Record<string, number> }[] }).rollUp;
    assert.deepEqual(run?.texts, { all: 52, correct: 2, wrong: 0, ambiguous: 1, conflict: 0 });
  },
);

test("labels: out to ProcessBench and in again for another rater; prelabel: a model's votes, compared and never counted", async () => {
  const study = join(folder, "study.jsonl");
  writeFileSync(study, readFileSync(rollouts));
  const { items } = await queued("--size", "4");
  mkdirSync(`${study}.labels`);
  const said = items.slice(0, 4).map(({ item }, i) =>
    encodeLine({
      id: `cy-${i}`,
      at: 1000 * i,
      rater: "cy",
      kind: "human",
      act: {
        type: "label",
        entry: {
          item,
          verdict: i < 2 ? "correct" : "wrong",
          firstWrongStep: i === 2 ? 1 : null,
          note: "",
          seconds: 1,
        },
      },
    }),
  );
  writeFileSync(join(`${study}.labels`, "cy.jsonl"), said.join(""));
  const out = await runCli("labels", study, "--format", "processbench");
  const lines = out.stdout.trimEnd().split("\n");
  const steps = lines.map((text) => (JSON.parse(text) as { label: number }).label);
  assert.deepEqual(
    steps.sort((a, b) => a - b),
    [-1, -1, 1],
  );
  assert.match(out.stderr, /1 labels have no place in processbench/);
  const bench = join(folder, "bench.jsonl");
  writeFileSync(bench, `${out.stdout}{"steps": ["not here"], "label": -1}\n{"steps": 3}\n`);
  const into = await runCli("labels", study, "--format", "processbench", "--import", bench, "--rater", "dee");
  assert.match(into.stderr, /line 5: steps: expected list, got number/);
  assert.match(into.stderr, /3 labels were added to .*dee\.jsonl; 1 are of texts that are not here/);
  const server = await startServer({
    answer: (_prompt, seed) => ({
      text: seed % 3 === 0 ? "?" : "Fine.\nVerdict: correct",
      finishReason: "stop",
    }),
  });
  try {
    const model = [
      "--url",
      server.url,
      "--model",
      "fake-model",
      "--name",
      "judge",
      "--size",
      "3",
      "--votes",
      "3",
    ];
    const labelled = await runCli("prelabel", study, ...model);
    assert.equal(labelled.code, 0, labelled.stderr);
    assert.equal(labelled.stderr.match(/correct \(100 % of the votes\)/g)?.length, 3);
    assert.match((await runCli("prelabel", study, ...model)).stderr, /^The labels are in /);
  } finally {
    await server.close();
  }
  const agree = await runCli("agree", `${study}.labels`, "--json");
  const report = JSON.parse(agree.stdout) as {
    items: number;
    humans: { same: number }[];
    models: { a: { name: string; kind: string }; b: { name: string } | null; items: number }[];
  };
  assert.deepEqual([report.items, report.humans.length, report.humans[0]?.same], [3, 1, 1]);
  assert.deepEqual(
    report.models.map(({ a, b }) => [a.name, a.kind, b?.name ?? null]),
    [
      ["judge", "model", "cy"],
      ["judge", "model", "dee"],
      ["judge", "model", null],
    ],
  );
});
