// Studies of a server: whom its key goes to, who judges its answers, and what is said when it is not there.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { Question } from "../../src/host/report.ts";
import { resumeStudy } from "../../src/host/study/resumeStudy.ts";
import { startStudy } from "../../src/host/study/startStudy.ts";
import { replayQwen, syntheticRows } from "../fakes/server/answers.ts";
import { type FakeServer, type ServerOptions, startServer } from "../fakes/server/server.ts";
import { fake, Uri, workspace } from "../fakes/vscode.ts";
import { openStudyWindow } from "./studyWindow.ts";

const key = "sk-very-secret-0123456789";
const rows = syntheticRows(3);
let folder: string;
let servers: FakeServer[] = [];
let windows: ReturnType<typeof openStudyWindow>[] = [];

beforeEach(() => {
  fake.reset();
  folder = mkdtempSync(join(tmpdir(), "rollout-lens-study-server-"));
  const lines = rows.map(({ question, gt }) => `${JSON.stringify({ question, answer: gt })}\n`);
  writeFileSync(join(folder, "data.jsonl"), lines.join(""));
});
afterEach(async () => {
  for (const window of windows) window.close();
  await Promise.all(servers.map((server) => server.close()));
  [windows, servers] = [[], []];
  rmSync(folder, { recursive: true, force: true });
});

async function serve(options: Partial<ServerOptions> = {}): Promise<FakeServer> {
  const server = await startServer({ answer: replayQwen(rows), ...options });
  servers.push(server);
  return server;
}

function openWindow(confirm?: (question: Question) => boolean) {
  const window = openStudyWindow({ folder, ...(confirm === undefined ? {} : { confirm }) });
  windows.push(window);
  return window;
}

const sampling = { samplesPerProblem: 8, template: "qwen-boxed", temperature: 1, topP: 1, maxTokens: 99 };

/** A study as it came with the workspace; its folder. */
function writeStudy(name: string, endpoint: unknown, more: object = {}): string {
  const path = join(folder, "studies", name);
  mkdirSync(path, { recursive: true });
  const models = [{ name: "base", role: "base", endpoint }];
  const spec = { name, dataset: "../../data.jsonl", models, sampling, ...more };
  writeFileSync(join(path, "study.json"), JSON.stringify(spec));
  return path;
}

interface Line {
  readonly key: string;
  readonly i: number;
  readonly verifier: string;
  readonly verdict: { readonly kind: string };
  readonly text: string;
}

