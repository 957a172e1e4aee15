import assert from "node:assert/strict";
import { test } from "node:test";
import { EndpointError } from "../../../src/core/run/generate.ts";
import { templateNamed } from "../../../src/core/run/templates.ts";
import { isFinished } from "../../../src/core/study/listStudies.ts";
import { runStudy } from "../../../src/core/study/runStudy.ts";
import { decodeStudy, type StudySpec } from "../../../src/core/study/spec.ts";
import { stageWork, type StageWorkPorts } from "../../../src/core/study/stageWork.ts";
import { modelsLeft } from "../../../src/core/study/stages.ts";
import { openStudy, readStudy } from "../../../src/core/study/studyLog.ts";
import type { Verifier } from "../../../src/core/verify/verifier.ts";
import { FakeClock, FakeEndpoint, MemoryFiles, problemsNamed } from "../run/fakes.ts";

const spec: StudySpec = decodeStudy(
  {
    name: "Down",
    dataset: "d.jsonl",
    models: ["base", "rl"].map((name) => ({ name, endpoint: name })),
    sampling: { samplesPerProblem: 4, template: "plain", temperature: 1, topP: 1, maxTokens: 9 },
  },
  "study.json",
);
const problems = problemsNamed("a", "b", "c");
/** Right is what a built-in verifier would call wrong. */
const contrary: Verifier = {
  id: "custom:contrary@0123456789ab",
  verify: ({ response, gold }) =>
    Promise.resolve({
      kind: response === `I get \\boxed{${gold}}` ? "incorrect" : "correct",
      how: "",
      extracted: null,
    }),
};

interface Server {
  /** Texts that it still gives; then connections are refused. */
  left: number;
}

/** One session of the study at a server. */
async function session(files: MemoryFiles, clock: FakeClock, server: Server): Promise<readonly string[]> {
  const asked: string[] = [];
  const log = await openStudy("s", spec, { files, owner: "test" });
  const ports: StageWorkPorts = {
    files,
    clock,
    random: () => 0.5,
    sha256: (bytes) => `${bytes.length}`,
    owner: "test",
    templateNamed,
    openModel: ({ name }) =>
      Promise.resolve({
        generator: new FakeEndpoint(clock, ({ question, seed }) => {
          asked.push(`${name} ${question} ${seed}`);
          server.left -= 1;
          return server.left >= 0 ? {} : new EndpointError("connection", "ECONNREFUSED", { retryable: true });
        }),
        endpointName: name,
        origin: "http://localhost:1",
        model: name,
        api: "completions",
        extraBody: undefined,
        concurrency: 1,
        close: () => undefined,
      }),
    openScorer: () => assert.fail("nothing is scored"),
    openVerifier: (id) => Promise.resolve({ ...contrary, id, close: () => Promise.resolve() }),
  };
  const dataset = { name: "d", path: null, problems, verifier: contrary.id };
  try {
    const signal = new AbortController().signal;
    await clock.until(runStudy(log, stageWork(log, dataset, ports), signal));
    return asked;
  } finally {
    await log.close();
  }
}

test("a server that goes in the middle of a study stops it in words, and it goes on where it stood", async () => {
  const files = new MemoryFiles();
  const clock = new FakeClock();
  // All twelve of the base's, and five of the other's.
  await assert.rejects(session(files, clock, { left: 17 }), {
    code: "runStopped",
    message: /5 finished samples are kept in s\/runs\/rl\. Check that the server runs, then resume\.$/,
  });
  const stopped = await readStudy("s", files);
  assert.equal(isFinished(stopped), false);
  assert.deepEqual(
    stopped.results.map(({ id }) => id),
    ["base"],
  );
  assert.deepEqual([...modelsLeft(stopped.spec, stopped.results)], ["rl"]);

  const asked = await session(files, clock, { left: Infinity });
  assert.equal(isFinished(await readStudy("s", files)), true);
  const lines = files.text("s/runs/rl/samples.jsonl").trimEnd().split("\n");
  const samples = lines.map((line) => JSON.parse(line) as { key: string; i: number; verifier: string });
  assert.equal(new Set(samples.map(({ key, i }) => `${key} ${i}`)).size, 12);
  assert.equal(asked.length, 7, "nothing on disk is asked again");
  assert.deepEqual([...new Set(samples.map(({ verifier }) => verifier))], [contrary.id]);
});

test("every run of a study is judged by its verifier", async () => {
  const files = new MemoryFiles();
  await session(files, new FakeClock(), { left: Infinity });
  const { results } = await readStudy("s", files);
  // Seed 1 gives the gold answer, which this verifier calls wrong: three of four are right.
  for (const result of results)
    assert.deepEqual(result.kind === "sample" ? result.counts.map(({ n, c }) => [n, c]) : null, [
      [4, 3],
      [4, 3],
      [4, 3],
    ]);
});

test("models that are done with are not needed any more; the scorer is, while a run is not scored", () => {
  const scored = decodeStudy({ ...spec, scoring: { scorer: "base" } }, "study.json");
  const sampled = (id: string) => ({ kind: "sample", id, counts: [] }) as const;
  const score = (id: string) => ({ kind: "score", id, traces: 1, refused: 0, failure: null }) as const;
  const left = (...results: Parameters<typeof modelsLeft>[1]) => [...modelsLeft(scored, results)].sort();
  assert.deepEqual(left(), ["base", "rl"]);
  assert.deepEqual(left(sampled("rl")), ["base"]);
  assert.deepEqual(left(sampled("base"), score("base-under-base")), ["base", "rl"]);
  assert.deepEqual(left(sampled("base"), sampled("rl"), score("base-under-base")), ["base"]);
  assert.deepEqual(
    left(sampled("base"), sampled("rl"), score("base-under-base"), score("rl-under-base")),
    [],
  );
  const guess = decodeStudy(
    { ...spec, plan: { kind: "filterGuessable", model: "base", samplesPerProblem: 4 } },
    "study.json",
  );
  assert.deepEqual(
    [...modelsLeft(guess, [])],
    ["base", "rl"],
    "what is left after the guesses is not known yet",
  );
});
