// A study's search for the temperature at which a demo model has another's mean token entropy, checked afterwards with
// many fresh texts, all of whose logits are known.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findingsOf, type StudyFindings } from "../../src/core/study/stages.ts";
import { readStudy } from "../../src/core/study/studyLog.ts";
import { nodeFileStore } from "../../src/node/fileStore.ts";
import type { Measurement } from "../bench/measurement.ts";
import { runCli } from "../cli/runCli.ts";
import { root } from "../paths.ts";
import { ExactEntropies, type ExactEntropy } from "./exactEntropy.ts";

/** Stated before the first text: of all the search may take, the target's own texts among them. */
const budget = 9000;
const tolerance = 0.02;
const problems = 50;
const base = { model: "base", temperature: 0.6 };
const maxTokens = 40;
/** Seeds of the reference are no seeds of a search. */
const freshSeeds = 900_000_000;

/**
 * `args`: number of searches (default 6), texts of each reference (default 20,000), the first search's seed (default 1), and
 * the models whose temperature is sought (default rl-450), so many searches each.
 */
export async function* simulate([
  searches,
  texts,
  first,
  ...models
]: readonly string[]): AsyncGenerator<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), "rollout-lens-match-"));
  const exact = new ExactEntropies();
  const fresh = (model: string, temperature: number): Promise<ExactEntropy> =>
    exact.measure(model, {
      prompts: prompts(),
      textsEach: Math.ceil(Number(texts ?? 20_000) / problems),
      temperature,
      maxTokens,
      seed: freshSeeds,
    });
  try {
    const target = await fresh(base.model, base.temperature);
    yield reference(`${base.model} at T = ${base.temperature}`, target);
    const seeds = Array.from({ length: Number(searches ?? 6) }, (_, at) => Number(first ?? 1) + at);
    const wanted = models.length > 0 ? models : ["rl-450"];
    for (const { other, seed } of wanted.flatMap((model) => seeds.map((seed) => ({ other: model, seed })))) {
      const name = `${other}, seed ${seed}`;
      const { match, spent } = await search(join(folder, `${other}-${seed}`), other, seed);
      yield { name: `${name}: texts spent`, value: spent, aim: `<= ${budget}`, ok: spent <= budget };
      if (match?.step.kind !== "matched") {
        yield { name: `${name}: ended as`, value: match?.step.kind ?? "nothing", aim: "matched", ok: false };
        continue;
      }
      const { at: found, within } = match.step;
      const { temperature } = found;
      yield { name: `${name}: T`, value: temperature, aim: "", ok: null };
      yield {
        name: `${name}: claimed to be within, %`,
        value: 100 * within,
        aim: "<= 2",
        ok: within <= tolerance,
      };
      const measured = await fresh(other, temperature);
      yield reference(`${name}: H there`, measured);
      yield errorRow(name, measured, target);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function errorRow(name: string, measured: ExactEntropy, target: ExactEntropy): Measurement {
  const error = measured.mean / target.mean - 1;
  const standardError = Math.hypot(
    measured.standardError / measured.mean,
    target.standardError / target.mean,
  );
  return {
    name: `${name}: |H - target| / target, % (s.e. of the reference)`,
    value: `${(100 * error).toFixed(2)} (${(100 * standardError).toFixed(2)})`,
    aim: "|...| < 2",
    ok: Math.abs(error) < tolerance,
  };
}

const reference = (name: string, { mean, standardError, texts }: ExactEntropy): Measurement => ({
  name: `${name}, nats from ${texts} fresh texts (s.e.)`,
  value: `${mean.toFixed(5)} (${standardError.toFixed(5)})`,
  aim: "",
  ok: null,
});

const dataset = join(root, "media/demo/countdown.jsonl");

function prompts(): readonly string[] {
  const lines = readFileSync(dataset, "utf8").trimEnd().split("\n").slice(0, problems);
  return lines.map((line) => (JSON.parse(line) as { readonly prompt: string }).prompt);
}

interface Search {
  readonly match: StudyFindings["match"];
  readonly spent: number;
}

/** From the command line, as a person does; the runs that follow it are as small as can be. */
async function search(folder: string, other: string, seed: number): Promise<Search> {
  const study = `${folder}.json`;
  writeFileSync(study, JSON.stringify(studyOf(other, seed)));
  const { code, stderr } = await runCli("study", study, "--out", folder, "--json");
  if (code !== 0) throw new Error(stderr);
  const { spec, results } = await readStudy(folder, nodeFileStore);
  const spent = results.reduce(
    (sum, result) => sum + (result.kind === "entropy" ? result.measured.samples : 0),
    0,
  );
  return { match: findingsOf(spec, results).match, spent };
}

/** Seeds of two searches are far apart: each sample adds one. */
const studyOf = (other: string, seed: number): object => ({
  name: `Match ${seed}`,
  dataset,
  problems,
  models: [
    { name: base.model, role: "base", endpoint: `demo:${base.model}` },
    { name: other, role: "rl", endpoint: `demo:${other}` },
  ],
  sampling: {
    samplesPerProblem: 1,
    template: "verbatim",
    temperature: base.temperature,
    topP: 1,
    maxTokens,
    seed: 10_000_000 * seed,
  },
  plan: { kind: "matchEntropy", target: base.model, model: other, tolerance, samplesEach: 200, budget },
  scoring: null,
});
