// The code verifier in a thread of its own: it reads tasks, unpacks tests and speaks to the sandbox's processes, so that
// the thread which asks does none of it. One message an item, one reply each.
import { parentPort, workerData } from "node:worker_threads";
import { LensError } from "../core/errors.ts";
import type { Verdict } from "../core/model.ts";
import type { CodeGoldPlace } from "../core/verify/code/codeGold.ts";
import { codeItemVerifier } from "../core/verify/code/codeItemVerifier.ts";
import { codeVerifier } from "../core/verify/code/codeVerifier.ts";
import { fileSource } from "./fileSource.ts";
import { cpythonEngine, type CPythonOptions } from "./sandbox/cpython/cpythonEngine.ts";
import { pyodideEngine, type PyodideOptions } from "./sandbox/pyodide/pyodideEngine.ts";
import { unpackTests } from "./sandbox/unpackTests.ts";

/** Which engine, how it is started, and the time that a program has (codeVerifier.ts): plain data. */
export type CodeEngineWish = { readonly limitSeconds?: number | null } & (
  | ({ readonly engine: "pyodide" } & PyodideOptions)
  | ({ readonly engine: "cpython" } & CPythonOptions)
);

export type CodeVerifyRequest =
  | { readonly kind: "verify"; readonly id: number; readonly gold: string; readonly response: string }
  | { readonly kind: "cancel"; readonly id: number }
  /** Ends every process of the sandbox; the thread then ends by itself. */
  | { readonly kind: "close" };

export type CodeVerifyReply =
  /** `null`: it was cancelled. */
  | { readonly kind: "judged"; readonly id: number; readonly verdict: Verdict | null }
  /** Why the last items got an `error`: the sandbox does not start, or tests cannot be read. */
  | { readonly kind: "failed"; readonly code: string; readonly message: string };

const wish = workerData as CodeEngineWish;
const engine = wish.engine === "pyodide" ? pyodideEngine(wish) : cpythonEngine(wish);
const verifier = codeItemVerifier({
  verifier: codeVerifier(engine, wish.limitSeconds),
  unpack: unpackTests,
  readPlace,
  onFailure: ({ code, message }) => say({ kind: "failed", code, message }),
});
const asked = new Map<number, AbortController>();

parentPort?.on("message", (request: CodeVerifyRequest) => {
  if (request.kind === "verify") void judge(request);
  else if (request.kind === "cancel") asked.get(request.id)?.abort();
  else void engine.close().finally(() => process.exit(0));
});

async function judge({ id, gold, response }: CodeVerifyRequest & { readonly kind: "verify" }): Promise<void> {
  const abort = new AbortController();
  asked.set(id, abort);
  let verdict: Verdict | null = null;
  try {
    verdict = await verifier.verify({ question: "", gold, response }, abort.signal);
  } catch (error) {
    if (!(error instanceof LensError)) throw error;
  } finally {
    asked.delete(id);
  }
  say({ kind: "judged", id, verdict });
}

function say(reply: CodeVerifyReply): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of worker_threads has none
  parentPort?.postMessage(reply);
}

async function readPlace({ file, start, end }: CodeGoldPlace): Promise<ArrayBuffer> {
  const source = await fileSource(file);
  try {
    return await source.slice(start, end);
  } finally {
    await source.close();
  }
}
