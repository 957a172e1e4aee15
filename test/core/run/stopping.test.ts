// Runs that stop a problem at its r-th right sample: whatever order the answers come in, what is kept is what the plan says
// of the draws in order of their index; waste is bounded; a kill anywhere changes nothing.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { memorySource } from "../../../src/core/dataset/memorySource.ts";
import { readRollouts } from "../../../src/core/dataset/readRollouts.ts";
import { endPoint, type EndPoint, tailCoin } from "../../../src/core/estimate/adaptive/stopPlan.ts";
import { countOf } from "../../../src/core/estimate/compareRuns.ts";
import { endOf } from "../../../src/core/estimate/countValues.ts";
import { stoppedMeter } from "../../../src/core/estimate/stoppedRun.ts";
import { SeededRandom } from "../../../src/core/estimate/seededRandom.ts";
import type { RunTally } from "../../../src/core/model.ts";
import { EndpointError } from "../../../src/core/run/generate.ts";
import type { RunEvent, RunProgress } from "../../../src/core/run/events.ts";
import { stoppedReadingOf, stopPlanOf } from "../../../src/core/run/plan.ts";
import { fc } from "../../fastCheck.ts";
import { type Asked, type Bench, FakeEndpoint, bench, linesOf, problemsNamed, session } from "./fakes.ts";

interface World {
  /** Chance of a right answer, one problem each. */
  readonly chances: readonly number[];
  readonly r: number;
  readonly nMax: number;
  readonly tail?: { readonly n0: number; readonly probability: number } | null;
  readonly seed: number;
}

const names = "abcdefghijklmnopqrstuvwxyz";

const worldBench = ({ chances, r, nMax, tail }: World): Bench =>
  bench({
    problems: problemsNamed(...chances.map((_, i) => names[i] as string)),
    samplesPerProblem: nMax,
    stopRule: { r, ...(tail === undefined ? {} : { tail }) },
  });

/** The same answer to the same request, whenever it is asked. */
function isRight({ chances, seed }: World, asked: Pick<Asked, "question" | "seed">): boolean {
  const problem = names.indexOf(asked.question);
  return new SeededRandom(seed, 1000 * (problem + 1) + asked.seed).uniform() < (chances[problem] as number);
}

const worldEndpoint = (on: Bench, world: World): FakeEndpoint =>
  new FakeEndpoint(
    on.clock,
    (asked) => ({ text: isRight(world, asked) ? "\\boxed{1}" : "\\boxed{0}" }),
    // Right answers come back late: an order by time would count them less often.
    (asked) => (isRight(world, asked) ? 90 : 10) + ((asked.seed * 7) % 13),
  );

async function tallyOf(on: Bench): Promise<RunTally> {
  const { problems } = on.plan;
  const source = memorySource("samples.jsonl", on.files.text("runs/one/samples.jsonl"));
  const stopped = stoppedReadingOf(on.plan, problems) ?? undefined;
  return (await readRollouts(source, { problems, stopped })).runs[0]!.tally;
}

/** What the plan makes of the whole sequence of each problem. */
function expectedEnds(on: Bench, world: World): (EndPoint | null)[] {
  const plan = stopPlanOf(on.plan)!;
  return on.plan.problems.map(({ question }, index) => {
    const all = Array.from({ length: world.nMax }, (_, seed) => isRight(world, { question, seed }));
    return endPoint(plan, all, plan.tail ? tailCoin(plan.tail, on.plan.protocol.seed, index) : true);
  });
}

const endsOf = (run: RunTally): EndPoint[] => run.problems.map((tally) => endOf(countOf(tally)));
const progressOf = (events: readonly RunEvent[]): RunProgress[] =>
  events.flatMap((event) => ("progress" in event ? [event.progress] : []));

