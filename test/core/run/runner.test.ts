import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LensError } from "../../../src/core/errors.ts";
import type { Verdict } from "../../../src/core/model.ts";
import type { CancelSignal } from "../../../src/core/ports.ts";
import { CancelSource } from "../../../src/core/run/cancel.ts";
import { EndpointError } from "../../../src/core/run/generate.ts";
import type { RunEvent } from "../../../src/core/run/events.ts";
import { PauseSwitch } from "../../../src/core/run/pause.ts";
import type { VerifyItem } from "../../../src/core/verify/verifier.ts";
import { FakeEndpoint, bench, linesOf, openOn, problemsNamed, session } from "./fakes.ts";

const samplesOf = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === "sample" ? [event.sample] : []));
const last = (events: readonly RunEvent[]): RunEvent => events.at(-1)!;
const refused = (): EndpointError => new EndpointError("connection", "ECONNREFUSED", { retryable: true });

describe("a run without faults", () => {
  it("asks problem by problem with seed = base + index, and every sample is on disk when it is reported", async () => {
    const on = bench({ seed: 40 });
    const endpoint = new FakeEndpoint(on.clock, () => ({}));
    const events = await session(on, endpoint, {
      concurrency: 2,
      onEvent: (event) => {
        if (event.type !== "sample") return;
        const written = linesOf(on).map((line) => `${String(line["key"])}#${String(line["i"])}`);
        assert.ok(written.includes(`${event.sample.problemKey}#${event.sample.index}`));
      },
    });
    assert.deepEqual(
      endpoint.asked.map(({ question, seed }) => `${question}${seed}`),
      ["a40", "a41", "a42", "b40", "b41", "b42"],
    );
    assert.equal(last(events).type, "done");
    assert.equal(samplesOf(events).length, 6);
    assert.equal(endpoint.mostInFlight, 2);
  });

  it("judges each sample, keeps thoughts and reasoning, and leaves samples without gold ungraded", async () => {
    const [first, second] = problemsNamed("a", "b");
    const on = bench({ problems: [first!, { ...second!, gold: null }], samplesPerProblem: 1 });
    const text = "<think>9 \\boxed{9}</think> \\boxed{1}";
    const events = await session(on, new FakeEndpoint(on.clock, () => ({ text, reasoning: "hm" })));
    const [graded, ungraded] = samplesOf(events).sort((a, b) => a.problemKey.localeCompare(b.problemKey));
    assert.deepEqual(graded!.verdict, { kind: "correct", how: "string", extracted: "1" });
    assert.equal(graded!.text, text);
    assert.equal(graded!.reasoning, "hm");
    assert.equal(ungraded!.verdict, null);
  });

  it("a verifier that throws is an error verdict of that sample alone", async () => {
    const on = bench({ samplesPerProblem: 1 });
    const verifier = {
      id: "bad@1",
      verify: ({ question }: { question: string }) => {
        if (question === "a") throw new Error("no");
        return { kind: "unparsed" } as const;
      },
    };
    const events = await session(on, new FakeEndpoint(on.clock, () => ({})), { verifier });
    assert.deepEqual(
      samplesOf(events).map((sample) => sample.verdict?.kind),
      ["error", "unparsed"],
    );
  });

  it("maps how a generation ended", async () => {
    const reasons = ["stop", "length", null, "content_filter", "abort"];
    const on = bench({ problems: problemsNamed("a"), samplesPerProblem: reasons.length });
    const endpoint = new FakeEndpoint(on.clock, ({ seed }) => ({ finishReason: reasons[seed]! }));
    const kinds = samplesOf(await session(on, endpoint)).map((sample) => sample.outcome.kind);
    assert.deepEqual(kinds, ["ok", "truncated", "truncated", "refused", "truncated"]);
  });

  it("reports progress at most ten times a second, and the last report is whole", async () => {
    const on = bench({ problems: problemsNamed("a"), samplesPerProblem: 500 });
    const endpoint = new FakeEndpoint(on.clock, () => ({}), 7);
    const times: number[] = [];
    const events = await session(on, endpoint, {
      concurrency: 1,
      onEvent: (event) => event.type === "progress" && times.push(on.clock.now()),
    });
    assert.ok(times.length > 10);
    for (let at = 1; at < times.length; at += 1) assert.ok(times[at]! - times[at - 1]! >= 100);
    const end = last(events);
    assert.ok(end.type === "done" && end.progress.finished === 500 && end.progress.inFlight === 0);
  });

  it("an answer's slot is free while it is judged: a slow verifier does not hold up requests", async () => {
    const on = bench({ problems: problemsNamed("a"), samplesPerProblem: 3 });
    const endpoint = new FakeEndpoint(on.clock, () => ({}), 10);
    const start = on.clock.now();
    const verify = async () => {
      await on.clock.sleep(1000);
      return { kind: "unparsed" } as const;
    };
    await session(on, endpoint, { concurrency: 1, verifier: { id: "slow@1", verify } });
    assert.deepEqual(
      endpoint.asked.map(({ atMs }) => atMs - start),
      [0, 10, 20],
    );
  });
});

