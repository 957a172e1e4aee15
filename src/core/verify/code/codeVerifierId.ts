/** A new version whenever a verdict may change. */
const version = 1;

/** Stored with every verdict: `code-pyodide@1`. */
export const codeVerifierId = (engine: string): string => `code-${engine}@${version}`;

/** The engine that an id of any version names; `null` for another verifier's id. */
export const engineOfId = (id: string): string | null => /^code-(\w+)@\d+$/.exec(id)?.[1] ?? null;