const linesOf = (study: string, run: string): readonly Line[] =>
  readFileSync(join(study, "runs", run, "samples.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

const placesOf = (lines: readonly Line[]): ReadonlySet<string> =>
  new Set(lines.map(({ key: problem, i }) => `${problem} ${i}`));

const lastMessage = () => fake.messages.at(-1) ?? assert.fail("nothing was said");

test("a stored key goes to an address of a study file only when the person says so, asked once", async () => {
  const server = await serve({ key });
  const { origin } = new URL(server.url);
  const questions: string[] = [];
  let answer = false;
  const { features, keys } = openWindow(({ message, detail }) => {
    questions.push(`${message} ${detail}`);
    return answer;
  });
  await keys.set(origin, key);
  const study = writeStudy("Foreign", { baseUrls: [server.url], model: "fake-model" });

  await resumeStudy(features, [study]);
  assert.ok(questions.length > 0);
  for (const question of questions)
    assert.match(question, /^Send your API key to http.*a study of this workspace/);
  assert.ok(
    server.log.every(({ headers }) => headers.authorization !== `Bearer ${key}`),
    "the key stayed here",
  );
  const { text, buttons } = lastMessage();
  assert.match(text, /^Foreign stopped\. What is finished is kept\./);
  assert.ok(buttons.includes("Resume study"), buttons.join());

  answer = true;
  questions.length = 0;
  await resumeStudy(features, [study]);
  assert.equal(questions.length, 1);
  assert.equal(placesOf(linesOf(study, "base")).size, 24);
  const another = writeStudy("Another", { baseUrls: [server.url], model: "fake-model" });
  await resumeStudy(features, [another]);
  assert.equal(questions.length, 1, "this address was allowed");
  assert.equal(linesOf(another, "base").length, 24);
});

test("an address without a key of the person's is asked without one, and nothing is said of keys", async () => {
  const server = await serve();
  const { features } = openWindow();
  const study = writeStudy("Open", { baseUrls: [server.url], model: "fake-model", keyEnv: "PATH" });
  await resumeStudy(features, [study]);
  assert.equal(linesOf(study, "base").length, 24);
  assert.ok(server.log.every(({ headers }) => !headers.authorization?.includes(process.env["PATH"] ?? "-")));
});

/** Right is an answer of an even length. */
function writeJudge(): object {
  writeFileSync(
    join(folder, "judge.mjs"),
    `import { createInterface } from "node:readline";
     for await (const line of createInterface({ input: process.stdin })) {
       const { id, response } = JSON.parse(line);
       console.log(JSON.stringify({ id, score: response.length % 2 === 0 }));
     }`,
  );
  return { name: "even length", command: process.execPath, args: [join(folder, "judge.mjs")] };
}

function assertJudged(lines: readonly Line[]): void {
  assert.equal(placesOf(lines).size, 24);
  for (const { text, verdict, verifier } of lines) {
    assert.match(verifier, /^custom:even-length@[0-9a-f]{12}$/);
    assert.equal(verdict.kind, text.length % 2 === 0 ? "correct" : "incorrect", text);
  }
}

test("a study is judged by the person's own command where it was chosen, before and after a stop", async () => {
  const server = await serve();
  const judge = writeJudge();
  fake.settings.set("rolloutLens.verifiers", { globalValue: [judge] });
  const endpoint = { baseUrls: [server.url], model: "fake-model", api: "completions", maxConcurrency: 1 };
  const endpoints = ["base", "rl"].map((name) => ({ ...endpoint, name, role: name }));
  fake.settings.set("rolloutLens.endpoints", { globalValue: endpoints });
  fake.settings.set("rolloutLens.samplesPerProblem", { globalValue: 8 });
  const { features } = openWindow();
  const changes = ["Verifier", "$(play) Start"];
  fake.pick = (labels, title) =>
    title === "Verifier" ? labels.find((label) => label === "even-length") : changes.shift();
  // The first run, and a few of the second.
  server.setFaults(({ index }) => (index < 30 ? null : { kind: "status", status: 401 }));
  await startStudy(features, "compareModels", [Uri.file(join(folder, "data.jsonl"))]);
  const study = join(folder, "studies/Compare-models-data");
  const stopped = lastMessage();
  assert.match(
    stopped.text,
    /^Compare models, data stopped\. What is finished is kept\. rl: The server refused/,
  );
  assert.deepEqual(stopped.buttons.slice(0, 2), ["Set API key", "Resume study"]);
  const kept = linesOf(study, "rl");
  const written = JSON.parse(readFileSync(join(study, "study.json"), "utf8")) as { verifier: string };
  assert.equal(written.verifier, kept[0]?.verifier);

  server.setFaults([]);
  fake.settings.set("rolloutLens.verifiers", { globalValue: [{ ...judge, args: ["another.mjs"] }] });
  await resumeStudy(features, [study]);
  const changed = lastMessage().text;
  assert.match(changed, /Its verifier even-length is not among yours, or its command is another one now\./);
  assert.equal(linesOf(study, "rl").length, kept.length, "nothing was sampled");

  fake.settings.set("rolloutLens.verifiers", { globalValue: [judge] });
  await resumeStudy(features, [study]);
  for (const run of ["base", "rl"]) assertJudged(linesOf(study, run));
  assert.deepEqual(linesOf(study, "rl").slice(0, kept.length), kept);
});

test("a study file names the person's command; in a folder that is not trusted it starts nothing", async () => {
  const server = await serve();
  const study = writeStudy(
    "Named",
    { baseUrls: [server.url], model: "fake-model" },
    { verifier: "custom:even length" },
  );
  fake.settings.set("rolloutLens.verifiers", { globalValue: [writeJudge()] });
  const { features, studies } = openWindow();
  workspace.isTrusted = false;
  assert.ok((await studies.verifierChoices()).every(({ needsTrust }) => !needsTrust));
  await assert.rejects(resumeStudy(features, [study]), { code: "untrusted" });
  assert.equal(server.log.length, 0);
  workspace.isTrusted = true;
  await resumeStudy(features, [study]);
  assertJudged(linesOf(study, "base"));
});

test("a server that is not there stops a study before it samples; there again, the study goes on", async () => {
  const server = await serve();
  const port = Number(new URL(server.url).port);
  await server.close();
  const { features } = openWindow();
  const study = writeStudy("Away", { baseUrls: [server.url], model: "fake-model" });
  await resumeStudy(features, [study]);
  const { text, buttons, severity } = lastMessage();
  assert.match(text, /^Away stopped\. What is finished is kept\. base: .*Nothing was sampled\.$/);
  assert.deepEqual([severity, buttons[0]], ["error", "Resume study"]);
  const titles: string[] = [];
  fake.pick = (labels, title) => (titles.push(title), labels[0]);
  await serve({ port });
  await resumeStudy(features, []);
  assert.deepEqual(titles, ["Resume study"]);
  assert.equal(placesOf(linesOf(study, "base")).size, 24);
});

test("a study that cannot be read is in the list with file and field, and its file can be opened", async () => {
  const { features } = openWindow();
  const study = writeStudy("Odd", { baseUrls: ["ftp://x"], model: "m" });
  await resumeStudy(features, [study]);
  assert.match(
    lastMessage().text,
    /study\.json: models\[0\]\.endpoint\.baseUrls\[0\]: expected an http\(s\) URL/,
  );

  writeStudy("Broken", { baseUrls: ["ftp://x"] }, { samplng: {} });
  fake.pick = (labels) => labels.find((label) => /\$\(warning\) .*Broken$/.test(label));
  fake.press = "Open study.json";
  await resumeStudy(features, []);
  const { text, buttons } = lastMessage();
  assert.match(
    text,
    /^The study cannot be resumed\. .*Broken\/study\.json: samplng: unknown field \(known are /,
  );
  assert.equal(buttons[0], "Open study.json");
  assert.equal(fake.executed.at(-1)?.command, "vscode.open");
});
