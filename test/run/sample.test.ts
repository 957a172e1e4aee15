import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { replayQwen, syntheticRows } from "../fakes/server/answers.ts";
import type { Fault } from "../fakes/server/faults.ts";
import { type FakeServer, type ServerOptions, startServer } from "../fakes/server/server.ts";
import { type CliEnd, runCli } from "./cliProcess.ts";
import { sharedData, without } from "../paths.ts";

const key = "sk-very-secret-0123456789";
const rows = syntheticRows(6);
let folder: string;
let server: FakeServer;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rollout-lens-sample-"));
  const lines = rows.map(({ question, gt }) => `${JSON.stringify({ question, answer: gt })}\n`);
  writeFileSync(join(folder, "data.jsonl"), lines.join(""));
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function sample(options: Partial<ServerOptions>, ...more: readonly string[]): Promise<CliEnd> {
  server = await startServer({ answer: replayQwen(rows), ...options });
  return again(...more);
}

const again = (...more: readonly string[]): Promise<CliEnd> =>
  runCli(
    [
      "sample",
      join(folder, "data.jsonl"),
      "--url",
      server.url,
      "--model",
      "fake-model",
      "-n",
      "8",
      "--out",
      join(folder, "run"),
      "--json",
      ...more,
    ],
    { LENS_TEST_KEY: key },
  );

