// Scoring in the window: what is asked, kept, refused and cancelled; which tokens go to a scorer; what a person means in an editor.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { beforeEach, type TestContext } from "node:test";
import type * as vscode from "vscode";
import { tracePlaces } from "../../src/core/trace/jsonPlaces.ts";
import { tokenMarks } from "../../src/host/editors/tokenMarks.ts";
import { Endpoints } from "../../src/host/endpoints.ts";
import { lineFeeds } from "../../src/host/inspector/lineFeeds.ts";
import { SharedTokenizers } from "../../src/host/inspector/sharedTokenizers.ts";
import { sourceInEditor } from "../../src/host/inspector/sourceInEditor.ts";
import { TraceScoring } from "../../src/host/inspector/traceScoring.ts";
import { UsualScorer } from "../../src/host/inspector/usualScorer.ts";
import { ApiKeys } from "../../src/host/secrets.ts";
import { Settings } from "../../src/host/settings.ts";
import { nodeFileStore } from "../../src/node/fileStore.ts";
import { encode } from "../fakes/server/scoreModel.ts";
import { startScoreServer, type ScoreServer, type ScoreServerOptions } from "../fakes/server/scoreServer.ts";
import { fake, FakeMemento, FakeSecrets, Uri } from "../fakes/vscode.ts";

beforeEach(() => fake.reset());

const prompt = "The capital of 你?";
const text = " So the capital of France is Paris 😀.\n\n2+2 = 4\r\n";
const trace = { text, context: () => ({ api: "completions", prompt }) as const };
const quiet = { signal: new AbortController().signal, slow: false, onPhase: () => undefined };

interface SetUp {
  readonly scoring: TraceScoring;
  readonly endpoints: Endpoints;
  readonly state: FakeMemento;
  readonly settings: Settings;
  readonly servers: readonly ScoreServer[];
}

/** Endpoints `base`, `rl`, ... on servers of these kinds, with the role of their name. */
async function setUp(t: TestContext, kinds: Readonly<Record<string, ScoreServerOptions>>): Promise<SetUp> {
  const [state, secrets] = [new FakeMemento(), new FakeSecrets()];
  const folder = mkdtempSync(join(tmpdir(), "rollout-lens-scoring-"));
  const servers: ScoreServer[] = [];
  const list: object[] = [];
  for (const [name, options] of Object.entries(kinds)) {
    const server = await startScoreServer(options);
    servers.push(server);
    list.push({ name, role: name.replace(/\d/u, ""), baseUrls: [server.url], model: "toy" });
  }
  fake.settings.set("rolloutLens.endpoints", { globalValue: list });
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined } as never;
  const settings = new Settings({ onIssue: ({ message }) => assert.fail(message) });
  const keys = new ApiKeys({ secrets, workspaceState: state, confirm: () => Promise.resolve(false) });
  const revive = () => Promise.resolve();
  const endpoints = new Endpoints({ settings, keys, state, log, onIssue: assert.fail, revive });
  const files = () => Promise.resolve(nodeFileStore);
  const tokenizers = new SharedTokenizers({ endpoints, state, log });
  const mayRun = (): boolean => fake.settings.get("trusted")?.globalValue !== false;
  const scoring = new TraceScoring({ endpoints, tokenizers, state, files, folder, mayRun, log });
  t.after(async () => {
    await scoring.closed();
    await Promise.all(servers.map((server) => server.close()));
    rmSync(folder, { recursive: true, force: true });
  });
  return { scoring, endpoints, state, settings, servers };
}

const posts = ({ requests }: ScoreServer, path: string): number =>
  requests.filter((request) => request.path.endsWith(path)).length;

test("a trace is scored once: then it is kept, and shown without a request", async (t) => {
  const { scoring, servers } = await setUp(t, { base: { shape: "vllm" } });
  const [server] = servers as [ScoreServer];
  assert.equal(await scoring.stored("base", trace), null);
  const phases: string[] = [];
  const scored = await scoring.score("base", trace, { ...quiet, onPhase: (phase) => phases.push(phase) });
  assert.equal(scored.text, text);
  assert.deepEqual(phases, ["Checking whether base can score", "Scoring under base"]);
  const asked = server.requests.length;
  const kept = await scoring.stored("base", trace);
  assert.deepEqual(kept?.tokens.logProbs, scored.tokens.logProbs);
  await scoring.score("base", trace, quiet);
  assert.equal(server.requests.length, asked);
  assert.deepEqual(
    (await scoring.views()).map(({ state }) => state),
    ["ready"],
  );
});

