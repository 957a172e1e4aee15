import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LensError } from "../../../src/core/errors.ts";
import { createRun, describeRun, listRuns, openRun, readRun } from "../../../src/core/run/store.ts";
import {
  FakeEndpoint,
  type Bench,
  bench,
  linesOf,
  openOn,
  problemsNamed,
  session,
  testPlan,
} from "./fakes.ts";

const samples = "runs/one/samples.jsonl";
const header = "runs/one/run.json";
const ports = (on: Bench) => ({ files: on.files, clock: on.clock, owner: "test" });
const code = (expected: string) => (error: unknown) => error instanceof LensError && error.code === expected;

/** A run of 2 x 3 samples that is done. The texts hold multi-byte characters and newlines. */
async function finishedRun(): Promise<Bench> {
  const on = bench();
  await session(on, new FakeEndpoint(on.clock, ({ seed }) => ({ text: `😀 é\n\\boxed{${seed}}` })), {
    concurrency: 1,
  });
  return on;
}

describe("after a kill", () => {
  it("torn at every byte of the file: nothing whole is lost, nothing is asked twice, the file ends whole", async () => {
    const done = await finishedRun();
    const whole = done.files.files.get(samples)!;
    const ends = [...whole.entries()].flatMap(([at, byte]) => (byte === 10 ? [at + 1] : []));
    assert.equal(ends.length, 6);
    for (let cut = 0; cut <= whole.length; cut += 1) {
      done.files.files.set(samples, whole.slice(0, cut));
      const log = await openOn(done);
      const kept = ends.filter((end) => end <= cut).length;
      assert.equal(log.counts.finished, kept, `cut at ${cut}`);
      assert.equal(log.repairs.length, ends.includes(cut) || cut === 0 ? 0 : 1);
      await log.close();
      assert.equal(done.files.files.get(samples)!.length, ends[kept - 1] ?? 0);
      if (cut % 37 !== 0) continue;
      const endpoint = new FakeEndpoint(done.clock, ({ seed }) => ({ text: `😀 é\n\\boxed{${seed}}` }));
      await session(done, endpoint, { concurrency: 1 });
      assert.equal(endpoint.asked.length, 6 - kept);
      assert.deepEqual(done.files.files.get(samples), whole);
    }
  });

  it("zeros and half lines in the middle are skipped, told, and their samples asked for again", async () => {
    const on = await finishedRun();
    const lines = on.files.text(samples).split("\n");
    lines[1] = "\0".repeat(50);
    lines[3] = lines[3]!.slice(0, 40);
    on.files.files.set(samples, new TextEncoder().encode(lines.join("\n")));
    const log = await openOn(on);
    assert.equal(log.counts.finished, 4);
    assert.equal(log.repairs.length, 2);
    assert.match(log.repairs[0]!, /^line 2 was skipped/);
    await log.close();
    const endpoint = new FakeEndpoint(on.clock, () => ({}));
    await session(on, endpoint);
    assert.deepEqual(endpoint.asked.map(({ question, seed }) => question + seed).sort(), ["a1", "b0"]);
  });

  it("a kill between the files of a new run leaves none: it is created again", async () => {
    const on = bench();
    await (await openOn(on)).close();
    on.files.files.delete(header);
    const log = await openOn(on);
    assert.equal(log.counts.finished, 0);
    await log.close();
  });
});