describe("leaving while samples are judged", () => {
  it("writes them without a verdict soon after, and judges them when the run goes on, without asking again", async () => {
    const on = bench({ problems: problemsNamed("a"), samplesPerProblem: 3 });
    const endpoint = new FakeEndpoint(on.clock, () => ({}));
    const stop = new CancelSource();
    // Forever, as a program that hangs; it listens.
    const verify = (_: VerifyItem, signal?: CancelSignal) =>
      new Promise<Verdict>((_done, fail) => {
        signal?.addEventListener("abort", () => fail(new LensError("cancelled", "left")));
        stop.cancel();
      });
    const start = on.clock.now();
    const left = await session(on, endpoint, { verifier: { id: "slow@1", verify }, signal: stop.signal });
    assert.equal(last(left).type, "stopped");
    assert.equal(on.clock.now() - start, 2000);
    assert.ok(linesOf(on).length > 0);
    assert.deepEqual(new Set(linesOf(on).map(({ verdict }) => verdict)), new Set([null]));
    const asked = endpoint.asked.length;
    const judged: string[] = [];
    const verifier = {
      id: "quick@1",
      verify: ({ response }: VerifyItem) => {
        judged.push(response);
        return { kind: "correct", how: "seen", extracted: null } as const;
      },
    };
    const again = await session(on, endpoint, { verifier });
    const end = last(again);
    assert.ok(end.type === "done" && end.progress.finished === 3 && end.progress.correct === 3);
    assert.equal(judged.length, 3, "each once");
    assert.equal(endpoint.asked.length, Math.max(asked, 3));
    const third = await openOn(on);
    assert.deepEqual(
      { ...third.counts, unjudged: third.unjudged.length },
      {
        ...third.counts,
        finished: 3,
        correct: 3,
        graded: 3,
        unjudged: 0,
      },
    );
    await third.close();
  });
});

