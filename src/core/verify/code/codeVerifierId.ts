/** A new version whenever a verdict may change. */
const version = 1;

/** What a person may set as a limit, seconds. */
export const codeTimeLimits = { least: 0.1, most: 600 } as const;

export const isCodeTimeLimit = (seconds: number): boolean =>
  seconds >= codeTimeLimits.least && seconds <= codeTimeLimits.most;

/**
 * Stored with every verdict: `code-pyodide@1`; `code-pyodide@1:2s` where a person set the time that a program has.
 * @param limitSeconds of a native interpreter, for a call (LiveCodeBench: a test); `null`: what the benchmark says.
 */
export const codeVerifierId = (engine: string, limitSeconds: number | null = null): string =>
  `code-${engine}@${version}${limitSeconds === null ? "" : `:${limitSeconds}s`}`;

/** The engine that an id of any version names; `null` for another verifier's id. */
export const engineOfId = (id: string): string | null => partsOf(id)?.engine ?? null;

/** The limit that an id of any version names, seconds; `null`: none, or another verifier's id. */
export const limitOfId = (id: string): number | null => partsOf(id)?.limitSeconds ?? null;

/** Whether programs are judged under this id by this build. */
export function isCodeVerifierId(id: string): boolean {
  const parts = partsOf(id);
  return parts !== null && codeVerifierId(parts.engine, parts.limitSeconds) === id;
}

function partsOf(id: string): { readonly engine: string; readonly limitSeconds: number | null } | null {
  const found = /^code-(\w+)@\d+(?::(\d+(?:\.\d+)?)s)?$/.exec(id);
  if (found === null) return null;
  const limitSeconds = found[2] === undefined ? null : Number(found[2]);
  return limitSeconds === null || isCodeTimeLimit(limitSeconds) ? { engine: found[1]!, limitSeconds } : null;
}
