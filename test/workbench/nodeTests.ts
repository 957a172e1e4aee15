import { relative, resolve } from "node:path";
import { run, type EventData } from "node:test";
import { inspect } from "node:util";
import { root } from "../paths.ts";
import type { Outcome } from "./tally.ts";

export interface FileRun {
  /** A file that takes longer is killed and counts as failed. */
  readonly fileTimeoutMs: number;
  readonly add: (outcome: Outcome) => void;
  readonly print: (line: string) => void;
}

const stderrCharacters = 4000;

type Finished = EventData.TestPass | EventData.TestFail;

/** Runs a bundled test file with node:test, in a process of its own; resolves when it ended. */
export async function runTestFile(file: string, { fileTimeoutMs, add, print }: FileRun): Promise<void> {
  const started = Date.now();
  const outcomes: Outcome[] = [];
  const parents: string[] = [];
  const end = (event: Finished) => {
    const outcome = outcomeOf(event, { file, parents, errors });
    if (outcome === null) return;
    outcomes.push(outcome);
    add(outcome);
  };
  const signal = AbortSignal.timeout(fileTimeoutMs);
  const stream = run({ files: [file], signal, execArgv: ["--enable-source-maps"] });
  stream.on("test:start", ({ name, nesting }) => parents.splice(nesting, parents.length, name));
  stream.on("test:pass", end);
  stream.on("test:fail", end);
  const errors: string[] = [];
  stream.on("test:stderr", ({ message }) => errors.push(message));
  // Draining the stream runs the tests; the listeners above do the rest.
  for await (const _ of stream);
  const source = sourceOf(file);
  if (outcomes.length === 0) {
    const detail = signal.aborted
      ? `No end after ${fileTimeoutMs / 1000} s: killed.`
      : "The file holds no test.";
    add({ name: source, kind: "failed", detail });
  }
  const good = outcomes.filter(({ kind }) => kind === "passed").length;
  const mark = outcomes.length > 0 && outcomes.every(({ kind }) => kind !== "failed") ? "✔" : "✖";
  print(`${mark} ${source}: ${good} of ${outcomes.length} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

interface FileState {
  readonly file: string;
  /** Names of the tests around the one that runs. */
  readonly parents: readonly string[];
  /** What the file wrote to stderr so far. */
  readonly errors: readonly string[];
}

/** `null` for what is no test of its own: a suite that passed, a file's own line, a parent of a failed test. */
function outcomeOf(event: Finished, { file, parents, errors }: FileState): Outcome | null {
  const { name, nesting, details, skip, todo } = event;
  const isFile = nesting === 0 && resolve(root, name) === file;
  const path = [
    declaredIn(event) ?? sourceOf(file),
    ...(isFile ? [] : [...parents.slice(0, nesting), name]),
  ].join(" › ");
  if ("error" in details) {
    const { failureType } = details.error as { failureType?: string };
    if (failureType === "subtestsFailed") return null;
    // A file that fails by itself says why on stderr only.
    const said = isFile ? errors.join("").trim().slice(-stderrCharacters) : "";
    return { name: path, kind: "failed", detail: said === "" ? reasonOf(details.error) : said };
  }
  if (isFile || details.type === "suite") return null;
  const excuse = [skip, todo].find((why) => why !== undefined);
  if (excuse === undefined) return { name: path, kind: "passed", detail: "" };
  return { name: path, kind: "skipped", detail: typeof excuse === "string" ? excuse : "no reason given" };
}

function reasonOf(error: Error): string {
  return error.cause instanceof Error
    ? inspect(error.cause, { depth: 6 })
    : `${error.message} ${inspect(error.cause)}`;
}

/** `dist/test/cli/a.test.mjs` is `cli/a.test.ts`, `core/all.joined.mjs` is `core/**.test.ts`. */
function sourceOf(file: string): string {
  return relative(`${root}/dist/test`, file)
    .replace(/\/all\.joined\.mjs$/u, "/**.test.ts")
    .replace(/\.joined\.mjs$/u, "*.test.ts")
    .replace(/\.mjs$/u, ".ts");
}

/** Of the tests of a joined file, which file each stands in; `null` where a function of another file made it. */
function declaredIn({ file = "" }: Finished): string | null {
  return file.endsWith(".test.ts") ? relative(`${root}/test`, file) : null;
}