describe("faults of an endpoint", () => {
  for (const seconds of [1, 120]) {
    it(`429 with Retry-After ${seconds} is waited for, by all requests`, async () => {
      const on = bench();
      const limit = new EndpointError("rateLimited", "429", {
        retryable: true,
        retryAfterMs: seconds * 1000,
      });
      const endpoint = new FakeEndpoint(on.clock, ({ question, seed }, nth) =>
        question === "a" && seed === 0 && nth === 1 ? limit : {},
      );
      const start = on.clock.now();
      const events = await session(on, endpoint, { concurrency: 1 });
      assert.equal(last(events).type, "done");
      assert.equal(endpoint.asked.length, 7);
      assert.equal(endpoint.asked[1]!.atMs - start, seconds * 1000);
      const waited = events.some((event) => event.type === "progress" && event.progress.waiting !== null);
      assert.equal(waited, true);
    });
  }

  it("a Retry-After above ten minutes stops the run and says so", async () => {
    const on = bench();
    const limit = new EndpointError("rateLimited", "429: try again in 2 h", {
      retryable: true,
      retryAfterMs: 7_200_000,
    });
    const end = last(
      await session(on, new FakeEndpoint(on.clock, ({ question }) => (question === "b" ? limit : {})), {
        concurrency: 1,
      }),
    );
    assert.ok(end.type === "stopped" && end.reason.code === "rateLimited");
    assert.match(end.reason.message, /try again in 2 h.*3 finished samples are kept in runs\/one/);
  });

  it("500 and 503 are tried again between 1 and 60 s later, at most 8 times, then given up and kept as failed", async () => {
    const on = bench({ problems: problemsNamed("a"), samplesPerProblem: 1 });
    const endpoint = new FakeEndpoint(
      on.clock,
      () => new EndpointError("server", "503 busy", { status: 503, retryable: true }),
    );
    const events = await session(on, endpoint, { random: () => 0.999 });
    const gaps = endpoint.asked.slice(1).map(({ atMs }, at) => atMs - endpoint.asked[at]!.atMs);
    assert.equal(endpoint.asked.length, 8);
    assert.ok(gaps.every((gap) => gap >= 1000 && gap <= 60_000));
    assert.ok(gaps.at(-1)! > 50_000);
    const end = last(events);
    assert.ok(end.type === "done" && end.progress.failed === 1 && end.progress.finished === 0);
    assert.deepEqual(linesOf(on)[0]!["outcome"], {
      kind: "failed",
      code: "server",
      message: "503 busy",
      retryable: true,
    });
  });

  it("gives up at the ceiling on time", async () => {
    const on = bench({ problems: problemsNamed("a"), samplesPerProblem: 1 });
    const slow = new EndpointError("rateLimited", "429", { retryable: true, retryAfterMs: 540_000 });
    const endpoint = new FakeEndpoint(on.clock, () => slow);
    const start = on.clock.now();
    await session(on, endpoint);
    assert.ok(on.clock.now() - start <= 3_600_000);
    assert.equal(endpoint.asked.length, 7);
  });

  for (const code of ["badRequest", "contextLength"] as const) {
    it(`${code} is never tried again and fails that sample alone`, async () => {
      const on = bench();
      const wrong = new EndpointError(code, "400: too long", { status: 400, retryable: false });
      const endpoint = new FakeEndpoint(on.clock, ({ question, seed }) =>
        question === "a" && seed === 1 ? wrong : {},
      );
      const end = last(await session(on, endpoint));
      assert.equal(endpoint.asked.length, 6);
      assert.ok(end.type === "done" && end.progress.failed === 1 && end.progress.finished === 5);
    });
  }

  it("when every first request is refused as wrong, the run stops instead of asking for all", async () => {
    const on = bench({ samplesPerProblem: 500 });
    const wrong = new EndpointError("badRequest", "400: no such parameter", {
      status: 400,
      retryable: false,
    });
    const endpoint = new FakeEndpoint(on.clock, () => wrong);
    const end = last(await session(on, endpoint, { concurrency: 2 }));
    assert.ok(end.type === "stopped" && end.reason.code === "badRequest");
    assert.ok(endpoint.asked.length < 20);
  });

  for (const code of ["unauthorized", "notFound"] as const) {
    it(`${code} stops the whole run at once`, async () => {
      const on = bench({ samplesPerProblem: 50 });
      const wrong = new EndpointError(code, "the server said no", { retryable: false });
      const endpoint = new FakeEndpoint(on.clock, ({ seed }) => (seed === 5 ? wrong : {}), 10);
      const end = last(await session(on, endpoint, { concurrency: 4 }));
      assert.ok(end.type === "stopped" && end.reason.code === code);
      assert.ok(endpoint.asked.length <= 12);
      assert.equal(linesOf(on).length, end.progress.finished);
    });
  }

  it("refused connections open the breaker: few requests go out, and the run goes on when the server is back", async () => {
    const on = bench({ samplesPerProblem: 50 });
    const backMs = on.clock.now() + 120_000;
    const endpoint = new FakeEndpoint(on.clock, ({ atMs }) => (atMs < backMs ? refused() : {}));
    const end = last(await session(on, endpoint, { concurrency: 16 }));
    assert.ok(end.type === "done" && end.progress.finished === 100 && end.progress.failed === 0);
    const during = endpoint.asked.filter(({ atMs }) => atMs < backMs).length;
    assert.ok(during < 16 + 12, `${during} requests in two minutes`);
  });

  it("an endpoint that stays away for ten minutes stops the run", async () => {
    const on = bench();
    const start = on.clock.now();
    const end = last(await session(on, new FakeEndpoint(on.clock, refused)));
    assert.ok(end.type === "stopped" && end.reason.code === "unreachable");
    assert.ok(on.clock.now() - start < 11 * 60_000);
    assert.equal(linesOf(on).length, 0);
  });

  it("a broken stream is asked for again and written once", async () => {
    const on = bench();
    const cut = new EndpointError("cutStream", "cut", { retryable: true });
    const endpoint = new FakeEndpoint(on.clock, (_asked, nth) => (nth === 1 ? cut : {}));
    await session(on, endpoint);
    assert.equal(endpoint.asked.length, 12);
    assert.equal(linesOf(on).length, 6);
  });

  it("an error that is no EndpointError is a bug and is thrown", async () => {
    const on = bench();
    const generate = () => Promise.reject(new TypeError("bug"));
    await assert.rejects(session(on, { generate }), TypeError);
    assert.equal(on.files.locks.size, 0);
  });

  it("the same text for different seeds is reported once per problem and counted", async () => {
    const on = bench();
    const text = "x".repeat(80);
    const endpoint = new FakeEndpoint(on.clock, ({ question }) => (question === "a" ? { text } : {}));
    const events = await session(on, endpoint, { concurrency: 1 });
    const found = events.filter((event) => event.type === "duplicates");
    assert.deepEqual(found, [{ type: "duplicates", problemKey: "q:a", indexes: [0, 1] }]);
    const end = last(events);
    assert.ok(end.type === "done" && end.progress.duplicates === 2);
  });

  it("finds a duplicate of an earlier session, but none at temperature 0 or among short answers", async () => {
    const text = "y".repeat(80);
    const stopAfterOne = async (temperature: number, said: string): Promise<readonly RunEvent[]> => {
      const on = bench({ problems: problemsNamed("a"), samplesPerProblem: 2, temperature });
      const cancel = new AbortController();
      const endpoint = new FakeEndpoint(on.clock, () => ({ text: said }));
      const onEvent = (event: RunEvent): void => void (event.type === "sample" && cancel.abort());
      await session(on, endpoint, { concurrency: 1, signal: cancel.signal, onEvent });
      return session(on, endpoint);
    };
    const isDuplicate = (event: RunEvent): boolean => event.type === "duplicates";
    assert.equal((await stopAfterOne(0.6, text)).filter(isDuplicate).length, 1);
    assert.equal((await stopAfterOne(0, text)).filter(isDuplicate).length, 0);
    assert.equal((await stopAfterOne(0.6, "4")).filter(isDuplicate).length, 0);
  });
});

