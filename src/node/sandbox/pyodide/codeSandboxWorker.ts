// A process of its own, started locked down by lockedProcess.ts: no environment, no file but its own, no child process.
// The main thread supervises; each Python interpreter is a thread (`terminate` ends any hang) inside a vm context.
import { isMainThread } from "node:worker_threads";
import { runInterpreter } from "./interpreter.ts";
import { serveJudgements } from "./supervise.ts";

if (isMainThread) await serveJudgements();
else runInterpreter();
