import { availableParallelism } from "node:os";
import { LensError } from "../core/errors.ts";
import type { CodeOutcome } from "../core/verify/code/codeOutcome.ts";
import type { CodeTask } from "../core/verify/code/codeTask.ts";
import { type CodeEngine, type CodeVerifier, codeVerifier } from "../core/verify/code/codeVerifier.ts";
import { harnessPassAtK } from "../core/verify/code/harnessPassAtK.ts";
import { type CodeSample, readCodeSamples, readCodeTasks } from "../core/verify/code/readCodeFile.ts";
import { fileSource } from "../node/fileSource.ts";
import { onPath, probeBubblewrap } from "../node/sandbox/bubblewrap.ts";
import { cpythonEngine, inspectPython } from "../node/sandbox/cpython/cpythonEngine.ts";
import { pyodideEngine } from "../node/sandbox/pyodide/pyodideEngine.ts";
import { cacheFolder } from "../node/sandbox/pyodide/snapshotFile.ts";
import { sandboxFilesNear } from "../node/sandbox/sandboxFiles.ts";
import { unpackTests } from "../node/sandbox/unpackTests.ts";
import { parsedArgs, usageError } from "./args.ts";
import type { CommandContext } from "./command.ts";
import { timeLimitFrom } from "./openVerifier.ts";

export const verifyCodeUsage = `Usage: verify --code TASKS --samples SAMPLES [--engine pyodide|bwrap] [--jobs N] [--python PATH]
       [--time-limit SECONDS] [--json]

Runs programs of a model in a sandbox against the tests of their tasks. TASKS is a JSON lines file (also .gz) of
HumanEval, HumanEval+, MBPP, MBPP+ or LiveCodeBench; each line of SAMPLES is {"task_id", "completion" | "solution"}.
Prints {"task_id", "index", "verdict": "pass" | "fail" | "timeout" | "error", "detail"} for each sample, in its order,
then one line with the summary. (--json changes nothing: these lines are JSON already.)

  --engine pyodide   Python in WebAssembly, locked down; on every system (the default)
  --engine bwrap     your own python3 inside bubblewrap; Linux only, and only where bubblewrap works
  --jobs N           programs at once (default: one a core, at most 4)
  --python PATH      the interpreter for --engine bwrap (default: python3)
  --time-limit SECONDS   for a call of a program (LiveCodeBench: a test), in a native Python: Pyodide gets five times as
                     long. Default: its benchmark's 4 s (6 s); the verifier's id names another one. A whole task of
                     EvalPlus ends after 60 s in any case
`;

const sampledK = [1, 10, 100];

/** `verify --code`: see verifyCodeUsage. */
export async function verifyCode(args: readonly string[], context: CommandContext): Promise<void> {
  const options = parsedArgs(args, {
    code: { type: "string" },
    samples: { type: "string" },
    engine: { type: "string" },
    jobs: { type: "string" },
    python: { type: "string" },
    "time-limit": { type: "string" },
    json: { type: "boolean" },
  });
  const [tasksFile, samplesFile] = [options.text("code"), options.text("samples")];
  if (tasksFile === undefined || samplesFile === undefined || options.files.length > 0) {
    throw usageError("verify --code: expected TASKS and --samples SAMPLES.");
  }
  const jobs = options.whole("jobs", 1) ?? Math.min(4, availableParallelism());
  const name = options.oneOf("engine", ["pyodide", "bwrap"]) ?? "pyodide";
  const limitSeconds = timeLimitFrom(options);
  const { tasks, samples } = await readBoth(tasksFile, samplesFile);
  const engine = await openEngine(name, { jobs, python: options.text("python") }, context);
  try {
    const verifier = codeVerifier(engine, limitSeconds);
    const outcomes = await judgeAll({ tasks, samples, verifier, jobs }, context);
    context.out(`${JSON.stringify(summary(verifier, samples, outcomes))}\n`);
  } finally {
    await engine.close();
  }
}

async function readBoth(tasksFile: string, samplesFile: string) {
  const samples = await withSource(samplesFile, readCodeSamples);
  const wanted = new Set(samples.map(({ taskId }) => taskId));
  const tasks = await withSource(tasksFile, (source) => readCodeTasks(source, unpackTests, wanted));
  const unknown = samples.find(({ taskId }) => !tasks.has(taskId));
  if (unknown !== undefined) {
    throw new LensError(
      "badInput",
      `${samplesFile}: task_id ${JSON.stringify(unknown.taskId)} is not in ${tasksFile}.`,
    );
  }
  return { tasks, samples };
}