describe("a run that stops problems early", () => {
  const worlds = fc.record({
    chances: fc.array(fc.constantFrom(0, 0.02, 0.1, 0.4, 0.9, 1), { minLength: 1, maxLength: 9 }),
    r: fc.integer({ min: 1, max: 4 }),
    nMax: fc.integer({ min: 2, max: 40 }),
    tail: fc.constantFrom(null, { n0: 1, probability: 0.5 }),
    seed: fc.nat(10_000),
  });

  it("ends every problem where the plan says, whoever answers first, and asks for no index twice", async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.integer({ min: 1, max: 24 }), async (made, concurrency) => {
        const world = { ...made, tail: made.tail && { ...made.tail, n0: Math.ceil(made.nMax / 4) } };
        const on = worldBench(world);
        const endpoint = worldEndpoint(on, world);
        const events = await session(on, endpoint, { concurrency });
        const run = await tallyOf(on);
        assert.deepEqual(endsOf(run), expectedEnds(on, world));
        assert.ok(run.problems.every(({ stopped }) => stopped?.over === true));
        const asked = endpoint.asked.map(({ question, seed }) => `${question}${seed}`);
        assert.equal(new Set(asked).size, asked.length);
        const last = events.at(-1)!;
        assert.equal(last.type, "done");
        const progress = progressOf([last])[0]!;
        assert.equal(progress.finished, endpoint.asked.length);
        assert.equal(progress.total, progress.finished);
        const meter = stoppedMeter(run)!;
        assert.equal(meter.spent, endpoint.asked.length);
        assert.deepEqual(progress.stopping, {
          problemsOver: meter.problems,
          problems: meter.problems,
          spentOnThese: meter.spent,
          uniform: world.chances.length * world.nMax,
        });
      }),
      { numRuns: 120 },
    );
  });

  it("wastes nothing with one request at a time, and at most an eighth with many", async () => {
    const chances = Array.from({ length: 26 }, (_, i) => (i % 13) / 40);
    const world: World = { chances, r: 2, nMax: 200, seed: 5 };
    for (const [concurrency, wastedShare] of [
      [1, 0],
      [32, 0.125],
    ] as const) {
      const on = worldBench(world);
      const endpoint = worldEndpoint(on, world);
      await session(on, endpoint, { concurrency });
      const needed = endsOf(await tallyOf(on)).reduce((sum, { draws }) => sum + draws, 0);
      assert.ok(endpoint.asked.length >= needed);
      assert.ok(endpoint.asked.length <= needed * (1 + wastedShare), `${endpoint.asked.length} of ${needed}`);
    }
  });

  it("keeps the slots busy: other problems fill them while one waits for its verdicts", async () => {
    const world: World = { chances: Array.from({ length: 20 }, () => 0), r: 2, nMax: 60, seed: 1 };
    const on = worldBench(world);
    const endpoint = worldEndpoint(on, world);
    const started = on.clock.now();
    await session(on, endpoint, { concurrency: 40 });
    assert.equal(endpoint.asked.length, 1200);
    assert.equal(endpoint.mostInFlight, 40);
    // 1200 requests of 10 to 22 ms in 40 slots: 30 rounds of 16 ms; two at a time per problem, and no faster than that.
    const rounds = (on.clock.now() - started) / 22;
    assert.ok(rounds < 45, `${rounds} rounds`);
  });

  it("survives a kill after any byte: the end points are those of a run without one", async () => {
    const world: World = {
      chances: [0.3, 0, 0.8, 0.1],
      r: 2,
      nMax: 12,
      tail: { n0: 6, probability: 0.5 },
      seed: 3,
    };
    const whole = worldBench(world);
    await session(whole, worldEndpoint(whole, world), { concurrency: 5 });
    const log = "runs/one/samples.jsonl";
    const bytes = whole.files.files.get(log)!;
    for (let length = 0; length < bytes.length; length += 61) {
      const on: Bench = { ...worldBench(world), files: whole.files };
      on.files.files.set(log, bytes.slice(0, length));
      await session(on, worldEndpoint(on, world), { concurrency: 3 });
      assert.deepEqual(endsOf(await tallyOf(on)), expectedEnds(on, world), `${length} bytes`);
      const keys = linesOf(on).map((line) => `${String(line["key"])}#${String(line["i"])}`);
      assert.equal(new Set(keys).size, keys.length);
    }
  });

  it("the total is what it may still take: it falls with each stop, and never below what is there", async () => {
    const world: World = { chances: [1, 1, 0, 1], r: 1, nMax: 30, seed: 1 };
    const on = worldBench(world);
    const totals = progressOf(await session(on, worldEndpoint(on, world), { concurrency: 1 }));
    assert.equal(totals[0]!.total, 120);
    totals.forEach(({ total, finished }, i) => {
      assert.ok(finished <= total);
      if (i > 0) assert.ok(total <= totals[i - 1]!.total);
    });
    assert.equal(totals.at(-1)!.total, 33);
  });

  it("a sample that cannot be had is passed over; resumed, it is asked for again and its problem decided anew", async () => {
    const world: World = { chances: [0.5], r: 2, nMax: 8, seed: 11 };
    const on = worldBench(world);
    const failing = new FakeEndpoint(on.clock, (asked) =>
      asked.seed === 1
        ? new EndpointError("badRequest", "no", { retryable: false })
        : { text: isRight(world, asked) ? "\\boxed{1}" : "\\boxed{0}" },
    );
    await session(on, failing, { concurrency: 2 });
    const first = (await tallyOf(on)).problems[0]!;
    assert.equal(first.stopped?.over, true);
    await session(on, worldEndpoint(on, world), { concurrency: 2 });
    assert.deepEqual(endsOf(await tallyOf(on)), expectedEnds(on, world));
  });

  it("samples without a verdict that counts shorten what the whole run can tell of", async () => {
    const world: World = { chances: [0, 1], r: 1, nMax: 10, seed: 1 };
    const on = worldBench(world);
    const verifier = {
      id: "half@1",
      verify: ({ response, question }: { response: string; question: string }) => {
        if (question === "b") return { kind: "correct", how: "x", extracted: null } as const;
        if (response === "0") return { kind: "undecided", reason: "?", extracted: null } as const;
        return { kind: "unparsed" } as const;
      },
    };
    const answers = new FakeEndpoint(on.clock, ({ seed }) => ({ text: seed % 2 === 1 ? "0" : "1" }));
    await session(on, answers, { concurrency: 2, verifier });
    const run = await tallyOf(on);
    assert.deepEqual(
      run.problems.map(({ n, c, undecided }) => [n, c, undecided]),
      [
        [5, 0, 5],
        [1, 1, 0],
      ],
    );
    assert.equal(run.problems[0]!.stopped?.plan.nMax, 5);
    assert.equal(run.problems[1]!.stopped?.plan.nMax, 5);
    assert.equal(run.stopPlan?.nMax, 10);
  });
});