interface Line {
  readonly key: string;
  readonly i: number;
  readonly seed: number;
  readonly verdict: { readonly kind: string };
  readonly outcome: { readonly kind: string };
}
const lines = (): readonly Line[] =>
  readFileSync(join(folder, "run/samples.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

describe("cli sample", () => {
  for (const api of ["completions", "chat"]) {
    it(`${api}: every sample once, with the verdict its text deserves`, async () => {
      const { code, out, notes } = await sample({}, "--api", api, "--seed", "16");
      assert.equal(code, 0, notes);
      assert.equal(server.log.filter(({ index }) => index >= 0).length, 48);
      assert.ok(
        server.log.every(
          ({ path }) => path === (api === "chat" ? "/v1/chat/completions" : "/v1/completions"),
        ),
      );
      assert.deepEqual([...new Set(lines().map(({ seed, i }) => seed - i))], [16]);
      // Problem i of the synthetic rows is solved by floor(i) of its 8 solutions.
      const correct = lines().filter(({ verdict }) => verdict.kind === "correct").length;
      assert.equal(correct, 0 + 1 + 2 + 3 + 4 + 5);
      assert.deepEqual((JSON.parse(out) as { correct: number; graded: number }).correct, 15);
    });
  }

  it("sends the paper's protocol and one seed a request", async () => {
    await sample({});
    const { temperature, top_p, max_tokens, n, stream, seed } = server.log[0]!.body as Record<
      string,
      unknown
    >;
    assert.deepEqual(
      { temperature, top_p, max_tokens, n, stream, seed },
      { temperature: 0.6, top_p: 0.95, max_tokens: 16_384, n: 1, stream: true, seed: 0 },
    );
  });

  it("gets over broken replies; each sample is there once", async () => {
    const faults: readonly Fault[] = [
      { kind: "status", status: 500 },
      { kind: "status", status: 503, shape: "html" },
      { kind: "status", status: 429, headers: { "retry-after": "1" } },
      { kind: "cut", afterEvents: 1 },
      { kind: "malformed" },
      { kind: "reset" },
    ];
    const { code, notes } = await sample({ faults });
    assert.equal(code, 0, notes);
    assert.equal(lines().filter(({ outcome }) => outcome.kind === "ok").length, 48);
    assert.equal(server.log.filter(({ index }) => index >= 0).length, 48 + faults.length);
  });

  it("a wrong key stops at once with exit code 1; the key stands nowhere", async () => {
    const { code, notes, out } = await sample(
      { key: "another" },
      "--key-env",
      "LENS_TEST_KEY",
      "--concurrency",
      "2",
    );
    assert.equal(code, 1);
    assert.match(notes, /API key/);
    assert.ok(server.log.length <= 2);
    assert.equal((JSON.parse(out) as { reason: string }).reason, "unauthorized");
    const files = readdirSync(join(folder, "run")).map((name) =>
      readFileSync(join(folder, "run", name), "utf8"),
    );
    for (const text of [...files, notes, out]) assert.ok(!text.includes(key));
  });

  it("the right key is used and stands in no file; a second session asks for nothing", async () => {
    const { code, notes } = await sample({ key }, "--key-env", "LENS_TEST_KEY");
    assert.equal(code, 0, notes);
    assert.deepEqual(readdirSync(join(folder, "run")).sort(), [
      "problems.jsonl",
      "run.json",
      "samples.jsonl",
    ]);
    for (const name of readdirSync(join(folder, "run"))) {
      assert.ok(!readFileSync(join(folder, "run", name), "utf8").includes(key));
    }
    const asked = server.log.length;
    assert.equal((await again("--key-env", "LENS_TEST_KEY")).code, 0);
    assert.equal(server.log.length, asked);
  });

  it("a template from a file goes out as it stands and is part of the run", async () => {
    writeFileSync(join(folder, "t.txt"), "Q: {question}\nA:");
    const { code, notes } = await sample({}, "--template", join(folder, "t.txt"));
    assert.equal(code, 0, notes);
    assert.equal(server.log[0]!.body.prompt, `Q: ${rows[0]!.question}\nA:`);
    writeFileSync(join(folder, "t.txt"), "Q: {question}\nAnswer:");
    const other = await again("--template", join(folder, "t.txt"));
    assert.equal(other.code, 2);
    assert.match(other.notes, /template there/);
  });

  it("bad use is exit code 2 with what was expected", async () => {
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [["--temperature", "hot"], /--temperature: expected a number from 0, got "hot"/],
      [["--top-p", "2"], /top-p: expected above 0 and up to 1, got 2/],
      [["--template", "nope"], /neither a file nor one of qwen-boxed/],
      [["--key-env", "NOT_SET_ANYWHERE"], /NOT_SET_ANYWHERE is not set/],
      [["--role", "boss"], /--role: expected base/],
      [["--url", "ftp://x"], /--url/],
    ];
    server = await startServer({ answer: replayQwen(rows) });
    for (const [args, words] of wrong) {
      const { code, notes, out } = await again(...args);
      assert.equal(code, 2, notes);
      assert.match(notes, words);
      assert.equal(out, "");
    }
    assert.equal(server.log.length, 0);
  });
});

describe("cli verify", () => {
  beforeEach(async () => (server = await startServer({ answer: replayQwen(rows) })));

  it("answers line by line, in order", async () => {
    const pairs = [
      { gold: "1/2", pred: "0.5" },
      { gold: 3, pred: "\\boxed{4}" },
      { gold: ["1", 4], pred: "\\boxed{4}" },
    ];
    // An empty line between, as editors leave them.
    writeFileSync(join(folder, "pairs.jsonl"), pairs.map((pair) => JSON.stringify(pair)).join("\r\n\r\n"));
    const { code, out } = await runCli(["verify", join(folder, "pairs.jsonl")]);
    assert.equal(code, 0);
    assert.deepEqual(
      out
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown),
      [
        { verdict: "equal", how: "exact", extracted: "0.5" },
        { verdict: "notEqual", how: "value", extracted: "4" },
        { verdict: "equal", how: "string", extracted: "4" },
      ],
    );
  });

  it("names file, line and field of what it cannot read", async () => {
    writeFileSync(join(folder, "pairs.jsonl"), '{"gold":"1","pred":"1"}\n{"gold":"1","pred":null}\n');
    const { code, notes } = await runCli(["verify", join(folder, "pairs.jsonl")]);
    assert.equal(code, 2);
    assert.match(notes, /pairs\.jsonl line 2: pred: expected string or number, got null/);
  });

  it("options of a line, the mode, and an answer that is not there", async () => {
    const pairs = [
      { gold: "1/3", pred: "$0.333$", opts: { precision: 3 } },
      { gold: "1/3", pred: "$0.333$" },
      { gold: "5", pred: "I have no idea at all what to say here." },
      { gold: "5", pred: "So we are left with 5 of them in the end." },
    ];
    const file = join(folder, "pairs.jsonl");
    writeFileSync(file, pairs.map((pair) => JSON.stringify(pair)).join("\n"));
    const lines = async (...mode: readonly string[]): Promise<readonly unknown[]> => {
      const { out, notes } = await runCli(["verify", file, ...mode]);
      assert.match(notes, /4 pairs, \d equal/);
      return out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown);
    };
    const none = { verdict: "notEqual", how: "no answer found", extracted: null };
    const standard = await lines();
    assert.deepEqual(
      (standard as readonly { verdict: string }[]).map(({ verdict }) => verdict),
      ["equal", "notEqual", "notEqual", "notEqual"],
    );
    assert.deepEqual(standard.slice(2), [none, none]);
    const lenient = await lines("--mode", "lenient");
    assert.deepEqual(lenient[3], { verdict: "equal", how: "string", extracted: "5" });
  });

  it("a broken line is named before anything is judged", async () => {
    writeFileSync(
      join(folder, "pairs.jsonl"),
      '{"gold":"1","pred":"1"}\nno json\n{"gold":"1","pred":"1","opts":7}\n',
    );
    const { code, notes, out } = await runCli(["verify", join(folder, "pairs.jsonl")]);
    assert.equal(code, 2);
    assert.equal(out, "");
    assert.match(notes, /pairs\.jsonl line 2: not valid JSON/);
    assert.match(notes, /pairs\.jsonl line 3: opts: expected object, got number/);
  });

  it("--rollouts tells where a file judges otherwise; another verifier after --", async () => {
    const file = join(folder, "rollouts.jsonl");
    writeFileSync(
      file,
      `${JSON.stringify({ id: "p", question: "2+3?", answer: "5", responses: ["\\boxed{5}", "\\boxed{6}"], correct: [true, true] })}\n`,
    );
    const { code, out, notes } = await runCli(["verify", "--rollouts", file]);
    assert.equal(code, 0, notes);
    const [found, summary] = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(found, { problem: "p", index: 1, gold: "5", extracted: "6", ours: "incorrect", theirs: "correct", how: "value" }); // prettier-ignore
    assert.deepEqual(summary, { summary: true, verifier: "math@1:standard", samples: 2, agree: 1, disagree: 1, undecided: 0, error: 0, unparsed: 0, modeDependent: 0 }); // prettier-ignore
    const script = "process.stdin.on('data', (t) => { for (const l of String(t).trim().split('\\n')) console.log(JSON.stringify({ id: JSON.parse(l).id, score: 1 })); });"; // prettier-ignore
    const own = await runCli(["verify", "--rollouts", file, "--", process.execPath, "-e", script]);
    assert.equal(own.code, 0, own.notes);
    assert.equal((JSON.parse(own.out) as { readonly agree: number }).agree, 2);
    const wrong = await runCli(["verify", "--rollouts", file, "--against", "nothere"]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.notes, /line 1: nothere: expected a verdict, got nothing/);
  });

  const cot = sharedData("rollouts/math_cot_100x8.jsonl");
  it("the 800 Qwen solutions: one label is known to be wrong", { skip: without(cot) }, async () => {
    const { out } = await runCli(["verify", "--rollouts", cot!]);
    const [found, summary] = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual([found?.["gold"], found?.["extracted"]], ["10{,}000", "10000"]);
    assert.deepEqual([summary?.["samples"], summary?.["agree"], summary?.["disagree"]], [800, 799, 1]);
  });
});
