import { availableParallelism } from "node:os";
import {
  codeTimeLimits,
  engineOfId,
  isCodeTimeLimit,
  limitOfId,
} from "../core/verify/code/codeVerifierId.ts";
import type { Verifier } from "../core/verify/verifier.ts";
import { verifierName, verifierSpecs, type VerifierSpec, verifierSpec } from "../core/verify/verifierSpec.ts";
import { verifyWorkerNear, WorkerVerifier } from "../node/workerVerifier.ts";
import { probeBubblewrap } from "../node/sandbox/bubblewrap.ts";
import { cacheFolder } from "../node/sandbox/pyodide/snapshotFile.ts";
import { sandboxFilesNear } from "../node/sandbox/sandboxFiles.ts";
import { codeVerifyWorkerNear, WorkerCodeVerifier } from "../node/workerCodeVerifier.ts";
import { type ParsedArgs, usageError } from "./args.ts";

export const verifierNames = verifierSpecs.map(verifierName).join(", ");

/** A built-in verifier in a worker, which starts with its first item. The caller closes it. */
export function openVerifier(spec?: VerifierSpec): WorkerVerifier {
  const workerFile = verifyWorkerNear(import.meta.dirname);
  return new WorkerVerifier({ workerFile, ...(spec === undefined ? {} : { spec }) });
}

interface RunVerifier extends Verifier {
  start?(): Promise<void>;
  close(): Promise<void>;
}

/** The verifier of a run's plan; the default one for an id of ours that is no longer here. The caller closes it. */
export async function openRunVerifier(id: string): Promise<RunVerifier> {
  if (engineOfId(id) === null) return openVerifier(verifierSpec(id) ?? undefined);
  const probe = await probeBubblewrap();
  return new WorkerCodeVerifier({
    workerFile: codeVerifyWorkerNear(import.meta.dirname),
    wish: {
      engine: "pyodide",
      limitSeconds: limitOfId(id),
      files: sandboxFilesNear(import.meta.dirname),
      cache: cacheFolder(),
      jobs: Math.min(4, availableParallelism()),
      bubblewrap: probe.ok ? probe.bubblewrap : null,
    },
  });
}

/** The seconds of `--time-limit`; `null` without it. Throws `usage`. */
export function timeLimitFrom(parsed: ParsedArgs): number | null {
  const text = parsed.text("time-limit");
  if (text === undefined) return null;
  const seconds = text.trim() === "" ? Number.NaN : Number(text);
  if (isCodeTimeLimit(seconds)) return seconds;
  const { least, most } = codeTimeLimits;
  throw usageError(
    `--time-limit: expected a number of seconds from ${least} to ${most}, got ${JSON.stringify(text)}.`,
  );
}

/** The verifier that `--verifier` names; `undefined` without it. Throws `usage`. */
export function chosenVerifier(parsed: ParsedArgs): VerifierSpec | undefined {
  const text = parsed.text("verifier");
  if (text === undefined) return undefined;
  const spec = verifierSpec(text);
  if (spec === null)
    throw usageError(`--verifier: expected one of ${verifierNames}, got ${JSON.stringify(text)}.`);
  return spec;
}