describe("the stop rule in run.json", () => {
  it("is kept, is part of the plan, and needs a build that knows it", async () => {
    const on = worldBench({ chances: [1], r: 2, nMax: 4, tail: { n0: 1, probability: 0.5 }, seed: 1 });
    await session(on, worldEndpoint(on, { chances: [1], r: 2, nMax: 4, seed: 1 }));
    const stored = JSON.parse(on.files.text("runs/one/run.json")) as Record<string, unknown>;
    assert.equal(stored["schemaVersion"], 2);
    assert.deepEqual((stored["plan"] as Record<string, unknown>)["stopRule"], {
      r: 2,
      tail: { n0: 1, probability: 0.5 },
    });
    const { stopRule: _, ...plain } = on.plan;
    await assert.rejects(
      session({ ...on, plan: plain }, worldEndpoint(on, { chances: [1], r: 2, nMax: 4, seed: 1 })),
      {
        code: "planDiffers",
      },
    );
  });

  it("is checked before the first request", () => {
    const refused = (
      stopRule: { r: number; tail?: { n0: number; probability: number } },
      words: RegExp,
    ): void =>
      assert.throws(() => bench({ samplesPerProblem: 8, stopRule }), { code: "badPlan", message: words });
    refused({ r: 0 }, /stop after: expected a whole number from 1, got 0/);
    refused({ r: 1, tail: { n0: 8, probability: 0.5 } }, /look at: expected fewer than the 8 samples/);
    refused(
      { r: 1, tail: { n0: 2, probability: 0 } },
      /continue unsolved: expected above 0 and up to 1, got 0/,
    );
  });
});
