import assert from "node:assert/strict";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { root } from "../paths.ts";
import { runCli, startCli } from "./cliProcess.ts";

const problems = 8;
const perProblem = 24;
const scoredPerProblem = 8;
const models = ["base", "rl-40"];
const kills = 4;
/** A session is killed when it has written so many lines at most, and so much later at most: far from all there is to do. */
const mostLines = 20;
const latestKillMs = 40;

const folder = mkdtempSync(join(tmpdir(), "rollout-lens-study-kill-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const out = join(folder, "out");

const study = join(folder, "study.json");
writeFileSync(
  study,
  JSON.stringify({
    name: "Killed",
    dataset: join(root, "media/demo/countdown.jsonl"),
    problems,
    models: models.map((model) => ({ name: model, endpoint: `demo:${model}` })),
    sampling: { samplesPerProblem: perProblem, template: "verbatim", temperature: 1, topP: 1, maxTokens: 40 },
    scoring: { scorer: "base", correctOnly: false, perProblem: scoredPerProblem },
  }),
);

/** Whole lines of a file, in order. */
function wholeLines(path: string): readonly string[] {
  const text = readFileSync(path, "utf8");
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .slice(0, -1);
}

const files = (pattern: string): readonly string[] => globSync(pattern, { cwd: out }).sort();
/** Samples and scores by their file; what stands there once stays there. */
const onDisk = (): ReadonlyMap<string, readonly string[]> =>
  new Map(
    files("runs/*/{samples.jsonl,scores/*.jsonl}").map(
      (path) => [path, wholeLines(join(out, path))] as const,
    ),
  );
const lineCount = (disk: ReadonlyMap<string, readonly string[]>): number =>
  [...disk.values()].reduce((sum, lines) => sum + lines.length, 0);

/** A session that ends by the kill; it goes on where the one before was. */
async function killedSession(lines: number, ms: number): Promise<void> {
  const start = lineCount(onDisk());
  const { child, ended } = startCli(["study", study, "--out", out]);
  while (lineCount(onDisk()) < start + lines && child.exitCode === null) await delay(5);
  await delay(ms);
  child.kill("SIGKILL");
  const { signal, notes } = await ended;
  assert.equal(signal, "SIGKILL", `the study ended before it was killed: ${notes}`);
}

const placesIn = (lines: readonly string[], fields: readonly string[]): readonly string[] =>
  lines.map((line) => {
    const record = JSON.parse(line) as Record<string, unknown>;
    return fields.map((field) => String(record[field])).join("#");
  });

test(`a study killed ${kills} times ends with every sample and every score once`, async () => {
  const random = xoroshiro128plus(20_261_121);
  let kept = onDisk();
  for (let kill = 0; kill < kills; kill += 1) {
    // The first during start-up.
    const lines = kill === 0 ? 0 : uniformInt(random, 1, mostLines);
    await killedSession(lines, uniformInt(random, 0, latestKillMs));
    const now = onDisk();
    for (const [path, before] of kept)
      assert.deepEqual(now.get(path)?.slice(0, before.length), before, `${path} stays as it is`);
    kept = now;
  }
  assert.ok(
    lineCount(kept) > 0 && lineCount(kept) < models.length * problems * (perProblem + scoredPerProblem),
  );
  const end = await runCli(["study", study, "--out", out, "--json"]);
  assert.equal(end.code, 0, end.notes);
  for (const model of models) {
    const samples = placesIn(wholeLines(join(out, "runs", model, "samples.jsonl")), ["key", "i"]);
    assert.deepEqual([samples.length, new Set(samples).size], [problems * perProblem, problems * perProblem]);
    const [set, ...more] = files(`runs/${model}/scores/*.jsonl`);
    assert.deepEqual(more, []);
    const scores = placesIn(wholeLines(join(out, set!)).slice(1), ["k", "i"]);
    assert.deepEqual(
      [scores.length, new Set(scores).size],
      [problems * scoredPerProblem, problems * scoredPerProblem],
      basename(set!),
    );
  }
  const stages = wholeLines(join(out, "stages.jsonl")).map((line) => (JSON.parse(line) as { id: string }).id);
  assert.deepEqual(
    stages,
    models.flatMap((model) => [model, `${model}-under-base`]),
  );
});