async function withSource<T>(
  path: string,
  read: (source: Awaited<ReturnType<typeof fileSource>>) => Promise<T>,
): Promise<T> {
  const source = await fileSource(path);
  try {
    return await read(source);
  } finally {
    await source.close();
  }
}

interface EngineWish {
  readonly jobs: number;
  readonly python: string | undefined;
}

async function openEngine(
  name: "pyodide" | "bwrap",
  { jobs, python }: EngineWish,
  context: CommandContext,
): Promise<CodeEngine> {
  const files = sandboxFilesNear(import.meta.dirname);
  const probe = await probeBubblewrap();
  if (name === "pyodide") {
    const bubblewrap = probe.ok ? probe.bubblewrap : null;
    context.note(
      `Sandbox: Pyodide${probe.ok ? " inside bubblewrap" : `, without bubblewrap: ${probe.reason}`}.`,
    );
    return pyodideEngine({ files, cache: cacheFolder(), jobs, bubblewrap });
  }
  if (!probe.ok) {
    throw new LensError(
      "noBubblewrap",
      `--engine bwrap: ${probe.reason}. Nothing was run. Use --engine pyodide.`,
    );
  }
  const path = python ?? onPath("python3");
  if (path === null) throw new LensError("noPython", "--engine bwrap: there is no python3. Nothing was run.");
  const found = await inspectPython(path);
  context.note(`Sandbox: CPython ${found.version} inside bubblewrap.`);
  return cpythonEngine({ files, python: found, bubblewrap: probe.bubblewrap, jobs });
}

interface Work {
  readonly tasks: ReadonlyMap<string, CodeTask>;
  readonly samples: readonly CodeSample[];
  readonly verifier: CodeVerifier;
  readonly jobs: number;
}

/** Lines come out in the samples' order, each as soon as all before it are there. */
async function judgeAll(
  { tasks, samples, verifier, jobs }: Work,
  context: CommandContext,
): Promise<readonly CodeOutcome[]> {
  const outcomes: CodeOutcome[] = [];
  let next = 0;
  let printed = 0;
  const worker = async (): Promise<void> => {
    while (next < samples.length) {
      const at = next++;
      const { taskId, answer } = samples[at]!;
      outcomes[at] = await verifier.judge(tasks.get(taskId)!, answer, context.signal);
      for (; outcomes[printed] !== undefined; printed += 1)
        context.out(line(samples[printed]!, outcomes[printed]!));
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, samples.length) }, worker));
  return outcomes;
}

const line = ({ taskId, index }: CodeSample, { verdict, detail }: CodeOutcome): string =>
  `${JSON.stringify({ task_id: taskId, index, verdict, detail })}\n`;

/** Counts, and pass@k over tasks for each k that every task has samples for. An `error` is no sample: it is counted apart. */
function summary(
  { id }: CodeVerifier,
  samples: readonly CodeSample[],
  outcomes: readonly CodeOutcome[],
): Record<string, unknown> {
  const tasks = new Map<string, { n: number; c: number }>();
  const counts = { pass: 0, fail: 0, timeout: 0, error: 0 };
  for (const [at, { taskId }] of samples.entries()) {
    const { verdict } = outcomes[at]!;
    counts[verdict] += 1;
    const tally = tasks.get(taskId) ?? { n: 0, c: 0 };
    tasks.set(taskId, tally);
    if (verdict !== "error") tally.n += 1;
    if (verdict === "pass") tally.c += 1;
  }
  const judged = [...tasks.values()].filter(({ n }) => n > 0);
  const rates = sampledK.flatMap((k): readonly (readonly [string, number])[] => {
    const each = judged.map(({ n, c }) => harnessPassAtK(n, c, k)).filter((rate) => rate !== null);
    if (each.length === 0 || each.length < judged.length) return [];
    return [[`pass@${k}`, each.reduce((sum, rate) => sum + rate, 0) / each.length]];
  });
  return {
    summary: true,
    verifier: id,
    tasks: tasks.size,
    samples: samples.length,
    ...counts,
    ...Object.fromEntries(rates),
  };
}