test("cancelling while it is scored keeps nothing, says so by its code, and the next time works", async (t) => {
  const { scoring } = await setUp(t, { base: { shape: "vllm" } });
  await scoring.score("base", { ...trace, text: " warm" }, quiet);
  const abort = new AbortController();
  const asked = scoring.score("base", trace, {
    ...quiet,
    signal: abort.signal,
    onPhase: () => abort.abort(),
  });
  await assert.rejects(asked, { code: "cancelled" });
  assert.equal(await scoring.stored("base", trace), null);
  assert.equal((await scoring.score("base", trace, quiet)).text, text);
});

test("a server whose log-probs are not to be trusted is refused with the reason, and listed so", async (t) => {
  const { scoring } = await setUp(t, { base: { shape: "echo", defect: "zeros" } });
  await assert.rejects(scoring.score("base", trace, quiet), {
    code: "noScoring",
    message: /^No perplexity from base: /,
  });
  const [view] = await scoring.views();
  assert.equal(view?.state, "refused");
  assert.notEqual(view?.reason, "");
});

test("in a folder that is not trusted nothing is asked; what is kept is shown", async (t) => {
  const { scoring, servers } = await setUp(t, { base: { shape: "vllm" } });
  await scoring.score("base", trace, quiet);
  const asked = servers[0]?.requests.length;
  fake.settings.set("trusted", { globalValue: false });
  assert.equal((await scoring.score("base", trace, quiet)).text, text);
  await assert.rejects(scoring.score("base", { ...trace, text: " other" }, quiet), { code: "untrusted" });
  assert.equal(servers[0]?.requests.length, asked);
});

test("sampled tokens go to a model with the same tokenizer, compared once; the comparison is kept", async (t) => {
  const all = await setUp(t, { base: { shape: "vllm" }, rl: { shape: "vllm" } });
  const { scoring, servers, state } = all;
  const ids = { prompt: encode(prompt), trace: encode(text) };
  const tokens = { ids, endpointName: "rl", model: "toy" };
  const scored = await scoring.score("base", { ...trace, tokens }, quiet);
  assert.equal(scored.scorer.tokenisation, "ids");
  assert.doesNotMatch(scored.scorer.notes.join(), /Re-tokenised|not used/);
  const compared = posts(servers[1] as ScoreServer, "/tokenize");
  assert.ok(compared > 0);
  await scoring.score(
    "base",
    { ...trace, tokens: { ...tokens, ids: { ...ids, trace: encode("more") } }, text: "more" },
    quiet,
  );
  assert.equal(posts(servers[1] as ScoreServer, "/tokenize"), compared);
  assert.ok(state.keys().includes("rolloutLens.tokenizers"));
  assert.equal((await scoring.stored("base", { ...trace, tokens }))?.scorer.tokenisation, "ids");
});

test("without a comparison the text is scored, and the reason stands beside the scores", async (t) => {
  const { scoring } = await setUp(t, { base: { shape: "vllm" }, rl: { shape: "echo" } });
  const ids = { prompt: encode(prompt), trace: encode(text) };
  const reasons: [string, RegExp][] = [
    ["rl", /rl does not say how it tokenises/],
    ["gone", /gone is not there to compare/],
  ];
  for (const [endpointName, reason] of reasons) {
    const tokens = { ids, endpointName, model: "toy" };
    const { scorer } = await scoring.score("base", { ...trace, tokens }, quiet);
    assert.equal(scorer.tokenisation, "text");
    assert.match(scorer.notes.join(" "), reason);
  }
  const other = { ids, endpointName: "base", model: "another" };
  const { scorer } = await scoring.score("base", { ...trace, tokens: other }, quiet);
  assert.match(scorer.notes.join(" "), /has another model now/);
});