describe("a run folder", () => {
  it("keeps the plan with its whole protocol, and opens again without the dataset", async () => {
    const on = await finishedRun();
    const stored = JSON.parse(on.files.text(header)) as {
      schemaVersion: number;
      plan: Record<string, unknown>;
    };
    assert.equal(stored.schemaVersion, 1);
    const { problems, ...rest } = on.plan;
    assert.deepEqual(stored.plan, rest);
    const log = await openRun("runs/one", ports(on));
    assert.deepEqual(log.plan, on.plan);
    assert.deepEqual((await readRun("runs/one", on.files)).problems, problems);
    await log.close();
  });

  it("refuses another plan in words, and changes nothing", async () => {
    const on = await finishedRun();
    const before = new Map(on.files.files);
    const others = [
      [testPlan({ temperature: 1 }), /temperature there 0\.6, here 1/],
      [testPlan({ model: "other" }), /model there "m", here "other"/],
      [testPlan({ problems: problemsNamed("a", "c") }), /datasetHash/],
    ] as const;
    for (const [plan, words] of others) {
      const opening = createRun("runs/one", plan, ports(on));
      await assert.rejects(
        opening,
        (error) => code("planDiffers")(error) && words.test((error as Error).message),
      );
    }
    assert.deepEqual(on.files.files, before);
    assert.equal(on.files.locks.size, 0);
  });

  it("grows when more samples are wanted, stays when fewer are, and follows a server to another port", async () => {
    const on = await finishedRun();
    const finished = on.files.text("runs/one/samples.jsonl");
    const larger = await createRun(
      "runs/one",
      testPlan({ samplesPerProblem: 5, origin: "http://localhost:2/v1" }),
      ports(on),
    );
    assert.equal(larger.plan.samplesPerProblem, 5);
    assert.equal(larger.counts.finished, on.plan.problems.length * 3);
    await larger.close();
    const smaller = await createRun("runs/one", testPlan({ samplesPerProblem: 2 }), ports(on));
    assert.equal(smaller.plan.samplesPerProblem, 5);
    await smaller.close();
    assert.equal((await readRun("runs/one", on.files)).header.plan.samplesPerProblem, 5);
    assert.equal(on.files.text("runs/one/samples.jsonl"), finished);
  });

  it("tells a second window who has it", async () => {
    const on = bench();
    const first = await openOn(on);
    on.files.files.set(
      "runs/one/run.lock",
      new TextEncoder().encode('{"owner":"VS Code","pid":7,"host":"h","at":"now"}'),
    );
    await assert.rejects(
      openOn(on),
      (error) => code("runBusy")(error) && /VS Code \(process 7 on h/.test((error as Error).message),
    );
    await first.close();
    await (await openOn(on)).close();
  });

  it("of a newer schema is neither written nor read wrongly", async () => {
    const on = await finishedRun();
    on.files.files.set(
      header,
      new TextEncoder().encode(on.files.text(header).replace('"schemaVersion": 1', '"schemaVersion": 3')),
    );
    const before = new Map(on.files.files);
    await assert.rejects(openOn(on), code("newerSchema"));
    await assert.rejects(openRun("runs/one", ports(on)), code("newerSchema"));
    await assert.rejects(readRun("runs/one", on.files), code("newerSchema"));
    assert.deepEqual(on.files.files, before);
  });

  it("with a newer sample line is not cut or appended to", async () => {
    const on = await finishedRun();
    const text = `${on.files.text(samples).replace('"v":1', '"v":2')}{"torn`;
    on.files.files.set(samples, new TextEncoder().encode(text));
    await assert.rejects(openOn(on), code("newerSchema"));
    assert.equal(on.files.text(samples), text);
    assert.equal(on.files.locks.size, 0);
  });

  for (const [what, text] of [
    ["cut in half", '{"schemaVersion": 1, "createdAt"'],
    ["of the wrong shape", '{"schemaVersion": 1, "createdAt": "x", "problemCount": 2, "plan": {"id": 3}}'],
    ["empty", ""],
  ] as const) {
    it(`with a run.json ${what} is an error that names the file, and stays as it is`, async () => {
      const on = await finishedRun();
      on.files.files.set(header, new TextEncoder().encode(text));
      await assert.rejects(
        openOn(on),
        (error) => code("brokenRun")(error) && /runs\/one\/run\.json: /.test((error as Error).message),
      );
      assert.equal(on.files.text(header), text);
    });
  }

  it("with samples but no run.json is not taken over", async () => {
    const on = await finishedRun();
    on.files.files.delete(header);
    await assert.rejects(openOn(on), code("brokenRun"));
    assert.equal(linesOf(on).length, 6);
  });

  it("that is not there, or has lost problems, is said so", async () => {
    const on = await finishedRun();
    await assert.rejects(openRun("runs/none", ports(on)), code("noRun"));
    on.files.files.set("runs/one/problems.jsonl", new Uint8Array());
    await assert.rejects(openOn(on), code("brokenRun"));
  });

  it("cannot be created on a full disk: a clear error, no lock left", async () => {
    const on = bench();
    on.files.roomBytes = 10;
    await assert.rejects(openOn(on), code("diskFull"));
    assert.equal(on.files.locks.size, 0);
  });

  it("lists runs oldest first, with what is wrong with a bad one", async () => {
    const on = await finishedRun();
    await on.clock.until(on.clock.sleep(5000));
    await (await createRun("runs/two", testPlan({ name: "second" }), ports(on))).close();
    on.files.files.set("runs/bad/run.json", new TextEncoder().encode("{"));
    on.files.files.set("runs/note.txt", new Uint8Array());
    const runs = await listRuns("runs", on.files);
    assert.deepEqual(
      runs.map(({ folder }) => folder),
      ["runs/bad", "runs/one", "runs/two"],
    );
    assert.match(runs[0]!.issue!, /runs\/bad\/run\.json/);
    assert.equal(runs[2]!.header?.plan.name, "second");
  });

  it("groups the lines that come together into few writes, in order", async () => {
    const on = bench({ problems: problemsNamed("a"), samplesPerProblem: 200 });
    await session(on, new FakeEndpoint(on.clock, () => ({}), 5), { concurrency: 50 });
    assert.equal(linesOf(on).length, 200);
    assert.ok(on.files.appends <= 50, `${on.files.appends} writes`);
  });

  it("goes on with a run whose verifier is no longer here, and not with one that was set otherwise", async () => {
    const runOf = async (stored: string, wanted = "math@1:standard"): ReturnType<typeof openOn> => {
      const on = bench({ verifier: stored });
      await session(on, new FakeEndpoint(on.clock, () => ({})));
      return openOn({ ...on, plan: testPlan({ verifier: wanted }) });
    };
    const log = await runOf("basic@1");
    assert.equal(log.plan.protocol.verifier, "basic@1");
    await log.close();
    await assert.rejects(runOf("math@1:strict"), code("planDiffers"));
    await assert.rejects(runOf("custom:mine@0123456789ab"), code("planDiffers"));
    const limited = await runOf("code-pyodide@1:2s", "code-pyodide@1:2s");
    assert.equal(limited.plan.protocol.verifier, "code-pyodide@1:2s");
    await limited.close();
    await (await runOf("code-pyodide@0:2s", "code-pyodide@1")).close();
    for (const [stored, wanted] of [
      ["code-pyodide@1:2s", "code-pyodide@1"],
      ["code-pyodide@1", "code-pyodide@1:2s"],
      ["code-pyodide@1:2s", "code-pyodide@1:3s"],
    ] as const)
      await assert.rejects(runOf(stored, wanted), code("planDiffers"));
  });

  it("refuses to write a sample twice", async () => {
    const on = await finishedRun();
    const log = await openOn(on);
    const sample = { problemKey: "q:a", index: 0, seed: 0, text: "", reasoning: null, finishReason: null };
    await assert.rejects(
      log.append({ ...sample, outcome: { kind: "ok" }, verdict: null, verifier: null, usage: null }),
      code("duplicateSample"),
    );
    await log.close();
  });
});

describe("another role", () => {
  it("role and step change, samples and settings stay, the run goes on; not while it is sampled", async () => {
    const on = await finishedRun();
    const before = await readRun("runs/one", on.files);
    const texts = on.files.text(samples);
    const description = { role: "rl", metadata: { step: 270 } } as const;
    await describeRun("runs/one", description, ports(on));
    const { plan } = (await readRun("runs/one", on.files)).header;
    assert.deepEqual(plan, { ...before.header.plan, ...description });
    assert.equal(on.files.text(samples), texts);
    const log = await openOn(on);
    assert.equal(log.counts.finished, 6);
    await assert.rejects(describeRun("runs/one", { role: "base", metadata: {} }, ports(on)), code("runBusy"));
    await log.close();
    await assert.rejects(describeRun("runs/none", description, ports(on)), code("noRun"));
  });
});
