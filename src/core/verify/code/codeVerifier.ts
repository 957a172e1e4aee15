import type { CancelSignal } from "../../ports.ts";
import type { Verdict } from "../../model.ts";
import { type CodeOutcome, codeVerdict, plainOutcome, readOutcome } from "./codeOutcome.ts";
import type { CodeAnswer, CodeTask } from "./codeTask.ts";
import { codeVerifierId } from "./codeVerifierId.ts";
import { extractCode } from "./extractCode.ts";
import { trialPlan } from "./trialPlan.ts";

/** Runs programs away from this thread, in a sandbox. Adapters: src/node/sandbox. */
export interface CodeEngine {
  /** Name and version, part of the verifier's id: `pyodide`, `cpython`. */
  readonly name: string;
  /** How many times slower than a native interpreter its limits take it to be. */
  readonly slowness: number;
  /** How many programs it runs at once. */
  readonly jobs: number;
  /**
   * Judges one plan (trialPlan.ts); answers as the checker does: "R" and JSON, "T" where the time was up and the process
   * had to be ended, "X" and a reason. Rejects with `cancelled`, or `sandboxFailed` where no interpreter can be started.
   */
  judge(planText: string, totalMs: number, signal?: CancelSignal): Promise<string>;
  close(): Promise<void>;
}

/** Judges programs. `id` is stored with every verdict, e.g. `code-pyodide@1`; it names the limit where one is set. */
export interface CodeVerifier {
  readonly id: string;
  /** Neither rejects for a bad program; both do with `cancelled`, and with `sandboxFailed` where the engine does not start. */
  judge(task: CodeTask, answer: CodeAnswer, signal?: CancelSignal): Promise<CodeOutcome>;
  verify(task: CodeTask, answer: CodeAnswer, signal?: CancelSignal): Promise<Verdict>;
}

/** @param limitSeconds in a native interpreter, a call or test (TrialLimits); `null`: what the benchmark says. */
export function codeVerifier(engine: CodeEngine, limitSeconds: number | null = null): CodeVerifier {
  const judge = async (task: CodeTask, answer: CodeAnswer, signal?: CancelSignal): Promise<CodeOutcome> => {
    const plan = trialPlan(task, answer, { slowness: engine.slowness, limitSeconds });
    if (plan === null) return plainOutcome("fail", "no code was found in the answer");
    const reply = await engine.judge(plan.text, plan.totalMs, signal);
    return reply === "T" ? plainOutcome("timeout", "took too long") : readOutcome(reply);
  };
  return {
    id: codeVerifierId(engine.name, limitSeconds),
    judge,
    async verify(task, answer, signal) {
      if (extractCode(task, answer) === null) return { kind: "unparsed" };
      return codeVerdict(await judge(task, answer, signal));
    },
  };
}