test("the usual scorer: the setting's, else the last chosen, else the only base", async (t) => {
  const { endpoints, settings, state } = await setUp(t, { base: { shape: "vllm" }, rl: { shape: "vllm" } });
  const usual = new UsualScorer({ endpoints, settings, state, canWake: (name) => name === "Demo base" });
  assert.equal(await usual.find(), "base");
  await usual.remember("rl");
  assert.equal(await usual.find(), "rl");
  await usual.remember("gone");
  assert.equal(await usual.find(), "base", "one that is not there any more is passed over");
  await usual.remember("Demo base");
  assert.equal(await usual.find(), "Demo base", "it can be started");
  fake.settings.set("rolloutLens.scorer", { globalValue: "rl" });
  assert.equal(await usual.find(), "rl");
  const two = await setUp(t, { base: { shape: "vllm" }, base2: { shape: "vllm" } });
  fake.settings.delete("rolloutLens.scorer");
  const asks = new UsualScorer({ ...two, canWake: () => false });
  assert.equal(await asks.find(), null, "two bases: the person has to say");
});

/** A document as the editor hands it out. */
function editorOf(content: string, selected: readonly [number, number]): vscode.TextEditor {
  const lines = content.split("\n");
  const positionAt = (offset: number) => {
    const before = content.slice(0, offset).split("\n");
    return { line: before.length - 1, character: before.at(-1)?.length ?? 0, offset };
  };
  const [start, end] = selected.map(positionAt);
  const document = {
    uri: Uri.file("/work.jsonl"),
    lineCount: lines.length,
    getText: (range: { start: { offset: number }; end: { offset: number } }) =>
      content.slice(range.start.offset, range.end.offset),
    offsetAt: ({ offset }: { offset: number }) => offset,
    lineAt: (line: number) => ({ text: lines[line] ?? "" }),
  };
  return { document, selection: { start, end } } as unknown as vscode.TextEditor;
}

test("in an editor the selection counts, else the record on the cursor's line, or on the line that is named", async () => {
  const content = 'plain text\n{"a": 1}\n{"b": 2}\n';
  const selected = await sourceInEditor(editorOf(content, [6, 10]));
  assert.equal(selected.source.kind, "selection");
  assert.deepEqual(
    [selected.source.kind === "selection" && selected.source.start, selected.title],
    [6, "work.jsonl:1"],
  );
  const line = await sourceInEditor(editorOf(content, [13, 13]));
  assert.deepEqual(line.source, { kind: "line", uri: "file:///work.jsonl", line: 2 });
  const named = await sourceInEditor(editorOf(content, [6, 10]), 3);
  assert.deepEqual(named.source, { kind: "line", uri: "file:///work.jsonl", line: 3 });
  await assert.rejects(sourceInEditor(editorOf(content, [2, 2])), { code: "input" });
  await assert.rejects(sourceInEditor(editorOf(content, [6, 6])), { code: "input" });
  await assert.rejects(sourceInEditor(undefined), { code: "input" });
});

test("a text with the document's line ends is scored with line feeds, and found again", () => {
  const raw = "a\r\nb\r\n\r\nc\rd";
  const { text: plain, placeOf } = lineFeeds(raw);
  assert.equal(plain, "a\nb\n\nc\rd");
  for (const [offset, character] of plain.split("").entries()) {
    const place = placeOf(offset);
    assert.equal(raw[place] === "\r" && raw[place + 1] === "\n" ? "\n" : raw[place], character);
  }
  assert.equal(placeOf(plain.length), raw.length);
});

test("unlikely tokens are marked where they stand in a record, with their numbers, and no others", async (t) => {
  const { scoring } = await setUp(t, { base: { shape: "vllm" } });
  const scored = await scoring.score("base", trace, quiet);
  const line = JSON.stringify({ id: 1, response: text });
  const low = 0.02;
  const marks = tokenMarks(scored, tracePlaces(line, text), low);
  const expected = [...scored.units.starts.keys()].filter((unit) => {
    const [first = 0, stop = 0] = [scored.units.firstTokens[unit], scored.units.firstTokens[unit + 1]];
    const sum = scored.tokens.logProbs.slice(first, stop).reduce((total, one) => total + one, 0);
    return sum <= Math.log(low);
  });
  assert.ok(marks.length > 0 && marks.length < scored.units.starts.length);
  assert.equal(marks.length, expected.length);
  for (const [i, { start, end, hover, step }] of marks.entries()) {
    const unit = expected[i] ?? 0;
    const wanted = text.slice(scored.units.starts[unit], scored.units.ends[unit]);
    assert.equal(JSON.parse(`"${line.slice(start, end)}"`), wanted);
    assert.match(hover[0] ?? "", /nats/);
    assert.ok(step >= 1 && step <= 5);
  }
});