describe("stopping and going on", () => {
  it("cancel ends the requests in flight, keeps what is finished, and the next session asks for the rest only", async () => {
    const on = bench({ samplesPerProblem: 20 });
    const cancel = new AbortController();
    let seen = 0;
    const first = new FakeEndpoint(on.clock, () => ({}), 10);
    const events = await session(on, first, {
      concurrency: 4,
      signal: cancel.signal,
      onEvent: (event) => void (event.type === "sample" && (seen += 1) === 9 && cancel.abort()),
    });
    const end = last(events);
    assert.ok(end.type === "stopped" && end.reason.code === "cancelled");
    const kept = linesOf(on).length;
    assert.ok(kept >= 9 && kept < 40);
    const second = new FakeEndpoint(on.clock, () => ({}));
    await session(on, second);
    assert.equal(second.asked.length, 40 - kept);
    assert.equal(new Set(linesOf(on).map((line) => `${String(line["key"])} ${String(line["i"])}`)).size, 40);
    assert.equal(linesOf(on).length, 40);
  });

  it("cancelling ends a ten-minute silence at once", async () => {
    const on = bench();
    const cancel = new AbortController();
    const start = on.clock.now();
    const endpoint = new FakeEndpoint(on.clock, () => "silent");
    void on.clock.sleep(600_000).then(() => cancel.abort());
    const end = last(await session(on, endpoint, { signal: cancel.signal }));
    assert.equal(end.type, "stopped");
    assert.equal(on.clock.now() - start, 600_000);
  });

  it("leaving the loop early cancels the rest and frees nothing twice", async () => {
    const on = bench({ samplesPerProblem: 20 });
    const endpoint = new FakeEndpoint(on.clock, () => ({}), 10);
    await assert.rejects(
      session(on, endpoint, {
        concurrency: 2,
        onEvent: (event) => {
          if (event.type === "sample") throw new Error("the reader went away");
        },
      }),
      /went away/,
    );
    assert.equal(endpoint.inFlight, 0);
    assert.ok(endpoint.asked.length < 10);
  });

  it("pause lets requests in flight end and starts none; resume goes on", async () => {
    const on = bench({ problems: problemsNamed("a"), samplesPerProblem: 10 });
    const pause = new PauseSwitch();
    const endpoint = new FakeEndpoint(on.clock, () => ({}), 10);
    const start = on.clock.now();
    void on.clock.sleep(25).then(() => pause.pause());
    void on.clock.sleep(5000).then(() => pause.resume());
    const events = await session(on, endpoint, { concurrency: 2, pause });
    const asked = endpoint.asked.map(({ atMs }) => atMs - start);
    assert.deepEqual(
      asked.filter((at) => at > 25 && at < 5000),
      [],
    );
    assert.equal(asked.filter((at) => at <= 25).length, 6);
    assert.equal(samplesOf(events).length, 10);
  });

  it("a failed sample is asked for again on resume, and the later line holds", async () => {
    const on = bench({ problems: problemsNamed("a"), samplesPerProblem: 2 });
    const wrong = new EndpointError("contextLength", "400", { retryable: false });
    await session(on, new FakeEndpoint(on.clock, ({ seed }) => (seed === 1 ? wrong : {})));
    const second = new FakeEndpoint(on.clock, () => ({}));
    const end = last(await session(on, second));
    assert.deepEqual(
      second.asked.map(({ seed }) => seed),
      [1],
    );
    assert.ok(end.type === "done" && end.progress.finished === 2 && end.progress.failed === 0);
    assert.equal((linesOf(on).at(-1)!["outcome"] as { kind: string }).kind, "ok");
  });

  it("counts of earlier sessions are in the progress", async () => {
    const on = bench();
    await session(
      on,
      new FakeEndpoint(on.clock, () => ({
        usage: { promptTokens: 1, completionTokens: 5, reasoningTokens: null },
      })),
    );
    const end = last(await session(on, new FakeEndpoint(on.clock, () => ({}))));
    assert.ok(end.type === "done");
    const { finished, finishedNow, correct, graded, completionTokens } = end.progress;
    assert.deepEqual(
      { finished, finishedNow, correct, graded, completionTokens },
      {
        finished: 6,
        finishedNow: 0,
        correct: 2,
        graded: 6,
        completionTokens: 30,
      },
    );
  });

  for (const room of [0, 150, 700, 1000]) {
    it(`a disk that is full after ${room} more bytes stops the run; what was written is kept and a resume ends it`, async () => {
      const on = bench({ samplesPerProblem: 10 });
      await (await openOn(on)).close();
      on.files.roomBytes = room;
      const end = last(await session(on, new FakeEndpoint(on.clock, () => ({}), 5), { concurrency: 3 }));
      assert.ok(end.type === "stopped" && end.reason.code === "diskFull");
      assert.match(
        end.reason.message,
        /disk is full\. \d+ finished samples? (is|are) kept in runs\/one\. Free some space/,
      );
      const kept = linesOf(on).length;
      assert.equal(kept, end.progress.finished);
      on.files.roomBytes = Infinity;
      const second = new FakeEndpoint(on.clock, () => ({}));
      await session(on, second);
      assert.equal(second.asked.length, 20 - kept);
      assert.equal(linesOf(on).length, 20);
    });
  }
});
